"""Forward the questions to the agency: one frozen, numbered list without attribution."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import audit, clock, outbox
from engagements.models import Office, RoleCategory
from engagements.queries import joined_by_category
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.actions import gating
from qa.files.agency.question_list import (
    LEAST_OF_CATEGORY,
    ListFacts,
    ListRow,
    list_file_name,
    question_list,
    status_label,
)
from qa.models import ForwardedQuestion, Forwarding, ForwardingFile, Receipt
from qa.queries import floor_of, listed_questions

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.audit import Actor
    from engagements.models import Engagement, User
    from qa.models import Floor
    from qa.queries import ListedQuestion


class CompiledList(NamedTuple):
    """A list as it would leave the house now."""

    file_name: str
    file: bytes
    rows: list[tuple[ListedQuestion, ListRow]]
    questions: int


class ExportedList(NamedTuple):
    """`number` is None for a copy that was not forwarded."""

    file: bytes
    questions: int
    number: int | None


@transaction.atomic
def forward(engagement: Engagement, *, by: User) -> Forwarding:
    """Freeze, number and store the list, and tell the agency's liaisons by mail.

    Only when the engagement is over, never of a rehearsal, and not while a question holds what
    looks like a personal identifier and nobody has decided about it. An earlier list to the same
    agency is superseded. The mail carries a link, never the file.
    """
    if not rules.may_forward(by, engagement):
        raise NotAllowed("not_allowed", _("You do not forward lists of this engagement."))
    _check_in_earnest(engagement)
    if not engagement.is_over:
        raise Refused("not_over", _("The list is forwarded when the engagement has ended."))
    floor = events.lock(floor_of(engagement).pk)
    _check_identifiers(floor)
    number = 1 + (engagement.forwardings.aggregate(last=Max("number"))["last"] or 0)
    now = clock.now()
    compiled = compile_list(engagement, number=number, at=now)
    if not compiled.rows:
        raise Refused("nothing", _("Nobody asked a question: there is nothing to forward."))
    engagement.forwardings.filter(agency=engagement.agency, state=states.FORWARDING_SENT).update(
        state=states.FORWARDING_SUPERSEDED
    )
    forwarding = _store(engagement, number, compiled, by, now)
    audit.record(
        "forwarding.sent",
        forwarding,
        by=by,
        engagement=engagement,
        digest=forwarding.digest,
        questions=forwarding.question_count,
    )
    _tell(forwarding)
    return forwarding


@transaction.atomic
def recall(forwarding: Forwarding, *, by: User) -> Forwarding:
    """The agency can no longer open it. What was downloaded stays on record."""
    if not rules.may_forward(by, forwarding.engagement):
        raise NotAllowed("not_allowed", _("You do not forward lists of this engagement."))
    recallable = [states.FORWARDING_SENT, states.FORWARDING_SUPERSEDED]
    changed = Forwarding.objects.filter(pk=forwarding.pk, state__in=recallable).update(
        state=states.FORWARDING_RECALLED
    )
    if not changed:
        raise Refused("already", _("This list was recalled before."))
    forwarding.refresh_from_db()
    audit.record("forwarding.recalled", forwarding, by=by, engagement=forwarding.engagement)
    return forwarding


@transaction.atomic
def download(
    forwarding: Forwarding, *, by: User, kind: str = ForwardingFile.Format.WORKBOOK
) -> ForwardingFile:
    """The stored file, for somebody who may have it, against a receipt that is on record."""
    if not (
        rules.may_see_forwardings(by, forwarding.engagement)
        or rules.may_open_as_liaison(by, forwarding)
    ):
        raise NotAllowed("not_allowed", _("There is no such list."))
    file = forwarding.files.filter(format=kind).first()
    if file is None:
        raise NotAllowed("not_found", _("There is no such list."))
    Receipt.objects.create(
        forwarding=forwarding,
        format=kind,
        sha256=file.sha256,
        taken_by=by,
        taken_at=clock.now(),
    )
    audit.record(
        "forwarding.downloaded",
        forwarding,
        by=by,
        engagement=forwarding.engagement,
        format=kind,
        sha256=file.sha256,
    )
    return file


@transaction.atomic
def export(engagement: Engagement, *, by: Actor, at: datetime) -> ExportedList:
    """The list in force, byte for byte, or a copy as things stand at `at`. Is on record.

    Refuses a rehearsal; a copy, also while identifiers are undecided.
    """
    _check_in_earnest(engagement)
    sent = engagement.forwardings.filter(
        agency=engagement.agency, state=states.FORWARDING_SENT
    ).first()
    audit.record("list.exported", engagement, by=by, engagement=engagement)
    if sent is not None:
        file = sent.files.get(format=ForwardingFile.Format.WORKBOOK)
        return ExportedList(bytes(file.content), sent.question_count, sent.number)
    _check_identifiers(floor_of(engagement))
    copy = compile_list(engagement, number=None, at=at)
    return ExportedList(copy.file, copy.questions, None)


def compile_list(engagement: Engagement, *, number: int | None, at: datetime) -> CompiledList:
    """The workbook and its rows from the questions as they are. Stores nothing."""
    attendance = joined_by_category(engagement)
    shared = {
        category.pk: category.label
        for category, people in attendance
        if people >= LEAST_OF_CATEGORY and category.kind != RoleCategory.Kind.NOT_STATED
    }
    rows = [(question, _row(question, shared)) for question in listed_questions(engagement)]
    counts = Counter(row.status for _question, row in rows if row.question is not None)
    office = Office.current()
    facts = ListFacts(
        department=office.department,
        office=office.name,
        engagement_title=engagement.full_title,
        kind=engagement.get_kind_display(),
        held_on=engagement.held_on,
        agency=engagement.agency.name,
        agency_short=engagement.agency.short_name,
        frozen_at=at,
        time_zone=engagement.time_zone,
        questions=counts.total(),
        withdrawn=len(rows) - counts.total(),
        by_status=dict(counts.most_common()),
        forwarding_number=number,
        joined=sum(people for _category, people in attendance) or None,
    )
    return CompiledList(
        file_name=list_file_name(engagement.slug, number),
        file=question_list(facts, [row for _question, row in rows]),
        rows=rows,
        questions=counts.total(),
    )


def _check_in_earnest(engagement: Engagement) -> None:
    if engagement.is_rehearsal:
        raise Refused(
            "rehearsal", _("This is a rehearsal: its questions are for no agency to read.")
        )


def _check_identifiers(floor: Floor) -> None:
    """Of the texts as they are this moment, not of what was noticed about them before."""
    waiting = gating.undecided(floor)
    if waiting:
        raise Refused(
            "undecided",
            ngettext(
                "Question %(numbers)s may hold a personal identifier. Decide about it first.",
                "Questions %(numbers)s may hold personal identifiers. Decide about them first.",
                len(waiting),
            )
            % {"numbers": ", ".join(map(str, waiting))},
        )


def _row(question: ListedQuestion, shared: dict[int, str]) -> ListRow:
    if question.state == states.WITHDRAWN:
        return ListRow(number=question.number, question=None)
    return ListRow(
        number=question.number,
        question=question.original_text,
        category=shared.get(question.category, "") if question.category else "",
        status=status_label(question.state, question.outcome),
        reason=question.dismissal_text if question.state == states.DISMISSED else "",
    )


def _store(
    engagement: Engagement, number: int, compiled: CompiledList, by: User, at: datetime
) -> Forwarding:
    forwarding = Forwarding.objects.create(
        engagement=engagement,
        agency=engagement.agency,
        number=number,
        state=states.FORWARDING_SENT,
        question_count=compiled.questions,
        sent_by=by,
        sent_at=at,
    )
    ForwardingFile.objects.create(
        forwarding=forwarding,
        format=ForwardingFile.Format.WORKBOOK,
        name=compiled.file_name,
        content=compiled.file,
        size=len(compiled.file),
        sha256=hashlib.sha256(compiled.file).hexdigest(),
    )
    ForwardedQuestion.objects.bulk_create(
        ForwardedQuestion(
            forwarding=forwarding,
            question_id=question.pk,
            number=row.number,
            text=row.question or "",
            category=row.category,
            status=row.status,
            reason=row.reason,
        )
        for question, row in compiled.rows
    )
    return forwarding


def _tell(forwarding: Forwarding) -> None:
    file = forwarding.files.get(format=ForwardingFile.Format.WORKBOOK)
    for liaison in forwarding.agency.liaisons.filter(is_active=True):
        outbox.post(
            "qa/forwarded",
            to=liaison.email,
            engagement=forwarding.engagement,
            name=liaison.name,
            forwarding=forwarding,
            file=file,
            link=outbox.absolute(reverse("agency-forwarding", args=[forwarding.pk])),
        )
