"""Dates and durations as platforms write them. What has two readings is told, not guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

MONTH_FIRST: Final = "month_first"
DAY_FIRST: Final = "day_first"
ASKED: Final = "asked"
"""Orders of day and month; the last says that the file does not tell."""

LONGEST_STAY: Final = 7 * 24 * 3600
"""Seconds."""

NOTHING: Final = frozenset({"", "--", "-", "na", "n/a", "null", "none"})

_MONTHS: Final = (
    "january jan janvier janv enero ene januar janeiro janner",
    "february feb fevrier fevr fev febrero februar fevereiro",
    "march mar mars marzo marz maerz mrz marco",
    "april apr avril avr abril abr",
    "may mai mayo maio",
    "june jun juin junio juni junho",
    "july jul juillet juil julio juli julho",
    "august aug aout agosto ago",
    "september sep sept septembre septiembre setiembre setembro set",
    "october oct octobre octubre oktober okt outubro out",
    "november nov novembre noviembre novembro",
    "december dec decembre diciembre dic dezember dez dezembro",
)
_MONTH: Final = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
_OFFSETS: Final = {
    "z": 0, "utc": 0, "gmt": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7,
    "pdt": -7, "pst": -8, "akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip

_NUMERIC: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ ,t]+|$)")
_NAMED_FIRST: Final = re.compile(r"([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})[ ,]*")
_NAMED_SECOND: Final = re.compile(
    r"(\d{1,2})\.?[ -](?:de )?([a-z]{3,10})\.?,?[ -](?:de )?(\d{4})[ ,]*"
)
_WEEKDAY: Final = re.compile(r"^[a-z]{2,12}\.?, (?=.*\d{4})")
_CLOCK: Final = re.compile(
    r"(?:a las |at |um |a |as )?(\d{1,2})(?:[:h.](\d{2}))(?:[:.](\d{2}))?(?:[.,](\d{1,9}))?"
    r" ?(am|pm)?(?: ?uhr)? ?(?:\(?(z|[a-z]{3,4})\)?|(?:utc|gmt)?([+-]\d{2}):?(\d{2})?)?$"
)
_HALF: Final = re.compile(r"\b([ap])\. ?m\.?|\b([ap])m\b")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet counts days without a zone


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands there. `first` and `second` are day and month in an unknown order."""

    first: int
    second: int
    year: int
    order: str
    hour: int
    minute: int
    second_of_minute: int
    offset: timezone | None


@lru_cache(maxsize=65536)
def written(text: str) -> Written | None:
    """The parts of a moment; None if it is none. The year is 0 for a time without a date."""
    plain = _plain(text)
    if _SERIAL.fullmatch(plain):
        return _from_serial(float(plain))
    if found := _NUMERIC.match(plain):
        day = _numeric_day(found)
    elif found := _NAMED_FIRST.match(plain):
        day = _named_day(found[1], found[2], found[3])
    elif found := _NAMED_SECOND.match(plain):
        day = _named_day(found[2], found[1], found[3])
    else:
        return _at(plain, (0, 0, 0, ""))
    if day is None:
        return None
    return _at(plain[found.end() :], day)


def order_of(texts: Iterable[str], near: date) -> str:
    """How day and month stand in these: a value over 12 tells, or the day of the engagement does.

    "" where nothing is ambiguous, ASKED where nothing tells.
    """
    open_ones = {
        (found.first, found.second, found.year)
        for text in texts
        if (found := written(text)) and found.order == ASKED
    }
    day_first = any(first > 12 for first, _second, _year in open_ones)
    month_first = any(second > 12 for _first, second, _year in open_ones)
    if day_first or month_first:
        return ASKED if day_first and month_first else (DAY_FIRST if day_first else MONTH_FIRST)
    if all(first == second for first, second, _year in open_ones):
        return ""
    by_day = any(_is_near(year, second, first, near) for first, second, year in open_ones)
    by_month = any(_is_near(year, first, second, near) for first, second, year in open_ones)
    if by_day != by_month:
        return DAY_FIRST if by_day else MONTH_FIRST
    return ASKED


