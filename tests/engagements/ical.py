"""A strict reader of calendar files: two parsers, and the rules of RFC 5545 by hand."""

from __future__ import annotations

import re

import vobject
from icalendar import Calendar, Event

_LINE = re.compile(
    r'[A-Z-]+(;[A-Z-]+=("[^"\x00-\x1f]*"|[^",;:\x00-\x1f]*))*:[^\x00-\x08\x0a-\x1f]*'
)
_TEXT = re.compile(r"(\\[\\;,nN]|[^\\;,\x00-\x1f])*")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION"}
_MOMENTS = {"DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED"}


def lines_of(text: str) -> list[str]:
    """The unfolded lines of a file that keeps every rule about lines (3.1)."""
    data = text.encode()
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n")
    for folded in data.split(b"\r\n"):
        assert len(folded) <= 75
        # No character is cut in two.
        folded.decode()
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert unfolded.pop() == ""
    for line in unfolded:
        assert _LINE.fullmatch(line), line
        name, _, value = line.partition(":")
        if name in _TEXTS:
            assert _TEXT.fullmatch(value), line
        if name in _MOMENTS:
            assert _UTC.fullmatch(value), line
    return unfolded


def read(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Head and events, as lines say it. What may stand once stands once; two parsers agree."""
    head: dict[str, str] = {}
    events: list[dict[str, str]] = []
    lines = lines_of(text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    here = head
    for line in lines[1:-1]:
        name, value = re.fullmatch(r"([A-Z-]+)((?:;|:).*)", line).groups()  # type: ignore[union-attr]
        if line == "BEGIN:VEVENT":
            here = {}
            events.append(here)
        elif line == "END:VEVENT":
            here = head
        else:
            assert name not in here, line
            here[name] = value.removeprefix(":")
    assert (head["VERSION"], bool(head["PRODID"])) == ("2.0", True)
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "SEQUENCE"} <= event.keys()
        assert "ATTENDEE" not in event
    _parsers_agree(text, events)
    return head, events


def event_of(text: str) -> Event:
    [event] = Calendar.from_ical(text).events
    return event


def _parsers_agree(text: str, events: list[dict[str, str]]) -> None:
    parsed = Calendar.from_ical(text)
    assert [str(event["uid"]) for event in parsed.events] == [event["UID"] for event in events]
    assert [event.errors for event in parsed.events] == [[] for _event in events]
    other = vobject.readOne(text)
    # Its rules want an event in every calendar; an empty feed is one all the same.
    assert not events or other.validate(raiseException=True)
    found = other.contents.get("vevent", [])
    assert [event.uid.value for event in found] == [event["UID"] for event in events]
    assert [event.summary.value for event in found] == [
        str(event["summary"]) for event in parsed.events
    ]
