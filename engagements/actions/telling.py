"""What people are told by mail, and when. Every mail becomes a row within the caller's transaction.

One person is written to at once. Many are written to by a `Mailing`: a row that the worker turns
into mails when it is due (`engagements.actions.mailing`), so that nobody waits for ten thousand.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import override

from engagements import clock, outbox, states
from engagements.actions import planning
from engagements.files.calendar_file import invitation
from engagements.models import Mailing, Office, OutgoingMail, Registration
from engagements.queries.mail import recipients
from engagements.queries.people import place

if TYPE_CHECKING:
    from engagements.models import Accommodation, Engagement, Invitee, Subscription, User

REGISTERED: Final = "engagements/registered"
PROMOTED: Final = "engagements/promoted"
WAITLISTED: Final = "engagements/waitlisted"
INVITATION: Final = "engagements/invitee"
TO_INVITEES: Final = frozenset(
    {INVITATION, "engagements/invitee_moved", "engagements/invitee_cancelled"}
)
"""Mails to who has not answered an invitation, by the address alone."""

MOST_LINKS_AN_HOUR: Final = 5
"""Mails with the link of one registration. More would only fill a stranger's mailbox."""

WITH_ENTRY: Final = frozenset(
    f"engagements/{name}" for name in ("registered", "promoted", "changed", "moved", "reminder")
)
"""Mails with a calendar file, for who has a seat."""

WITHOUT_ENTRY: Final = frozenset({"engagements/withdrawn", "engagements/cancelled"})
"""Mails with a file that takes the entry out again."""

Occasion = Mailing.Occasion
State = Registration.State


def registered(registration: Registration) -> None:
    """The seat is certain: the personal link, and the calendar file."""
    _write(REGISTERED, registration)


def confirm_address(registration: Registration) -> None:
    """Registered, once the address is confirmed by this mail's link."""
    _write("engagements/confirm_address", registration)


def waitlisted(registration: Registration) -> None:
    _write(WAITLISTED, registration)


def promoted(registration: Registration) -> None:
    """A seat became free for somebody on the waitlist."""
    _write(PROMOTED, registration)


def changed(registration: Registration) -> None:
    """The own registration was changed."""
    _write("engagements/changed", registration)


def withdrawn(registration: Registration) -> None:
    """The own registration was cancelled; the calendar entry goes with it."""
    _discard_unsent(registration)
    _write("engagements/withdrawn", registration)


def accommodation_decided(accommodation: Accommodation) -> None:
    """The office has answered. What was asked for stands in no mail: others read the outbox too."""
    _write("engagements/accommodation_decided", accommodation.registration)


def link_again(registration: Registration) -> None:
    """Somebody registered again with this address: what it was told last, within a limit."""
    if registration.state == State.UNCONFIRMED:
        confirm_address(registration)
    elif registration.state == State.WAITLISTED:
        waitlisted(registration)
    else:
        registered(registration)


def invited(invitee: Invitee) -> None:
    _invitation(invitee).save()


def engagement_scheduled(engagement: Engagement, *, by: User) -> None:
    """Lays its reminders, "starting now" and thanks, and tells who follows its series."""
    plan(engagement)
    if engagement.series_id is not None and not engagement.invitation_only:
        Mailing.objects.create(engagement=engagement, occasion=Occasion.NEWS, made_by=by)


def engagement_moved(
    engagement: Engagement, *, by: User, former: tuple[datetime, datetime] | None = None
) -> None:
    """Its time, title or place changed: reminders follow, registrants get the new calendar file.

    `former`: start and end as people knew them. Mail that is not sent yet and states the time is
    written anew; reminders that were laid already are discarded, and planned again.
    """
    known = planning.take_back_moved(engagement) or former
    planning.discard_laid(engagement, [Occasion.REMINDER])
    plan(engagement)
    for mail in planning.unsent(engagement).filter(mailing=None).select_related("registration"):
        _rewrite(mail, engagement)
    for mail in planning.unsent(engagement).filter(mailing__occasion=Occasion.NEWS):
        _rewrite(mail, engagement)
    Mailing.objects.create(
        engagement=engagement,
        occasion=Occasion.MOVED,
        made_by=by,
        audience={"former": [moment.isoformat() for moment in known]} if known else {},
    )


def engagement_cancelled(engagement: Engagement, *, by: User) -> None:
    """Registrants are told, and nothing else is sent any more."""
    planning.discard_all(engagement)
    Mailing.objects.create(engagement=engagement, occasion=Occasion.CANCELLED, made_by=by)


