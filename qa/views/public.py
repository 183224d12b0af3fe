"""The room. Live with scripts; without them the same page and form work by POST and reload."""

from __future__ import annotations

import hashlib
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements import clock
from engagements import states as engagement_states
from engagements.access import (
    account,
    refusals_told,
)
from engagements.actions import attending
from engagements.queries import attendance_of, present, set_up
from engagements.refusals import NotAllowed, Refused
from engagements.states import CANCELLED
from qa import projection, queries, states
from qa.access import room_for, ticket
from qa.actions import asking, changing, voting, wishes
from qa.forms import (
    AskForm,
    ChangeForm,
    CompanionsForm,
    HeldForm,
    NumberForm,
    VoteForm,
    WishForm,
    arranged,
)
from qa.forms.room_list import RoomListForm
from qa.pace import check_pace, of_registration
from qa.queries import hints, poll_pages
from qa.queries import room as asides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement, Registration
    from qa import messages as told
    from qa.models import Floor


@require_safe
@never_cache
def room(request: HttpRequest, slug: str) -> HttpResponse:
    engagement, registration = room_for(request, slug)
    if registration is not None and request.method == "GET":
        attending.visit(registration)
    return _room_page(request, engagement, registration)


@require_POST
@never_cache
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Store a question; once for each text, what there is to tell of it comes first."""
    engagement, registration = room_for(request, slug)
    if registration is None:
        raise Http404
    form = AskForm(request.POST)
    if not form.is_valid():
        return _room_page(request, engagement, registration, form, status=400)
    floor = queries.floor_of(engagement)
    if held := _held_up(request, floor, registration, form.cleaned_data["text"]):
        return _room_page(request, engagement, registration, form, more=held)
    try:
        question = asking.ask(floor, by=registration, **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("text", str(refused.message))
        return _room_page(request, engagement, registration, form, status=409)
    except DatabaseError:
        form.add_error("text", _("Not saved. Please try again."))
        return _room_page(request, engagement, registration, form, status=503)
    messages.success(
        request,
        _("Saved as question %(number)d. A moderator reads it next.") % {"number": question.number},
    )
    return redirect("room", slug=slug)


@require_POST
@never_cache
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """The own question in other words, while it waits. What was typed is never lost."""
    engagement, registration = room_for(request, slug)
    form = ChangeForm(request.POST)
    number = NumberForm(request.POST)
    if registration is None or not number.is_valid():
        raise Http404
    more = {"changing": form, "changed": number.cleaned_data["number"]}
    if not form.is_valid():
        return _room_page(request, engagement, registration, more=more, status=400)
    try:
        check_pace(of_registration(registration.pk))
        question = changing.change(
            queries.floor_of(engagement), by=registration, **form.cleaned_data
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error("text", str(refused.message))
        return _room_page(request, engagement, registration, more=more, status=409)
    except DatabaseError:
        form.add_error("text", _("Not saved. Please try again."))
        return _room_page(request, engagement, registration, more=more, status=503)
    messages.success(request, _("Question %(number)d is changed.") % {"number": question.number})
    return redirect(f"{reverse('room', args=[slug])}#own-{question.number}")


@require_POST
@never_cache
def want_answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether the agency's answer to an own question is mailed; back to where it was said."""
    engagement, registration = room_for(request, slug)
    form = WishForm(request.POST)
    if registration is None or not form.is_valid():
        raise Http404
    number, wanted = form.cleaned_data["number"], form.cleaned_data["wanted"]
    with _told_if_not_saved(request), refusals_told(request):
        check_pace(of_registration(registration.pk))
        wishes.want(queries.floor_of(engagement), by=registration, number=number, wanted=wanted)
        messages.success(request, wish_said(number, wanted=wanted))
    page = "late" if "late" in request.POST else "room"
    return redirect(f"{reverse(page, args=[slug])}#own-{number}")


def wish_said(number: int, *, wanted: bool) -> str:
    if wanted:
        said = _("The agency's answer to question %(number)d will be mailed to you.")
    else:
        said = _("The answer to question %(number)d will not be mailed to you.")
    return said % {"number": number}


