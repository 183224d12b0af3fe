"""Lists begin to count, are replaced, taken back; and single people of them are decided about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from engagements import audit, clock, rules
from engagements.actions import list_matching, seating, telling
from engagements.files import phones
from engagements.files.attendance.names import phone_key
from engagements.models import AttendanceList, ListedPerson, Registration
from engagements.queries.counts import declared_numbers
from engagements.queries.lists import person_key
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engagements.actions.list_matching import Registrants
    from engagements.models import Engagement, User

State = AttendanceList.State
Exclusion = ListedPerson.Exclusion
Match = ListedPerson.Match

AT_ONCE: Final = 5_000
DECIDED_ABOUT: Final = (State.REVIEW, State.APPLIED)
"""States in which single people can still be left out, counted or found."""


@transaction.atomic
def apply(listed: AttendanceList, *, by: User, revision: int) -> AttendanceList:
    """The list counts from now on, in place of the one that it corrects."""
    claimed = claim(listed, by, revision, [State.REVIEW])
    if claimed.corrects_id and not AttendanceList.objects.filter(
        pk=claimed.corrects_id, state=State.APPLIED
    ).update(state=State.SUPERSEDED, revision=F("revision") + 1):
        raise _changed()
    claimed.state, claimed.applied_at, claimed.applied_by = State.APPLIED, clock.now(), by
    claimed.save(update_fields=["state", "applied_at", "applied_by"])
    recount(claimed.engagement)
    telling.lists_counted(claimed.engagement, by=by)
    record("applied", claimed, by, replaced=claimed.corrects_id, **_figures(claimed))
    return claimed


@transaction.atomic
def undo(listed: AttendanceList, *, by: User, revision: int, reason: str) -> AttendanceList:
    """The list counts no more; the one that it had replaced counts again."""
    claimed = claim(listed, by, revision, [State.APPLIED])
    if claimed.corrects_id:
        AttendanceList.objects.filter(pk=claimed.corrects_id, state=State.SUPERSEDED).update(
            state=State.APPLIED, revision=F("revision") + 1
        )
    claimed.state = State.UNDONE
    claimed.choices["undone"] = {
        "reason": reason,
        "by": str(by),
        "at": clock.now().isoformat(),
    }
    claimed.save(update_fields=["state", "choices"])
    recount(claimed.engagement)
    telling.lists_counted(claimed.engagement, by=by)
    record("undone", claimed, by, counts_again=claimed.corrects_id, reason=audit.digest(reason))
    return claimed


@transaction.atomic
def set_corrected(
    listed: AttendanceList, *, by: User, revision: int, corrected: int | None
) -> AttendanceList:
    """The list replaces that one when it is applied, or is another one beside it."""
    claimed = claim(listed, by, revision, [State.REVIEW])
    others = AttendanceList.objects.filter(engagement=claimed.engagement, state=State.APPLIED)
    if corrected is not None and not others.filter(pk=corrected).exists():
        raise _changed()
    claimed.corrects_id = corrected
    claimed.save(update_fields=["corrects"])
    recount(claimed.engagement, preview=claimed)
    record("placed", claimed, by, corrects=corrected)
    return claimed


@transaction.atomic
def set_counted(person: ListedPerson, *, by: User, revision: int, counts: bool) -> ListedPerson:
    """The office counts somebody who was left out, or leaves somebody out.

    Who bears the name of one of the office's own people and counts is somebody else. Who has the
    address of one of them is refused: they never count.
    """
    claimed = claim(person.list, by, revision, DECIDED_ABOUT)
    stored = ListedPerson.objects.get(pk=person.pk, list=claimed)
    former = stored.exclusion
    stored.exclusion = Exclusion.NONE if counts else Exclusion.LEFT_OUT
    if counts and not _may_count(stored):
        stored.registration, stored.match = None, Match.NONE
    stored.save(update_fields=["exclusion", "registration", "match"])
    _recount_for(claimed)
    record("person_decided", claimed, by, person=stored.pk, was=former, counts=counts)
    stored.refresh_from_db()
    return stored


@transaction.atomic
def decide(
    listed: AttendanceList, *, by: User, revision: int, decisions: Mapping[int, int | None]
) -> int:
    """For each person the registration that it is, or None for nobody who registered.

    Gives how many were decided. Registrations of other engagements are refused.
    """
    claimed = claim(listed, by, revision, DECIDED_ABOUT)
    registrants = list_matching.registrants_of(claimed.engagement)
    wanted = {pk for pk in decisions.values() if pk is not None}
    if wanted - registrants.by_pk.keys():
        raise Refused("unknown_registrant", _("This person did not register here."))
    people = list(ListedPerson.objects.filter(list=claimed, pk__in=list(decisions)))
    categories: dict[str, str] = claimed.choices["categories"]
    for person in people:
        _identify(person, decisions[person.pk], registrants, categories)
    ListedPerson.objects.bulk_update(
        people, ["registration", "match", "is_doubtful", "category", "exclusion"], batch_size=500
    )
    _recount_for(claimed)
    record("matched", claimed, by, people=len(people))
    return len(people)


def check(by: User, engagement: Engagement) -> None:
    if not rules.may_count(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))


def claim(
    listed: AttendanceList, by: User, revision: int, states_: Sequence[str]
) -> AttendanceList:
    """The list of this moment, if nobody has changed it since this revision was seen.

    The engagement is held, so nothing else is counted meanwhile. Counts the revision up.
    """
    check(by, listed.engagement)
    seating.lock(listed.engagement)
    changed = AttendanceList.objects.filter(
        pk=listed.pk, revision=revision, state__in=states_
    ).update(revision=F("revision") + 1)
    if not changed:
        raise _changed()
    found = AttendanceList.objects.select_related("engagement", "file").defer("file__content")
    return found.get(pk=listed.pk)


def record(what: str, listed: AttendanceList, by: User, **detail: Any) -> None:
    audit.record(f"attendance_list.{what}", listed, by=by, engagement=listed.engagement, **detail)


def correctable(listed: AttendanceList) -> AttendanceList | None:
    """The list that a later file of the same platform most likely corrects."""
    return AttendanceList.objects.filter(
        engagement=listed.engagement_id, platform=listed.platform, state=State.APPLIED
    ).first()


def carry_over(listed: AttendanceList) -> None:
    """What the office decided about people of the list that this one corrects holds here too."""
    if listed.corrects is None:
        return
    decided = Q(match=Match.STAFF, registration__isnull=False) | Q(exclusion=Exclusion.LEFT_OUT)
    if not listed.corrects.people.filter(decided).exists():
        return
    former, later = _told_apart(listed.corrects), _told_apart(listed)
    wanted = set(listed.corrects.people.filter(decided).values_list("pk", flat=True))
    registrants = list_matching.registrants_of(listed.engagement)
    categories: dict[str, str] = listed.choices["categories"]
    changed = []
    for key in former.keys() & later.keys():
        known, person = former[key], later[key]
        if known.pk not in wanted:
            continue
        if known.match == Match.STAFF and known.registration_id:
            _identify(person, known.registration_id, registrants, categories)
        if known.exclusion == Exclusion.LEFT_OUT and not person.exclusion:
            person.exclusion = Exclusion.LEFT_OUT
        changed.append(person)
    fields = ["registration", "match", "is_doubtful", "category", "exclusion"]
    ListedPerson.objects.bulk_update(changed, fields, batch_size=500)


def _identify(
    person: ListedPerson,
    found: int | None,
    registrants: Registrants,
    categories: Mapping[str, str],
) -> None:
    """The office says who it is. What followed from another registration does not hold any more."""
    former = registrants.by_pk.get(person.registration_id or 0)
    if former and former.exclusion and person.exclusion == former.exclusion:
        person.exclusion = Exclusion.NONE
    person.registration_id = found
    person.match = Match.STAFF if found else Match.NONE
    person.is_doubtful = False
    person.category_id = registrants.category(categories.get(person.stated, ""), found)
    if found and not person.exclusion:
        person.exclusion = registrants.by_pk[found].exclusion


def _told_apart(listed: AttendanceList) -> dict[tuple[str, str], ListedPerson]:
    """People by what no one else of the list has: a name that several go by tells nobody."""
    people = [(person_key(person), person) for person in listed.people.all()]
    met = Counter(key for key, _person in people)
    return {key: person for key, person in people if key[1] and met[key] == 1}


def recount(engagement: Engagement, *, preview: AttendanceList | None = None) -> None:
    """Marks who is counted already by a list before, or by a row before, and unmarks who is not.

    With a preview only that list is marked, as if it were applied last.
    """
    applied = AttendanceList.objects.filter(engagement=engagement, state=State.APPLIED)
    lists = list(applied.order_by("applied_at", "pk").values_list("pk", flat=True))
    if preview:
        lists = [pk for pk in lists if pk != preview.corrects_id] + [preview.pk]
    before = _Before(declared_numbers(engagement), str(engagement.pk))
    for pk in lists:
        again = _counted_before(pk, before)
        if preview is None or pk == preview.pk:
            _mark(pk, again)
    if preview is None:
        for waiting in AttendanceList.objects.filter(engagement=engagement, state=State.REVIEW):
            recount(engagement, preview=waiting)


@dataclass
class _Before:
    """Who is counted before a list: by the declared phone numbers, and by what lists tell."""

    declared: set[str]
    scope: str
    seen: set[tuple[str, Any]] = field(default_factory=set)

    def is_declared(self, phone: str) -> bool:
        """A declared number stands for one person: it is found once."""
        key = phones.phone_key(phone) if phone and self.declared else ""
        digest = phones.phone_digest(key, scope=self.scope) if key else ""
        if digest not in self.declared:
            return False
        self.declared.remove(digest)
        return True


def _counted_before(list_pk: int, before: _Before) -> set[int]:
    """People of this list who are counted before it, or by a row before; what tells them is added.

    Rows without an address or a number are people of their own: a name alone proves nothing here.
    """
    again = set()
    new: set[tuple[str, Any]] = set()
    people = ListedPerson.objects.filter(list=list_pk, exclusion__in=["", Exclusion.ELSEWHERE])
    for pk, registration, key, phone in people.order_by("position", "pk").values_list(
        "pk", "registration", "email_key", "phone"
    ):
        keys = {
            pair
            for pair in (
                ("registration", registration),
                ("email", key),
                ("phone", phone_key(phone)),
            )
            if pair[1]
        }
        if (
            keys & before.seen
            or (registration and ("registration", registration) in new)
            or before.is_declared(phone)
        ):
            again.add(pk)
        new |= keys
    before.seen |= new
    return again


def _mark(list_pk: int, again: set[int]) -> None:
    marked = set(
        ListedPerson.objects.filter(list=list_pk, exclusion=Exclusion.ELSEWHERE).values_list(
            "pk", flat=True
        )
    )
    _update(again - marked, Exclusion.ELSEWHERE)
    _update(marked - again, Exclusion.NONE)


def _update(people: Iterable[int], exclusion: str) -> None:
    pks = sorted(people)
    for start in range(0, len(pks), AT_ONCE):
        ListedPerson.objects.filter(pk__in=pks[start : start + AT_ONCE]).update(exclusion=exclusion)


def _may_count(person: ListedPerson) -> bool:
    registration = person.registration
    if registration is None or registration.counted == Registration.Counted.COUNTED:
        return True
    if person.match != Match.NAME:
        raise Refused(
            "of_the_office",
            _("This person registered as one of the office's own people, who are never counted."),
        )
    return False


def _recount_for(claimed: AttendanceList) -> None:
    recount(claimed.engagement, preview=claimed if claimed.state == State.REVIEW else None)


def _changed() -> Refused:
    return Refused(
        "changed",
        _("Somebody else has changed this list meanwhile. Nothing was done. Please look again."),
    )


def _figures(listed: AttendanceList) -> dict[str, Any]:
    people = Counter(listed.people.values_list("exclusion", flat=True))
    return {
        "sha256": listed.file.sha256,
        "counted": people.pop("", 0),
        "left_out": dict(people),
    }
