"""The office chooses the sample questions of a readout."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.access import account, office_page
from engagements.refusals import Refused
from qa.differences import differences
from readouts import queries, rules, states
from readouts.access import readout_for
from readouts.actions import editing, quoting, sampling
from readouts.actions.sampling import SampleEntry
from readouts.forms import (
    ChooseForm,
    FilterForm,
    RevisionForm,
    SampleForm,
    sample_forms,
    unknown_entries,
)
from readouts.forms.samples import HEADINGS_LIST, PICKS, REASONS_LIST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.paginator import Page
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

    from qa.differences import Piece
    from readouts.models import Readout, ReadoutSample

QUESTIONS_ON_A_PAGE: Final = 50
SAMPLES_ON_A_PAGE: Final = 50
"""As many as one request may bring back, with their fields."""

# key for the order by it, the key for the opposite, what stands above the column
_COLUMNS: Final[tuple[tuple[str, str, StrOrPromise], ...]] = (
    ("number", "-number", gettext_lazy("No.")),
    ("", "", gettext_lazy("Question")),
    ("label", "-label", gettext_lazy("Label")),
    ("category", "-category", gettext_lazy("Role")),
    ("-votes", "votes", gettext_lazy("Votes")),
    ("-people", "people", gettext_lazy("Asked by")),
    ("", "", gettext_lazy("What became of it")),
)


class Card(NamedTuple):
    """A sample question for the page: its form, and how its words were changed."""

    form: SampleForm
    became: str
    changes: list[Piece]
    """From the words as asked to those for publication; nothing where they are the same."""
    conflict: list[Piece]
    """From the words as saved now to those that were sent too late."""
    trouble: str
    """Why it cannot be published as it stands; mostly nothing."""
    may_rise: bool
    may_sink: bool


@require_safe
@never_cache
@office_page()
def samples(request: HttpRequest, slug: str) -> HttpResponse:
    readout = readout_for(request, slug, rules.may_view)
    return _samples_page(request, readout, ChooseForm())


@require_POST
@office_page()
def save_samples(request: HttpRequest, slug: str) -> HttpResponse:
    """Save words and order, then do what the button says, such as `up-12` or `add`."""
    readout = readout_for(request, slug, rules.may_edit)
    given = sample_forms(queries.samples_of(readout), request.POST)
    is_adding = _pressed(request) == "add"
    revision, choice = RevisionForm(request.POST), ChooseForm(request.POST if is_adding else None)
    bound = [form for form in given if form.is_bound]
    wanted = [choice] if is_adding else []
    if not all(form.is_valid() for form in (*bound, revision, *wanted)):
        return _samples_page(request, readout, choice, status=400)
    try:
        _arrange(request, readout, bound, revision.cleaned_data["revision"])
        done, place = _press(request, readout, choice)
    except editing.Overtaken as overtaken:
        return _samples_page(request, readout, choice, conflict=overtaken, status=409)
    except Refused as refused:
        messages.error(request, str(refused.message))
        # What was undone had counted the revision up.
        readout.refresh_from_db(fields=editing.REFRESHED)
        return _samples_page(request, readout, choice, status=409)
    messages.success(request, done)
    filters = FilterForm(request.GET, engagement=readout.engagement)
    query = filters.query_with(page=request.GET.get("page"), part=_part(readout, filters, place))
    address = reverse("readout-samples", args=[slug])
    return HttpResponseRedirect(f"{address}{'?' if query else ''}{query}{place}")


def _part(readout: Readout, filters: FilterForm, place: str) -> int | None:
    """The page of the sample with the question that was moved, or the one that was looked at."""
    _button, _dash, pk = place.partition("-")
    moved = readout.samples.filter(pk=int(pk)).first() if pk else None
    if moved is None:
        return filters.part_wanted if filters.part_wanted > 1 else None
    part = (moved.position - 1) // SAMPLES_ON_A_PAGE + 1
    return part if part > 1 else None


def _arrange(
    request: HttpRequest, readout: Readout, bound: Sequence[SampleForm], revision: int
) -> None:
    """Save what was typed, if anything was. An entry that is none of this readout is refused."""
    saved = readout.samples.all()
    unknown = unknown_entries(saved, request.POST)
    if not unknown and not any(form.is_changed for form in bound):
        return
    entries = [form.entry for form in bound]
    entries += [SampleEntry(pk, words, 1) for pk, words in unknown.items()]
    sampling.arrange(readout, by=account(request), revision=revision, entries=entries)


def _press(request: HttpRequest, readout: Readout, choice: ChooseForm) -> tuple[str, str]:
    """Do what the pressed button says; it names its thing, such as `up-12`. Gives what was done,
    and the place of the page where work goes on."""
    verb, _dash, number = _pressed(request).partition("-")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    by = account(request)
    if verb in {"up", "down"}:
        sampling.move(readout, pk, by=by, steps=1 if verb == "down" else -1)
        return _("The order is saved."), _button_of(readout, verb, pk)
    if verb == "remove":
        sampling.remove(readout, pk, by=by)
        return _("Removed from the sample."), "#chosen"
    if verb == "add":
        return _add(request, readout, choice), "#choose"
    if verb == "mend":
        return _mend(request, readout, pk), "#spread"
    return _("Saved."), ""


def _button_of(readout: Readout, verb: str, pk: int) -> str:
    """The same button again, so that pressing it again moves on; the other one at the end."""
    samples = list(readout.samples.all())
    moves = _moves(samples)
    if pk not in moves:
        return "#chosen"  # Another editor has removed it meanwhile.
    may_rise, may_sink = moves[pk]
    if verb == "up":
        return f"#{'up' if may_rise else 'down'}-{pk}"
    return f"#{'down' if may_sink else 'up'}-{pk}"


def _pressed(request: HttpRequest) -> str:
    """The button. The Enter key adds what is ticked, or saves where nothing is."""
    pressed = request.POST.get("do", "")
    if pressed == "enter":
        return "add" if "choose-pick" in request.POST else "save"
    return pressed


def _add(request: HttpRequest, readout: Readout, choice: ChooseForm) -> str:
    known = queries.with_forwarded(queries.questions_of(readout.engagement))
    found = known.select_related("label", "category").in_bulk(choice.picked)
    if set(found) != set(choice.picked):
        raise Http404
    questions = sorted(found.values(), key=lambda question: question.number)
    sampling.choose_all(
        readout,
        questions,
        by=account(request),
        reasons=[choice.reason_for(question) for question in questions],
        heading=choice.cleaned_data["heading"],
    )
    return ngettext(
        "%(number)d question is added to the sample.",
        "%(number)d questions are added to the sample.",
        len(questions),
    ) % {"number": len(questions)}


def _mend(request: HttpRequest, readout: Readout, pk: int) -> str:
    question = queries.questions_of(readout.engagement).filter(pk=pk).first()
    if question is None:
        raise Http404
    reason = queries.reason_to_mend(readout, pk) or _("Suggested, to be nearer to all questions.")
    sampling.choose(readout, question, by=account(request), reason=reason)
    return _("Question %(number)d is in the sample.") % {"number": question.number}


def _samples_page(
    request: HttpRequest,
    readout: Readout,
    choice: ChooseForm,
    *,
    conflict: editing.Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    engagement = readout.engagement
    editable = readout.state == states.DRAFT and rules.may_edit(request.user, engagement)
    filters = FilterForm(request.GET, engagement=engagement)
    all_samples = queries.samples_of(readout)
    part = Paginator(all_samples, SAMPLES_ON_A_PAGE).get_page(filters.part_wanted)
    data = request.POST if request.method == "POST" else None
    context: dict[str, Any] = {
        "engagement": engagement,
        "readout": readout,
        "conflict": conflict,
        "editable": editable,
        "part": part,
        "parts": part.paginator.num_pages,
        "cards": _cards(all_samples, part, data, is_conflict=conflict is not None),
        "removed_words": list(unknown_entries(all_samples, data).values()) if data else [],
        "filters": filters,
        "choice": choice,
        "spread": queries.spread_of(readout),
        "picks": PICKS.values(),
        "headings": list(dict.fromkeys(one.heading for one in all_samples if one.heading)),
        "reasons_list": REASONS_LIST,
        "headings_list": HEADINGS_LIST,
        "query": filters.query_with(page=request.GET.get("page")),
        "query_of_parts": filters.query_with(part=None),
    }
    if editable:
        context |= _picker(request, readout, filters)
    return render(request, "readouts/staff/samples.html", context, status=status)


def _picker(request: HttpRequest, readout: Readout, filters: FilterForm) -> dict[str, Any]:
    questions = queries.choosable(readout, **filters.wanted)
    found = Paginator(questions, QUESTIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    sort = filters.wanted.get("sort", "number")
    return {
        "found": found,
        "candidates": queries.candidates(found),
        "columns": [
            _column(filters, sort, *column)
            for column in _COLUMNS
            if filters.has_labels or column[0] != "label"
        ],
        "filter_query": filters.query,
        "is_filtered": bool(filters.wanted.keys() - {"sort"}),
    }


def _column(
    filters: FilterForm, sort: str, first: str, opposite: str, title: StrOrPromise
) -> dict[str, Any]:
    """A heading of the list: the address that puts it in order by this column, or the other way
    around where it is in that order already."""
    is_sorted = bool(first) and sort in {first, opposite}
    following = opposite if sort == first else first
    return {
        "title": title,
        "query": filters.query_with(sort="" if following == "number" else following),
        "is_sortable": bool(first),
        "order": ("descending" if sort.startswith("-") else "ascending") if is_sorted else "",
    }


def _cards(
    samples: Sequence[ReadoutSample], part: Page[ReadoutSample], data: Any, *, is_conflict: bool
) -> list[tuple[str, list[Card]]]:
    """Those of this page, under their headings. What was only sent along with what was too late
    is shown as saved by now."""
    moves = _moves(samples)
    groups: dict[str, list[Card]] = {}
    for sent in sample_forms(part, data):
        is_along = is_conflict and sent.is_bound and sent.is_untouched
        form = SampleForm(sent.sample) if is_along else sent
        card = _card(form, moves[form.sample.pk], is_conflict=is_conflict)
        groups.setdefault(form.sample.heading, []).append(card)
    return list(groups.items())


def _moves(samples: Sequence[ReadoutSample]) -> dict[int, tuple[bool, bool]]:
    """Whether each can go up and down. Those without a heading stay before all others."""
    groups = [list(group) for _heading, group in groupby(samples, key=lambda one: one.heading)]
    return {
        sample.pk: (
            place > 0 or (at > 0 and bool(groups[at - 1][0].heading)),
            place < len(group) - 1 or (at < len(groups) - 1 and bool(sample.heading)),
        )
        for at, group in enumerate(groups)
        for place, sample in enumerate(group)
    }


def _card(form: SampleForm, moves: tuple[bool, bool], *, is_conflict: bool) -> Card:
    sample = form.sample
    asked, sent = sample.question.original_text, str(form["text"].value() or "")
    is_late = is_conflict and form.is_bound and sent.split() != sample.text.split()
    trouble = _trouble(sample)
    return Card(
        form=form,
        became="" if trouble else queries.became_of(sample.question),
        changes=differences(asked, sample.text) if sample.text not in {"", asked} else [],
        conflict=differences(sample.text, sent) if is_late else [],
        trouble=trouble,
        may_rise=moves[0],
        may_sink=moves[1],
    )


def _trouble(sample: ReadoutSample) -> str:
    try:
        quoting.check_state(sample)
    except Refused as refused:
        return str(refused.message)
    return ""
