"""The people of one engagement as the office looks for them, and what is known of one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypedDict, Unpack

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from engagements.models import (
    Accommodation,
    AuditEntry,
    Invitee,
    Registration,
    RegistrationAnswer,
    Role,
)
from engagements.queries import counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model, QuerySet

    from engagements.models import Engagement

State = Registration.State

REMOVED = "removed"
"""Not a state of a registration, and looked for like one."""

MOST_WORDS = 5


class Wanted(TypedDict, total=False):
    """What to look for; what is not given or empty does not matter."""

    words: str
    state: str
    category: str
    source: str
    joined: str
    accommodation: str


class Group(NamedTuple):
    """So many registrations are alike in all of this."""

    state: str
    is_removed: bool
    counted: str
    source: str
    category: str
    label: str
    has_joined: bool
    people: int


@dataclass(frozen=True)
class Census:
    """Everybody who registered, counted once by all that the page counts and filters by."""

    groups: list[Group]

    @property
    def everybody(self) -> int:
        return self._sum(lambda group: True)

    @property
    def registered(self) -> int:
        """Seats that are taken: without who was removed, and without the office's own people."""
        return self._sum(_is_seated)

    @property
    def waitlisted(self) -> int:
        return self._sum(lambda group: group.state == State.WAITLISTED and not group.is_removed)

    @property
    def unconfirmed(self) -> int:
        return self._sum(lambda group: group.state == State.UNCONFIRMED)

    @property
    def cancelled(self) -> int:
        return self._sum(lambda group: group.state == State.CANCELLED)

    @property
    def removed(self) -> int:
        return self._sum(lambda group: group.is_removed)

    @property
    def not_counted(self) -> int:
        return self._sum(lambda group: group.counted != Registration.Counted.COUNTED)

    @property
    def joined(self) -> int:
        return self._sum(
            lambda group: group.has_joined and group.counted == Registration.Counted.COUNTED
        )

    @property
    def registered_by_category(self) -> list[tuple[str, int]]:
        people: dict[str, int] = {}
        for group in filter(_is_seated, self.groups):
            people[group.label] = people.get(group.label, 0) + group.people
        return list(people.items())

    def categories(self) -> list[tuple[str, str]]:
        """Key and label of those that somebody has, in table order."""
        return list({group.category: group.label for group in self.groups}.items())

    def matching(self, wanted: Wanted) -> int | None:
        """How many `registrants` finds; None where only the database can tell."""
        if wanted.get("words") or wanted.get("accommodation"):
            return None
        return self._sum(lambda group: _fits(group, wanted))

    def _sum(self, fits: Callable[[Group], bool]) -> int:
        return sum(group.people for group in self.groups if fits(group))


def census(engagement: Engagement) -> Census:
    """In one query, however many there are."""
    groups = (
        engagement.registrations.order_by("category__position", "category__pk")
        .values_list(
            "state",
            _whether(Q(removed_at__isnull=False)),
            "counted",
            "source",
            "category__key",
            "category__label",
            _whether(counts.came()),
        )
        .annotate(people=Count("pk"))
    )
    return Census([Group(*group) for group in groups])


