"""What the agency has made of the list so far: some answers are public, some are with the office,
some are drafts, one waits for clearance. All of it is made up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from config.demonstration import cast
from engagements import clock
from qa import states
from qa.actions.agency import accepting, assigning, moving, writing
from qa.actions.agency.writing import Content
from qa.queries import forwardings_for
from qa.queries.agency.acceptance import answers_of
from readouts.actions import following_up

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engagements.models import Engagement
    from qa.models import AgencyAnswer, Forwarding

CONTACT_CENTER: Final = "Public Services Division"
EXTERNAL_AFFAIRS: Final = "External Affairs Directorate"
FIELD: Final = "Field Operations Directorate"

SUBMITTED: Final[dict[int, dict[str, Any]]] = {
    1: {
        "status": states.SEE_PAGE,
        "text": "The slides are on the page of the webinar.",
        "page_url": "https://agency.example/outreach/contact-center-slides",
        "directorate_name": EXTERNAL_AFFAIRS,
    },
    3: {
        "text": "The session was not recorded. The slides and this list of answers are public.",
        "directorate_name": EXTERNAL_AFFAIRS,
    },
    5: {
        "text": "Lines are quietest from Wednesday to Friday, before 10 a.m. and after 5 p.m. "
        "Eastern Time. Mondays and days after a holiday are the busiest.",
        "directorate_name": CONTACT_CENTER,
    },
    7: {
        "text": "Both. Training begins with the forms that most callers ask about, and a second "
        "part covers filings by employers. What is more particular goes to Tier 2.",
        "directorate_name": CONTACT_CENTER,
    },
    10: {
        "text": "Tier 1 representatives work for a contractor. Tier 2 officers are federal "
        "employees.",
        "directorate_name": CONTACT_CENTER,
    },
    13: {"status": states.SAME_AS, "same_as": 12, "directorate_name": CONTACT_CENTER},
    9: {
        "status": states.DECLINED,
        "text": "The scripts hold law enforcement sensitive steps for verifying callers. A "
        "request for the parts that can be released may be filed under FOIA.",
        "directorate_name": EXTERNAL_AFFAIRS,
    },
    12: {
        "text": "The automated system takes the name of a form, “case status” and “appointment”. "
        "Representatives of clients say “attorney”, and are then asked for the receipt number.",
        "directorate_name": CONTACT_CENTER,
    },
}
DRAFTS: Final[dict[int, dict[str, Any]]] = {
    8: {
        "status": states.IN_PROGRESS,
        "text": "Representatives transfer the call to a unit with special training.",
        "directorate_name": FIELD,
    },
    11: {
        "text": "No. It is written from the Policy Manual and updated with it.",
        "directorate_name": CONTACT_CENTER,
        "is_publishable": None,
    },
}
OF_CONTRIBUTOR: Final[dict[int, dict[str, Any]]] = {
    18: {
        "text": "About seven in ten calls ended with the automated system or with Tier 1.",
        "directorate_name": CONTACT_CENTER,
    },
}
GIVEN: Final = (16, 18, 20, 21)
PUBLISHED: Final = (1, 3, 5, 7, 10)
RETURNED: Final = 9


def tell(at: datetime) -> None:
    """The three weeks after the list was forwarded, which was then."""
    uma, carl = cast.play(cast.LIAISON), cast.play(cast.CONTRIBUTOR)
    forwarding = forwardings_for(uma).get()
    with clock.set_to(at + timedelta(days=1)):
        for name in (CONTACT_CENTER, EXTERNAL_AFFAIRS, FIELD):
            assigning.add_directorate(forwarding.agency, by=uma, name=name)
        assigning.give_to_colleague(forwarding, numbers=GIVEN, by=uma, colleague=carl)
    with clock.set_to(at + timedelta(days=9)):
        _write(forwarding, DRAFTS)
        writing.write_all(forwarding, contents=_contents(OF_CONTRIBUTOR), by=carl, via="page")
        moving.ask_clearance(forwarding, numbers=list(OF_CONTRIBUTOR), by=carl)
    with clock.set_to(at + timedelta(days=15)):
        _write(forwarding, SUBMITTED)
        moving.submit(forwarding, numbers=list(SUBMITTED), by=uma)
    with clock.set_to(at + timedelta(days=18)):
        _publish(forwarding)


def _publish(forwarding: Forwarding) -> None:
    """The office has read the first answers: some are public, one went back."""
    editor, engagement = cast.play(cast.EDITOR), forwarding.engagement
    accepting.accept(engagement, answers=_answers(engagement, PUBLISHED), by=editor)
    accepting.give_back(
        engagement,
        answers=_answers(engagement, [RETURNED]),
        by=editor,
        remark="Please name the address to which such a request is sent.",
    )
    following_up.publish(engagement, by=editor, answers=_answers(engagement, PUBLISHED))


def _answers(engagement: Engagement, numbers: Iterable[int]) -> list[AgencyAnswer]:
    return list(answers_of(engagement).filter(question__number__in=numbers))


def _write(forwarding: Forwarding, told: dict[int, dict[str, Any]]) -> None:
    uma = cast.play(cast.LIAISON)
    writing.write_all(forwarding, contents=_contents(told), by=uma, via="page")


def _contents(told: dict[int, dict[str, Any]]) -> dict[int, Content]:
    plain: dict[str, Any] = {"status": states.ANSWERED, "is_publishable": True}
    said = {"answered_on": clock.now().date(), "contact": "Public engagement, pe@agency.example"}
    return {number: Content(**plain | said | some) for number, some in told.items()}
