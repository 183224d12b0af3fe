"""People whom the office declares: who joined by phone only, and groups who watched together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, states
from engagements.actions import list_counting
from engagements.files.phones import phone_digest, phone_key
from engagements.models import DeclaredAttendance, Engagement, ListedPerson, Registration
from engagements.queries import counts
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import RoleCategory, User

Kind = DeclaredAttendance.Kind


@transaction.atomic
def declare(
    engagement: Engagement,
    *,
    by: User,
    kind: str,
    category: RoleCategory,
    source: str,
    people: int = 0,
    numbers: Sequence[str] = (),
) -> DeclaredAttendance:
    """So many people were there. With phone `numbers` they are counted instead of `people`.

    A number counts once: not again when it was declared before, stands on an attendance list that
    counts, or is that of a registrant who counts as there. Only its digest is kept.
    """
    locked = _locked(engagement, by)
    digests = _new_numbers(locked, numbers) if kind == Kind.PHONE else []
    if numbers and not digests:
        raise Refused("already", _("All of these numbers are counted already."))
    declared = DeclaredAttendance.objects.create(
        engagement=locked,
        kind=kind,
        category=category,
        people=len(digests) or people,
        source=source,
        numbers=digests,
        declared_at=clock.now(),
        declared_by=by,
    )
    list_counting.recount(locked)
    _record("attendance.declared", declared, by)
    return declared


@transaction.atomic
def edit(
    declared: DeclaredAttendance, *, by: User, category: RoleCategory, source: str, people: int
) -> DeclaredAttendance:
    """What was counted by phone numbers keeps its figure, whatever `people` says."""
    _locked(declared.engagement, by)
    found = _still_there(declared)
    found.category, found.source = category, source
    if not found.numbers:
        found.people = people
    found.save(update_fields=["category", "source", "people"])
    _record("attendance.declared_again", found, by)
    return found


@transaction.atomic
def remove(declared: DeclaredAttendance, *, by: User) -> DeclaredAttendance:
    """The people do not count any more; whom a list tells by the same number counts by it.

    The audit log keeps how many they were.
    """
    locked = _locked(declared.engagement, by)
    found = _still_there(declared)
    _record("attendance.declaration_removed", found, by)
    DeclaredAttendance.objects.filter(pk=found.pk).delete()
    list_counting.recount(locked)
    return found


@transaction.atomic
def show_small_figures(engagement: Engagement, *, by: User, reason: str) -> Engagement:
    """Tell figures by category however small they are, for a reason; without one they are not."""
    if not rules.may_count(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    found = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
    if found.small_figures_reason == reason:
        return found
    found.small_figures_reason = reason
    found.save(update_fields=["small_figures_reason"])
    audit.record(
        "attendance.small_figures",
        found,
        by=by,
        engagement=found,
        shown=bool(reason),
        reason=audit.digest(reason) if reason else "",
    )
    return found


def _locked(engagement: Engagement, by: User) -> Engagement:
    """The engagement for the caller alone, so that no number is counted twice."""
    if not rules.may_count(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    locked = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
    if locked.is_rehearsal:
        raise Refused("rehearsal", _("This is a rehearsal: nobody in it counts."))
    if locked.imported_from:
        raise Refused("imported", _("The figures of an imported engagement stay as imported."))
    if locked.state not in {states.LIVE, states.ENDED}:
        raise Refused(
            "not_now",
            _("Attendance is declared from the start of an engagement until it is archived."),
        )
    return locked


def _still_there(declared: DeclaredAttendance) -> DeclaredAttendance:
    found = DeclaredAttendance.objects.filter(pk=declared.pk).exclude(kind=Kind.ARCHIVE).first()
    if found is None:
        raise Refused("gone", _("Somebody has removed this in the meantime."))
    return found


def _new_numbers(engagement: Engagement, numbers: Sequence[str]) -> list[str]:
    """Digests of those that are not counted yet, each once."""
    scope = str(engagement.pk)
    known = counts.declared_numbers(engagement) | {
        phone_digest(key, scope=scope) for key in _counted_phones(engagement)
    }
    given = {key: phone_digest(key, scope=scope) for key in map(phone_key, numbers) if key}
    return [digest for digest in dict.fromkeys(given.values()) if digest not in known]


def _counted_phones(engagement: Engagement) -> set[str]:
    registrants = Registration.objects.filter(attendance__in=counts.in_room(engagement))
    listed = ListedPerson.objects.filter(list__in=counts.applied_lists(engagement)).exclude(
        exclusion=ListedPerson.Exclusion.ABSENT
    )
    phones = [
        *registrants.exclude(phone="").values_list("phone", flat=True),
        *listed.exclude(phone="").values_list("phone", flat=True),
    ]
    return {key for key in map(phone_key, phones) if key}


def _record(action: str, declared: DeclaredAttendance, by: User) -> None:
    audit.record(
        action,
        declared,
        by=by,
        engagement=declared.engagement,
        kind=declared.kind,
        category=declared.category.key,
        people=declared.people,
        numbers=len(declared.numbers),
    )