@require_POST
@never_cache
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    engagement, registration = room_for(request, slug)
    form = NumberForm(request.POST)
    if registration is None or not form.is_valid():
        raise Http404
    with _told_if_not_saved(request), refusals_told(request):
        check_pace(of_registration(registration.pk))
        question = asking.withdraw(
            queries.floor_of(engagement), by=registration, **form.cleaned_data
        )
        messages.success(
            request, _("Question %(number)d is withdrawn.") % {"number": question.number}
        )
    return redirect("room", slug=slug)


@require_POST
@never_cache
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Vote for a question or take it back, and return to it in the list."""
    engagement, registration = room_for(request, slug)
    form = VoteForm(request.POST)
    if registration is None or not form.is_valid():
        raise Http404
    number = form.cleaned_data["number"]
    with _told_if_not_saved(request), refusals_told(request):
        check_pace(of_registration(registration.pk))
        voting.vote(
            queries.floor_of(engagement),
            by=registration,
            number=number,
            is_cast=form.cleaned_data["cast"],
        )
    query = RoomListForm(request.GET).query()
    return redirect(f"{reverse('room', args=[slug])}{query}#question-{number}")


@require_POST
@never_cache
def companions(request: HttpRequest, slug: str) -> HttpResponse:
    """So many people watch together with this one."""
    engagement, registration = room_for(request, slug)
    if registration is None:
        raise Http404
    form = CompanionsForm(request.POST)
    if not form.is_valid():
        return _room_page(request, engagement, registration, status=400, said=form)
    with _told_if_not_saved(request), refusals_told(request):
        check_pace(of_registration(registration.pk))
        attending.declare_companions(registration, by=registration, **form.cleaned_data)
        messages.success(request, _("Thank you. They are counted with you."))
    return redirect("room", slug=slug)


@contextmanager
def _told_if_not_saved(request: HttpRequest) -> Iterator[None]:
    """A database that is away is told as a message of the next page."""
    try:
        yield
    except DatabaseError:
        messages.error(request, _("Not saved. Please try again."))


@require_GET
@never_cache
def room_ticket(request: HttpRequest, slug: str) -> JsonResponse:
    """A fresh ticket for the socket of this page, and what is the stakeholder's own.

    The ticket is older than what is read: a change in between is told by the socket.
    """
    engagement, registration = room_for(request, slug)
    floor = queries.floor_of(engagement)
    if registration is None:
        key = request.session.session_key or ""
        return JsonResponse(
            {"ticket": ticket(floor, projection.ROOM, account=account(request), session_key=key)}
        )
    signed = ticket(floor, projection.ROOM, registration=registration)
    return JsonResponse({"ticket": signed, "own": queries.own(registration.pk)})


def _held_up(
    request: HttpRequest, floor: Floor, registration: Registration, text: str
) -> dict[str, Any]:
    """What the asker is told before this text is stored; nothing where it was told before."""
    seen = HeldForm(request.POST)
    before = seen.cleaned_data if seen.is_valid() else {"hinted": "", "names": ""}
    named_now = floor.attribution == states.NAMED and before["names"] not in {"", states.NAMED}
    found = hints.hints(floor, text, by=registration.pk)
    of_text = hashlib.sha256(text.encode()).hexdigest()
    is_news = hints.is_worth_a_stop(found) and before["hinted"] != of_text
    if not (is_news or named_now):
        return {}
    return {"hints": found, "hinted": of_text, "named_now": named_now}


def _room_page(
    request: HttpRequest,
    engagement: Engagement,
    registration: Registration | None,
    form: AskForm | None = None,
    *,
    status: int = 200,
    said: CompanionsForm | None = None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    floor = queries.floor_of(engagement)
    own = queries.own(registration.pk) if registration else None
    context: dict[str, Any] = {
        "engagement": engagement,
        "registration": registration,
        "floor": floor,
        "form": form or _blank(own),
        "own": own["questions"] if own else [],
        "may_be_mailed": bool(registration and registration.email),
        "silence": {"reason": own["silence_reason"]} if own and own["silenced"] else None,
        "is_over": engagement.is_over or engagement.state == CANCELLED,
        "people": present(engagement.pk),
        "announcements": queries.standing_announcements(floor),
        "survey_is_open": queries.is_survey_open(floor.pk),
        **_polls(floor, registration),
        "speakers": engagement.speakers.all(),
        "materials": set_up.materials(engagement),
        "MAX_LENGTH": AskForm.base_fields["text"].max_length,  # type: ignore[attr-defined]  # a CharField
    }
    context |= _list(request, floor, own) | _limits(floor, registration)
    context |= _companions(registration, said) | (more or {})
    return render(request, "qa/public/room.html", context, status=status)


def _blank(own: told.Own | None) -> AskForm:
    """As the last question was asked, so is the next: with the name, its answer by mail, or
    without."""
    last = own["questions"][0] if own and own["questions"] else None
    return AskForm(
        initial={
            "client_id": uuid.uuid4(),
            "with_name": bool(last and last["asker_name"]),
            "wants_answer": bool(last and last["wants_answer"]),
        }
    )


def _limits(floor: Floor, registration: Registration | None) -> dict[str, Any]:
    """What keeps this person from asking, or from asking at once."""
    if registration is None:
        return {}
    return {
        "may_send_late": _may_send_late(floor),
        "wait": asides.seconds_to_wait(floor, registration),
        "left": asides.questions_left(floor, registration),
    }


def _may_send_late(floor: Floor) -> bool:
    """Whether late questions are taken, or will be once it ends: the page may be open then."""
    is_archived = floor.engagement.state == engagement_states.ARCHIVED
    return not is_archived and floor.late_until is not None and clock.now() < floor.late_until


def _polls(floor: Floor, registration: Registration | None) -> dict[str, Any]:
    """Those that are open or, if none is, the one that closed last; then the earlier ones."""
    polls = poll_pages.room_polls(floor, registration)
    standing = [poll for place, poll in enumerate(polls) if poll.is_open or place == 0]
    return {"polls": standing, "earlier_polls": polls[len(standing) :]}


def _companions(registration: Registration | None, said: CompanionsForm | None) -> dict[str, Any]:
    """What a person said of who watches together with them; staff are not asked."""
    if registration is None or registration.counted != registration.Counted.COUNTED:
        return {}
    known = attendance_of(registration)
    companions = known.companions if known else 0
    return {
        "may_say_companions": True,
        "companions": companions,
        "companions_form": said or CompanionsForm(initial={"people": companions}),
    }


def _list(request: HttpRequest, floor: Floor, own: told.Own | None) -> dict[str, Any]:
    """The shown questions, as the reader wants the list, with their votes."""
    chosen = RoomListForm(request.GET)
    sees_counts = projection.sees_counts(projection.ROOM, floor.voting)
    sort = chosen.chosen_order("newest", sees_counts=sees_counts)
    snapshot = queries.snapshot(floor.pk, projection.ROOM)
    asked = {one["number"]: one for one in own["questions"]} if own else {}
    mine = {*asked, *(one["merged_into"] for one in asked.values())}
    voted = set(own["votes"]) if own else set()
    shown: list[dict[str, Any]] = [
        {
            **question,
            "votes": snapshot["votes"].get(str(question["number"]), 0),
            "is_voted": question["number"] in voted,
            "is_mine": question["number"] in mine,
        }
        for question in snapshot["questions"]
    ]
    now = next((one for one in shown if one["outcome"] == states.ANSWERING), None)
    return {
        "list_form": chosen,
        "query": chosen.query(),
        "sees_counts": sees_counts,
        "sort": sort,
        "topics": list(floor.engagement.labels.values_list("name", flat=True)),
        "questions": arranged(chosen.chosen(shown, mine), sort),
        "shown_numbers": {one["number"] for one in shown},
        "answering": now,
        "has_questions": bool(shown),
    }
