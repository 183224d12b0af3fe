"""Every number of a readout with its provenance, made from the very rows that were counted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements import clock
from engagements.figures import shares
from engagements.queries import attendance
from qa.models import QuestionImport
from readouts.provenance import Exclusion, Provenance, Source, digest_of, share
from readouts.queries import defining
from readouts.queries.counting import label_key, people, tally
from readouts.queries.facts import facts_of, stored_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engagements.models import Engagement, RoleCategory
    from engagements.queries.counts import PersonRow
    from qa.queries import ReceivedQuestion
    from readouts.facts import Facts
    from readouts.models import Readout
    from readouts.queries.counting import Tally

    Make = Callable[..., Provenance]


def traced(engagement: Engagement) -> tuple[Facts, list[Provenance]]:
    """The facts as they stand now, and the provenance of each number, from one look at the rows.

    Raises ValueError when somebody changed rows between two looks, so that they contradict.
    """
    found = tally(engagement)
    facts = facts_of(found)
    # Kept with a readout for years: in the office's language, whoever pressed the button.
    with override(settings.LANGUAGE_CODE):
        make = partial(Provenance, counted_at=clock.now().isoformat())
        sources = _sources_of_people(engagement)
        lists = tuple(source for source in sources if source.kind == "list")
        return facts, [
            *_of_people(found, facts, partial(make, sources=sources)),
            *_of_registrations(found, facts, partial(make, sources=lists)),
            *_of_times(found, facts, partial(make, sources=lists)),
            *_of_questions(found, facts, make),
        ]


def traced_anew(readout: Readout) -> tuple[Facts, list[Provenance]]:
    """See `traced`; with what the editors decided themselves."""
    facts, entries = traced(readout.engagement)
    decided = stored_facts(readout).posts_presentation
    return replace(facts, posts_presentation=decided), entries


def provenance_of(readout: Readout) -> list[Provenance]:
    """As kept with the draft. A draft of before provenance has none until it is counted again."""
    return [Provenance.from_json(entry) for entry in readout.provenance]


def _of_people(found: Tally, facts: Facts, make: Make) -> Iterable[Provenance]:
    yield make(
        key="joined",
        value=facts.joined,
        rows=len(found.joined),
        digest=_digest_of_people(found.joined),
        exclusions=_left_out(found.engagement),
        **defining.words("joined"),
    )
    counted = [people(found.of_category(category)) for category in found.categories]
    for category, number, percent in zip(found.categories, counted, shares(counted), strict=True):
        yield from _of_category(found, category, (number, percent), make)


def _of_registrations(found: Tally, facts: Facts, make: Make) -> Iterable[Provenance]:
    if found.registered is not None:
        yield make(
            key="registered",
            value=facts.registered,
            rows=len(found.registered),
            digest=digest_of(found.registered),
            exclusions=_exclusions(attendance.not_registered(found.engagement)),
            sources=(),
            **defining.words("registered"),
        )
    if found.no_shows is not None and found.registered is not None:
        number = len(found.registered) - len(found.no_shows)
        came = attendance.registered_who_came(found.engagement, number)
        yield make(
            key="no_shows",
            value=facts.no_shows,
            rows=len(found.no_shows),
            digest=digest_of(found.no_shows),
            exclusions=_exclusions(came),
            **defining.words("no_shows"),
        )


def _of_category(
    found: Tally, category: RoleCategory, figures: tuple[int, int], make: Make
) -> Iterable[Provenance]:
    number, percent = figures
    rows = found.of_category(category)
    given: dict[str, Any] = {
        "rows": len(rows),
        "digest": _digest_of_people(rows),
        "share": share(number, people(found.joined), percent),
    }
    name = category.noun_phrase
    yield make(
        key=f"people.{category.key}", value=number, **given, **defining.words("people", name)
    )
    yield make(key=f"share.{category.key}", value=percent, **given, **defining.words("share", name))


def _of_times(found: Tally, facts: Facts, make: Make) -> Iterable[Provenance]:
    course, joined = found.course, people(found.joined)
    if course.peak is None and course.mean_minutes is None:
        return
    times = sorted(
        f"{start.timestamp()}-{end.timestamp()}"
        for presence in found.presences
        for start, end in presence.intervals
    )
    lengths = sorted(presence.seconds or 0 for presence in found.presences)
    make = partial(make, rows=len(times), digest=digest_of([*times, *lengths]))
    if facts.peak is not None:
        untimed = (_("no time is known of them"), joined - course.timed)
        outside = (_("there only long before or after the engagement"), course.outside)
        yield make(
            key="peak",
            value=facts.peak,
            exclusions=_exclusions([untimed, outside]),
            **defining.words("peak"),
        )
    unmeasured = (_("nobody knows how long they stayed"), joined - course.measured)
    for key in ("mean_minutes", "median_minutes"):
        yield make(
            key=key,
            value=getattr(facts, key),
            exclusions=_exclusions([unmeasured]),
            **defining.words(key),
        )


def _of_questions(found: Tally, facts: Facts, make: Make) -> Iterable[Provenance]:
    make = partial(make, sources=_sources_of_questions(found.engagement))
    yield make(
        key="questions",
        value=facts.questions,
        exclusions=_exclusions(
            [(_("withdrawn by whoever asked, or by the office"), found.withdrawn)]
        ),
        **_rows_of(found.questions),
        **defining.words("questions"),
    )
    for line in found.accounts:
        kind, _dot, code = line.key.partition(".")
        words = defining.words(f"disposition.{kind}", line.words or code)
        rows = _rows_of(found.of_disposition(line.key))
        yield make(key=f"disposition.{line.key}", value=line.questions, **rows, **words)
    if found.labels:
        for label in [*found.labels, None]:
            questions = found.of_label(label)
            if label is None and not questions:
                continue
            words = defining.words("label", label.name) if label else defining.words("unlabeled")
            rows = _rows_of(questions)
            yield make(key=f"label.{label_key(label)}", value=len(questions), **rows, **words)


def _rows_of(questions: list[ReceivedQuestion]) -> dict[str, Any]:
    return {"rows": len(questions), "digest": digest_of(one.pk for one in questions)}


def _digest_of_people(rows: list[PersonRow]) -> str:
    return digest_of(f"{row.source}:{row.pk}:{row.people}" for row in rows)


def _left_out(engagement: Engagement) -> tuple[Exclusion, ...]:
    where = {"room": _("%(why)s, in our room"), "list": _("%(why)s, on an attendance list")}
    return _exclusions(
        (where[one.where] % {"why": one.why}, one.people) for one in attendance.left_out(engagement)
    )


def _exclusions(found: Iterable[tuple[Any, int]]) -> tuple[Exclusion, ...]:
    return tuple(Exclusion(str(reason), number) for reason, number in found if number > 0)


def _sources_of_people(engagement: Engagement) -> tuple[Source, ...]:
    lists = [
        Source(
            listed.file.name,
            listed.file.sha256,
            listed.uploaded_at.isoformat(),
            "list",
            listed.pk,
        )
        for listed in attendance.source_lists(engagement)
    ]
    declared = [
        Source(row.source, "", row.declared_at.isoformat(), "declared", row.pk)
        for row in engagement.declared_attendance.exclude(kind="archive")
    ]
    return (*lists, *declared, *_archive(engagement))


def _sources_of_questions(engagement: Engagement) -> tuple[Source, ...]:
    reports = [
        Source(report.file_name, report.sha256, report.imported_at.isoformat(), "report", report.pk)
        for report in QuestionImport.objects.filter(
            floor__engagement=engagement, undone_at=None
        ).defer("file")
    ]
    return (*reports, *_archive(engagement))


def _archive(engagement: Engagement) -> tuple[Source, ...]:
    if not engagement.imported_from:
        return ()
    name, _sign, checksum = engagement.imported_from.rpartition(" sha256:")
    return (Source(name, checksum, engagement.created_at.isoformat(), "archive"),)
