"""Take a past engagement over from an office's archive file, published as imported."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import audit, clock, signals
from engagements.actions.office import free_key
from engagements.actions.running import RESERVED_SLUGS, SpeakerEntry, write_speakers
from engagements.files.text import clean_line
from engagements.models import (
    Agency,
    DeclaredAttendance,
    Engagement,
    RoleCategory,
    Series,
    User,
)
from engagements.refusals import NotAllowed, Refused
from qa import states as question_states
from qa.actions import gating
from qa.models import Floor, Question
from readouts import queries, rules
from readouts.actions import freezing
from readouts.files import archive as archive_file
from readouts.files.archive import Fault, entry
from readouts.files.strict_json import short
from readouts.models import Readout, ReadoutSample

if TYPE_CHECKING:
    from readouts.files.archive import Archive

ZONE: Final = "America/New_York"
NOON: Final = time(12)
"""The file tells the day only. Noon is that day in every time zone of the country."""

LONGEST_SHORT_NAME: Final = 80
LONGEST_SOURCE: Final = 300


class Faulty(Refused):
    """The file was not taken over. Names every fault; nothing was stored."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "faulty",
            ngettext("The file has %(count)d fault.", "The file has %(count)d faults.", len(faults))
            % {"count": len(faults)},
        )
        self.faults = faults


@transaction.atomic
def import_engagement(data: bytes, *, source_name: str, by: User | str) -> Engagement:
    """All or nothing: the engagement, archived, with its questions and its published readout.

    `source_name` is the file's name; the engagement keeps it with the checksum of `data`. `by` is
    an account of the office, or the name of whoever runs the command. Raises Faulty.
    """
    if isinstance(by, User) and not rules.may_import(by):
        raise NotAllowed("not_allowed", _("Only accounts of the office can import engagements."))
    reading = archive_file.read(data)
    categories = {phrase: _category(phrase) for phrase, _people in reading.archive.attendance}
    faults = reading.faults + _faults_here(reading.archive, categories)
    if faults:
        raise Faulty(faults)
    source = _source(source_name, data)
    engagement = _create(reading.archive, source)
    _declare_attendance(engagement, reading.archive, categories)
    questions = _write_questions(engagement, reading.archive)
    version = _publish(engagement, reading.archive, questions, by=by)
    audit.record(
        "engagement.imported",
        engagement,
        by=by,
        engagement=engagement,
        questions=len(questions),
        version=version,
    )
    return engagement


def _faults_here(archive: Archive, categories: dict[str, RoleCategory | None]) -> tuple[Fault, ...]:
    """What only shows against the data that are here already."""
    faults = []
    if archive.slug in RESERVED_SLUGS:
        faults.append(Fault("slug", _("stands for something else in our addresses")))
    if Engagement.objects.filter(slug__iexact=archive.slug).exists():
        faults.append(Fault("slug", _("another engagement has this short name")))
    if archive.held_on > clock.now().astimezone(ZoneInfo(ZONE)).date():
        faults.append(Fault("date", _("has not come yet")))
    if len(archive.agency) > LONGEST_SHORT_NAME and _agency(archive.agency) is None:
        faults.append(
            Fault(
                "agency",
                _("is not known here; a new one may have %(most)d characters")
                % {"most": LONGEST_SHORT_NAME},
            )
        )
    return (*faults, *_doubled(categories))


def _doubled(categories: dict[str, RoleCategory | None]) -> list[Fault]:
    """Two phrases for one category would leave open which number counts."""
    first: dict[str, str] = {}
    faults = []
    for phrase, category in categories.items():
        key = category.key if category else phrase.casefold()
        if key in first:
            faults.append(
                Fault(
                    entry(phrase),
                    _("means the same category as %(other)s") % {"other": short(first[key])},
                )
            )
        first.setdefault(key, phrase)
    return faults


def _source(name: str, data: bytes) -> str:
    checksum = f" sha256:{hashlib.sha256(data).hexdigest()}"
    name = clean_line(name)[: LONGEST_SOURCE - len(checksum)]
    return (name or "file") + checksum


