"""Text frames of the live socket: read as hostile, written small. See docs/live-protocol.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_BYTES: Final = 16 * 1024

TOO_LARGE: Final = "too_large"
BAD_FRAME: Final = "bad_frame"

CLOSE_FAILED: Final = 1011
CLOSE_BAD_FRAMES: Final = 4400
CLOSE_SESSION_ENDED: Final = 4401
CLOSE_NOT_ALLOWED: Final = 4403
CLOSE_TOO_SLOW: Final = 4408
CLOSE_REPLACED: Final = 4409
CLOSE_TOO_FAST: Final = 4429


def closing(*, is_session: bool) -> int:
    """The code for who may be here no longer: for good, or until the page shows a new ticket."""
    return CLOSE_SESSION_ENDED if is_session else CLOSE_NOT_ALLOWED


class BadFrame(Exception):
    """The frame is not of our protocol. `code` is one of the protocol's error codes."""

    def __init__(self, code: str = BAD_FRAME) -> None:
        super().__init__(code)
        self.code = code


def read(text: str | None) -> dict[str, Any]:
    """A command frame: one flat JSON object with a whole number `id` and a name in `do`.

    Raises BadFrame for binary data, more than `MOST_BYTES`, deep nesting, NaN, a key given twice,
    and everything else that is not such an object.
    """
    if text is None:
        raise BadFrame
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise BadFrame(TOO_LARGE)
    try:
        frame = json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise BadFrame from error
    if not isinstance(frame, dict) or not _is_number(frame.get("id")):
        raise BadFrame
    if not isinstance(frame.get("do"), str):
        raise BadFrame
    return frame


def write(message: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(message).decode()
    except TypeError:
        # An answer may repeat half a surrogate pair that was sent, and no frame can hold that.
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8", "replace").decode()


def events(after: int, number: int, written: Iterable[str]) -> str:
    """An `events` message made of events that are written already."""
    joined = ",".join(written)
    return f'{{"type":"events","after":{after},"number":{number},"events":[{joined}]}}'


def entered(re: int, news: str, people: int, own: str | None) -> str:
    """The reply to `enter`, made of parts that are written already."""
    end = f',"own":{own}' if own else ""
    return f'{{"re":{re},"ok":{{"news":{news},"people":{people}{end}}}}}'


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found
