"""What a situation of the access matrix is, and the words in which situations are told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Situation:
    """An @name is looked up in the world.

    `at` fills the address; an engagement is the live one if not said. `lands` is where a page that
    redirects leads, `reads` the tables that a page leaves a trace in. A form is `sent`; when it is
    done it `wrote` these entries of the audit and `changes` these tables besides.
    """

    at: dict[str, Any] = field(default_factory=dict)
    lands: str = ""
    reads: set[str] = field(default_factory=set)
    sent: dict[str, Any] = field(default_factory=dict)
    wrote: tuple[str, ...] = ()
    changes: set[str] = field(default_factory=set)

    @property
    def leaves(self) -> set[str]:
        return self.changes | ({"engagements.auditentry"} if self.wrote else set())


PAST, REVIEW, OWN, DRAFTING, UNDRAFTED, PLAN, SOON = (
    {"slug": slug} for slug in ("past", "review", "own", "drafting", "undrafted", "plan", "soon")
)
FIRST = {"number": 1}
ENTRY = {"name": "Nell", "email": "@address", "category": "attorney", "consent": "on"}
WALK_IN = {"name": "Nell", "category": "attorney", "consent": "on"}
OWN_REGISTRATION = "/engagements/now/registration/"
A_MATERIAL = {"pk": "@material"}
A_QUESTION = {"pk": "@own-question"}
QUESTION = {"text": "Why?", "client_id": str(uuid.UUID(int=7))}
SEEN = {"number": 2, "seen": 1}
DECLARED = {"category": "attorney", "people": 7, "source": "A report"}
PASSWORDS = {f"password{number}": "seven quiet otters swim" for number in (1, 2)}
ENGAGEMENT = {
    "title": "Another title",
    "kind": "webinar",
    "about": "something",
    "agency": "@agency",
    "time_zone": "America/New_York",
    "starts_at": "2021-05-01T14:00",
    "ends_at": "2021-05-01T15:00",
    "speakers-TOTAL_FORMS": 0,
    "speakers-INITIAL_FORMS": 0,
}
WORDS = {
    "department": "A department",
    "department_short": "AD",
    "name": "An office",
    "short_name": "AO",
}
DECIDED = {"qa.question", "qa.floor", "qa.floorevent"}
PRESENCE = {"engagements.attendance", "engagements.attendanceinterval", "engagements.auditentry"}
MAIL = "engagements.outgoingmail"
MAILING = "engagements.mailing"
DOWNLOAD = Situation(at=PAST | FIRST, reads={"engagements.auditentry", "qa.receipt"})

VOTED = Situation(
    sent={"number": 3, "cast": "true"},
    wrote=("question.voted",),
    changes={"qa.question", "qa.floor", "qa.vote"},
)

TOLD = ("qa.floor", "qa.floorevent")


def move_of(
    at: dict[str, Any], move: str, state: str, *also: str, is_told: bool = True
) -> Situation:
    """`is_told`: who waits in the room hears of it, and who registered, by mail."""
    return Situation(
        at=at | {"move": move},
        wrote=(f"engagement.{state}", *also),
        changes={"engagements.engagement", *((*TOLD, MAILING) if is_told else ())},
    )


def set_up_of(
    wrote: str, at: dict[str, Any], changes: set[str] | None = None, **sent: Any
) -> Situation:
    thing = {"material": "material", "question": "registrationquestion", "notice": "notice"}
    table = f"engagements.{thing[wrote.partition('.')[0]]}"
    return Situation(at=SOON | at, sent=sent, wrote=(wrote,), changes=changes or {table})


def decide_of(move: str, wrote: str, **sent: Any) -> Situation:
    return Situation(at={"move": move}, sent=SEEN | sent, wrote=(wrote,), changes=DECIDED)


def mail_of(move: str, wrote: str) -> Situation:
    at = {"pk": "@waiting-mail", "move": move}
    return Situation(at=at, wrote=(f"mail.{wrote}",), changes={MAIL})


def readout_of(at: dict[str, Any], *wrote: str, more: str = "", **sent: Any) -> Situation:
    changes = {"readouts.readout", *([more] if more else [])}
    return Situation(at=at, sent=sent, wrote=wrote, changes=changes)


REVIEWED = {"pk": "@list-review"}
SEEN_LIST = {"revision": "@list-review-revision"}
LISTED = {"engagements.listedperson"}


def list_of(
    *wrote: str,
    sent: dict[str, Any],
    at: dict[str, Any] | None = None,
    more: set[str] | None = None,
) -> Situation:
    return Situation(
        at=at or {},
        sent=sent,
        wrote=tuple(f"attendance_list.{what}" for what in wrote),
        changes={"engagements.attendancelist"} | (more or set()),
    )
