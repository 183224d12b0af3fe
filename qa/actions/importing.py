"""Take questions over from the report of a webinar platform, and take them back again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rows
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.actions import deciding, intake
from qa.actions.entering import check_takes_entries
from qa.files.question_reports import QUESTION, read_report
from qa.models import Question, QuestionImport
from qa.queries.reported import candidates

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engagements.models import User
    from qa.models import Floor
    from qa.queries.reported import Candidate

LONGEST_NAME: Final = 200


def check_new(floor: Floor, content: bytes) -> None:
    """Refuses where no question may be added any more, and a file that was taken over before."""
    check_takes_entries(floor.engagement)
    in_force = floor.question_imports.filter(sha256=_digest(content), undone_at=None)
    earlier = in_force.select_related("imported_by").defer("file").first()
    if earlier is not None:
        raise Refused(
            "already",
            _("%(name)s took this very file over before. Nothing was changed.")
            % {"name": earlier.imported_by.name},
        )


@transaction.atomic
def take_over(
    floor: Floor,
    *,
    by: User,
    name: str,
    content: bytes,
    meanings: Sequence[str],
    left_out: Collection[int] = (),
) -> QuestionImport:
    """Store the questions of a report, but those left out by their places; all or none.

    They wait like any others, with the platform's answers as notes for the desk. Of who asked,
    nothing is stored but the registration whose address is exactly the file's. Questions of the
    report that are here already by an earlier file stay as they are. The file is kept.

    Refuses the same file again, and what would add nothing.
    """
    locked = deciding.lock(floor, by)
    check_new(locked, content)
    if QUESTION not in meanings:
        raise Refused("no_question", _("Please say which column holds the questions."))
    report = read_report(content)
    chosen = [
        one
        for one in candidates(locked, report, meanings)
        if one.is_possible and one.at not in left_out
    ]
    if not chosen:
        raise Refused("nothing", _("There is nothing new in this file. Nothing was changed."))
    stored = _keep(locked, by, name, content, report.platform)
    questions = [_question(stored, one) for one in chosen]
    intake.store(locked, questions, by=by, act="question.imported")
    audit.record(
        "questions.imported",
        stored,
        by=by,
        engagement=locked.engagement,
        sha256=stored.sha256,
        questions=len(questions),
    )
    return stored


@transaction.atomic
def undo(stored: QuestionImport, *, by: User) -> tuple[int, int]:
    """Withdraw those of its questions that nobody decided about. Returns how many are withdrawn,
    and how many stay because somebody did. Numbers stay; the file may be taken over again."""
    locked = deciding.lock(stored.floor, by)
    check_takes_entries(locked.engagement)
    if not QuestionImport.objects.filter(pk=stored.pk, undone_at=None).update(
        undone_at=clock.now(), undone_by=by
    ):
        raise Refused("already", _("This import was undone before."))
    questions = list(locked.questions.described().filter(question_import=stored))
    withdrawn = [one for one in questions if is_untouched(one)]
    _withdraw(locked, withdrawn, by)
    stay = sum(one.state != states.WITHDRAWN for one in questions)
    audit.record(
        "questions.import_undone",
        stored,
        by=by,
        engagement=locked.engagement,
        withdrawn=len(withdrawn),
        stay=stay,
    )
    return len(withdrawn), stay


@transaction.atomic
def download(stored: QuestionImport, *, by: User) -> bytes:
    """The file as it came, with the names and addresses in it. Every download is on record."""
    if not rules.may_moderate(by, stored.floor.engagement):
        raise NotAllowed("not_allowed", _("There is no such file."))
    audit.record(
        "questions.file_downloaded",
        stored,
        by=by,
        engagement=stored.floor.engagement,
        sha256=stored.sha256,
    )
    return bytes(stored.file)


def is_untouched(question: Question) -> bool:
    """It waits, and nobody of the office did anything about it since it came."""
    return question.state == states.WAITING and question.revision == 1


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _keep(floor: Floor, by: User, name: str, content: bytes, platform: str) -> QuestionImport:
    return QuestionImport.objects.create(
        floor=floor,
        file_name=clean_line(name)[:LONGEST_NAME] or _("file without a name"),
        sha256=_digest(content),
        file=content,
        platform=platform,
        imported_by=by,
    )


def _withdraw(floor: Floor, questions: list[Question], by: User) -> None:
    """Nobody can have changed them meanwhile: whoever changes a question holds the floor."""
    for question in questions:
        question.state = states.WITHDRAWN
        question.revision += 1
        # Without its key, the same row of the file is new again.
        question.client_id = None
    rows.update(
        Question,
        ("state", "revision", "client_id"),
        [(one.state, one.revision, one.client_id, one.pk) for one in questions],
    )
    if questions:
        events.forget(floor, [question.number for question in questions])
        events.append_questions(floor, questions, act="question.import_undone", by=by)
    audit.record_all(
        "question.import_undone",
        [(one, by, {"text": audit.digest(one.text)}) for one in questions],
        engagement=floor.engagement,
    )


def _question(stored: QuestionImport, one: Candidate) -> Question:
    return Question(
        floor=stored.floor,
        asker=one.asker,
        category=one.category,
        client_id=one.key,
        text=one.text,
        original_text=one.text,
        source=Question.Source.PLATFORM,
        question_import=stored,
        asked_at=one.asked_at,
        note=one.note,
    )
