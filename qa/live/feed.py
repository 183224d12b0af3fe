"""The newest messages for one audience, each encoded once, ready to go on from any number."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from qa import projection
from qa.live import frames

if TYPE_CHECKING:
    from qa import messages

KEPT: Final = 4_096
"""Messages to go on from. Who has missed more takes a snapshot."""


MOST_FRAMES: Final = 16
"""Frames that are kept for other clients at the same number."""


class _Kept(NamedTuple):
    """`subject` is the question, announcement or poll that it tells of; None for neither."""

    subject: tuple[str, int] | None
    text: str


class Feed:
    """Numbers from `start` (exclusive) to `head` are here; `sent` is how far all were told."""

    def __init__(self, audience: str, number: int) -> None:
        self.audience = audience
        self.start = self.head = self.sent = number
        self._kept: deque[_Kept] = deque()
        self._frames: dict[tuple[int, int], str] = {}
        self.words_gone_at = 0
        """The number at which words were last taken away from this audience."""

    def take(self, event: dict[str, Any]) -> None:
        """Keep what this audience is told of an event; most events are not for everybody."""
        number = projection.number_for(self.audience, event)
        if number is None or number <= self.head:
            return
        if number != self.head + 1:
            self.start_anew(number - 1)
        message = projection.for_audience(event["kind"], event["payload"], self.audience)
        if message is None:
            raise AssertionError("an event with a number for an audience has a message for it")
        kept = _Kept(_subject_of(message), frames.write(message))
        if _takes_words_away(message) or event["payload"].get("act") in projection.MASKING:
            self._withhold(kept, number)
        self._kept.append(kept)
        self.head = number
        self._frames.clear()
        if len(self._kept) > KEPT:
            self._kept.popleft()
            self.start += 1

    def start_anew(self, number: int) -> None:
        """What came before this number is not known here."""
        self._kept.clear()
        self._frames.clear()
        self.start = self.head = self.sent = number

    def frame(self, after: int) -> str | None:
        """One frame with everything after a number; None when only a snapshot will do."""
        if not self.start <= after <= self.head:
            return None
        found = self._frames.get((after, self.head))
        if found is None:
            if len(self._frames) >= MOST_FRAMES:
                self._frames.clear()
            kept = list(self._kept)[after - self.start :]
            found = self._frames[after, self.head] = frames.events(
                after, self.head, [one.text for one in kept]
            )
        return found

    def _withhold(self, gone: _Kept, number: int) -> None:
        """Words that are no longer told are not told to who comes later, or had them not yet."""
        self.words_gone_at = number
        for place, kept in enumerate(self._kept):
            if kept.subject == gone.subject:
                self._kept[place] = gone


def _takes_words_away(message: messages.Event) -> bool:
    """A question that the room sees no longer; at the desk, one that was withdrawn; and an
    announcement or a poll that was taken back."""
    if message["type"] == "question":
        return not message["question"]["text"]
    return message["type"] in {"question-gone", "announcement-gone", "poll-gone"}


def _subject_of(message: messages.Event) -> tuple[str, int] | None:
    match message["type"]:
        case "question":
            return "question", message["question"]["number"]
        case "announcement":
            return "announcement", message["announcement"]["number"]
        case "poll":
            return "poll", message["poll"]["number"]
        case "question-gone" | "announcement-gone" | "poll-gone" as gone:
            return gone.removesuffix("-gone"), message["number"]
    return None