def moment(text: str, *, order: str, zone: ZoneInfo, day: date) -> datetime | None:
    """The moment in UTC; None if the text is none. `day` is taken where only a time stands."""
    found = written(text)
    if found is None:
        return None
    try:
        wall = datetime(  # noqa: DTZ001 - the zone follows
            *_calendar_day(found, order, day), found.hour, found.minute, found.second_of_minute
        )
        return wall.replace(tzinfo=found.offset or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def seconds_of(text: str) -> int | None:
    """Of a duration such as "1h 30m 51s", "50 min", "1:30:51" or "90", which is minutes.

    None for what is none, and for what no event lasts.
    """
    seconds = _seconds_of(_plain(text))
    return None if seconds is None or seconds > LONGEST_STAY else seconds


def _seconds_of(plain: str) -> int | None:
    if re.fullmatch(r"\d{1,5}(?:[.,]\d{1,9})?", plain):
        return round(float(plain.replace(",", ".")) * 60)
    if clock := re.fullmatch(r"(\d{1,3}):(\d{2})(?::(\d{2}))?", plain):
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    parts = re.findall(r"(\d{1,5}) ?([a-z]+)\.?", plain)
    units = [_unit(name) for _number, name in parts]
    if not parts or 0 in units:
        return None
    return sum(int(number) * unit for (number, _name), unit in zip(parts, units, strict=True))


def _unit(name: str) -> int:
    """Seconds; 0 for what is no unit. The German hour begins as the second does elsewhere."""
    return 3600 if name.startswith(("std", "stunde")) else _UNITS.get(name[0], 0)


_UNITS: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def is_nothing(text: str) -> bool:
    return text.strip().casefold() in NOTHING


def _plain(text: str) -> str:
    """Lower case without accents; narrow and hard spaces are spaces, "p. m." is "pm"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = " ".join(letters.replace("\u200e", "").replace("\u200f", "").split())
    return _HALF.sub(lambda half: f"{half[1] or half[2]}m", _WEEKDAY.sub("", plain))


def _numeric_day(found: re.Match[str]) -> tuple[int, int, int, str] | None:
    one, mark, two, three = found[1], found[2], int(found[3]), found[4]
    if len(one) == 4:
        return (int(three), two, int(one), DAY_FIRST) if len(three) <= 2 else None
    if len(one) > 2 or len(three) not in {2, 4}:
        return None
    year = int(three) + (2000 if len(three) == 2 else 0)
    # Only where the day comes first does a point stand between the two.
    return int(one), two, year, DAY_FIRST if mark == "." else ASKED


def _named_day(month: str, day: str, year: str) -> tuple[int, int, int, str] | None:
    number = _MONTH.get(month)
    return (int(day), number, int(year), DAY_FIRST) if number else None


def _at(clock: str, day: tuple[int, int, int, str]) -> Written | None:
    first, second, year, order = day
    if not clock and year:
        return Written(first, second, year, order, 0, 0, 0, None)
    found = _CLOCK.fullmatch(clock)
    if found is None:
        return None
    hour = int(found[1])
    if found[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[5] == "pm" else 0)
    offset = _offset(found)
    if found[6] and offset is None:
        return None
    return Written(first, second, year, order, hour, int(found[2]), int(found[3] or 0), offset)


def _offset(found: re.Match[str]) -> timezone | None:
    if found[6]:
        hours = _OFFSETS.get(found[6])
        return None if hours is None else timezone(timedelta(hours=hours))
    if not found[7]:
        return None
    sign = -1 if found[7][0] == "-" else 1
    span = timedelta(hours=abs(int(found[7])), minutes=int(found[8] or 0))
    return timezone(sign * span) if span < timedelta(hours=24) else None


def _from_serial(days: float) -> Written | None:
    if not 20_000 < days < 80_000:
        return None
    at = _EPOCH + timedelta(seconds=round(days * 86400))
    return Written(at.day, at.month, at.year, DAY_FIRST, at.hour, at.minute, at.second, None)


def _calendar_day(found: Written, order: str, day: date) -> tuple[int, int, int]:
    if not found.year:
        return day.year, day.month, day.day
    if found.order == DAY_FIRST or (found.order == ASKED and order == DAY_FIRST):
        return found.year, found.second, found.first
    return found.year, found.first, found.second


def _is_near(year: int, month: int, day: int, near: date) -> bool:
    try:
        return abs((date(year, month, day) - near).days) <= 1
    except ValueError:
        return False
