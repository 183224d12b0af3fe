"""Pages of the office about its engagements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import access, queries, rules, states
from engagements.actions import attending, running
from engagements.forms.running import EngagementForm, MemberForm, SpeakerFormSet, speakers_as_typed
from engagements.models import Role
from engagements.models.people import ROLE_HINTS
from engagements.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.forms.running import SpeakerRows
    from engagements.models import Engagement

ENGAGEMENTS_ON_A_PAGE = 20
REGISTRANTS_ON_A_PAGE = 50
FIELDS_OF_REFUSALS = {
    "slug_taken": "slug",
    "ends_before_start": "ends_at",
    "rehearsal": "is_rehearsal",
}
MOVE_WORDS: dict[str, dict[str, Any]] = {
    "schedule": {
        "label": gettext_lazy("Schedule"),
        "text": gettext_lazy("The page and the registration become public at once."),
        "button": gettext_lazy("Schedule it"),
        "style": "usa-button--big",
    },
    "start": {
        "label": gettext_lazy("Start"),
        "text": gettext_lazy(
            "The engagement is live from now on. The floor stays closed until it is opened at the "
            "desk."
        ),
        "button": gettext_lazy("Start it now"),
        "style": "usa-button--big",
    },
    "end": {
        "label": gettext_lazy("End"),
        "text": gettext_lazy(
            "The floor closes and no more questions are taken. This cannot be undone."
        ),
        "button": gettext_lazy("End it now"),
        "style": "usa-button--big",
    },
    "archive": {
        "label": gettext_lazy("Archive"),
        "text": gettext_lazy("The engagement is closed for changes. Its public page stays."),
        "button": gettext_lazy("Archive it"),
        "style": "usa-button--big",
    },
    "cancel": {
        "label": gettext_lazy("Cancel the engagement"),
        "text": gettext_lazy(
            "If it was scheduled, its public page says that it is cancelled, and the registration "
            "closes. Nobody is told by mail. This cannot be undone."
        ),
        "button": gettext_lazy("Cancel it for good"),
        "is_danger": True,
        "style": "usa-button--unstyled",
    },
}
"""How the page asks for each move."""

REHEARSAL_WORDS = {
    "schedule": gettext_lazy("It can then be started. Nothing becomes public."),
    "archive": gettext_lazy("The rehearsal is closed for changes."),
    "cancel": gettext_lazy("The rehearsal does not take place. This cannot be undone."),
}
"""What a move means for a rehearsal, where it means something else."""

LIFE = (states.DRAFT, states.SCHEDULED, states.LIVE, states.ENDED, states.ARCHIVED)


@require_safe
@access.office_page()
def office(request: HttpRequest) -> HttpResponse:
    user = access.account(request)
    page = Paginator(queries.engagements_of(user), ENGAGEMENTS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_create": rules.may_create_engagements(user)}
    return render(request, "engagements/staff/office.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page(rules.may_create_engagements)
def engagement_new(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = EngagementForm(data)
    speakers = SpeakerFormSet(data, prefix="speakers")
    if data is not None and _are_valid(form, speakers):
        try:
            created = running.create(
                by=access.account(request), speakers=speakers.entries(), **form.cleaned_data
            )
        except Refused as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, _("The draft is saved. Only its members see it so far."))
            return redirect("engagement-office", created.slug)
    return _set_up_page(request, form, speakers, None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page()
def engagement_edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    data = request.POST if request.method == "POST" else None
    form = EngagementForm(data, engagement=found)
    speakers = SpeakerFormSet(data, prefix="speakers", initial=speakers_as_typed(found))
    if data is not None and _are_valid(form, speakers):
        try:
            running.edit(
                found, by=access.account(request), speakers=speakers.entries(), **form.cleaned_data
            )
        except Refused as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("engagement-office", found.slug)
    return _set_up_page(request, form, speakers, found)


@require_safe
@access.office_page()
def engagement_office(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_in_office)
    user = access.account(request)
    people = queries.people_by_category(found)
    context = {
        "engagement": found,
        "steps": _steps(found),
        "moves": [_move_words(found, move) for move in states.moves_from(found.state)],
        "speakers": found.speakers.all(),
        "members": queries.members(found),
        "people": people,
        "registered": sum(line.registered for line in people),
        "joined": sum(line.joined for line in people),
        "roles": queries.roles_of(user, found),
        "may_set_up": rules.may_set_up(user, found),
        "is_editable": found.state not in running.CLOSED_FOR_EDITING,
        "may_see_registrants": rules.may_see_registrants(user, found),
    }
    return render(request, "engagements/staff/engagement.html", context)


@require_POST
@access.office_page()
def engagement_move(request: HttpRequest, slug: str, move: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    if move not in running.MOVES:
        raise Http404
    with access.refusals_told(request):
        moved = running.MOVES[move](found, by=access.account(request))
        messages.success(
            request,
            _("The engagement is now %(state)s.") % {"state": moved.get_state_display()},
        )
    return redirect("engagement-office", found.slug)


@require_safe
@access.office_page()
def registrants(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_registrants)
    page = Paginator(queries.roll(found), REGISTRANTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "engagement": found,
        "page": page,
        "registered_by_category": queries.registered_by_category(found),
    }
    return render(request, "engagements/staff/registrants.html", context)


@require_POST
@access.office_page()
def registrant_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_remove)
    registration = get_object_or_404(found.registrations.select_related("engagement"), pk=pk)
    with access.refusals_told(request):
        attending.remove(registration, by=access.account(request))
        messages.success(
            request, _("%(name)s is removed from the room.") % {"name": registration.name}
        )
    return redirect("registrants", found.slug)


@require_POST
@access.office_page()
def registrant_readmit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_remove)
    registration = get_object_or_404(found.registrations.select_related("engagement"), pk=pk)
    with access.refusals_told(request):
        attending.readmit(registration, by=access.account(request))
        messages.success(request, _("%(name)s may enter again.") % {"name": registration.name})
    return redirect("registrants", found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page()
def members(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with access.refusals_told(request):
            running.add_member(found, by=access.account(request), **form.cleaned_data)
            messages.success(request, _("The role is given."))
        return redirect("members", found.slug)
    context = {
        "engagement": found,
        "form": form,
        "members": queries.members(found),
        "role_hints": [(Role(role).label, hint) for role, hint in ROLE_HINTS.items()],
    }
    return render(
        request, "engagements/staff/members.html", context, status=400 if form.is_bound else 200
    )


@require_POST
@access.office_page()
def member_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_set_up)
    membership = get_object_or_404(queries.members(found), pk=pk)
    with access.refusals_told(request):
        running.remove_member(
            found, by=access.account(request), user=membership.user, role=membership.role
        )
        messages.success(request, _("The role is taken away."))
    # Whoever gave up the own role of coordinator may not see the page of members any more.
    return redirect(
        *(("members", found.slug) if rules.may_set_up(request.user, found) else ("office",))
    )


def _set_up_page(
    request: HttpRequest,
    form: EngagementForm,
    speakers: SpeakerRows,
    engagement: Engagement | None,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "form": form,
        "speakers": speakers,
        "series_names": queries.series_names(),
    }
    status = 400 if form.is_bound else 200
    return render(request, "engagements/staff/engagement_form.html", context, status=status)


def _are_valid(form: EngagementForm, speakers: SpeakerRows) -> bool:
    """Asks both, so that the page shows what is wrong in either."""
    return all([form.is_valid(), speakers.is_valid()])


def _blame(form: EngagementForm, refusal: Refused) -> None:
    field = FIELDS_OF_REFUSALS.get(refusal.code)
    form.add_error(field if field in form.fields else None, refusal.message)


def _move_words(engagement: Engagement, move: str) -> dict[str, Any]:
    words = MOVE_WORDS[move] | {"move": move}
    if engagement.is_rehearsal and move in REHEARSAL_WORDS:
        words["text"] = REHEARSAL_WORDS[move]
    return words


def _steps(engagement: Engagement) -> list[dict[str, Any]]:
    """The life of the engagement as a row of steps, with the one where it is."""
    here = LIFE.index(engagement.state) if engagement.state in LIFE else -1
    return [
        {
            "label": engagement.State(state).label,
            "is_done": position < here,
            "is_here": position == here,
        }
        for position, state in enumerate(LIFE)
    ]
