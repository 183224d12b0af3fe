"""The facts of an engagement: gathered now, stored with a draft, and how the two differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _

from engagements.figures import shares
from engagements.models import Office
from readouts.facts import (
    AgencyFacts,
    CategoryCount,
    DispositionCount,
    Facts,
    LabelCount,
    OfficeFacts,
    SpeakerFacts,
    publishable,
)
from readouts.queries import defining
from readouts.queries.counting import label_key, people, tally

if TYPE_CHECKING:
    from engagements.figures import CategoryKind
    from engagements.models import Engagement
    from readouts.models import Readout
    from readouts.queries.counting import Tally


def gather(engagement: Engagement) -> Facts:
    """The facts as they stand now. Attendance is None where an archive did not tell it.

    Raises ValueError when somebody changed rows between two looks, so that they contradict.
    """
    return facts_of(tally(engagement))


def facts_of(found: Tally) -> Facts:
    engagement, course = found.engagement, found.course
    office = Office.current()
    return Facts(
        office=OfficeFacts(
            department=office.department,
            department_short=office.department_short,
            name=office.name,
            short_name=office.short_name,
        ),
        agency=AgencyFacts(name=engagement.agency.name, short_name=engagement.agency.short_name),
        series=engagement.series.name if engagement.series else "",
        title=engagement.title,
        kind=str(engagement.get_kind_display()),
        kind_key=engagement.kind,
        about=engagement.about,
        held_on=engagement.held_on,
        joined=people(found.joined) if found.is_known else None,
        categories=_categories(found),
        questions=len(found.questions),
        posts_presentation=engagement.posts_presentation,
        speakers=tuple(
            SpeakerFacts(speaker.name, speaker.title, speaker.organization)
            for speaker in engagement.speakers.all()
        ),
        registered=_length(found.registered),
        no_shows=_length(found.no_shows),
        peak=course.peak.present if course.peak else None,
        mean_minutes=course.mean_minutes,
        median_minutes=course.median_minutes,
        dispositions=tuple(
            DispositionCount(line.key, line.questions, line.words) for line in found.accounts
        ),
        labels=_labels(found),
    )


def stored_facts(readout: Readout) -> Facts:
    return Facts.from_json(readout.facts)


def fresh_facts(readout: Readout) -> Facts:
    """Counted now, with what the editors decided themselves."""
    decided = stored_facts(readout).posts_presentation
    return replace(gather(readout.engagement), posts_presentation=decided)


def figures(facts: Facts) -> dict[str, int | None]:
    return {"joined": facts.joined, "questions": facts.questions}


def counted(facts: Facts) -> dict[str, Any]:
    """The figures for the editors' eyes: everything that was counted, with whole percents."""
    percents = shares([category.people for category in facts.categories])
    return {
        "joined": _number(facts.joined),
        "questions": _number(facts.questions),
        "rows": [
            (category.noun_phrase, _number(category.people), percent)
            for category, percent in zip(facts.categories, percents, strict=True)
        ],
    }


def differences(stored: Facts, fresh: Facts) -> list[str]:
    """What has changed since the stored facts were gathered, one sentence each."""
    before, after = _named(stored), _named(fresh)
    found = [
        _changed(what, before.get(what, 0), after.get(what, 0))
        for what in before | after
        if before.get(what, 0) != after.get(what, 0)
    ]
    if without_figures(stored) != without_figures(fresh):
        found.append(_("The title, date, speakers, or the names of office or agency changed."))
    return found


def without_figures(facts: Facts) -> Facts:
    """The names that a readout states, to compare them. Former facts have no `kind_key`."""
    return replace(
        facts,
        kind_key="",
        joined=None,
        categories=(),
        questions=0,
        registered=None,
        no_shows=None,
        peak=None,
        mean_minutes=None,
        median_minutes=None,
        dispositions=(),
        labels=(),
    )


def leaves_out(readout: Readout) -> bool:
    """Small groups make the published sentence say less than was counted."""
    facts = stored_facts(readout)
    return publishable(facts) != facts


def _categories(found: Tally) -> tuple[CategoryCount, ...]:
    return tuple(
        CategoryCount(
            category.noun_phrase,
            category.verb,
            people(found.of_category(category)),
            cast("CategoryKind", category.kind),
            category.key,
        )
        for category in found.categories
    )


def _labels(found: Tally) -> tuple[LabelCount, ...]:
    """Every label of the agenda; those without one come last. None where there is no agenda."""
    if not found.labels:
        return ()
    lines = [
        LabelCount(label.name, len(found.of_label(label)), label_key(label))
        for label in found.labels
    ]
    without = len(found.of_label(None))
    return (*lines, LabelCount("", without, label_key(None))) if without else tuple(lines)


def _length(rows: list[int] | None) -> int | None:
    return None if rows is None else len(rows)


def _named(facts: Facts) -> dict[str, int | None]:
    """The figures by what they are of. What is in no part of the facts has no line."""
    found: dict[str, int | None] = {defining.label("joined"): facts.joined}
    found |= {category.noun_phrase: category.people for category in facts.categories}
    for key in ("registered", "no_shows", "peak", "mean_minutes", "median_minutes"):
        found[defining.label(key)] = getattr(facts, key)
    found[defining.label("questions")] = facts.questions
    for part in facts.dispositions:
        kind, _dot, code = part.key.partition(".")
        found[defining.label(f"disposition.{kind}", part.words or code)] = part.questions
    for topic in facts.labels:
        kind = "label" if topic.name else "unlabeled"
        found[defining.label(kind, topic.name)] = topic.questions
    return found


def _changed(what: str, before: int | None, after: int | None) -> str:
    return _("%(what)s: %(before)s → %(after)s") % {
        "what": what[:1].upper() + what[1:],
        "before": _number(before),
        "after": _number(after),
    }


def _number(figure: int | None) -> str:
    return _("not known") if figure is None else f"{figure:,}"
