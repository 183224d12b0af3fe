"""What cannot be true of an engagement, however it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EARLIEST_REMINDER: Final = 30 * 24 * 60
"""Minutes before the start. Earlier than a month nobody is reminded."""

MOST_REMINDERS: Final = 6
MOST_SEATS: Final = 1_000_000

FIELDS: Final = (
    "starts_at",
    "ends_at",
    "registration_opens_at",
    "registration_closes_at",
    "accommodations_until",
    "capacity",
    "invitation_only",
    "takes_walk_ins",
    "captions_url",
    "survey_url",
    "reminders",
)
"""What the sentences are about."""


def problems(given: Mapping[str, Any]) -> dict[str, str]:
    """A sentence by field, for each that contradicts another one. What is missing is not asked."""
    found: dict[str, str] = {}
    for field, sentence in (*_times(given), *_registration(given), *_mail(given)):
        found.setdefault(field, sentence)
    return found


def _times(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    start, end = given.get("starts_at"), given.get("ends_at")
    opens, closes = given.get("registration_opens_at"), given.get("registration_closes_at")
    until = given.get("accommodations_until")
    if start and end and end <= start:
        yield "ends_at", _("The end must come after the start.")
    if opens and end and opens >= end:
        yield "registration_opens_at", _("Registration must open before the end.")
    if opens and closes and closes <= opens:
        yield "registration_closes_at", _("Registration must close after it opens.")
    if closes and end and closes > end:
        yield "registration_closes_at", _("Registration must close by the end.")
    if until and start and until > start:
        yield "accommodations_until", _("The last moment for requests must come before the start.")


def _registration(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seats = given.get("capacity")
    if seats is not None and not 1 <= seats <= MOST_SEATS:
        yield "capacity", _("Please give at least one seat, or none for no limit.")
    if given.get("invitation_only") and given.get("takes_walk_ins"):
        yield (
            "takes_walk_ins",
            _("Whoever walks in is not on the invitation list. Please choose one of the two."),
        )


def _mail(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    captions = given.get("captions_url")
    if captions and not captions.lower().startswith("https://"):
        yield "captions_url", _("The captions link must begin with https://.")
    link = given.get("survey_url")
    if link and not link.lower().startswith("https://"):
        yield "survey_url", _("The survey link must begin with https://.")
    reminders = given.get("reminders")
    if reminders and not _are_reminders(reminders):
        yield (
            "reminders",
            _("Reminders go out at most %(number)s times, within thirty days before the start.")
            % {"number": MOST_REMINDERS},
        )


def _are_reminders(minutes: Iterable[int]) -> bool:
    given = list(minutes)
    is_each_once = len(set(given)) == len(given) <= MOST_REMINDERS
    return is_each_once and all(1 <= one <= EARLIEST_REMINDER for one in given)
