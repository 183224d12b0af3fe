"""Attendance files of webinar platforms: bytes to tables, tables to people. No database."""

from __future__ import annotations

from engagements.files.attendance.document import Document, Table, Unreadable
from engagements.files.attendance.entries import Choices, Entry, Problem, entries_of
from engagements.files.attendance.people import Person, people_of
from engagements.files.attendance.platforms import recognize

__all__ = [
    "Choices",
    "Document",
    "Entry",
    "Person",
    "Problem",
    "Table",
    "Unreadable",
    "entries_of",
    "people_of",
    "recognize",
]