def _category(phrase: str) -> RoleCategory | None:
    """The category that a phrase means: its noun phrase or its label, or *other* itself."""
    wanted = phrase.casefold()
    for category in RoleCategory.objects.all():
        if wanted in {category.noun_phrase.casefold(), category.label.casefold()}:
            return category
    if wanted == RoleCategory.Kind.OTHER:
        return RoleCategory.objects.filter(kind=RoleCategory.Kind.OTHER).first()
    return None


def _agency(name: str) -> Agency | None:
    return Agency.objects.filter(Q(short_name__iexact=name) | Q(name__iexact=name)).first()


def _create(archive: Archive, source: str) -> Engagement:
    starts_at = datetime.combine(archive.held_on, NOON, tzinfo=ZoneInfo(ZONE))
    agency = _agency(archive.agency) or Agency.objects.create(
        name=archive.agency, short_name=archive.agency
    )
    series = Series.objects.get_or_create(name=archive.series)[0] if archive.series else None
    engagement, is_new = Engagement.objects.get_or_create(
        slug=archive.slug,
        defaults={
            "series": series,
            "title": archive.title,
            "kind": archive.kind,
            "about": archive.about,
            "agency": agency,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
            "time_zone": ZONE,
            "posts_presentation": archive.presentation_posted,
            "state": Engagement.State.ARCHIVED,
            "imported_from": source,
        },
    )
    if not is_new:
        raise Faulty((Fault("slug", _("another engagement has this short name")),))
    write_speakers(
        engagement,
        [
            SpeakerEntry(speaker.name, speaker.title, speaker.organization)
            for speaker in archive.speakers
        ],
    )
    signals.engagement_created.send(Engagement, engagement=engagement)
    return engagement


def _declare_attendance(
    engagement: Engagement, archive: Archive, categories: dict[str, RoleCategory | None]
) -> None:
    DeclaredAttendance.objects.bulk_create(
        DeclaredAttendance(
            engagement=engagement,
            category=categories[phrase] or _new_category(phrase),
            people=people,
            source=engagement.imported_from,
        )
        for phrase, people in archive.attendance
    )


def _new_category(phrase: str) -> RoleCategory:
    """A role of former times: the readout says it, no form offers it."""
    last = RoleCategory.objects.aggregate(last=Max("position"))["last"] or 0
    return RoleCategory.objects.create(
        key=free_key(phrase),
        label=phrase[0].upper() + phrase[1:],
        noun_phrase=phrase,
        verb="were",
        position=last + 1,
        is_offered=False,
    )


def _write_questions(engagement: Engagement, archive: Archive) -> list[Question]:
    floor = Floor.objects.get(engagement=engagement)
    questions = [
        Question(
            floor=floor,
            number=number,
            text=text,
            original_text=text,
            state=question_states.SHOWN if number in archive.sample else question_states.HELD,
            source=Question.Source.ARCHIVE,
            asked_at=engagement.starts_at,
        )
        for number, text in enumerate(archive.questions, start=1)
    ]
    gating.examine(floor, questions)
    Question.objects.bulk_create(questions)
    gating.record_findings(questions)
    floor.last_question_number = len(questions)
    floor.save(update_fields=["last_question_number"])
    return questions


def _publish(
    engagement: Engagement, archive: Archive, questions: list[Question], *, by: User | str
) -> int:
    """The number of the version, which is the first. An archive has been reviewed long ago."""
    facts, provenance = queries.traced(engagement)
    readout = Readout.objects.create(
        engagement=engagement,
        state=Readout.State.PUBLISHED,
        summary=archive.summary,
        facts=facts.to_json(),
        provenance=[entry.to_json() for entry in provenance],
        small_figures_reason=_("Figures declared by the office's archive file"),
        last_editor=by if isinstance(by, User) else None,
    )
    ReadoutSample.objects.bulk_create(
        ReadoutSample(
            readout=readout,
            question=questions[number - 1],
            position=position,
            text=questions[number - 1].text,
        )
        for position, number in enumerate(archive.sample, start=1)
    )
    try:
        return freezing.freeze(readout, by=by).number
    except Refused as refused:
        raise Faulty((Fault("", str(refused)),)) from refused
