"""The agency's lists: all of them, one with its questions, its files and receipts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from engagements import clock
from engagements.access import account, agency_page
from engagements.refusals import NotAllowed
from qa import due_dates, queries, rules, states
from qa.access import forwarding_file
from qa.actions.agency import downloading
from qa.files.agency import statuses
from qa.forms.agency.desk import SITUATIONS, FilterForm
from qa.models import Receipt
from qa.queries.agency import desk, promises
from qa.views.agency.doors import directorates, lead_page, own_agency, sent_to

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from engagements.models import User
    from qa.models import Forwarding
    from qa.queries.agency.desk import Row
    from qa.queries.agency.promises import Progress

ROWS_ON_A_PAGE: Final = 50
SOON: Final = timedelta(days=7)


class Due(NamedTuple):
    """How a due date stands; `days` are left, or over."""

    on: date
    days: int
    state: str
    words: str


class Card(NamedTuple):
    forwarding: Forwarding
    due: Due | None
    progress: Progress
    standing: list[tuple[str, str, int]]
    joined: int
    """Asked as well, and answered with another of the list."""


@require_safe
@never_cache
@agency_page()
def home(request: HttpRequest) -> HttpResponse:
    person = account(request)
    lists = list(queries.forwardings_for(person))
    cards = _cards(lists, person)
    in_force = [one for one in cards if one.forwarding.state == states.FORWARDING_SENT]
    context = {
        "agency": own_agency(request),
        "is_lead": not person.is_contributor,
        "to_answer": sorted(filter(_is_to_answer, in_force), key=_urgency),
        "done": [one for one in in_force if not _is_to_answer(one)],
        "former": [one for one in cards if one.forwarding.state != states.FORWARDING_SENT],
    }
    return render(request, "qa/agency/home.html", context)


@require_safe
@never_cache
@agency_page()
def forwarding(request: HttpRequest, pk: int) -> HttpResponse:
    """The list with its questions; a contributor sees those that were given to them."""
    sent = sent_to(request, pk)
    person = account(request)
    is_lead = rules.may_lead(person, sent)
    questions = desk.desk_questions(sent, of=person)
    parts, people = directorates(sent.agency), desk.colleagues(person.agency)
    form = FilterForm(
        request.GET,
        labels=desk.labels_of(sent),
        directorates=list(parts) if is_lead else [],
        people=[one for one in people if one.pk != person.pk] if is_lead else [],
        is_lead=is_lead,
        auto_id="filter-%s",
    )
    found = desk.narrowed(questions, form.wanted(), of=person)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    [card] = _cards([sent], person)
    context = {
        "forwarding": sent,
        "card": card,
        "is_lead": is_lead,
        "is_in_force": sent.state == states.FORWARDING_SENT,
        "newest": desk.newest_list(sent) if sent.state != states.FORWARDING_SENT else None,
        "rows": [_told(row) for row in desk.desk_rows(page, agency=sent.agency_id)],
        "page": page,
        "query": _query(request),
        "form": form,
        "directorates": parts,
        "people": people,
    } | (_papers(sent) if is_lead else {})
    return render(request, "qa/agency/forwarding.html", context)


@require_GET
@never_cache
@lead_page
def file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    sent = sent_to(request, pk, lead=True)
    try:
        found = downloading.download(sent, by=account(request), kind=kind)
    except NotAllowed as refused:
        raise Http404 from refused
    return forwarding_file(found)


@require_safe
@never_cache
@lead_page
def receipt(request: HttpRequest, pk: int, receipt: int) -> HttpResponse:
    """Who took which version when, with its checksum: to print and to keep."""
    sent = sent_to(request, pk, lead=True)
    found = get_object_or_404(
        Receipt.objects.select_related("taken_by", "token"), forwarding=sent, pk=receipt
    )
    file = sent.files.defer("content").filter(format=found.format).first()
    context = {
        "forwarding": sent,
        "receipt": found,
        "file": file,
    }
    return render(request, "qa/agency/receipt.html", context)


def _cards(lists: list[Forwarding], person: User) -> list[Card]:
    standing = desk.standing_of_lists(lists, of=person)
    progress = promises.progress(lists)
    if person.is_contributor:
        progress = {key: _own_progress(some) for key, some in standing.items()}
    return [
        Card(
            one,
            due_of(one),
            progress[one.pk],
            [(key, str(SITUATIONS[key]), n) for key, n in standing[one.pk].items() if n],
            max(0, progress[one.pk].asked - sum(standing[one.pk].values())),
        )
        for one in lists
    ]


def _own_progress(standing: dict[str, int]) -> Progress:
    """Of what was given to a contributor: what is handed on counts as done."""
    published = standing[states.ANSWER_PUBLISHED]
    open_ = (desk.NOT_BEGUN, states.ANSWER_DRAFT, states.ANSWER_RETURNED)
    came = sum(number for key, number in standing.items() if key not in open_)
    return promises.Progress(sum(standing.values()), came, published)


def due_of(forwarding: Forwarding) -> Due | None:
    if forwarding.due_on is None:
        return None
    days = due_dates.days_left(forwarding.due_on, forwarding.engagement.local(clock.now()))
    if days < 0:
        words = ngettext("%(days)s day overdue", "%(days)s days overdue", -days)
        return Due(forwarding.due_on, -days, "overdue", words % {"days": f"{-days:,}"})
    if days == 0:
        return Due(forwarding.due_on, 0, "soon", _("due today"))
    words = ngettext("%(days)d day left", "%(days)d days left", days)
    state = "soon" if timedelta(days=days) <= SOON else "later"
    return Due(forwarding.due_on, days, state, words % {"days": days})


def _is_to_answer(card: Card) -> bool:
    return card.progress.came < card.progress.asked


def _urgency(card: Card) -> tuple[bool, date]:
    forwarding = card.forwarding
    return forwarding.due_on is None, forwarding.due_on or forwarding.engagement.held_on


def _told(row: Row) -> dict[str, Any]:
    question = row.question
    return {
        "question": question,
        "answer": row.answer,
        "is_withdrawn": not question.text,
        "situation": row.situation,
        "situation_words": SITUATIONS[row.situation],
        "status_words": status_words(question.status),
    }


def status_words(status: str) -> str:
    """Lists of former times hold the words themselves."""
    try:
        return statuses.label(status)
    except KeyError:
        return status


def _papers(sent: Forwarding) -> dict[str, Any]:
    """Files and who took them, and the request for more time."""
    extensions = list(sent.extensions.select_related("asked_by", "decided_by"))
    return {
        "ready": desk.ready(sent),
        "files": list(sent.files.defer("content")),
        "receipts": queries.receipts([sent])[sent.pk],
        "extensions": extensions,
        "asked_extension": next((one for one in extensions if one.state == "asked"), None),
    }


def _query(request: HttpRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return given.urlencode()
