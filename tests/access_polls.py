"""Polls and the survey for the access matrix: the office's pages, the room, the survey's link."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa import states
from qa.models import Floor
from tests import factories
from tests.access_situation import PAST, REVIEW, TOLD, Situation, move_of

if TYPE_CHECKING:
    from engagements.models import User

ROWS = """
# results without who answered, for everybody who works on the engagement
  polls                                sssss ++++ ---    x
  poll-results                         sssss ++++ ---    x
# who runs the hour polls; AD decides nothing there
  poll-new                             sssss ++-- ---    sssss ++-- ---
  survey-question-new                  sssss ++-- ---    sssss ++-- ---
  poll-edit                            sssss ++-- ---    sssss ++-- ---
  poll-move: open                      x                 sssss ++-- ---
  poll-move: close                     x                 sssss ++-- ---
  poll-move: take back                 x                 sssss ++-- ---
  poll-move: show                      x                 sssss ++-- ---
  poll-move: delete                    x                 sssss ++-- ---
  survey-move: open                    x                 sssss ++-- ---
  survey-move: close                   x                 sssss ++-- ---
# who holds a personal link answers; staff look on
  poll-answer                          x                 -+--- ---- ---
  poll-answer: a draft                 x                 -
  survey-link                          +                 x
  survey                               -+--- ++-+ ---    -+--- ---- ---
"""

COMMAND_ROWS = """
  answer-poll                          n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
"""

DRAFT, OPEN = {"number": 1}, {"number": 2}
WORDS = {"text": "Did it help?", "kind": "choice", "options": "Yes\nNo"}
POLL = {"qa.poll", *TOLD}


def poll_of(move: str, wrote: str, at: dict[str, Any], *more: str) -> Situation:
    return Situation(at=at | {"move": move}, wrote=(f"poll.{wrote}",), changes={*POLL, *more})


ANSWERED = Situation(
    sent=OPEN | {"chosen": "1"},
    wrote=("poll.answered",),
    changes={"qa.pollanswer", "qa.floor"},
)

ADDRESSES = {
    "poll-results": Situation(reads={"engagements.auditentry"}),
    "poll-new": Situation(sent=WORDS, wrote=("poll.written",), changes={*POLL, "qa.polloption"}),
    "survey-question-new": Situation(
        sent=WORDS, wrote=("poll.written",), changes={"qa.poll", "qa.polloption"}
    ),
    "poll-edit": Situation(
        at=DRAFT,
        sent=WORDS | {"seen": 1, "text": "And now?"},
        wrote=("poll.edited",),
        changes={*POLL, "qa.polloption"},
    ),
    "poll-move: open": poll_of("open", "opened", DRAFT),
    "poll-move: close": poll_of("close", "closed", OPEN),
    "poll-move: take back": poll_of("take-back", "taken_back", OPEN),
    "poll-move: show": poll_of("show", "results_shown", OPEN),
    "poll-move: delete": poll_of("delete", "deleted", DRAFT, "qa.polloption"),
    "survey-move: open": poll_of("open", "opened", REVIEW),
    "survey-move: close": poll_of("close", "closed", PAST),
    "poll-answer": ANSWERED,
    "poll-answer: a draft": replace(ANSWERED, sent=DRAFT | {"chosen": "1"}),
    "survey-link": Situation(at={"token": "@link"}, lands="/engagements/now/survey/"),
    "survey": Situation(
        at=PAST,
        sent={"q1": "1"},
        wrote=("survey.answered",),
        changes={"qa.pollanswer"},
    ),
}

ENDED = move_of({}, "end", "ended", "floor.closed", "poll.closed")
ENDING = replace(ENDED, changes=ENDED.changes | {"qa.poll"})
"""The open poll closes with the engagement."""

COMMANDS = {"answer-poll": ANSWERED}


def lay(by: User) -> dict[str, Any]:
    """A draft and an open poll in the live one; a survey that is open, and one that is not yet."""
    floors = {one.engagement.slug: one for one in Floor.objects.select_related("engagement")}
    factories.make_poll(floors["now"], number=1, made_by=by)
    factories.make_poll(floors["now"], number=2, state=states.POLL_OPEN, made_by=by)
    factories.make_poll(floors["past"], moment="after", state=states.POLL_OPEN, made_by=by)
    factories.make_poll(floors["review"], moment="after", made_by=by)
    return {}
