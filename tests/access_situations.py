"""How each address and command of the access matrix is used, and what it leaves behind."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
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
QUESTION = {"text": "Why?", "client_id": str(uuid.UUID(int=7))}
SEEN = {"number": 2, "seen": 1}
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
DOWNLOAD = Situation(at=PAST | FIRST, reads={"engagements.auditentry"})

VOTED = Situation(
    sent={"number": 3, "cast": "true"},
    wrote=("question.voted",),
    changes={"qa.question", "qa.floor", "qa.vote"},
)

TOLD = ("qa.floor", "qa.floorevent")


def _move(at: dict[str, Any], move: str, state: str, *also: str, is_told: bool = True) -> Situation:
    """`is_told`: who waits in the room hears of it, and who registered, by mail."""
    return Situation(
        at=at | {"move": move},
        wrote=(f"engagement.{state}", *also),
        changes={"engagements.engagement", *((*TOLD, MAILING) if is_told else ())},
    )


def _decide(move: str, wrote: str, **sent: Any) -> Situation:
    return Situation(at={"move": move}, sent=SEEN | sent, wrote=(wrote,), changes=DECIDED)


def _readout(at: dict[str, Any], *wrote: str, more: str = "", **sent: Any) -> Situation:
    changes = {"readouts.readout", *([more] if more else [])}
    return Situation(at=at, sent=sent, wrote=wrote, changes=changes)


ADDRESSES = {
    "engagement: draft": Situation(at=PLAN),
    "register": Situation(
        sent=ENTRY, wrote=("registration.created",), changes={"engagements.registration", MAIL}
    ),
    "register: over": Situation(at=PAST, sent=ENTRY),
    "register: removed here": Situation(
        sent=ENTRY | {"email": "@removed"}, wrote=("registration.repeated",), changes={MAIL}
    ),
    "register: draft": Situation(at=PLAN, sent=ENTRY),
    "registered: draft": Situation(at=PLAN),
    "join": Situation(at={"token": "@link"}, lands="/engagements/now/room/"),
    "join: removed": Situation(at={"token": "@removed-link"}, lands="/engagements/now/room/"),
    "room": Situation(reads=PRESENCE),
    "room: draft": Situation(at=PLAN),
    "ask": Situation(sent=QUESTION, wrote=("question.asked",), changes=DECIDED),
    "ask: over": Situation(at=PAST, sent=QUESTION),
    "withdraw": Situation(sent=FIRST, wrote=("question.withdrawn",), changes=DECIDED),
    "withdraw: somebody else's": Situation(sent={"number": 2}),
    "vote": VOTED,
    "vote: not shown": Situation(sent={"number": 2, "cast": "true"}),
    "vote: over": Situation(at=PAST, sent=VOTED.sent),
    "engagement-new": Situation(
        sent=ENGAGEMENT | {"slug": "brand-new"},
        wrote=("engagement.created",),
        changes={"engagements.engagement", "engagements.membership", "qa.floor"},
    ),
    "engagement-office: draft": Situation(at=PLAN),
    "engagement-edit": Situation(
        at=SOON,
        sent=ENGAGEMENT,
        wrote=("engagement.edited",),
        changes={"engagements.engagement", MAILING},
    ),
    "engagement-move: schedule": _move(PLAN, "schedule", "scheduled", is_told=False),
    "engagement-move: start": _move(SOON, "start", "live"),
    "engagement-move: end": _move({}, "end", "ended", "floor.closed"),
    "engagement-move: archive": _move(PAST, "archive", "archived", is_told=False),
    "engagement-move: cancel": _move(SOON, "cancel", "cancelled"),
    "members": Situation(
        sent={"user": "@person", "role": "moderator"},
        wrote=("membership.added",),
        changes={"engagements.membership"},
    ),
    "members: oneself": Situation(sent={"user": "@self", "role": "editor"}),
    "registrant-remove": Situation(
        at={"pk": "@ra"},
        wrote=("registration.removed",),
        changes={"engagements.registration"},
    ),
    "registrant-readmit": Situation(
        at={"pk": "@xa"},
        wrote=("registration.readmitted",),
        changes={"engagements.registration"},
    ),
    "member-remove": Situation(
        at=SOON | {"pk": "@membership"},
        wrote=("membership.removed",),
        changes={"engagements.membership"},
    ),
    "outbox-mail": Situation(at={"pk": "@mail"}),
    "desk-floor": Situation(
        sent={"state": "closed"}, wrote=("floor.closed",), changes={"qa.floor", "qa.floorevent"}
    ),
    "desk-voting": Situation(
        sent={"setting": "staff"},
        wrote=("floor.votes_staff",),
        changes={"qa.floor", "qa.floorevent"},
    ),
    "screen: draft": Situation(at=PLAN),
    "desk-decide: show": _decide("show", "question.shown"),
    "desk-decide: hold": _decide("hold", "question.held"),
    "desk-decide: dismiss": _decide("dismiss", "question.dismissed", reason="unclear"),
    "desk-decide: mark": _decide("mark", "question.answering", number=3, outcome="answering"),
    "forward": Situation(
        at=UNDRAFTED,
        wrote=("forwarding.sent",),
        changes={"qa.forwarding", "qa.forwardedquestion", MAIL},
    ),
    "forwarding-recall": Situation(
        at=PAST | FIRST, wrote=("forwarding.recalled",), changes={"qa.forwarding"}
    ),
    "forwardings": Situation(at=PAST),
    "forwarding-file": DOWNLOAD,
    "agency-forwarding": Situation(at={"pk": "@forwarding"}),
    "agency-forwarding: recalled": Situation(at={"pk": "@recalled"}),
    "agency-file": Situation(at={"pk": "@forwarding"}, reads=DOWNLOAD.reads),
    "agency-file: recalled": Situation(at={"pk": "@recalled"}),
    "readout": Situation(at=PAST),
    "readout: in review": Situation(at=REVIEW),
    "readout-pdf": Situation(at=PAST),
    "readout-pdf: in review": Situation(at=REVIEW),
    "readout-version": Situation(at=PAST | FIRST),
    "readout-version: in review": Situation(at=REVIEW | FIRST),
    "readout-version-pdf": Situation(at=PAST | FIRST),
    "readout-version-pdf: in review": Situation(at=REVIEW | FIRST),
    "readout-edit": Situation(at=DRAFTING),
    "readout-edit: not drafted": Situation(at=UNDRAFTED),
    "readout-draft": _readout(UNDRAFTED, "readout.drafted"),
    "readout-save": _readout(DRAFTING, "readout.edited", revision=1, summary="It was said."),
    "readout-refresh": _readout(DRAFTING, "readout.refreshed"),
    "readout-samples": Situation(at=DRAFTING),
    "readout-samples-save": _readout(
        DRAFTING, "readout.sample_changed", more="readouts.readoutsample", revision=1, do="@choose"
    ),
    "readout-preview": Situation(at=DRAFTING),
    "readout-preview-pdf": Situation(at=DRAFTING),
    "readout-submit": _readout(DRAFTING, "readout.submit"),
    "readout-return": _readout(REVIEW, "readout.return"),
    "readout-publish": _readout(
        REVIEW, "readout.publish", "readout.frozen", more="readouts.readoutversion", revision=1
    ),
    "readout-publish: own words": _readout(
        OWN, "readout.publish", "readout.frozen", more="readouts.readoutversion", revision=1
    ),
    "readout-correct": _readout(PAST, "readout.correct", note="A name"),
    "readout-withdraw": _readout(PAST, "readout.withdraw", reason="The figures were wrong"),
    "people": Situation(
        sent={"name": "Nell", "email": "nell@office.example"},
        wrote=("account.invited",),
        changes={"engagements.invitation", MAIL},
    ),
    "person": Situation(
        at={"pk": "@person"},
        sent={"is_administrator": "on"},
        wrote=("account.rights_set",),
        changes={"engagements.user"},
    ),
    "person: oneself": Situation(at={"pk": "@self"}, sent={"may_create_engagements": "on"}),
    "person-deactivate": Situation(
        at={"pk": "@person"}, wrote=("account.deactivated",), changes={"engagements.user"}
    ),
    "person-deactivate: oneself": Situation(at={"pk": "@self"}),
    "person-reactivate": Situation(
        at={"pk": "@inactive"}, wrote=("account.reactivated",), changes={"engagements.user"}
    ),
    "invitation-resend": Situation(
        at={"pk": "@invitation"},
        wrote=("account.invited_again",),
        changes={"engagements.invitation", MAIL},
    ),
    "invitation-withdraw": Situation(
        at={"pk": "@invitation"},
        wrote=("account.invitation_withdrawn",),
        changes={"engagements.invitation"},
    ),
    "categories": Situation(
        sent={"*": "@categories"},
        wrote=("category.edited",),
        changes={"engagements.rolecategory"},
    ),
    "agencies": Situation(
        sent={"name": "A new agency", "short_name": "ANA"},
        wrote=("agency.added",),
        changes={"engagements.agency"},
    ),
    "agency-names": Situation(
        at={"pk": "@agency"},
        sent={"name": "Renamed", "short_name": "RN"},
        wrote=("agency.renamed",),
        changes={"engagements.agency"},
    ),
    "office-words": Situation(sent=WORDS, wrote=("office.edited",), changes={"engagements.office"}),
    "invitation": Situation(
        at={"token": "@token"},
        sent=PASSWORDS,
        wrote=("account.opened", "account.signed_in"),
        changes={"engagements.invitation", "engagements.user", "account.emailaddress"},
    ),
    "demo-enter": Situation(at={"token": "@play"}, lands="/office/", reads={"engagements.user"}),
    "demo-enter: deactivated": Situation(at={"token": "@dead-play"}),
    "account_login": Situation(
        sent={"login": "@account", "password": "@password"},
        wrote=("account.signed_in",),
        changes={"engagements.user"},
    ),
    "account_email": Situation(
        sent={"action_add": "", "email": "@address"}, changes={"account.emailaddress", MAIL}
    ),
    "account_change_password": Situation(
        sent=PASSWORDS | {"oldpassword": "@password"},
        wrote=("account.password_changed",),
        changes={"engagements.user", MAIL},
    ),
    "account_reset_password": Situation(sent={"email": "@account"}, changes={MAIL}),
    # Leads to the form, with the secret in the session; tests/config/test_allauth.py goes there.
    "account_reset_password_from_key": Situation(at={"uidb36": "@uid", "key": "@reset"}),
    "account_confirm_email": Situation(
        at={"key": "@confirmation"},
        wrote=("account.email_changed",),
        changes={"account.emailaddress", "engagements.user", MAIL},
    ),
}

COMMANDS = {
    "ask": ADDRESSES["ask"],
    "vote": replace(VOTED, sent={"number": 3}),
    "unvote": replace(VOTED, sent={"number": 4}),
    "voting": ADDRESSES["desk-voting"],
    "withdraw": ADDRESSES["withdraw"],
    "floor": ADDRESSES["desk-floor"],
} | {move: ADDRESSES[f"desk-decide: {move}"] for move in ("show", "hold", "dismiss", "mark")}
"""The socket and the plain form do the same."""
