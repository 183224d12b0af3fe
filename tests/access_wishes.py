"""Answers by mail and translations for the access matrix: the room, the mailed link, the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.actions import translating
from qa.queries.wishes import token_of
from tests import factories
from tests.access_question import do_of
from tests.access_situation import Situation

if TYPE_CHECKING:
    from engagements.models import Engagement, User

ROWS = """
# whoever asked says it; where the room is shut, the mailed link still ends it
  want-answer                          x                 -+--- ---- ---
  want-answer: somebody else's         x                 -
# the address is the secret, and opens nothing else
  answer-mails                         +                 +
  answer-mails: another token          -                 -
# words at the desk, as those of the question itself
  desk-question-do: translate          x                 sssss ++-- ---
  desk-question-do: untranslate        x                 sssss ++-- ---
"""

COMMAND_ROWS = """
  want-answer                          n+nnn --n- nnn    nnnnn --n- nnn    nnnnn --n- nnn
"""

TRANSLATION = {"language": "en", "text": "When does it open?", "kind": "human"}

ADDRESSES = {
    "want-answer": Situation(
        sent={"number": 1, "wanted": "true"},
        wrote=("question.answer_wished",),
        changes={"qa.question"},
    ),
    "want-answer: somebody else's": Situation(sent={"number": 2, "wanted": "true"}),
    "answer-mails": Situation(
        at={"token": "@answer-mails-token"},
        wrote=("question.answer_not_wished",),
        changes={"qa.question"},
    ),
    "answer-mails: another token": Situation(at={"token": "another"}),
    "desk-question-do: translate": do_of(
        "translate",
        "translation.written",
        "question.translated",
        at="spanish",
        changes={"qa.translation"},
        **TRANSLATION,
    ),
    "desk-question-do: untranslate": do_of(
        "untranslate",
        "translation.removed",
        "question.untranslated",
        at="translated",
        changes={"qa.translation"},
        language="en",
    ),
}

COMMANDS = {"want-answer": ADDRESSES["want-answer"]}


def lay(now: Engagement, by: User) -> dict[str, Any]:
    """Somebody who wants an answer, and questions in Spanish, one of them translated."""
    asker = factories.make_registration(now, "Wishes")
    words = {"language": "es", "asker": asker, "category": asker.category}
    spanish = factories.make_question(now.floor, "¿Cuándo abre?", wants_answer=True, **words)
    translated = factories.make_question(now.floor, "¿Dónde?", **words)
    said = TRANSLATION | {"text": "Where?"}
    translating.translate(now.floor, by=by, number=translated.number, seen=1, **said)
    return {
        "answer-mails-token": token_of(asker),
        "question-spanish": spanish.number,
        "question-spanish-seen": 1,
        "question-translated": translated.number,
        "question-translated-seen": 2,
    }
