"""Questions by other ways than the room, for the access matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.forms.importing import Sent, seal
from qa.models import QuestionImport
from tests.access_lists import SameFile
from tests.access_situation import DECIDED, QUESTION, Situation

if TYPE_CHECKING:
    from engagements.models import Engagement, User

ROWS = """
# who runs the hour lets questions in by other ways; AD looks on at the desk and does nothing here
  enter-question                       sssss ++-- ---    sssss ++-- ---
  intake-sheet                         sssss ++-- ---    x
# looking at a file changes nothing
  question-imports                     sssss ++-- ---    sssss rr-- ---
  question-import-take                 x                 sssss ++-- ---
  question-import-undo                 x                 sssss ++-- ---
# the file has names in it, so who downloads it is on record
  question-import-file                 sssss ++-- ---    x
"""

REPORT = b"Question,Asker Email\nHow long does it take now?,nobody@mail.example\n"
AN_IMPORT = {"pk": "@question-import"}

ADDRESSES = {
    "enter-question": Situation(
        sent=QUESTION | {"source": "phone", "asked_at": "2021-04-14T14:00", "is_sure": "on"},
        wrote=("question.entered",),
        changes=DECIDED,
    ),
    "question-imports": Situation(sent={"file": "@question-report"}),
    "question-import-take": Situation(
        sent={"step": "take", "file": "@question-sealed"},
        wrote=("question.imported", "questions.imported"),
        changes=DECIDED | {"qa.questionimport"},
    ),
    "question-import-undo": Situation(
        at=AN_IMPORT, wrote=("questions.import_undone",), changes={"qa.questionimport"}
    ),
    "question-import-file": Situation(at=AN_IMPORT, reads={"engagements.auditentry"}),
}


def lay(now: Engagement, by: User) -> dict[str, Any]:
    """An import whose questions are gone, and a report that nobody has taken over yet."""
    stored = QuestionImport.objects.create(
        floor=now.floor, file_name="qa.csv", sha256="0" * 64, file=REPORT, platform="zoom",
        imported_by=by,
    )  # fmt: skip
    return {
        "question-import": stored.pk,
        "question-report": SameFile("qa.csv", REPORT),
        "question-sealed": seal(now, Sent("qa.csv", REPORT)),
    }
