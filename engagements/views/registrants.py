"""Pages of the office about the people who registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import access, clock, queries, rules
from engagements.actions import attending, changing, exporting, phoning, registering, seating
from engagements.files.sheets import WORKBOOK_TYPE, safe_file_name
from engagements.forms.registrants import CategoryForm, RollForm, StaffRegistrationForm
from engagements.models import Notice, Registration, Role
from engagements.queries import counts, listed, lists, people
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from engagements.models import AuditEntry, Engagement, OutgoingMail, User

LATEST_OF_HISTORY: Final = 50
LATEST_MAILS: Final = 50
HISTORY: Final[Mapping[str, _StrPromise]] = {
    "registration.created": gettext_lazy("registered"),
    "registration.renewed": gettext_lazy("registered again after cancelling"),
    "registration.repeated": gettext_lazy("registered once more; nothing changed"),
    "registration.confirmed": gettext_lazy("confirmed the address"),
    "registration.changed": gettext_lazy("changed the registration"),
    "registration.cancelled": gettext_lazy("cancelled"),
    "registration.erased": gettext_lazy("deleted what tells who this was"),
    "registration.promoted": gettext_lazy("came from the waitlist"),
    "registration.removed": gettext_lazy("removed from the room"),
    "registration.readmitted": gettext_lazy("readmitted"),
    "registration.walked_in": gettext_lazy("walked in"),
    "attendance.joined": gettext_lazy("joined"),
    "attendance.by_phone": gettext_lazy("noted: took part by phone"),
    "attendance.by_phone_taken_back": gettext_lazy("taken back: took part by phone"),
}
"""What the log calls it -> as a page says it."""

ACTORS: Final[Mapping[str, _StrPromise]] = {
    "public": gettext_lazy("the form"),
    "seating": gettext_lazy("the waitlist"),
    "worker": gettext_lazy("the system"),
}


@require_safe
@access.office_page()
def registrants(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_registrants)
    user = access.account(request)
    # Every rule asks the database by itself, and a list of ten thousand has to be quick.
    roles = queries.roles_of(user, found)
    census = people.census(found)
    form = RollForm(
        request.GET,
        categories=census.categories(),
        may_see_needs=Role.COORDINATOR in roles,
    )
    wanted = form.wanted()
    known = census.matching(wanted)
    page = _Paginator(people.registrants(found, **wanted), form.page_size(), known=known).get_page(
        request.GET.get("page")
    )
    is_waiting = any(one.state == Registration.State.WAITLISTED for one in page)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "engagement": found,
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "counts": census,
        "places": people.places(found) if is_waiting and known is not None else {},
        "may_register": _is_open(found)
        and (rules.is_administrator(user) or Role.COORDINATOR in roles),
    }
    return render(request, "engagements/staff/registrants.html", context)


@require_safe
@never_cache
@access.office_page()
def registrants_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_registrants)
    content = exporting.registrant_list(found, by=access.account(request))
    name = safe_file_name(_("registrants %(title)s") % {"title": found.full_title}, ".xlsx")
    response = HttpResponse(content, content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page()
def registrant_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody phoned."""
    found = access.engagement_for(request, slug, rules.may_act_for_registrants)
    user = access.account(request)
    form = StaffRegistrationForm(
        request.POST if request.method == "POST" else None, engagement=found, user=user
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            before = clock.now()
            try:
                registration = registering.register(found, by=user, **form.entry())
            except NotAllowed as refusal:
                raise Http404 from refusal
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = 409
            else:
                _say_what_became(request, registration, before)
                return redirect("registrant", found.slug, registration.pk)
    context = {
        "engagement": found,
        "form": form,
        "notice": Notice.shown_for(found),
        "free": seating.free(found),
        "is_open": _is_open(found),
    }
    return render(request, "engagements/staff/registrant_form.html", context, status=status)


@require_safe
@access.office_page()
def registrant(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_registrants)
    registration = _registration(found, pk)
    return _person_page(request, registration)


@require_POST
@access.office_page()
def registrant_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_remove)
    registration = _registration(found, pk)
    with access.refusals_told(request):
        attending.remove(registration, by=access.account(request))
        messages.success(
            request, _("%(name)s is removed from the room.") % {"name": _called(registration)}
        )
    return redirect("registrant", found.slug, pk)


@require_POST
@access.office_page()
def registrant_readmit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_remove)
    registration = _registration(found, pk)
    with access.refusals_told(request):
        attending.readmit(registration, by=access.account(request))
        messages.success(request, _("%(name)s may enter again.") % {"name": _called(registration)})
    return redirect("registrant", found.slug, pk)


@require_POST
@access.office_page()
def registrant_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _act(request, slug, pk, changing.cancel, _("The registration is cancelled."))


