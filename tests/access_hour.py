"""The hour and what follows it: rooms, desks, screens, lists and readouts of the access matrix."""

from __future__ import annotations

from dataclasses import replace

from tests.access_floor import TOPIC
from tests.access_situation import (
    DECIDED,
    DRAFTING,
    FIRST,
    PAST,
    PLAN,
    PRESENCE,
    QUESTION,
    REVIEW,
    TOLD,
    UNDRAFTED,
    VOTED,
    Situation,
    decide_of,
    readout_of,
)

PDF = {"format": "pdf"}

ADDRESSES = {
    "room": Situation(reads=PRESENCE),
    "room: draft": Situation(at=PLAN),
    "announce": Situation(
        sent={"text": "We begin."},
        wrote=("announcement.made",),
        changes={"qa.announcement", *TOLD},
    ),
    "announcement-take-back": Situation(
        at={"pk": "@announcement"},
        wrote=("announcement.taken_back",),
        changes={"qa.announcement", *TOLD},
    ),
    "ask": Situation(sent=QUESTION, wrote=("question.asked",), changes=DECIDED),
    "ask: over": Situation(at=PAST, sent=QUESTION),
    "withdraw": Situation(sent=FIRST, wrote=("question.withdrawn",), changes=DECIDED),
    "change": Situation(
        sent={"number": 1, "text": "A secret, put otherwise?"},
        wrote=("question.changed",),
        changes={"qa.question", "qa.floor", "qa.floorevent"},
    ),
    "change: somebody else's": Situation(sent={"number": 2, "text": "Mine?"}),
    "withdraw: somebody else's": Situation(sent={"number": 2}),
    "vote": VOTED,
    "vote: not shown": Situation(sent={"number": 2, "cast": "true"}),
    "vote: over": Situation(at=PAST, sent=VOTED.sent),
    "desk-floor": Situation(
        sent={"state": "closed"}, wrote=("floor.closed",), changes={"qa.floor", "qa.floorevent"}
    ),
    "desk-voting": Situation(
        sent={"setting": "staff"},
        wrote=("floor.votes_staff",),
        changes={"qa.floor", "qa.floorevent"},
    ),
    "screen: draft": Situation(at=PLAN),
    "desk-decide: show": decide_of("show", "question.shown"),
    "desk-decide: hold": decide_of("hold", "question.held"),
    "desk-decide: dismiss": decide_of("dismiss", "question.dismissed", reason="unclear"),
    "desk-decide: mark": decide_of("mark", "question.answering", number=3, outcome="answering"),
    "readout": Situation(at=PAST),
    "readout: in review": Situation(at=REVIEW),
    "readout-file": Situation(at=PAST | PDF),
    "readout-file: in review": Situation(at=REVIEW | PDF),
    "readout-version": Situation(at=PAST | FIRST),
    "readout-version: in review": Situation(at=REVIEW | FIRST),
    "readout-version-file": Situation(at=PAST | FIRST | PDF),
    "readout-version-file: in review": Situation(at=REVIEW | FIRST | PDF),
    "readout-edit": Situation(at=DRAFTING),
    "readout-edit: not drafted": Situation(at=UNDRAFTED),
    "readout-draft": readout_of(UNDRAFTED, "readout.drafted"),
    "readout-save": readout_of(DRAFTING, "readout.edited", revision=1, summary="It was said."),
    "readout-refresh": readout_of(DRAFTING, "readout.refreshed"),
    "readout-samples": Situation(at=DRAFTING),
    "readout-samples-save": readout_of(
        DRAFTING,
        "readout.sample_changed",
        more="readouts.readoutsample",
        revision=1,
        do="add",
        **{"choose-pick": "@choose", "choose-why": "plain"},
    ),
    "readout-preview": Situation(at=DRAFTING),
    "readout-preview-file": Situation(at=DRAFTING | PDF),
    "readout-correct": readout_of(PAST, "readout.correct", note="A name"),
}

COMMANDS = {
    "ask": ADDRESSES["ask"],
    "vote": replace(VOTED, sent={"number": 3}),
    "unvote": replace(VOTED, sent={"number": 4}),
    "voting": ADDRESSES["desk-voting"],
    "topic": TOPIC,
    "withdraw": ADDRESSES["withdraw"],
    "change": ADDRESSES["change"],
    "hint": Situation(sent={"text": "In the open?"}),
    "floor": ADDRESSES["desk-floor"],
} | {move: ADDRESSES[f"desk-decide: {move}"] for move in ("show", "hold", "dismiss", "mark")}
"""The socket and the plain form do the same."""
