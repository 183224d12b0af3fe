"""Pages of the office about its engagements."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import access, queries, rules, states
from engagements.actions import running
from engagements.forms.members import MemberForm
from engagements.forms.running import EngagementForm
from engagements.forms.speakers import SpeakerFormSet, speakers_as_typed
from engagements.models import Role
from engagements.models.people import ROLE_HINTS
from engagements.queries import set_up
from engagements.queries.mail import people_to_tell
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from engagements.forms.speakers import SpeakerRows
    from engagements.models import Engagement

ENGAGEMENTS_ON_A_PAGE = 20
FIELDS_OF_REFUSALS = {"slug_taken": "slug", "rehearsal": "is_rehearsal"}
"""Where the code of a refusal is not the name of its field."""

MOVE_WORDS: dict[str, dict[str, Any]] = {
    "schedule": {
        "label": gettext_lazy("Schedule"),
        "text": gettext_lazy(
            "The page becomes public at once, and the registration with it unless it opens later."
        ),
        "button": gettext_lazy("Schedule it"),
        "style": "usa-button--big",
    },
    "start": {
        "label": gettext_lazy("Start"),
        "text": gettext_lazy(
            "The engagement is live from now on. The floor stays closed until it is opened at the "
            "desk, or by its clock."
        ),
        "button": gettext_lazy("Start it now"),
        "style": "usa-button--big",
    },
    "end": {
        "label": gettext_lazy("End"),
        "text": gettext_lazy(
            "This cannot be undone: the floor closes, and no more questions are taken but late "
            "ones, where the floor's page says so."
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
            "It is not in the calendar yet, so nobody has to be told. This cannot be undone."
        ),
        "button": gettext_lazy("Cancel it for good"),
        "is_danger": True,
        "style": "usa-button--unstyled",
    },
}
"""How the page asks for each move."""

MAILED = {
    "schedule": gettext_lazy("Who follows the series is told by mail."),
    "start": gettext_lazy("Who registered is told by mail that it starts."),
    "end": gettext_lazy("Who took part is thanked by mail."),
}
"""What is said besides, where the engagement writes such mail."""

CANCEL_UNTOLD = gettext_lazy(
    "Its public page says that it is cancelled, and the registration closes. Nobody has "
    "registered or is invited, so nobody is told by mail. This cannot be undone."
)
CANCEL_IN_PUBLIC = ngettext_lazy(
    "Its public page says that it is cancelled, the registration closes, and %(people)d person who "
    "registered or is invited is told by mail. This cannot be undone.",
    "Its public page says that it is cancelled, the registration closes, and %(people)d people who "
    "registered or are invited are told by mail. This cannot be undone.",
    "people",
)

REHEARSAL_WORDS = {
    "schedule": gettext_lazy("It can then be started. Nothing becomes public."),
    "archive": gettext_lazy("The rehearsal is closed for changes."),
    "cancel": gettext_lazy("The rehearsal does not take place. This cannot be undone."),
}
"""What a move means for a rehearsal, where it means something else."""

LEFT_BEHIND = {
    "registration_opens_at": gettext_lazy("registration opens"),
    "registration_closes_at": gettext_lazy("registration closes"),
    "accommodations_until": gettext_lazy("accommodations may be requested until"),
}
"""What does not move with the start."""

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
                by=access.account(request), speakers=speakers.entries(), **form.details()
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
    former = copy(found)
    data = request.POST if request.method == "POST" else None
    form, speakers = _filled(found, data)
    if data is None or not _are_valid(form, speakers):
        return _set_up_page(request, form, speakers, found)
    try:
        running.edit(
            found, by=access.account(request), speakers=speakers.entries(), **form.details()
        )
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        if refusal.code == "changed_meanwhile":
            return _conflict_page(request, found, str(refusal))
        _blame(form, refusal)
        return _set_up_page(request, form, speakers, found)
    messages.success(request, _("The changes are saved."))
    if kept := _times_left_behind(former, found):
        messages.warning(request, kept)
    for sentence in found.consequences:
        messages.warning(request, sentence)
    return redirect("engagement-office", found.slug)


@require_safe
@access.office_page()
def engagement_office(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_see_in_office)
    user = access.account(request)
    queries.fetch_members(found)
    context = {
        "engagement": found,
        "steps": _steps(found),
        "moves": [_move_words(found, move) for move in states.moves_from(found.state)],
        "speakers": found.speakers.all(),
        "members": found.memberships.all(),
        "registered": queries.registered_people(found).count(),
        "joined": queries.joined(found),
        "roles": queries.roles_of(user, found),
        "may_set_up": rules.may_set_up(user, found),
        "may_clone": rules.may_clone(user, found),
        "seats": set_up.seats(found),
        "ready": set_up.readiness(found) if found.state == states.DRAFT else None,
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


def _filled(engagement: Engagement, data: QueryDict | None) -> tuple[EngagementForm, SpeakerRows]:
    return EngagementForm(data, engagement=engagement), SpeakerFormSet(
        data, prefix="speakers", initial=speakers_as_typed(engagement)
    )


def _times_left_behind(former: Engagement, engagement: Engagement) -> str:
    """When the start has moved: what else states a time and was left as it was. "" for nothing."""
    if former.starts_at == engagement.starts_at:
        return ""
    kept = [
        f"{words} {date_format(engagement.local(at), 'F j, Y, P T')}"
        for name, words in LEFT_BEHIND.items()
        if (at := getattr(engagement, name)) and at == getattr(former, name)
    ]
    if not kept:
        return ""
    said = _("The start has moved. These times have not, so please check them:")
    return f"{said} {'; '.join(kept)}"


def _conflict_page(request: HttpRequest, engagement: Engagement, conflict: str) -> HttpResponse:
    """What was typed, beside what is stored now. Sent once more, it is saved over that."""
    engagement.refresh_from_db()
    data = request.POST.copy()
    data["revision"] = str(engagement.revision)
    form, speakers = _filled(engagement, data)
    differences = form.differences()
    if speakers.has_changed():
        names = ", ".join(speaker.name for speaker in engagement.speakers.all())
        differences.append((_("Speakers"), names or _("nobody")))
    return _set_up_page(
        request, form, speakers, engagement, conflict=conflict, differences=differences
    )


def _set_up_page(
    request: HttpRequest,
    form: EngagementForm,
    speakers: SpeakerRows,
    engagement: Engagement | None,
    **conflict: Any,
) -> HttpResponse:
    is_announced = engagement is not None and engagement.state == states.SCHEDULED
    context = conflict | {
        "told": people_to_tell(engagement) if engagement and is_announced else 0,
        "engagement": engagement,
        "form": form,
        "speakers": speakers,
        "series_names": queries.series_names(),
    }
    status = 409 if conflict else 400 if form.is_bound else 200
    return render(request, "engagements/staff/engagement_form.html", context, status=status)


def _are_valid(form: EngagementForm, speakers: SpeakerRows) -> bool:
    """Asks both, so that the page shows what is wrong in either."""
    return all([form.is_valid(), speakers.is_valid()])


def _blame(form: EngagementForm, refusal: Refused) -> None:
    field = FIELDS_OF_REFUSALS.get(refusal.code, refusal.code)
    form.add_error(field if field in form.fields else None, refusal.message)


def _move_words(engagement: Engagement, move: str) -> dict[str, Any]:
    words = MOVE_WORDS[move] | {"move": move}
    if engagement.is_rehearsal and move in REHEARSAL_WORDS:
        words["text"] = REHEARSAL_WORDS[move]
    elif move == "cancel" and engagement.is_public:
        people = people_to_tell(engagement)
        words["text"] = CANCEL_IN_PUBLIC % {"people": people} if people else CANCEL_UNTOLD
    elif not engagement.is_rehearsal and _writes_mail(engagement, move):
        words["text"] = f"{words['text']} {MAILED[move]}"
    return words


def _writes_mail(engagement: Engagement, move: str) -> bool:
    return {
        "schedule": engagement.series_id is not None and not engagement.invitation_only,
        "start": engagement.tells_start,
        "end": engagement.sends_thanks,
    }.get(move, False)


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
