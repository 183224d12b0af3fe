"""Kinds of personal identifiers, in words."""

from __future__ import annotations

from django import template

from qa.queries import name_of

register = template.Library()
register.filter("kind_name", name_of)
