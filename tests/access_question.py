"""One question's page at the desk, and who asked it, for the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa import states
from qa.actions import answering, editing, merging, silencing
from tests import factories
from tests.access_situation import DECIDED, Situation

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from qa.models import Question

ROWS = """
# AD reads all of it, and learns who asked as who moderates; words and decisions are not AD's
  desk-question                        sssss ++-+ ---    x
  desk-question-do: edit               x                 sssss ++-- ---
  desk-question-do: restore            x                 sssss ++-- ---
  desk-question-do: note               x                 sssss ++-- ---
  desk-question-do: language           x                 sssss ++-- ---
  desk-question-do: merge              x                 sssss ++-- ---
  desk-question-do: unmerge            x                 sssss ++-- ---
  desk-question-do: answer             x                 sssss ++-- ---
  desk-question-do: take-back          x                 sssss ++-- ---
  desk-question-do: discard            x                 sssss ++-- ---
# told on demand and on record; silencing is like removing, which AD may too
  desk-asker                           x                 sssss ++-+ ---
  desk-asker-silence                   x                 sssss ++-+ ---
  desk-asker-end-silence               x                 sssss ++-+ ---
  desk-asker-remove                    x                 sssss ++-+ ---
"""

ANSWER = {"qa.writtenanswer"}
OWN = {"number": "@question-asked"}
ANSWERED = {"text": "At nine.", "given_by": "Ito", "reach": "all"}


def do_of(
    what: str, wrote: str, *more: str, at: str, changes: set[str] | None = None, **sent: Any
) -> Situation:
    return Situation(
        at={"number": f"@question-{at}", "what": what},
        sent={"seen": f"@question-{at}-seen"} | sent,
        wrote=(wrote, *more),
        changes=DECIDED | (changes or set()),
    )


ADDRESSES = {
    "desk-question": Situation(at=OWN),
    "desk-question-do: edit": do_of("edit", "question.edited", at="asked", text="Better?"),
    "desk-question-do: restore": do_of("restore", "question.restored", at="edited"),
    "desk-question-do: note": do_of("note", "question.noted", at="asked", note="A note"),
    "desk-question-do: language": do_of(
        "language", "question.language_set", at="asked", language="es"
    ),
    "desk-question-do: merge": do_of(
        "merge",
        "question.merged",
        "question.joined",
        at="asked",
        other="@question-edited",
        other_seen="@question-edited-seen",
        stays="other",
    ),
    "desk-question-do: unmerge": do_of(
        "unmerge", "question.unmerged", "question.parted", at="merged"
    ),
    "desk-question-do: answer": do_of(
        "answer",
        "question.answer_drafted",
        "answer.written",
        at="asked",
        changes=ANSWER,
        **ANSWERED,
    ),
    "desk-question-do: take-back": do_of(
        "take-back", "question.answer_taken_back", "answer.written", at="answered", changes=ANSWER
    ),
    "desk-question-do: discard": do_of(
        "discard", "question.answer_discarded", at="drafted", changes=ANSWER
    ),
    "desk-asker": Situation(at=OWN, wrote=("question.asker_seen",)),
    "desk-asker-silence": Situation(
        at=OWN,
        sent={"reason": "Too many"},
        wrote=("registration.silenced",),
        changes={"qa.silence"},
    ),
    "desk-asker-end-silence": Situation(
        at={"number": "@question-hushed"},
        wrote=("registration.silence_ended",),
        changes={"qa.silence"},
    ),
    "desk-asker-remove": Situation(
        at=OWN, wrote=("registration.removed",), changes={"engagements.registration"}
    ),
}


def lay(now: Engagement, by: User) -> dict[str, Any]:
    """Questions of somebody who asks, and of somebody who is silenced, each worked on."""
    asker = factories.make_registration(now, "Asks")
    hushed = factories.make_registration(now, "Hushed")
    floor = now.floor

    def ask(**fields: Any) -> Question:
        fields = {"asker": asker, "category": asker.category} | fields
        return factories.make_question(floor, **fields)

    made = {
        "asked": ask(),
        "edited": ask(),
        "merged": ask(),
        "answered": ask(text="Answered?", state=states.SHOWN),
        "drafted": ask(),
        "hushed": ask(asker=hushed, category=hushed.category),
    }
    numbers = {name: one.number for name, one in made.items()}
    editing.edit(floor, by=by, number=numbers["edited"], seen=1, text="Edited?")
    merging.merge(floor, by=by, number=numbers["merged"], seen=1, into=numbers["answered"])
    seen = floor.questions.get(number=numbers["answered"]).revision
    for name, revision in (("answered", seen), ("drafted", 1)):
        answering.write(
            floor, by=by, number=numbers[name], seen=revision, **ANSWERED,
            publish=name == "answered",
        )  # fmt: skip
    silencing.silence(floor, by=by, registration=hushed, reason="Too many")
    revisions = dict(floor.questions.values_list("number", "revision"))
    return {f"question-{name}": number for name, number in numbers.items()} | {
        f"question-{name}-seen": revisions[number] for name, number in numbers.items()
    }
