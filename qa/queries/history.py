"""What was done to a question, by whom and when, from the log of its floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa import projection, states
from qa.differences import Piece, differences
from qa.models import Floor, FloorEvent, Question
from qa.queries.kinds import name_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import _StrPromise

ACTS: Final[dict[str, _StrPromise]] = {
    "question.asked": gettext_lazy("Asked"),
    "question.entered": gettext_lazy("Entered by the office"),
    "question.imported": gettext_lazy("Imported"),
    "question.import_undone": gettext_lazy("Withdrawn: its import was undone"),
    "question.changed": gettext_lazy("Changed by the asker"),
    "question.withdrawn": gettext_lazy("Withdrawn by the asker"),
    "question.examined": gettext_lazy("Looked through for identifiers"),
    "question.shown": gettext_lazy("Shown"),
    "question.held": gettext_lazy("Held"),
    "question.dismissed": gettext_lazy("Dismissed"),
    "question.diverted": gettext_lazy("Sent to the case-assistance form"),
    "question.undone": gettext_lazy("Decision undone"),
    "question.answering": gettext_lazy("Being answered"),
    "question.answered_live": gettext_lazy("Answered live"),
    "question.follow_up": gettext_lazy("To follow up"),
    "question.none": gettext_lazy("Not answered"),
    "question.labelled": gettext_lazy("Label set"),
    "question.assigned": gettext_lazy("Speaker set"),
    "label.renamed": gettext_lazy("Label renamed"),
    "question.edited": gettext_lazy("Edited for publication"),
    "question.restored": gettext_lazy("Back to the text as asked"),
    "question.name_taken_off": gettext_lazy("Name taken off: the floor shows none any more"),
    "question.noted": gettext_lazy("Note"),
    "question.language_set": gettext_lazy("Language set"),
    "question.translated": gettext_lazy("Translation written"),
    "question.untranslated": gettext_lazy("Translation removed"),
    "question.merged": gettext_lazy("Merged"),
    "question.unmerged": gettext_lazy("Merge undone"),
    "question.joined": gettext_lazy("Another question was merged into it"),
    "question.rejoined": gettext_lazy("Stands by itself, with what was merged into it"),
    "question.parted": gettext_lazy("A merge into it was undone"),
    "question.moved_along": gettext_lazy("The question it was merged into was merged, or parted"),
    "question.answer_drafted": gettext_lazy("Written answer drafted"),
    "question.answer_changed": gettext_lazy("Published answer changed"),
    "question.answer_published": gettext_lazy("Written answer published"),
    "question.answer_taken_back": gettext_lazy("Written answer taken back"),
    "question.answer_discarded": gettext_lazy("Draft of an answer thrown away"),
    "question.redacted": gettext_lazy("Redacted"),
    "question.redaction_undone": gettext_lazy("Redaction undone"),
    "question.finding_dismissed": gettext_lazy("Not an identifier"),
    "question.finding_kept": gettext_lazy("Identifier kept, with a reason"),
    "question.finding_reopened": gettext_lazy("Decision about an identifier reopened"),
}
"""What the log calls what was done, in words."""

BY_THE_ASKER: Final = frozenset({"question.asked", "question.changed", "question.withdrawn"})


class Change(NamedTuple):
    """One thing that is another now. `pieces` are the difference of two texts, else empty."""

    name: str
    before: str
    after: str
    pieces: list[Piece]


class Entry(NamedTuple):
    at: datetime
    act: str
    by: str
    changes: list[Change]


def history(floor: Floor, question: Question) -> list[Entry]:
    """The newest first. Texts of a withdrawn question are not told."""
    told = FloorEvent.objects.filter(floor=floor, question_number=question.number)
    entries = []
    before: dict[str, Any] | None = None
    for event in told.order_by("number"):
        now = projection.complete(event.payload["question"])
        changes = _changes(before, now) if before else []
        if question.state == states.WITHDRAWN:
            changes = [change for change in changes if not change.pieces]
        entries.append(Entry(event.at, _act(event.payload), _by(event.payload), changes))
        before = now
    return entries[::-1]


def _act(payload: dict[str, Any]) -> str:
    return str(ACTS.get(payload.get("act", ""), _("Changed")))


def _by(payload: dict[str, Any]) -> str:
    by = payload.get("by")
    if by:
        return str(by["name"])
    return _("the asker") if payload.get("act") in BY_THE_ASKER else ""


def _changes(before: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    found = [
        _text(_("Text"), before["text"], now["text"]),
        *(
            Change(str(name), words(before), words(now), [])
            for name, words in _FACTS
            if words(before) != words(now)
        ),
        _text(_("Note"), before.get("note", ""), now.get("note", "")),
        _text(_("Answer"), _answer(before)["text"], _answer(now)["text"]),
    ]
    return [change for change in found if change is not None]


def _text(name: str, before: str, after: str) -> Change | None:
    if before == after:
        return None
    return Change(name, before, after, differences(before, after))


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    return question["answer"] or {"text": "", "by": "", "reach": "", "is_published": False}


def _state(question: dict[str, Any]) -> str:
    return str(Question.State(question["state"]).label)


def _outcome(question: dict[str, Any]) -> str:
    return str(Question.Outcome(question["outcome"]).label)


def _merged_into(question: dict[str, Any]) -> str:
    number = question["merged_into"]
    return _("question %(number)d") % {"number": number} if number else ""


def _asked_by(question: dict[str, Any]) -> str:
    return _("people: %(people)d, categories: %(categories)d") % {
        "people": question["people"],
        "categories": question["categories"],
    }


def _findings(question: dict[str, Any]) -> str:
    return ", ".join(name_of(kind) for kind in question["findings"])


def _answer_facts(question: dict[str, Any]) -> str:
    if not question["answer"]:
        return ""
    answer = _answer(question)
    to_all = answer["reach"] == "all"
    reach = _("to everybody") if to_all else _("to the asker alone")
    state = _("published") if answer["is_published"] else _("draft")
    return f"{answer['by']}, {reach}, {state}"


def _plain(field: str) -> Callable[[dict[str, Any]], str]:
    return lambda question: str(question.get(field) or "")


_FACTS: Final[tuple[tuple[_StrPromise, Callable[[dict[str, Any]], str]], ...]] = (
    (gettext_lazy("State"), _state),
    (gettext_lazy("Outcome"), _outcome),
    (gettext_lazy("Reason"), _plain("reason")),
    (gettext_lazy("Merged into"), _merged_into),
    (gettext_lazy("Asked by"), _asked_by),
    (gettext_lazy("Label"), _plain("label")),
    (gettext_lazy("Speaker"), _plain("speaker")),
    (gettext_lazy("Language"), _plain("language")),
    (gettext_lazy("Undecided identifiers"), _findings),
    (gettext_lazy("Written answer"), _answer_facts),
)
