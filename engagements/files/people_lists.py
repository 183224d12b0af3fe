"""Workbooks of people: all registrants for the office, and what a vendor has to provide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from engagements import clock
from engagements.files.sheets import Column, Cover, Section, Sheet, write_workbook
from engagements.models import Accommodation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engagements.files.sheets import Value
    from engagements.models import Engagement, Office, Registration, RegistrationQuestion
    from engagements.queries.people import Need

WIDTH_OF_AN_ANSWER: Final = 30.0


def registrant_list(
    engagement: Engagement,
    registrations: Iterable[Registration],
    *,
    questions: Sequence[RegistrationQuestion],
    answers: Mapping[int, Mapping[int, str]],
    places: Mapping[int, int],
    office: Office,
) -> bytes:
    """One row per registration. `answers`: registration -> question -> text. `places` on the
    waitlist. Accommodations are not in it: they are for coordinators, and this is handed around.
    """
    columns = [
        Column(_("Number"), 9.0, wrap=False),
        Column(_("Name"), 26.0),
        Column(_("E-mail address"), 30.0),
        Column(_("Phone"), 16.0, wrap=False),
        Column(_("Organization"), 28.0),
        Column(_("Role category"), 26.0),
        Column(_("Language"), 10.0, wrap=False),
        Column(_("State"), 18.0, wrap=False),
        Column(_("Place on the waitlist"), 12.0, wrap=False),
        Column(_("Counts as stakeholder"), 14.0, wrap=False),
        Column(_("Came by"), 20.0, wrap=False),
        Column(_("Registered"), 20.0, wrap=False),
        Column(_("Notices, version"), 10.0, wrap=False),
        Column(_("Joined"), 20.0, wrap=False),
        Column(_("Joined by"), 20.0, wrap=False),
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
            registration.language,
            _state(registration),
            places.get(registration.pk),
            str(registration.get_counted_display()),
            str(registration.get_source_display()),
            _local(engagement, registration.registered_at),
            registration.notice.version,
            *_attendance(engagement, registration),
            *(own.get(question.pk, "") for question in questions),
        ]

    title = _("Registrants: %(title)s") % {"title": engagement.full_title}
    sheet = Sheet(_("Registrants"), columns, [row(one) for one in registrations])
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
                    (_("Kind"), str(engagement.get_kind_display())),
                    (_("Office"), office.name),
                    (_("Contact"), "\n".join(contacts)),
                ],
            )
        ],
    )
    columns = [
        Column(_("What is needed"), 34.0),
        Column(_("Detail"), 60.0),
        Column(_("Language of the person"), 16.0, wrap=False),
        Column(_("People"), 10.0, wrap=False),
    ]
    rows: list[list[Value]] = [
        [str(Accommodation.Kind(need.kind).label), need.detail, need.language, need.people]
        for need in needs
    ]
    title = _("Accommodations: %(title)s") % {"title": engagement.full_title}
    sheet = Sheet(_("Accommodations"), columns, rows)
    return write_workbook([sheet, cover], title=title, creator=office.name, at=clock.now())


def _state(registration: Registration) -> str:
    if registration.removed_at:
        return _("removed")
    return str(registration.get_state_display())


def _attendance(engagement: Engagement, registration: Registration) -> tuple[Value, Value]:
    attendance = getattr(registration, "attendance", None)
    if attendance is None:
        return None, ""
    return _local(engagement, attendance.first_joined_at), str(attendance.get_source_display())


def _local(engagement: Engagement, at: datetime) -> datetime:
    """As the clock on the engagement's wall showed it: a cell holds no time zone."""
    return engagement.local(at).replace(tzinfo=None, microsecond=0)
