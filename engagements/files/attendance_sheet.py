"""The attendance of one engagement as a workbook. No name of anybody is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from engagements.figures import MINIMUM_CATEGORY, MINIMUM_PEOPLE
from engagements.files.sheets import Column, Cover, Section, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from engagements.figures import Course


@dataclass(frozen=True)
class NamedFigure:
    label: str
    people: int | None
    definition: str
    is_part: bool


@dataclass(frozen=True)
class Counted:
    """What the sheet tells. None stands for a figure that is not known, or too small to tell."""

    office: str
    title: str
    state: str
    held: str
    time_zone: str
    at: datetime
    figures: Sequence[NamedFigure]
    categories: Sequence[tuple[str, int | None, int | None]]
    """Label, registered, joined."""
    small_figures_reason: str
    left_out: Sequence[tuple[str, str, int]]
    """Where, why, people."""
    sources: Sequence[tuple[str, str, str]]
    """Name, platform and SHA-256 of each file."""
    course: Course


def attendance_sheet(counted: Counted) -> bytes:
    """Raises TextTooLong where a text is longer than a cell."""
    return write_workbook(
        [_read_me(counted), _figures(counted), _categories(counted), _curve(counted)],
        title=_("Attendance: %(title)s") % {"title": counted.title},
        creator=counted.office,
        at=counted.at,
    )


def _read_me(counted: Counted) -> Cover:
    moment = formatted(counted.at.astimezone(ZoneInfo(counted.time_zone)), "F j, Y, P T")
    about = [
        (_("Engagement"), counted.title),
        (_("Held"), counted.held),
        (_("State"), counted.state),
        (
            _("Counted"),
            _("%(moment)s. Later corrections are not in this file.") % {"moment": moment},
        ),
        (_("Without names"), _("This workbook has figures only, and names nobody who attended.")),
    ]
    sections = [
        Section(_("What this is"), about),
        Section(
            _("What each figure counts"),
            [(figure.label, figure.definition) for figure in counted.figures],
        ),
        Section(_("Small figures"), [(_("By role category"), _small(counted))]),
        Section(_("Over time"), list(_course(counted.course))),
    ]
    if counted.sources:
        files = [
            (name, _("%(platform)s. SHA-256: %(sum)s") % {"platform": platform, "sum": checksum})
            for name, platform, checksum in counted.sources
        ]
        sections.append(Section(_("Files that were counted from"), files))
    return Cover(title=_("Read me"), heading=_("Attendance"), sections=sections)


def _small(counted: Counted) -> str:
    if counted.small_figures_reason:
        return _("All figures are shown, for this reason: %(reason)s") % {
            "reason": counted.small_figures_reason
        }
    return _(
        "Figures by role category are left out where fewer than %(people)d people are counted. A "
        "category of fewer than %(category)d is told with “other”, or all are left out where only "
        "“other” would remain. So no figure points at one person."
    ) % {"people": MINIMUM_PEOPLE, "category": MINIMUM_CATEGORY}


def _course(course: Course) -> Iterator[tuple[str, int | str]]:
    yield _("People whose times are known"), course.timed
    yield (
        _("Mean minutes present"),
        _("not known") if course.mean_minutes is None else course.mean_minutes,
    )
    yield (
        _("Median minutes present"),
        _("not known") if course.median_minutes is None else course.median_minutes,
    )
    yield (
        _("How minutes are counted"),
        _(
            "Of people whose time of presence is known to have a length. Stretches of one person "
            "are joined, and times of overlapping devices count once."
        ),
    )


def _figures(counted: Counted) -> Sheet:
    rows = [
        (
            figure.label,
            _("not known yet") if figure.people is None else figure.people,
            _("part of “joined”") if figure.is_part else None,
        )
        for figure in counted.figures
    ]
    rows += [
        (_("Not counted: %(why)s") % {"why": why}, people, where)
        for where, why, people in counted.left_out
    ]
    return Sheet(
        title=_("Figures"),
        columns=[
            Column(_("Figure"), 52),
            Column(_("People"), 16),
            Column(_("Note"), 34),
        ],
        rows=rows,
    )


def _categories(counted: Counted) -> Sheet:
    nothing = _("not told")
    return Sheet(
        title=_("By role category"),
        columns=[
            Column(_("Role category"), 52),
            Column(_("Registered"), 16),
            Column(_("Joined"), 16),
        ],
        rows=[
            (
                label,
                nothing if registered is None else registered,
                nothing if joined is None else joined,
            )
            for label, registered, joined in counted.categories
        ],
    )


def _curve(counted: Counted) -> Sheet:
    zone = ZoneInfo(counted.time_zone)
    return Sheet(
        title=_("Over time"),
        columns=[
            Column(_("Five minutes from (%(zone)s)") % {"zone": counted.time_zone}, 44),
            Column(_("People present"), 18),
            Column(_("Arrivals"), 14),
        ],
        rows=[
            (step.at.astimezone(zone).replace(tzinfo=None), step.present, step.arrived)
            for step in counted.course.steps
        ],
    )