@require_POST
@access.office_page()
def registrant_category(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_act_for_registrants)
    registration = _registration(found, pk)
    form = CategoryForm(request.POST, held=registration.category)
    if not form.is_valid():
        return _person_page(request, registration, form=form, status=400)
    with access.refusals_told(request):
        changing.change(
            registration,
            by=access.account(request),
            name=registration.name,
            organization=registration.organization,
            category=form.cleaned_data["category"],
        )
        messages.success(request, _("The role category is changed."))
    return redirect("registrant", found.slug, pk)


@require_POST
@access.office_page()
def registrant_phone(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    said = _("It is noted that the person took part by phone.")
    return _act(request, slug, pk, phoning.note, said)


@require_POST
@access.office_page()
def registrant_phone_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _act(request, slug, pk, phoning.take_back, _("The note is taken back."))


def _act(
    request: HttpRequest, slug: str, pk: int, action: Callable[..., object], said: str
) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_act_for_registrants)
    registration = _registration(found, pk)
    with access.refusals_told(request):
        action(registration, by=access.account(request))
        messages.success(request, said)
    return redirect("registrant", found.slug, pk)


def _registration(engagement: Engagement, pk: int) -> Registration:
    everybody = engagement.registrations.select_related(
        "engagement", "engagement__series", "category", "notice", "registered_by", "attendance"
    )
    return get_object_or_404(everybody, pk=pk)


def _person_page(
    request: HttpRequest,
    registration: Registration,
    *,
    form: CategoryForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = access.account(request)
    engagement = registration.engagement
    may_act = rules.may_act_for_registrants(user, engagement)
    attendance = getattr(registration, "attendance", None)
    rows = listed.rows_about(registration)
    context = {
        "engagement": engagement,
        "registration": registration,
        "called": _called(registration),
        "answers": people.answers_of(registration),
        "mails": _mails(user, registration),
        "attendance": attendance,
        "intervals": attendance.intervals.all() if attendance else [],
        "listed": [(row, lists.minutes_of(row)) for row in rows],
        "is_listed": any(row.exclusion in counts.PRESENT for row in rows),
        "may_count": rules.may_count(user, engagement),
        "history": _history(registration),
        "place": _place(registration),
        "may_act": may_act,
        "may_change": may_act and rules.may_change(registration),
        "may_change_category": may_act
        and rules.may_change(registration)
        and engagement.state == engagement.State.SCHEDULED,
        "form": form or CategoryForm(held=registration.category),
        "may_note_phone": may_act and phoning.may_be_noted(engagement),
        "may_see_accommodations": rules.may_see_accommodations(user, engagement),
        "accommodations": registration.accommodations.all(),
    }
    return render(request, "engagements/staff/registrant.html", context, status=status)


def _mails(user: User, registration: Registration) -> list[OutgoingMail]:
    """What was written to the person, for whoever may read it in the outbox too."""
    if not rules.may_see_outbox(user):
        return []
    readable = queries.outgoing_mail(user).filter(registration=registration)
    return list(readable.order_by("-pk")[:LATEST_MAILS])


def _history(registration: Registration) -> list[dict[str, Any]]:
    subjects: list[Any] = [registration]
    if hasattr(registration, "attendance"):
        subjects.append(registration.attendance)
    entries = people.history(registration.engagement, subjects)[:LATEST_OF_HISTORY]
    return [
        {"at": entry.at, "what": HISTORY.get(entry.action, entry.action), "who": _who(entry)}
        for entry in entries
    ]


def _who(entry: AuditEntry) -> str:
    if entry.actor is not None:
        return str(entry.actor)
    if entry.actor_label.startswith("registration:"):
        return _("the person")
    return str(ACTORS.get(entry.actor_label, entry.actor_label))


def _place(registration: Registration) -> int | None:
    if registration.state != Registration.State.WAITLISTED:
        return None
    return people.place(registration)


def _say_what_became(request: HttpRequest, registration: Registration, before: datetime) -> None:
    name = {"name": _called(registration)}
    if registration.registered_at < before:
        messages.warning(request, _("This address is registered already. Nothing has changed."))
    elif registration.state == Registration.State.WAITLISTED:
        text = _("All seats are taken, so %(name)s is on the waitlist, at place %(place)s.")
        messages.warning(request, text % (name | {"place": people.place(registration)}))
    else:
        messages.success(request, _("%(name)s is registered.") % name)


def _is_open(engagement: Engagement) -> bool:
    """The office may still register people: outside of the window too, and not in a rehearsal."""
    return engagement.state in registering.OPEN and not engagement.is_rehearsal


class _Paginator(Paginator[Registration]):
    """Of which the number of rows may be known already."""

    def __init__(self, rows: QuerySet[Registration], size: int, *, known: int | None) -> None:
        super().__init__(rows, size)
        if known is not None:
            self.count = known


def _called(registration: Registration) -> str:
    """Whoever deleted the own data has no name any more."""
    return registration.name or _("This person")
