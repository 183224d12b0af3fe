"""Cells of a list that came back, read as what an agency says. Raises `NotRead` in words."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qa import states
from qa.files.agency import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engagements.files.opened import Cell

_DAY_ZERO: Final = date(1899, 12, 30)
_DAYS: Final = range(36_526, 73_051)
"""A date as spreadsheet programs count days: from 2000 to 2099."""

_NUMBER: Final = re.compile(r"(?:[^\W\d]+\.?|#)?\s*(\d{1,9})\.?", re.ASCII)
_ONE_NUMBER: Final = re.compile(r"\D{0,60}?(\d{1,9})\D{0,20}")
_PAGE: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_DATES: Final = (
    "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y",
)  # fmt: skip

_STATUS_KEYS: Final = (
    states.IN_PROGRESS, states.ANSWERED, states.SEE_PAGE, states.SAME_AS, states.DECLINED,
)  # fmt: skip


class NotRead(ValueError):
    """`code` is for machines, `words` is a sentence for the person."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def text_of(cell: Cell) -> str:
    """A cell that is no text as its program shows it, near enough."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0).isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return f"{int(cell.total_seconds())} s"


def number_of(cell: Cell) -> int | None:
    """None for an empty cell."""
    text = text_of(cell).strip()
    if not text:
        return None
    if not isinstance(cell, bool) and (found := _NUMBER.fullmatch(text)):
        return int(found[1])
    raise NotRead("number", _("“%(text)s” is not the number of a question.") % {"text": text[:60]})


def status_of(cell: Cell) -> str:
    """Key of the answer's status; empty for an empty cell."""
    text = text_of(cell).strip()
    if not text:
        return ""
    key = _statuses(get_language()).get(_plain(text))
    if key is None:
        words = _("“%(text)s” is no answer status. The list offers: %(words)s.")
        offered = ", ".join(columns.answer_statuses().values())
        raise NotRead("status", words % {"text": text[:60], "words": offered})
    return key


def yes_or_no(cell: Cell) -> bool | None:
    if isinstance(cell, bool):
        return cell
    text = _plain(text_of(cell))
    if not text:
        return None
    words = _answers_to_yes_or_no(get_language())
    if text not in words:
        told = _("“%(text)s” is neither %(yes)s nor %(no)s.")
        named = {"text": text_of(cell).strip()[:60], "yes": columns.YES, "no": columns.NO}
        raise NotRead("yes_or_no", told % named)
    return words[text]


def day_of(cell: Cell) -> date | None:
    """A date, or a text that reads as one."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer() and int(cell) in _DAYS:
        return _DAY_ZERO + timedelta(days=int(cell))
    text = text_of(cell).strip()
    if not text:
        return None
    try:
        return forms.DateField(input_formats=_DATES).to_python(text)
    except ValidationError as error:
        words = _("“%(text)s” is no date. Write it as in 2021-04-14.") % {"text": text[:60]}
        raise NotRead("date", words) from error


def same_as(cell: Cell) -> int | None:
    """The one number in a cell, such as in “See No. 12”."""
    text = text_of(cell).strip()
    if not text:
        return None
    found = _ONE_NUMBER.fullmatch(text)
    if found is None:
        words = _("“%(text)s” does not say one number of a question.") % {"text": text[:60]}
        raise NotRead("same_as", words)
    return int(found[1])


def number_in(text: str) -> int | None:
    """The same of a text that may be anything: None where it is no such reference."""
    found = _ONE_NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def page_in(text: str) -> str:
    """The first address of a page in a text, or nothing."""
    found = _PAGE.search(text)
    return found[0].rstrip(".,;:)]") if found else ""


@lru_cache(maxsize=8)
def _statuses(_language: str) -> Mapping[str, str]:
    known = {_plain(word): key for key, word in columns.answer_statuses().items()}
    return known | {_plain(key): key for key in _STATUS_KEYS}


@lru_cache(maxsize=8)
def _answers_to_yes_or_no(_language: str) -> Mapping[str, bool]:
    yes = (str(columns.YES), "yes", "y", "true", "1", "x")
    no = (str(columns.NO), "no", "n", "false", "0")
    return {_plain(word): True for word in yes} | {_plain(word): False for word in no}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
