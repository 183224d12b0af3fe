"""Mail and mailings: who reads the outbox, and whom a mailing is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django_tasks_db.models import DBTaskResult

from engagements import rules
from engagements.models import (
    Attendance,
    Engagement,
    Invitee,
    Mailing,
    Membership,
    OutgoingMail,
    Registration,
    Role,
    Subscription,
    User,
    Worker,
)
from engagements.queries import counts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

Occasion = Mailing.Occasion
State = Registration.State

TOLD_OF_CHANGES = (State.REGISTERED, State.WAITLISTED, State.UNCONFIRMED)
"""Who hears that an engagement was moved or cancelled; besides them `invitees_to_tell`."""

THANKS = "engagements/thanks"


@dataclass(frozen=True, kw_only=True)
class MailFilter:
    """What the page of the outbox shows. Empty fields ask for nothing."""

    state: str = ""
    engagement: str = ""
    template: str = ""
    to: str = ""
    newest: int | None = None

    def conditions(self, *, also_state: bool = True) -> Q:
        wanted = Q()
        if self.state and also_state:
            wanted &= Q(state=self.state)
        if self.engagement:
            wanted &= Q(engagement__slug=self.engagement)
        if self.template:
            wanted &= Q(template=self.template)
        if self.to:
            wanted &= Q(to__icontains=self.to)
        if self.newest is not None:
            wanted &= Q(pk__lte=self.newest)
        return wanted


def outgoing_mail(reader: User, state: str = "") -> QuerySet[OutgoingMail]:
    """The outbox as this person may read it, the latest first; all of it, or what is in one state.

    Administrators read everything; others the mail of the engagements that they coordinate.
    """
    mails = OutgoingMail.objects.select_related("engagement", "engagement__series", "mailing")
    if not rules.is_administrator(reader):
        own = Membership.objects.filter(user=reader, role=Role.COORDINATOR)
        mails = mails.filter(engagement__in=own.values("engagement"))
    return mails.filter(state=state) if state else mails


def mail_by_state(reader: User, chosen: MailFilter) -> dict[str, int]:
    """How many mails are in each state, of those that the filter shows whatever their state."""
    counted = (
        outgoing_mail(reader)
        .filter(chosen.conditions(also_state=False))
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    found = dict(counted)
    return {state: found.get(state, 0) for state in OutgoingMail.State.values}


def engagements_with_mail(reader: User) -> QuerySet[Engagement]:
    """For the filter of the outbox."""
    mails = outgoing_mail(reader).order_by().values("engagement")
    return Engagement.objects.filter(pk__in=mails).select_related("series").order_by("-starts_at")


def recipients(mailing: Mailing) -> QuerySet[Registration]:
    """Registrants of the engagement whom this mailing is for, and who have an address."""
    people = mailing.engagement.registrations.exclude(email="").order_by("pk")
    people = people.select_related("category")
    if mailing.occasion in {Occasion.REMINDER, Occasion.STARTING}:
        # Whoever registers after a reminder's time has just been told.
        return people.filter(rules.ADMITTED, registered_at__lte=mailing.due_at)
    if mailing.occasion in {Occasion.MOVED, Occasion.CANCELLED}:
        return people.filter(state__in=TOLD_OF_CHANGES, removed_at=None)
    if mailing.occasion == Occasion.THANKS:
        is_further = mailing.audience.get("by_list")
        present = came_by_list() if is_further else counts.came()
        return people.filter(present, rules.ADMITTED, ~_thanked())
    if mailing.occasion == Occasion.LATE:
        # Whoever has the link for this window already, by thanks too, is not written to again.
        only = counts.came() if mailing.audience.get("came") else Q()
        return people.filter(only, rules.ADMITTED, ~_has_late_link(mailing))
    return people.filter(chosen_people(mailing.audience))


def chosen_people(audience: Mapping[str, Any]) -> Q:
    """The filter of a letter: states, categories (keys), and whether they came (yes, no or "")."""
    chosen = Q(removed_at=None)
    if audience.get("states"):
        chosen &= Q(state__in=audience["states"])
    if audience.get("categories"):
        chosen &= Q(category__key__in=audience["categories"])
    if audience.get("came"):
        chosen &= counts.came() if audience["came"] == "yes" else ~counts.came()
    return chosen


def came_by_list() -> Q:
    """Stands on an attendance list that counts, and was not present in our room."""
    present = Attendance.objects.filter(registration=OuterRef("pk"))
    return Q(counts.on_a_list()) & ~Q(Exists(present))


def _thanked() -> Q:
    """Has a mail with thanks already, or one that waits to be sent."""
    mails = OutgoingMail.objects.filter(registration=OuterRef("pk"), template=THANKS)
    return Q(Exists(mails.exclude(state=OutgoingMail.State.DISCARDED)))


def _has_late_link(mailing: Mailing) -> Q:
    mails = OutgoingMail.objects.filter(
        registration=OuterRef("pk"), mailing__audience__late_until=mailing.audience["late_until"]
    )
    others = mails.exclude(state=OutgoingMail.State.DISCARDED)
    return Q(Exists(others.exclude(mailing=mailing.pk) if mailing.pk else others))


def invitees_to_tell(engagement: Engagement) -> QuerySet[Invitee]:
    """Who was invited by mail, has not answered, and has not registered in another way either."""
    registered = engagement.registrations.filter(email_key=OuterRef("email_key"))
    return (
        engagement.invitees.filter(state=Invitee.State.PENDING, mailed_at__isnull=False)
        .exclude(Exists(registered))
        .order_by("pk")
    )


def people_to_tell(engagement: Engagement) -> int:
    """How many are written to when it is moved or cancelled."""
    registrants = recipients(Mailing(engagement=engagement, occasion=Occasion.MOVED))
    return registrants.count() + invitees_to_tell(engagement).count()


def subscribers(mailing: Mailing) -> QuerySet[Subscription]:
    """Who wants news of the series, and has not registered for this engagement already."""
    registered = mailing.engagement.registrations.filter(email_key=OuterRef("email_key"))
    return (
        Subscription.objects.filter(series=mailing.engagement.series_id, ended_at=None)
        .exclude(Exists(registered))
        .order_by("pk")
    )


def mailings(engagement: Engagement) -> QuerySet[Mailing]:
    """Of one engagement, with how many of their mails are still here, were sent, or failed."""

    def having(*states: str) -> Count:
        return Count("laid_mails", filter=Q(laid_mails__state__in=states))

    each = OutgoingMail.State
    return (
        engagement.mailings.select_related("made_by")
        .annotate(
            unsent=having(each.WAITING, each.SENDING, each.HELD),
            held=having(each.HELD),
            sent=having(each.SENT),
            failed=having(each.FAILED),
            discarded=having(each.DISCARDED),
        )
        .order_by("-due_at", "-pk")
    )


def last_worker() -> datetime | None:
    """When a worker gave its last sign of life."""
    return Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()


def is_work_waiting(*, since: datetime) -> bool:
    """Mail, a mailing or a task was due by then and is still not begun."""
    mails = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=since)
    planned = Mailing.objects.filter(state=Mailing.State.WAITING, due_at__lte=since)
    asked = DBTaskResult.objects.ready().filter(enqueued_at__lte=since)
    return (settings.MAIL_DELIVERY and mails.exists()) or planned.exists() or asked.exists()
