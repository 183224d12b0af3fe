"""Who of an agency answers what: questions given to its directorates and to colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements import audit, clock, outbox, rows
from engagements import rules as accounts_rules
from engagements.files.text import clean_line, clean_text
from engagements.models import User
from engagements.refusals import NotAllowed, Refused
from qa import rules, states
from qa.actions.agency.standing import Standing, stand
from qa.models import CONTENT, AgencyAnswer, AnswerContent, Directorate

if TYPE_CHECKING:
    from collections.abc import Collection

    from engagements.models import Agency
    from qa.models import Forwarding

LONGEST_NAME: Final = 200
LONGEST_NOTE: Final = 1_000
MOST: Final = 200
"""Directorates of one agency."""


@transaction.atomic
def add_directorate(agency: Agency, *, by: User, name: str) -> Directorate:
    _check_lead(agency, by)
    name = _name(name)
    _lock(agency)
    if agency.directorates.count() >= MOST:
        raise Refused("enough", _("There are %(most)d directorates already.") % {"most": MOST})
    _check_free(agency, name)
    directorate = Directorate.objects.create(agency=agency, name=name)
    audit.record("directorate.added", directorate, by=by)
    return directorate


@transaction.atomic
def rename_directorate(directorate: Directorate, *, by: User, name: str) -> Directorate:
    """Answers that name it in their words keep the name that they were written with."""
    _check_lead(directorate.agency, by)
    name = _name(name)
    _lock(directorate.agency)
    _check_free(directorate.agency, name, besides=directorate)
    if not Directorate.objects.filter(pk=directorate.pk).update(name=name):
        raise Refused("gone", _("This directorate was removed meanwhile."))
    audit.record("directorate.renamed", directorate, by=by)
    directorate.refresh_from_db()
    return directorate


@transaction.atomic
def remove_directorate(directorate: Directorate, *, by: User) -> None:
    """Its questions are nobody's then; what was answered stays."""
    _check_lead(directorate.agency, by)
    _lock(directorate.agency)
    # Who comes second removes nothing, and nothing more is to be recorded.
    if Directorate.objects.filter(pk=directorate.pk).delete()[0]:
        audit.record("directorate.removed", directorate, by=by)


@transaction.atomic
def give_to_directorate(
    forwarding: Forwarding, *, numbers: Collection[int], by: User, directorate: Directorate | None
) -> None:
    """None takes them back from any."""
    standing = _led(forwarding, numbers, by)
    if directorate is not None and directorate.agency_id != standing.forwarding.agency_id:
        raise NotAllowed("not_allowed", _("There is no such directorate."))
    keys = _rows(standing, numbers)
    AgencyAnswer.objects.filter(pk__in=keys).update(directorate=directorate)
    _record(standing, numbers, by=by, directorate=directorate and directorate.pk)


@transaction.atomic
def give_to_colleague(
    forwarding: Forwarding, *, numbers: Collection[int], by: User, colleague: User | None
) -> int:
    """Tells the colleague by mail of those that are new to them, and gives back how many these are.

    None takes them back from anybody.
    """
    standing = _led(forwarding, numbers, by)
    if colleague is not None:
        colleague = _colleague(standing, colleague)
    keys = _rows(standing, numbers)
    held = AgencyAnswer.objects.filter(pk__in=keys, assigned_to=colleague).count()
    AgencyAnswer.objects.filter(pk__in=keys).update(assigned_to=colleague)
    _record(standing, numbers, by=by, account=colleague and colleague.pk)
    new = len(keys) - held
    if colleague is not None and colleague.pk != by.pk and new:
        _tell(standing.forwarding, colleague, by=by, questions=new)
    return new