def engagement_started(engagement: Engagement, *, by: User) -> None:
    """ "Starting now", if the engagement tells its start. Reminders come too late from here on."""
    planning.discard_waiting(engagement, [Occasion.REMINDER])
    planning.discard_laid(engagement, [Occasion.REMINDER])
    if engagement.tells_start:
        Mailing.objects.create(engagement=engagement, occasion=Occasion.STARTING, made_by=by)


def engagement_ended(engagement: Engagement, *, by: User) -> None:
    """Thanks to who attended, with the survey's link, if the engagement sends them."""
    planning.discard_waiting(engagement, [Occasion.REMINDER, Occasion.STARTING])
    planning.discard_laid(engagement, [Occasion.REMINDER, Occasion.STARTING])
    if engagement.sends_thanks:
        Mailing.objects.create(engagement=engagement, occasion=Occasion.THANKS, made_by=by)


def mention_late(engagement: Engagement, *, until: datetime) -> None:
    """The thanks that are not laid yet say that questions are still taken, and give the link."""
    for mailing in engagement.mailings.filter(
        occasion=Occasion.THANKS, state=Mailing.State.WAITING
    ):
        mailing.audience |= {"late_until": until.isoformat()}
        mailing.save(update_fields=["audience"])


def mention_survey(engagement: Engagement) -> None:
    """The thanks that are not laid yet give everybody the own link to our survey."""
    for mailing in engagement.mailings.filter(
        occasion=Occasion.THANKS, state=Mailing.State.WAITING
    ):
        mailing.audience |= {"survey": True}
        mailing.save(update_fields=["audience"])


def lists_counted(engagement: Engagement, *, by: User) -> None:
    """An attendance list counts, or counts no more: who came by one alone is thanked too.

    Those mails wait for their release. Thanks to who came by no list any more are discarded, if
    they are still here.
    """
    planning.take_back_list_thanks(engagement)
    if not engagement.sends_thanks or not engagement.is_over:
        return
    further = Mailing(
        engagement=engagement,
        occasion=Occasion.THANKS,
        audience={"by_list": True} | _known_survey(engagement),
        is_held=True,
        made_by=by,
    )
    if recipients(further).exists():
        further.save()


def plan(engagement: Engagement) -> None:
    """Reminders that are not laid yet follow the engagement's start; those due already are left."""
    planning.discard_waiting(engagement, [Occasion.REMINDER, Occasion.STARTING])
    now = clock.now()
    Mailing.objects.bulk_create(
        Mailing(
            engagement=engagement, occasion=Occasion.REMINDER, minutes_before=minutes, due_at=due
        )
        for minutes in engagement.reminders
        if (due := engagement.starts_at - timedelta(minutes=minutes)) > now
    )


def mail_of(mailing: Mailing, registration: Registration, office: Office) -> OutgoingMail:
    """The mail of this mailing to one person; not stored yet."""
    extra: dict[str, Any] = {"office": office}
    if mailing.occasion == Occasion.LETTER:
        extra["letter"] = mailing
    if mailing.occasion == Occasion.MOVED:
        extra["former"] = _former(mailing)
    extra |= _late(mailing, registration) | _survey(mailing, registration)
    return _mail(f"engagements/{mailing.occasion}", registration, mailing=mailing, **extra)


def mail_to_invitee(mailing: Mailing, invitee: Invitee, office: Office) -> OutgoingMail:
    """That it was moved or cancelled, to who has not answered; not stored yet."""
    extra: dict[str, Any] = {"mailing": mailing, "office": office, "former": _former(mailing)}
    return _invitation(invitee, template=f"engagements/invitee_{mailing.occasion}", **extra)


def news_of(mailing: Mailing, subscription: Subscription, office: Office) -> OutgoingMail:
    """The news to one subscriber; not stored yet."""
    return _news(mailing.engagement, subscription, mailing=mailing, office=office)


def _late(mailing: Mailing, registration: Registration) -> dict[str, Any]:
    """Until when questions are still taken by the personal link, and that link."""
    said = mailing.audience.get("late_until")
    until = datetime.fromisoformat(said) if said else None
    if until is None or until <= clock.now():
        return {}
    link = outbox.absolute(reverse("late-link", args=[registration.token()]))
    return {"late_until": until, "late_link": link}


def _known_survey(engagement: Engagement) -> dict[str, bool]:
    thanks = engagement.mailings.filter(occasion=Occasion.THANKS, audience__survey=True)
    return {"survey": True} if thanks.exists() else {}


