"""Enter a question that came by phone, by mail or on paper. It waits like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import clock
from engagements import states as engagement_states
from engagements.refusals import Refused
from qa.actions import deciding, intake
from qa.models import Question

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from engagements.models import Engagement, Registration, RoleCategory, User
    from qa.models import Floor, Label

SOURCES: Final = (Question.Source.PHONE, Question.Source.MAIL, Question.Source.PAPER)
"""The channels of which somebody of the office types the questions in."""

PAST: Final = frozenset({engagement_states.ARCHIVED, engagement_states.CANCELLED})


@dataclass(frozen=True, slots=True)
class Entry:
    """What came. `category` is the asker's own where there is one; `text` is clean."""

    text: str
    source: str
    client_id: UUID
    category: RoleCategory
    asked_at: datetime
    asker: Registration | None = None
    language: str = ""
    wants_answer: bool = False
    label: Label | None = None


def takes_entries(engagement: Engagement) -> bool:
    """Before, during and after the event, also while its floor is closed; not in the archive."""
    return engagement.state not in PAST


@transaction.atomic
def enter(floor: Floor, entry: Entry, *, by: User) -> Question:
    """Store it as it came, waiting, at every desk at once.

    The same client id again from the same account gives the question that is stored already.
    Refuses a source that nobody types in, and what was received later than now.
    """
    locked = deciding.lock(floor, by)
    check_takes_entries(locked.engagement)
    stored = locked.questions.described().filter(client_id=entry.client_id, entered_by=by).first()
    if stored is not None:
        return stored
    if entry.source not in SOURCES:
        raise Refused("invalid", _("Please say how the question came."))
    if entry.asked_at > clock.now():
        raise Refused("future", _("The question cannot have been received later than now."))
    question = Question(
        floor=locked,
        asker=entry.asker,
        category=entry.asker.category if entry.asker else entry.category,
        client_id=entry.client_id,
        text=entry.text,
        original_text=entry.text,
        language=entry.language,
        language_from=Question.LanguageFrom.OFFICE if entry.language else "",
        wants_answer=entry.wants_answer and bool(entry.asker and entry.asker.email),
        source=entry.source,
        entered_by=by,
        asked_at=entry.asked_at,
        label=entry.label,
    )
    intake.store(locked, [question], by=by, act="question.entered")
    return question


def check_takes_entries(engagement: Engagement) -> None:
    if not takes_entries(engagement):
        raise Refused(
            "past",
            _("This engagement is %(state)s: no question is added to it any more.")
            % {"state": engagement.get_state_display()},
        )