def _whether(condition: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _is_seated(group: Group) -> bool:
    return (
        group.state == State.REGISTERED
        and not group.is_removed
        and group.counted == Registration.Counted.COUNTED
    )


def _fits(group: Group, wanted: Wanted) -> bool:
    state, joined = wanted.get("state", ""), wanted.get("joined", "")
    return (
        (not state or (group.is_removed if state == REMOVED else group.state == state))
        and wanted.get("category", "") in {"", group.category}
        and wanted.get("source", "") in {"", group.source}
        and (not joined or group.has_joined == (joined == "yes"))
    )


def registrants(engagement: Engagement, **wanted: Unpack[Wanted]) -> QuerySet[Registration]:
    """Who registered, in the order of registration, and who waits in the order of the waitlist.

    Each with `is_listed`: there by an attendance list that counts.
    """
    found = engagement.registrations.select_related("category", "attendance").annotate(
        is_listed=counts.on_a_list()
    )
    state = wanted.get("state", "")
    if state == REMOVED:
        found = found.exclude(removed_at=None)
    elif state:
        found = found.filter(state=state)
    if wanted.get("category"):
        found = found.filter(category__key=wanted["category"])
    if wanted.get("source"):
        found = found.filter(source=wanted["source"])
    if wanted.get("joined"):
        found = found.filter(counts.came() if wanted["joined"] == "yes" else ~counts.came())
    if wanted.get("accommodation"):
        found = found.filter(pk__in=_needing(engagement, wanted["accommodation"]))
    found = found.filter(_with_words(wanted.get("words", "")))
    return found.order_by("waitlisted_at", "pk") if state == State.WAITLISTED else found


def _with_words(text: str) -> Q:
    """Every word stands in the name, the address or the organization, in capitals or not.

    By a pattern, because SQLite's LIKE knows the two cases of ASCII letters only.
    """
    condition = Q()
    for word in text.split()[:MOST_WORDS]:
        pattern = re.escape(word)
        condition &= (
            Q(name__iregex=pattern) | Q(email__iregex=pattern) | Q(organization__iregex=pattern)
        )
    return condition


def _needing(engagement: Engagement, accommodation: str) -> QuerySet[Accommodation, int]:
    """`accommodation`: a kind, or "any"."""
    rows = Accommodation.objects.filter(registration__engagement=engagement).exclude(
        state=Accommodation.State.WITHDRAWN
    )
    if accommodation in Accommodation.Kind.values:
        rows = rows.filter(kind=accommodation)
    return rows.values_list("registration", flat=True)


def waiting(engagement: Engagement) -> QuerySet[Registration]:
    """The waitlist, who is next first."""
    return engagement.registrations.filter(state=State.WAITLISTED, removed_at=None).order_by(
        "waitlisted_at", "pk"
    )


def place(registration: Registration) -> int:
    """Where somebody stands on the waitlist: 1 is next."""
    at = registration.waitlisted_at
    before = Q(waitlisted_at__lt=at) | Q(waitlisted_at=at, pk__lt=registration.pk)
    return waiting(registration.engagement).filter(before).count() + 1


def places(engagement: Engagement) -> dict[int, int]:
    """Registration -> its place on the waitlist, from 1 on."""
    ordered = waiting(engagement).values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(ordered, start=1)}


def answers_of(registration: Registration) -> QuerySet[RegistrationAnswer]:
    return registration.answers.select_related("question").order_by(
        "question__position", "question__pk"
    )


def history(engagement: Engagement, subjects: Iterable[Model]) -> QuerySet[AuditEntry]:
    """What the log tells of these things, the latest first."""
    names = [f"{subject._meta.label_lower}:{subject.pk}" for subject in subjects]
    return AuditEntry.objects.filter(engagement=engagement, subject__in=names).select_related(
        "actor"
    )


def invitees(engagement: Engagement, *, state: str = "", words: str = "") -> QuerySet[Invitee]:
    """Who is on the invitation list, in the order of the list."""
    found = engagement.invitees.select_related("category", "registration").filter(
        _with_words(words)
    )
    return found.filter(state=state) if state else found


def invitees_by_state(engagement: Engagement) -> dict[str, int]:
    """Every state, also with nobody in it."""
    counts = engagement.invitees.order_by().values_list("state").annotate(people=Count("pk"))
    return dict.fromkeys(Invitee.State.values, 0) | dict(counts)


def invitees_due(engagement: Engagement) -> int:
    """Who is on the list and was not written to yet."""
    return engagement.invitees.filter(mailed_at=None, state=Invitee.State.PENDING).count()


def accommodations(engagement: Engagement, *, state: str = "") -> QuerySet[Accommodation]:
    """What people need who registered or wait; of cancelled registrations nothing is needed."""
    found = (
        Accommodation.objects.filter(registration__engagement=engagement)
        .exclude(registration__state=State.CANCELLED)
        .select_related("registration", "registration__category", "decided_by")
    )
    return found.filter(state=state) if state else found


def accommodations_by_state(engagement: Engagement) -> dict[str, int]:
    counts = accommodations(engagement).order_by().values_list("state").annotate(needs=Count("pk"))
    return dict.fromkeys(Accommodation.State.values, 0) | dict(counts)


class Need(NamedTuple):
    """One line of what an interpreter or captioner has to provide."""

    kind: str
    detail: str
    language: str
    people: int


def needs(engagement: Engagement) -> list[Need]:
    """What is requested or arranged, alike things together; without anybody's name or address."""
    lines = (
        accommodations(engagement)
        .filter(
            state__in=[Accommodation.State.REQUESTED, Accommodation.State.ARRANGED],
            registration__removed_at=None,
        )
        .order_by("kind", "detail", "registration__language")
        .values_list("kind", "detail", "registration__language")
        .annotate(people=Count("pk"))
    )
    return [Need(*line) for line in lines]


def contacts(engagement: Engagement) -> list[str]:
    """Whom of the office to ask: its coordinators here, with their addresses."""
    coordinators = engagement.memberships.filter(
        role=Role.COORDINATOR, user__is_active=True
    ).select_related("user")
    return [f"{member.user.name} <{member.user.email}>" for member in coordinators]