def _survey(mailing: Mailing, registration: Registration) -> dict[str, Any]:
    """The survey's address: the office's own where it has given one, else the personal one here."""
    if mailing.occasion != Occasion.THANKS:
        return {}
    address = mailing.engagement.survey_url
    if not address and mailing.audience.get("survey"):
        address = outbox.absolute(reverse("survey-link", args=[registration.token()]))
    return {"survey": address}


def _write(template: str, registration: Registration) -> None:
    if not registration.email:
        return
    lately = OutgoingMail.objects.filter(
        template=template,
        registration=registration,
        created_at__gt=clock.now() - timedelta(hours=1),
    ).count()
    # Written in any case: an address that was written to often must not be answered faster.
    mail = _mail(template, registration)
    if lately < MOST_LINKS_AN_HOUR:
        mail.save()


def _mail(template: str, registration: Registration, **extra: Any) -> OutgoingMail:
    engagement = registration.engagement
    # Who is written to after the hour has no room to go to, and needs no link that opens it.
    is_on = engagement.state in {states.SCHEDULED, states.LIVE}
    is_link_needed = template != "engagements/letter" or (
        is_on and registration.state == State.REGISTERED
    )
    is_confirming = registration.state == State.UNCONFIRMED
    page = "confirm-address" if is_confirming else "join"
    link = outbox.absolute(reverse(page, args=[registration.token()])) if is_link_needed else ""
    return outbox.compose(
        template,
        to=registration.email,
        engagement=engagement,
        registration=registration,
        language=registration.language,
        calendar=_calendar(template, registration, link),
        link=link,
        page=outbox.absolute(engagement.get_absolute_url()),
        home=outbox.absolute(reverse("home")),
        place=place(registration) if template == WAITLISTED else None,
        **extra,
    )


def _calendar(template: str, registration: Registration, link: str) -> str:
    if template == "engagements/withdrawn":
        return _file(registration, link, is_cancelled=True)
    if registration.state != State.REGISTERED:
        return ""
    if template in WITHOUT_ENTRY:
        return _file(registration, link, is_cancelled=True)
    return _file(registration, link) if template in WITH_ENTRY else ""


def _file(registration: Registration, link: str, *, is_cancelled: bool = False) -> str:
    with override(registration.language):
        return invitation(registration.engagement, link=link, is_cancelled=is_cancelled)


def _former(mailing: Mailing) -> Engagement | None:
    """The engagement with the time that people know; None when only other things have changed."""
    times = [datetime.fromisoformat(moment) for moment in mailing.audience.get("former", [])]
    if not times or times == [mailing.engagement.starts_at, mailing.engagement.ends_at]:
        return None
    former = copy(mailing.engagement)
    former.starts_at, former.ends_at = times
    return former


def _news(engagement: Engagement, subscription: Subscription, **extra: Any) -> OutgoingMail:
    return outbox.compose(
        "engagements/news",
        to=subscription.email,
        engagement=engagement,
        language=subscription.language,
        unsubscribe=outbox.absolute(reverse("news", args=[subscription.token()])),
        page=outbox.absolute(engagement.get_absolute_url()),
        **extra,
    )


def _invitation(invitee: Invitee, *, template: str = INVITATION, **extra: Any) -> OutgoingMail:
    return outbox.compose(
        template,
        to=invitee.email,
        engagement=invitee.engagement,
        language=invitee.language,
        invitee=invitee,
        link=outbox.absolute(reverse("invited", args=[invitee.token()])),
        home=outbox.absolute(reverse("home")),
        **extra,
    )


def _rewrite(mail: OutgoingMail, engagement: Engagement) -> None:
    """The same mail with the engagement as it is now. One that somebody edited waits for them."""
    if mail.revision > 1:
        planning.put_aside(mail)
        return
    anew = _composed_again(mail, engagement)
    if anew is not None:
        planning.replace_text(mail, anew)


def _composed_again(mail: OutgoingMail, engagement: Engagement) -> OutgoingMail | None:
    if mail.registration is not None:
        mail.registration.engagement = engagement
        return _mail(mail.template, mail.registration)
    if mail.template == "engagements/news" and engagement.series is not None:
        subscription = engagement.series.subscriptions.filter(email=mail.to, ended_at=None).first()
        return _news(engagement, subscription) if subscription else None
    invitee = engagement.invitees.filter(email=mail.to).select_related("engagement").first()
    return _invitation(invitee) if invitee else None


def _discard_unsent(registration: Registration) -> None:
    """Who has cancelled is reminded of nothing any more."""
    planning.unsent(registration.engagement).filter(registration=registration).update(
        state=OutgoingMail.State.DISCARDED
    )
