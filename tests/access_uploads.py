"""Files with answers that came back, for the access matrix: one that waits, and one to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.actions.agency import comparing, uploading
from qa.models import Forwarding
from tests.access_lists import SameFile

if TYPE_CHECKING:
    from engagements.models import User

UPLOAD = "qa.answerupload"
HERE = {"pk": "@forwarding", "upload": "@answers-upload"}

ROWS = """
# the agency that has the list, and none of the office, which sees what was submitted
  agency-uploads                       sssss ---- -+-    sssss ---- -+-
  agency-uploads: recalled             sssss ---- ---    sssss ---- ---
  agency-upload                        sssss ---- -+-    x
  agency-upload: of another list       sssss ---- ---    x
  agency-upload-take                   x                 sssss ---- -+-
  agency-upload-drop                   x                 sssss ---- -+-
  agency-upload-file                   sssss ---- -+-    x
"""

SITUATIONS: dict[str, dict[str, Any]] = {
    "agency-uploads": {
        "at": {"pk": "@forwarding"},
        "sent": {"file": "@answers-file"},
        "wrote": ("upload.dropped", "upload.read"),
        "changes": {UPLOAD},
    },
    "agency-uploads: recalled": {"at": {"pk": "@recalled"}, "sent": {"file": "@answers-file"}},
    "agency-upload": {"at": HERE},
    "agency-upload: of another list": {"at": HERE | {"pk": "@recalled"}},
    "agency-upload-take": {
        "at": HERE,
        "sent": {"step": "take", "seen": "@answers-seen"},
        "wrote": ("answers.written", "upload.taken"),
        "changes": {UPLOAD, "qa.agencyanswer", "qa.answerversion"},
    },
    "agency-upload-drop": {"at": HERE, "wrote": ("upload.dropped",), "changes": {UPLOAD}},
    "agency-upload-file": {"at": HERE, "reads": {"engagements.auditentry"}},
}
"""What makes a `Situation`, by address."""


def lay(forwarding: int, *, liaison: User) -> dict[str, Any]:
    sent = Forwarding.objects.get(pk=forwarding)
    question = sent.questions.exclude(text="")[0]
    file, other = (
        f'No.,Question,Answer\r\n{question.number},"{question.text}",{text}\r\n'.encode()
        for text in ("Here.", "There.")
    )
    upload = uploading.read_in(sent, by=liaison, name="answers.csv", content=file)
    return {
        "answers-upload": upload.pk,
        "answers-seen": comparing.compare(upload).seen,
        "answers-file": SameFile("answers.csv", other),
    }