@transaction.atomic
def note(forwarding: Forwarding, *, number: int, by: User, text: str) -> None:
    """A word inside the agency, beside the answer; the office never reads it."""
    standing = stand(forwarding, by=by, numbers=[number])
    text = clean_text(text)
    if len(text) > LONGEST_NOTE:
        words = _("A note takes at most %(most)d characters.")
        raise Refused("too_long", words % {"most": LONGEST_NOTE})
    [key] = _rows(standing, [number])
    AgencyAnswer.objects.filter(pk=key).update(note=text)
    audit.record(
        "answer.noted",
        standing.forwarding,
        by=by,
        engagement=standing.forwarding.engagement,
        number=number,
        digest=audit.digest(text),
    )


@transaction.atomic
def take_from_gone(account: int) -> None:
    """Whoever left the agency, or may no longer sign in, has no question of it any more."""
    gone = AgencyAnswer.objects.filter(assigned_to=account)
    if User.objects.filter(pk=account, is_active=True).exists():
        gone = gone.exclude(agency__liaisons=account)
    gone.update(assigned_to=None)


def _led(forwarding: Forwarding, numbers: Collection[int], by: User) -> Standing:
    if not rules.may_lead(by, forwarding):
        raise NotAllowed("not_allowed", _("There is no such list."))
    if not numbers:
        raise Refused("nothing", _("Choose at least one question."))
    return stand(forwarding, by=by, numbers=numbers)


def _check_lead(agency: Agency, by: User) -> None:
    if not accounts_rules.leads(by, agency):
        raise NotAllowed("not_allowed", _("There is no such agency."))


def _lock(agency: Agency) -> None:
    """Its directorates are changed one after the other: each name stands once."""
    type(agency).objects.select_for_update().get(pk=agency.pk)


def _name(typed: str) -> str:
    name = clean_line(typed)
    if not name:
        raise Refused("no_name", _("Write the name of the directorate."))
    if len(name) > LONGEST_NAME:
        words = _("A name takes at most %(most)d characters.")
        raise Refused("too_long", words % {"most": LONGEST_NAME})
    return name


def _check_free(agency: Agency, name: str, besides: Directorate | None = None) -> None:
    same = agency.directorates.filter(name__iexact=name)
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        words = _("There is a directorate “%(name)s” already.")
        raise Refused("taken", words % {"name": name})


def _colleague(standing: Standing, colleague: User) -> User:
    found = User.objects.filter(
        pk=colleague.pk, is_active=True, agency=standing.forwarding.agency_id
    ).first()
    if found is None:
        raise NotAllowed("not_allowed", _("There is no such colleague."))
    return found


def _rows(standing: Standing, numbers: Collection[int]) -> list[int]:
    """Keys of the answers to these; a question that had none gets an empty one."""
    missing = [number for number in dict.fromkeys(numbers) if number not in standing.answers]
    agency = standing.forwarding.agency_id
    if missing:
        empty = {one.name: one.get_default() for one in AnswerContent._meta.local_fields}
        columns = (*CONTENT, "agency_id", "question_id", "state", "note", "remark", "revision",
                   "edited_by_id", "edited_at")  # fmt: skip
        # Nobody has written anything yet: a revision of 0 is what a page says that found no row.
        rest = [states.ANSWER_DRAFT, "", "", 0, None, clock.now()]
        rows.insert(
            AgencyAnswer,
            columns,
            [[*empty.values(), agency, standing.questions[one], *rest] for one in missing],
        )
    wanted = [standing.questions[number] for number in numbers]
    found = AgencyAnswer.objects.filter(agency=agency, question__in=wanted).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _record(standing: Standing, numbers: Collection[int], *, by: User, **detail: Any) -> None:
    audit.record_all(
        "answers.assigned",
        [(standing.forwarding, by, {"number": one} | detail) for one in sorted(set(numbers))],
        engagement=standing.forwarding.engagement,
    )


def _tell(forwarding: Forwarding, colleague: User, *, by: User, questions: int) -> None:
    link = reverse("agency-forwarding", args=[forwarding.pk])
    outbox.post(
        "qa/assigned",
        to=colleague.email,
        engagement=forwarding.engagement,
        name=colleague.name,
        who=by.name,
        forwarding=forwarding,
        questions=questions,
        link=outbox.absolute(f"{link}?who=me"),
    )
