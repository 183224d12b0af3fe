"""Gather the facts of an engagement; read drafts, their questions, and what is published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F
from django.db.models.functions import Length
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from engagements.figures import shares
from engagements.models import Office
from engagements.queries import joined_by_category
from qa.models import Question
from qa.queries import written_questions
from readouts import document, rules
from readouts.document import Document
from readouts.facts import (
    AgencyFacts,
    CategoryCount,
    Facts,
    OfficeFacts,
    SpeakerFacts,
    publishable,
)
from readouts.files import markup
from readouts.models import Readout, ReadoutVersion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from engagements.figures import CategoryKind
    from engagements.models import Engagement, RoleCategory
    from readouts.models import ReadoutSample


def gather(engagement: Engagement) -> Facts:
    """The facts as they stand now. Attendance is None where an archive did not tell it."""
    office = Office.current()
    categories = _categories(engagement)
    is_known = not engagement.imported_from or engagement.declared_attendance.exists()
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
        about=engagement.about,
        held_on=engagement.held_on,
        joined=sum(category.people for category in categories) if is_known else None,
        categories=categories,
        questions=written_questions(engagement),
        posts_presentation=engagement.posts_presentation,
        speakers=tuple(
            SpeakerFacts(speaker.name, speaker.title, speaker.organization)
            for speaker in engagement.speakers.all()
        ),
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
    before, after = _by_phrase(stored), _by_phrase(fresh)
    pairs = [
        (_("Joined"), stored.joined, fresh.joined),
        *((phrase, before.get(phrase, 0), after.get(phrase, 0)) for phrase in before | after),
        (_("Written questions"), stored.questions, fresh.questions),
    ]
    found = [_changed(what, was, now) for what, was, now in pairs if was != now]
    if _without_figures(stored) != _without_figures(fresh):
        found.append(_("The title, date, speakers, or the names of office or agency changed."))
    return found


def leaves_out(readout: Readout) -> bool:
    """Small groups make the published sentence say less than was counted."""
    facts = stored_facts(readout)
    return publishable(facts) != facts


def document_of(readout: Readout) -> Document:
    """The readout as it would be published now."""
    facts = stored_facts(readout)
    return document.compose(
        facts if readout.small_figures_reason else publishable(facts),
        summary=readout.summary,
        samples=[sample.text for sample in readout.samples.all()],
    )


def page_of(shown: Document) -> dict[str, Any]:
    """A document with its summary as HTML, for a template."""
    return {"document": shown, "summary": _as_html(shown.summary)}


def preview_page(readout: Readout) -> dict[str, Any]:
    """The readout as it would be published now, for a template."""
    is_imported = bool(readout.engagement.imported_from)
    notice = notice_of(readout.correction_note, is_imported=is_imported)
    return page_of(document_of(readout)) | {"notice": notice}


def summary_of(readout: Readout) -> SafeString:
    return _as_html(readout.summary)


def readout_of(engagement: Engagement) -> Readout | None:
    found = Readout.objects.select_related("last_editor").filter(engagement=engagement).first()
    if found is not None:
        found.engagement = engagement
    return found


def samples_of(readout: Readout) -> list[ReadoutSample]:
    return list(readout.samples.select_related("question", "question__category"))


def questions_of(engagement: Engagement) -> QuerySet[Question]:
    return Question.objects.filter(floor__engagement=engagement)


def choosable(
    readout: Readout, *, q: str = "", category: RoleCategory | None = None, state: str = ""
) -> QuerySet[Question]:
    """Questions that may be quoted and are not yet, narrowed down by words, role and state."""
    found = questions_of(readout.engagement).filter(state__in=rules.QUOTABLE)
    if q:
        found = found.filter(text__icontains=q)
    if category:
        found = found.filter(category=category)
    if state:
        found = found.filter(state=state)
    chosen = readout.samples.values("question")
    return found.exclude(pk__in=chosen).select_related("category").order_by("number")


def versions_of(readout: Readout) -> list[ReadoutVersion]:
    """The latest first, without the files themselves but with their size in bytes."""
    versions = readout.versions.defer("pdf").annotate(size=Length("pdf"))
    return list(versions.select_related("published_by"))


def last_number(readout: Readout) -> int:
    latest = readout.versions.values_list("number", flat=True).first()
    return latest or 0


def is_withdrawn(version: ReadoutVersion) -> bool:
    return version.number <= version.readout.withdrawn_through


def latest_in_force(readout: Readout) -> ReadoutVersion | None:
    """What the public reads. A correction under way or a draft changes nothing about it."""
    return readout.versions.filter(number__gt=readout.withdrawn_through).first()


def version_in_force(engagement: Engagement) -> ReadoutVersion | None:
    readout = readout_of(engagement)
    return latest_in_force(readout) if readout and engagement.is_public else None


def with_readout(engagements: Iterable[int]) -> set[int]:
    """Those of these engagements of which a version is in force."""
    in_force = ReadoutVersion.objects.filter(
        readout__engagement__in=list(engagements), number__gt=F("readout__withdrawn_through")
    )
    return set(in_force.values_list("readout__engagement", flat=True))


def published_page(version: ReadoutVersion) -> dict[str, Any]:
    """A published version and its sisters in force, for a template."""
    readout = version.readout
    versions = [sister for sister in versions_of(readout) if not is_withdrawn(sister)]
    return page_of(Document.from_json(version.document)) | {
        "engagement": readout.engagement,
        "version": next(sister for sister in versions if sister.pk == version.pk),
        "versions": versions,
        "notice": notice_of(version.correction_note, is_imported=version.imported),
        "is_latest": versions[0].pk == version.pk,
    }


def notice_of(correction_note: str, *, is_imported: bool) -> str:
    """What the reader has to know about a version before anything else; mostly nothing."""
    sentences = []
    if is_imported:
        sentences.append(_("Imported from the office's archive; figures as declared there."))
    if correction_note:
        sentences.append(_("Corrected: %(note)s") % {"note": correction_note})
    return " ".join(sentences)


def as_plain_text(version: ReadoutVersion) -> str:
    shown = Document.from_json(version.document)
    return document.plain_text(shown, markup.to_plain(shown.summary))


def file_name(version: ReadoutVersion) -> str:
    return f"{version.readout.engagement.slug}-readout-version-{version.number}.pdf"


def _as_html(source: str) -> SafeString:
    # to_html lets through a short list of elements and escapes all else: no script, no style.
    return mark_safe(markup.to_html(source))  # noqa: S308


def _categories(engagement: Engagement) -> tuple[CategoryCount, ...]:
    return tuple(
        CategoryCount(
            category.noun_phrase, category.verb, people, cast("CategoryKind", category.kind)
        )
        for category, people in joined_by_category(engagement)
    )


def _by_phrase(facts: Facts) -> dict[str, int]:
    return {category.noun_phrase: category.people for category in facts.categories}


def _without_figures(facts: Facts) -> Facts:
    return replace(facts, joined=None, categories=(), questions=0)


def _changed(what: str, before: int | None, after: int | None) -> str:
    return _("%(what)s: %(before)s → %(after)s") % {
        "what": what[:1].upper() + what[1:],
        "before": _number(before),
        "after": _number(after),
    }


def _number(figure: int | None) -> str:
    return _("not known") if figure is None else f"{figure:,}"
