"""Fields: one line of text, several lines, a time on the wall of a place, a time zone."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.files.text import clean_line, clean_text

LOCAL_TIME = "%Y-%m-%dT%H:%M"
READABLE_TIMES = (
    LOCAL_TIME,
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
)
YEARS = range(1990, 2101)

COMMON_ZONES = {
    "America/New_York": _("Eastern (New York)"),
    "America/Chicago": _("Central (Chicago)"),
    "America/Denver": _("Mountain (Denver)"),
    "America/Phoenix": _("Arizona (Phoenix)"),
    "America/Los_Angeles": _("Pacific (Los Angeles)"),
    "America/Anchorage": _("Alaska (Anchorage)"),
    "Pacific/Honolulu": _("Hawaii (Honolulu)"),
    "America/Puerto_Rico": _("Atlantic (Puerto Rico)"),
    "Pacific/Guam": _("Chamorro (Guam)"),
    "UTC": _("Coordinated Universal Time (UTC)"),
}


@cache
def zone_choices() -> list[Any]:
    """The zones that most offices need, then all that exist."""
    others = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    return [
        (_("Common"), list(COMMON_ZONES.items())),
        (_("All"), [(name, name.replace("_", " ")) for name in others if name not in COMMON_ZONES]),
    ]


class LineField(forms.CharField):
    """One line. A line end or another control character inside is refused, not repaired."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"strip": False})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if any(ends_line(char) for char in text):
            raise ValidationError(
                _("This must be one line, without control characters."), code="line"
            )
        return clean_line(text)


class TextField(forms.CharField):
    """Text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class LocalTimeField(forms.Field):
    """A date and time without a zone: what the clock on the wall of the engagement shows."""

    widget = forms.DateTimeInput(format=LOCAL_TIME, attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        moment = _parsed(str(value).strip())
        if moment is None:
            raise ValidationError(
                _("Please give a date and a time, for example 2021-04-14 14:00."), code="invalid"
            )
        if moment.year not in YEARS:
            raise ValidationError(_("Please check the year."), code="year")
        return moment


def moment_in(zone: ZoneInfo, wall: datetime) -> datetime:
    """The moment at which clocks in the zone show this. Refuses a time they skip or show twice."""
    moment = wall.replace(tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise ValidationError(
            _(
                "This time does not exist in the time zone: "
                "clocks are set forward over it that night."
            ),
            code="skipped",
        )
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise ValidationError(
            _("This time happens twice in the time zone: clocks are set back over it that night."),
            code="doubled",
        )
    return moment.astimezone(UTC)


def sentences(form: forms.BaseForm) -> list[str]:
    """What is wrong with a form, without the names of its fields."""
    return [str(error) for errors in form.errors.values() for error in errors]


def ends_line(char: str) -> bool:
    return char != "\t" and unicodedata.category(char) in {"Cc", "Zl", "Zp"}


def _parsed(text: str) -> datetime | None:
    for form in READABLE_TIMES:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is another field
        except ValueError:
            continue
    return None
