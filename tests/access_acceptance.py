"""Answers that are accepted and published, for the access matrix: one submitted, one accepted, and
an edition that is out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engagements.models import Engagement
from qa import states
from qa.actions.agency import accepting, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, Forwarding, Question
from readouts.actions import following_up
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User

ANSWERS = "qa.agencyanswer"
TOLD = "qa.delivery"
"""The agency's own systems."""
PUBLISHED = {"qa.publishedanswer", ANSWERS}
EDITION = {"readouts.followupedition", "readouts.followupfile"}
OPEN: dict[str, Any] = {"slug": "answered"}
SHUT: dict[str, Any] = {"slug": "past"}

ROWS = """
# what the agency submitted, for who works here; editors and administrators decide about it
  answers                              sssss ++++ ---    x
  answers-decide                       x                 sssss --++ ---
  answers-decide: return               x                 sssss --++ ---
  follow-up-office                     sssss ++++ ---    x
# shown as it would be published, and nothing of it is kept
  follow-up-preview                    x                 sssss --rr ---
  follow-up-publish                    x                 sssss --++ ---
# an edition is for everybody, and before there is one its page is as if it never was
  follow-up                            +                 x
  follow-up: none                      -                 x
  follow-up-edition                    +                 x
  follow-up-edition: none              -                 x
  follow-up-file                       +                 x
  follow-up-file: none                 -                 x
  follow-up-edition-file               +                 x
  follow-up-edition-file: none         -                 x
  follow-up-question                   +                 x
  follow-up-question: none             -                 x
"""

_PLACE: dict[str, dict[str, Any]] = {
    "follow-up": {},
    "follow-up-edition": {"number": 1},
    "follow-up-file": {"format": "pdf"},
    "follow-up-edition-file": {"number": 1, "format": "docx"},
    "follow-up-question": {"number": 1},
}

SITUATIONS: dict[str, dict[str, Any]] = {
    "answers": {"at": OPEN},
    "answers-decide": {
        "at": OPEN,
        "sent": {"do": "accept", "answers": "@submitted-answer"},
        "wrote": ("answer.accepted",),
        "changes": {ANSWERS},
    },
    "answers-decide: return": {
        "at": OPEN,
        "sent": {"do": "return", "answers": "@submitted-answer", "remark": "Why?"},
        "wrote": ("answer.returned",),
        "changes": {ANSWERS, TOLD, "engagements.outgoingmail"},
    },
    "follow-up-office": {"at": OPEN},
    "follow-up-preview": {"at": OPEN, "sent": {"answers": "@accepted-answer"}},
    "follow-up-publish": {
        "at": OPEN,
        "sent": {"*": "@publication"},
        "wrote": ("answer.published", "follow_up.published"),
        "changes": PUBLISHED | EDITION | {TOLD},
    },
    **{name: {"at": OPEN | place} for name, place in _PLACE.items()},
    **{f"{name}: none": {"at": SHUT | place} for name, place in _PLACE.items()},
    "follow-up-question": {
        "at": OPEN | {"number": 3},
        "lands": "/engagements/answered/follow-up/#q3",
    },
}
"""What makes a `Situation`, by address."""


def lay(*, editor: User, liaison: User) -> dict[str, Any]:
    """Questions that are shown: 1 is answered in public, the answer to the next is accepted, that
    to the third submitted."""
    engagement = Engagement.objects.get(slug="answered")
    floor = engagement.floor
    while floor.questions.filter(state=states.SHOWN).count() < 3:
        factories.make_question(floor, "In the open, and answered?", state=states.SHOWN)
    sent = factories.make_forwarding(engagement, sent_by=editor)
    shown = list(floor.questions.filter(state=states.SHOWN).order_by("number"))
    _write(sent, shown, by=liaison)
    accepting.accept(engagement, answers=_answers(shown[:2]), by=editor)
    following_up.publish(engagement, by=editor, answers=_answers(shown[:1]))
    accepted, submitted = _answers(shown[1:2])[0], _answers(shown[2:3])[0]
    read = f"{accepted.pk}:{accepted.revision}"
    ahead = following_up.ahead(engagement, answers=[accepted], by=editor)
    return {
        "submitted-answer": f"{submitted.pk}:{submitted.revision}",
        "accepted-answer": read,
        "publication": {"answers": read, "digest": ahead.document.digest},
    }


def _write(sent: Forwarding, questions: list[Question], *, by: User) -> None:
    content = Content(status=states.ANSWERED, text="Here.", is_publishable=True)
    numbers = [one.number for one in questions]
    writing.write_all(
        sent, contents=dict.fromkeys(numbers, content), by=by, via="page", submit=True
    )


def _answers(questions: list[Question]) -> list[AgencyAnswer]:
    return list(AgencyAnswer.objects.filter(question__in=questions))
