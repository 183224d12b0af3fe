"""Publish what an agency has answered: the answers, and the next edition with its files, at once.

The files are written before the transaction, as those of a readout are (`freezing`).
"""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from qa import events
from qa import rules as question_rules
from qa.actions.agency import publishing
from qa.queries import floor_of
from readouts import follow_up, queries
from readouts.actions import freezing, indexing
from readouts.files import printable, word
from readouts.models import FollowUpEdition, FollowUpFile
from readouts.queries import follow_up as editions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from engagements.models import Engagement, User
    from qa.actions.agency.publishing import Prospect
    from qa.models import AgencyAnswer
    from readouts.document import Letterhead
    from readouts.follow_up import FollowUpDocument

LONGEST_NOTE: Final = FollowUpEdition._meta.get_field("correction_note").max_length or 0


@dataclass(frozen=True)
class Ahead:
    """What a publication would make public, as it is now."""

    document: FollowUpDocument
    prospect: Prospect
    number: int


@dataclass(frozen=True)
class _Source:
    """All that the files of an edition say."""

    document: FollowUpDocument
    number: int
    published_on: date
    letterhead: Letterhead
    line: str
    page: str


def ahead(
    engagement: Engagement,
    *,
    answers: Collection[AgencyAnswer],
    by: User,
    correction_note: str = "",
) -> Ahead:
    """The next edition, to be read before it is published. Leaves nothing behind.

    Refuses what could not be published.
    """
    _check_may(engagement, by)
    with _as_if(engagement, answers, by=by, note=correction_note) as prospect:
        document = editions.next_document(engagement, correction_note=clean_line(correction_note))
        return Ahead(document, prospect, editions.next_number(engagement))


def publish(
    engagement: Engagement,
    *,
    by: User,
    answers: Collection[AgencyAnswer] = (),
    correction_note: str = "",
    confirmed: Collection[str] = (),
    digest: str = "",
) -> FollowUpEdition:
    """Publish accepted answers and freeze the next edition. Without answers, only the edition: for
    what has become of questions otherwise.

    `digest` is that of the document that was read; without it, the one of now. What else is told:
    see `qa.actions.agency.publishing.publish`.
    """
    note = _checked_note(correction_note)
    for _attempt in range(freezing.ATTEMPTS):
        planned = ahead(engagement, answers=answers, by=by, correction_note=note)
        if digest and planned.document.digest != digest:
            raise _overtaken()
        source = _source(engagement, planned.document, planned.number)
        files = _write(source)
        try:
            return _publish(
                engagement,
                answers,
                by=by,
                note=note,
                confirmed=confirmed,
                source=source,
                files=files,
            )
        except freezing.Outdated:
            continue
    raise _overtaken()


@transaction.atomic
def _publish(
    engagement: Engagement,
    answers: Collection[AgencyAnswer],
    *,
    by: User,
    note: str,
    confirmed: Collection[str],
    source: _Source,
    files: dict[str, bytes],
) -> FollowUpEdition:
    events.lock(floor_of(engagement).pk)
    _check_may(engagement, by)
    if answers:
        publishing.publish(
            engagement, answers=answers, by=by, correction_note=note, confirmed=confirmed
        )
    document = editions.next_document(engagement, correction_note=note)
    if _source(engagement, document, editions.next_number(engagement)) != source:
        raise freezing.Outdated
    _check_is_new(engagement, document)
    edition = _freeze(engagement, document, source.number, by=by, note=note)
    stored = _store(edition, files)
    audit.record(
        "follow_up.published",
        edition,
        by=by,
        engagement=engagement,
        edition=edition.number,
        digest=edition.digest,
        answers=len(answers),
        files={file.format: file.sha256 for file in stored},
    )
    indexing.renew(engagement)
    return edition


def _check_may(engagement: Engagement, by: User) -> None:
    if not question_rules.may_accept(by, engagement):
        raise NotAllowed("not_allowed", _("You do not publish answers here."))
    if engagement.is_rehearsal or not engagement.is_public:
        raise Refused("not_public", _("The public does not know of this engagement."))
    if not engagement.is_over:
        raise Refused("not_over", _("Answers are published when the engagement has ended."))


def _check_is_new(engagement: Engagement, document: FollowUpDocument) -> None:
    latest = editions.latest_edition(engagement)
    if latest is not None and latest.digest == document.digest:
        raise Refused("nothing_new", _("This would say the same as the edition before."))
    has_answers = any(entry.is_answered for entry in document.entries)
    if latest is None and not has_answers and not document.answered:
        raise Refused("no_answer", _("No answer is published yet."))


def _checked_note(note: str) -> str:
    note = clean_line(note)
    if len(note) > LONGEST_NOTE:
        raise Refused(
            "too_long", _("A note has at most %(most)d characters.") % {"most": LONGEST_NOTE}
        )
    return note


def _as_if(
    engagement: Engagement, answers: Collection[AgencyAnswer], *, by: User, note: str
) -> AbstractContextManager[Prospect]:
    if not answers:
        return nullcontext(publishing.Prospect())
    return publishing.as_if_published(engagement, answers=answers, by=by, correction_note=note)


def _source(engagement: Engagement, document: FollowUpDocument, number: int) -> _Source:
    dates = editions.dates_of(engagement)
    today = engagement.local(clock.now()).date()
    with override(settings.LANGUAGE_CODE):
        line = _("Edition %(number)d, published %(date)s") % {
            "number": number,
            "date": dates.dated(today),
        }
    return _Source(
        document=document,
        number=number,
        published_on=today,
        letterhead=queries.letterhead(),
        line=line,
        page=dates.page,
    )


def _write(source: _Source) -> dict[str, bytes]:
    """By format. Raises Refused when one cannot be written."""
    options: dict[str, Any] = {
        "head": source.letterhead,
        "line": source.line,
        "page": source.page,
        "published_on": source.published_on,
    }
    paper = follow_up.paper(source.document)
    try:
        return {
            FollowUpFile.Format.PDF: printable.printed(paper, **options),
            FollowUpFile.Format.DOCX: word.written(paper, **options),
        }
    except printable.Unprintable as unprintable:
        raise Refused(
            "unprintable",
            _("The printable file cannot be made: %(reason)s") % {"reason": unprintable},
        ) from unprintable


def _freeze(
    engagement: Engagement, document: FollowUpDocument, number: int, *, by: User, note: str
) -> FollowUpEdition:
    return FollowUpEdition.objects.create(
        engagement=engagement,
        number=number,
        document=document.to_json(),
        digest=document.digest,
        answered=document.answered,
        questions=document.questions,
        correction_note=note,
        published_at=clock.now(),
        published_by=by,
        publisher=str(by)[: freezing.LONGEST_NAME],
    )


def _store(edition: FollowUpEdition, contents: dict[str, bytes]) -> Sequence[FollowUpFile]:
    return [
        FollowUpFile.objects.create(
            edition=edition,
            format=format_,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for format_, content in contents.items()
    ]


def _overtaken() -> Refused:
    return Refused(
        "overtaken", _("What would be published has changed since you read it. Look at it again.")
    )
