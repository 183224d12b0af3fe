"""Workbooks of people: all registrants for the office, and what a vendor has to provide."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from engagements import clock
from engagements.files.sheets import Column, Cover, Section, Sheet, write_workbook
from engagements.models import Accommodation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engagements.files.sheets import Value
    from engagements.models import Engagement, Office, Registration, RegistrationQuestion
    from engagements.queries.listed import FirstListed
    from engagements.queries.people import Need

WIDTH_OF_AN_ANSWER: Final = 30.0
WIDTH_OF_A_PAGE: Final = 160.0
"""What a page across holds in letters that are still easy to read."""
REPEATED: Final = 2
"""Number and name stand on every page."""


def registrant_list(
    engagement: Engagement,
    registrations: Iterable[Registration],
    *,
    questions: Sequence[RegistrationQuestion],
    answers: Mapping[int, Mapping[int, str]],
    places: Mapping[int, int],
    listed: Mapping[int, FirstListed],
    office: Office,
) -> bytes:
    """One row per registration. `answers`: registration -> question -> text. `places` on the
    waitlist, `listed` by an attendance list that counts. Accommodations are not in it: they are for
    coordinators, and this is handed around.
    """
    columns = [
        Column(_("Number"), 10.0, wrap=False),
        Column(_("Name"), 24.0),
        Column(_("E-mail address"), 28.0),
        Column(_("Phone"), 15.0),
        Column(_("Organization"), 24.0),
        Column(_("Role category"), 20.0),
        Column(_("Language"), 12.0),
        Column(_("State"), 14.0),
        Column(_("Place on the waitlist"), 10.0, wrap=False),
        Column(_("Counts as stakeholder"), 14.0),
        Column(_("Came by"), 25.0),
        Column(_("Registered"), 22.0, wrap=False),
        Column(_("Notices, version"), 10.0, wrap=False),
        Column(_("Joined"), 22.0, wrap=False),
        Column(_("Joined by"), 22.0),
        *(Column(question.label, WIDTH_OF_AN_ANSWER) for question in questions),
    ]

    def row(registration: Registration) -> list[Value]:
        own = answers.get(registration.pk, {})
        return [
            registration.pk,
            registration.name,
            registration.email,
            registration.phone,
            registration.organization,
            registration.category.label,
            _language(registration.language),
            _state(registration),
            places.get(registration.pk),
            capfirst(str(registration.get_counted_display())),
            capfirst(str(registration.get_source_display())),
            _local(engagement, registration.registered_at),
            registration.notice.version,
            *_attendance(engagement, registration, listed.get(registration.pk)),
            *(own.get(question.pk, "") for question in questions),
        ]

    title = _("Registrants: %(title)s") % {"title": engagement.full_title}
    sheet = Sheet(
        _("Registrants"),
        columns,
        [row(one) for one in registrations],
        pages_wide=_pages_wide(columns),
        repeated=REPEATED,
    )
    return write_workbook([sheet], title=title, creator=office.name, at=clock.now())


def vendor_list(
    engagement: Engagement,
    needs: Sequence[Need],
    *,
    when: str,
    contacts: Sequence[str],
    office: Office,
) -> bytes:
    """What interpreters and captioners have to know, and nobody's name or address."""
    cover = Cover(
        _("Engagement"),
        engagement.full_title,
        [
            Section(
                _("When and where"),
                [
                    (_("When"), when),
                    (_("Kind"), capfirst(str(engagement.get_kind_display()))),
                    (_("Office"), office.name),
                    (_("Contact"), "\n".join(contacts)),
                ],
            )
        ],
    )
    columns = [
        Column(_("What is needed"), 34.0),
        Column(_("Detail"), 60.0),
        Column(_("Language of the person"), 26.0),
        Column(_("People"), 10.0, wrap=False),
    ]
    rows: list[list[Value]] = [
        [
            capfirst(str(Accommodation.Kind(need.kind).label)),
            need.detail,
            _language(need.language),
            need.people,
        ]
        for need in needs
    ]
    title = _("Accommodations: %(title)s") % {"title": engagement.full_title}
    sheet = Sheet(_("Accommodations"), columns, rows)
    return write_workbook([sheet, cover], title=title, creator=office.name, at=clock.now())


def _state(registration: Registration) -> str:
    if registration.removed_at:
        return _("Removed")
    return capfirst(str(registration.get_state_display()))


def _attendance(
    engagement: Engagement, registration: Registration, listed: FirstListed | None
) -> tuple[Value, Value]:
    """Our own room tells it first; a list where it does not, perhaps without a time."""
    attendance = getattr(registration, "attendance", None)
    if attendance is not None:
        source = capfirst(str(attendance.get_source_display()))
        return _local(engagement, attendance.first_joined_at), source
    if listed is None:
        return None, ""
    at = _local(engagement, listed.joined_at) if listed.joined_at else _("yes")
    return at, _("List %(file)s") % {"file": listed.file}


def _language(code: str) -> str:
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return capfirst(name)


def _pages_wide(columns: Sequence[Column]) -> int:
    repeated = sum(column.width for column in columns[:REPEATED])
    rest = sum(column.width for column in columns[REPEATED:])
    return ceil(rest / (WIDTH_OF_A_PAGE - repeated))


def _local(engagement: Engagement, at: datetime) -> datetime:
    """As the clock on the engagement's wall showed it: a cell holds no time zone."""
    return engagement.local(at).replace(tzinfo=None, microsecond=0)
