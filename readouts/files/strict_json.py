"""JSON of an unknown sender: what Python's reader accepts or forgets is noticed here."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

from django.utils.translation import gettext as _

MOST_BYTES: Final = 10_000_000
HUGE: Final = 10**20
"""Stands for integers of thousands of digits, which Python refuses to read."""


class Unreadable(Exception):
    """The bytes are not JSON. The text is a sentence that says where."""


class Object(dict[str, Any]):
    """A JSON object that remembers keys given twice, of which JSON would keep the last."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> Object:
    found = Object(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _value in pairs)
        found.twice = tuple(key for key in found if times[key] > 1)
    return found


def _integer(digits: str) -> int:
    if len(digits) < 20:
        return int(digits)
    return -HUGE if digits.startswith("-") else HUGE


def load(data: bytes) -> Any:
    """What the bytes say in JSON, every object as an Object. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(
            _("The file has %(bytes)d bytes; %(most)d are possible.")
            % {"bytes": len(data), "most": MOST_BYTES}
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            _("The file is not UTF-8 text: line %(line)d has a byte that does not belong there.")
            % {"line": line}
        ) from error
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise Unreadable(
            _("The file is not JSON: line %(line)d, column %(column)d: %(error)s.")
            % {"line": error.lineno, "column": error.colno, "error": error.msg}
        ) from error
    except RecursionError as error:
        raise Unreadable(_("The file is nested too deeply.")) from error


def short(value: Any) -> str:
    """A value as JSON writes it, for a message: on one line, and never long."""
    if isinstance(value, (dict, list)):
        return what(value)["what"]
    written = json.dumps(value, ensure_ascii=not (isinstance(value, str) and value.isprintable()))
    return written if len(written) <= 60 else f"{written[:57]}..."


def what(value: Any) -> dict[str, str]:
    """The kind of a value, as `what` for a message."""
    kinds: list[tuple[type, str]] = [
        (type(None), _("null")),
        (bool, _("true or false")),
        (int, _("a number")),
        (float, _("a number")),
        (str, _("text")),
        (list, _("a list")),
        (dict, _("an object")),
    ]
    return {"what": next(words for kind, words in kinds if isinstance(value, kind))}
