"""Lists of people leave the office as files. Who took one, and when, is in the log.

A file is made before its entry is written and outside of a transaction: ten thousand rows take
seconds, and nobody who registers meanwhile should wait for them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from engagements import audit, rules
from engagements.files import people_lists
from engagements.models import Office, RegistrationAnswer
from engagements.queries import listed, people
from engagements.refusals import NotAllowed

if TYPE_CHECKING:
    from engagements.models import Engagement, User


def registrant_list(engagement: Engagement, *, by: User) -> bytes:
    """A workbook of everybody who registered, with the own answers and without accommodations."""
    if not rules.may_see_registrants(by, engagement):
        raise NotAllowed("not_allowed", _("You do not work on this engagement."))
    registrations = list(people.registrants(engagement).select_related("notice"))
    answers: dict[int, dict[int, str]] = defaultdict(dict)
    given = RegistrationAnswer.objects.filter(registration__engagement=engagement)
    for registration, question, values in given.values_list("registration", "question", "values"):
        answers[registration][question] = ", ".join(values)
    content = people_lists.registrant_list(
        engagement,
        registrations,
        questions=list(engagement.own_questions.all()),
        answers=answers,
        places=people.places(engagement),
        listed=listed.first_listed(engagement),
        office=Office.current(),
    )
    audit.record(
        "registrants.exported", engagement, by=by, engagement=engagement, rows=len(registrations)
    )
    return content


def vendor_list(engagement: Engagement, *, when: str, by: User) -> bytes:
    """A workbook for interpreters and captioners, without anybody's name or address."""
    if not rules.may_see_accommodations(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    needs = people.needs(engagement)
    content = people_lists.vendor_list(
        engagement,
        needs,
        when=when,
        contacts=people.contacts(engagement),
        office=Office.current(),
    )
    audit.record(
        "accommodations.exported", engagement, by=by, engagement=engagement, rows=len(needs)
    )
    return content
