"""How the office's own readouts vary, each from the facts that its source shows, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from readouts import wording
from readouts.document import SampleGroup, compose, grouped
from readouts.wording import HOUSE
from readouts.wording.phrases import problems
from tests.readouts.contact_center import (
    CLOSING,
    FACTS,
    JOINED,
    OPENING,
    QUESTIONS,
    SAMPLE,
    SHARES,
    answered,
    with_people,
)

if TYPE_CHECKING:
    from readouts.facts import Facts

NAMES = (
    "attorneys or legal representatives, government employees, employers, petitioners or "
    "applicants, advocacy groups and others"
)


class TestTheWorkedExample:
    """2021-04-14, the webinar about the Contact Center: the whole text is known."""

    def test_character_for_character(self) -> None:
        assert wording.opening(FACTS) == OPENING
        assert wording.attendance(FACTS, samples=6) == f"{JOINED} {SHARES} {QUESTIONS} {SAMPLE}"
        assert wording.closing(FACTS) == CLOSING
        assert wording.promised(FACTS) == ("share_list", "post_presentation")

    def test_by_the_accounts_of_its_questions(self) -> None:
        assert QUESTIONS in wording.attendance(answered(12), samples=6)


TITLES = [
    ("2009-10-27", "", "USCIS National Stakeholder Meeting", "stakeholder meeting"),
    ("2010-10-06", "", "Field Operations Stakeholder Meeting", "stakeholder meeting"),
    (
        "2011-04-27",
        "Telecon Recap",
        "Application Processing Times: A Conversation with USCIS Office of Performance and Quality",
        "teleconference",
    ),
    ("2011-10-20", "", "First Annual Conference", "conference"),
    (
        "2019-02-14",
        "Teleconference Summary",
        "Updates on USCIS Applicant Support Services",
        "teleconference",
    ),
    ("2021-07-14", "The CIS Ombudsman's Webinar Series", "2021 Annual Report", "webinar"),
    ("2022-07-19", "The CIS Ombudsman's Webinar", "2022 Annual Report", "webinar"),
    (
        "2022-09-21",
        "",
        "Fireside Chat with CIS Ombudsman Phyllis Coven and USCIS Director Ur Jaddou",
        "fireside chat",
    ),
    (
        "2023-01-19",
        "Listening Session",
        "Immigration Concerns and Options for Laid-Off Foreign Workers",
        "listening session",
    ),
    ("2024-07-30", "The CIS Ombudsman's Webinar Series", "2024 Annual Report", "webinar"),
]
"""Date, series, title and kind, as the sources that show no figures give them."""
DATES = {
    "2009-10-27": "October 27, 2009",
    "2010-10-06": "October 6, 2010",
    "2011-04-27": "April 27, 2011",
    "2011-10-20": "October 20, 2011",
    "2019-02-14": "February 14, 2019",
    "2021-07-14": "July 14, 2021",
    "2022-07-19": "July 19, 2022",
    "2022-09-21": "September 21, 2022",
    "2023-01-19": "January 19, 2023",
    "2024-07-30": "July 30, 2024",
}


@pytest.mark.parametrize(("day", "series", "title", "kind"), TITLES)
def test_titles_dates_and_kinds(day: str, series: str, title: str, kind: str) -> None:
    facts = replace(FACTS, series=series, title=title, kind=kind, held_on=date.fromisoformat(day))
    assert facts.full_title == (f"{series}: {title}" if series else title)
    assert wording.opening(facts).startswith(f"On {DATES[day]}, the Department of Homeland")
    assert f"hosted a {kind} about" in wording.opening(facts)
    assert wording.attendance(facts, samples=0).startswith(
        f"A total of 828 stakeholders joined this {kind}."
    )


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        # 2023-01-19: "listening session with USCIS"; 2020-10-28: a joint engagement.
        (
            "On $date, the $office hosted $a_kind with $agency about $about.",
            "hosted a listening session with USCIS about layoffs.",
        ),
        (
            "On $date, $agency and the $office jointly hosted $a_kind about $about.",
            "jointly hosted a listening session about layoffs.",
        ),
    ],
)
def test_the_agency_may_stand_in_the_first_paragraph(phrase: str, words: str) -> None:
    facts = replace(FACTS, kind="listening session", about="layoffs")
    house = replace(HOUSE, opening=phrase)
    assert list(problems(house)) == []
    assert wording.opening(facts, house=house).endswith(words)


VARIATIONS: list[tuple[str, Facts, dict[str, Any], str]] = [
    ("all shares", FACTS, {}, f"{JOINED} {SHARES} {QUESTIONS}"),
    (
        "names without numbers",
        FACTS,
        {"attendance_by": "names"},
        f"A total of 828 stakeholders joined this webinar, including {NAMES}. {QUESTIONS}",
    ),
    (
        "no number at all",
        FACTS,
        {"attendance_by": "names_uncounted", "questions_by": "uncounted"},
        (
            f"Stakeholders joined this webinar, including {NAMES}. Participants submitted written "
            "questions and the speakers answered as many as they could during the engagement."
        ),
    ),
    ("the total alone", FACTS, {"attendance_by": "total"}, f"{JOINED} {QUESTIONS}"),
    (
        "2011-10-20: more than 300 participants",
        replace(FACTS, joined=341, categories=(), kind="conference"),
        {
            "attendance_by": "rounded",
            "rounded": "More than $hundreds participants joined $this_kind.",
            "questions_by": "nothing",
        },
        "More than 300 participants joined this conference.",
    ),
    (
        "no count of questions",
        FACTS,
        {"attendance_by": "total", "questions_by": "uncounted", "answered_by": "possible"},
        (
            f"{JOINED} Participants submitted written questions and the speakers answered as many "
            "as possible during the engagement."
        ),
    ),
    (
        "as many as possible",
        FACTS,
        {"attendance_by": "total", "answered_by": "possible"},
        (
            f"{JOINED} Participants submitted 163 written questions and the speakers answered as "
            "many as possible during the engagement."
        ),
    ),
    (
        "2022-06-22: feedback, without attribution",
        replace(FACTS, kind="listening session"),
        {"attendance_by": "total", "subject": "feedback"},
        (
            "A total of 828 stakeholders joined this listening session. Participants submitted 163 "
            "pieces of written feedback."
        ),
    ),
    (
        "percent spelled out everywhere",
        FACTS,
        {"percent_by": "spelled", "questions_by": "nothing"},
        (
            f"{JOINED} Forty-three percent of attendees were attorneys or legal representatives; "
            "19 percent identified as government employees; 8 percent were employers; 7 percent "
            "were petitioners or applicants; 2 percent represented advocacy groups; and 21 percent "
            "identified as other."
        ),
    ),
    (
        "every percent in words",
        with_people(7, 2, 1),
        {"percent_by": "in_words", "numbers_by": "below_ten", "questions_by": "nothing"},
        (
            "A total of 10 stakeholders joined this webinar. Seventy percent of attendees were "
            "group a; twenty percent were group b; and ten percent were group c."
        ),
    ),
    (
        "a category that nobody chose is left out",
        with_people(30, 0, 10, questions=4),
        {"numbers_by": "below_ten"},
        (
            "A total of 40 stakeholders joined this webinar. Seventy-five percent of attendees "
            "were group a; and 25% were group c. Participants submitted four written questions "
            "and the speakers answered as many as they could during the engagement."
        ),
    ),
    (
        "a share that does not begin its sentence",
        with_people(30, 10, questions=0),
        {"first_share": "Of all attendees, $share $verb $noun_phrase"},
        (
            "A total of 40 stakeholders joined this webinar. Of all attendees, 75% were group a; "
            "and 25% were group b. No written questions were submitted."
        ),
    ),
    (
        "one stakeholder, one question",
        with_people(1, questions=1),
        {},
        "One stakeholder joined this webinar. Participants submitted one written question.",
    ),
    (
        "nobody, and no feedback",
        with_people(0, questions=0),
        {"subject": "feedback", "questions_by": "uncounted"},
        "No stakeholders joined this webinar. No written feedback was submitted.",
    ),
]


@pytest.mark.parametrize(
    ("facts", "habits", "words"),
    [variation[1:] for variation in VARIATIONS],
    ids=[variation[0] for variation in VARIATIONS],
)
def test_variations(facts: Facts, habits: dict[str, Any], words: str) -> None:
    assert wording.attendance(facts, samples=0, house=replace(HOUSE, **habits)) == words


@pytest.mark.parametrize(
    ("subject", "samples", "questions", "words"),
    [
        ("questions", 6, 163, SAMPLE),
        ("questions", 2, 2, "Below are the questions received:"),
        ("feedback", 6, 163, "Below is a sample of the feedback received:"),
        ("feedback", 1, 1, "Below is the feedback received:"),
    ],
)
def test_what_leads_over_to_the_sample(
    subject: str, samples: int, questions: int, words: str
) -> None:
    facts, house = replace(FACTS, questions=questions), replace(HOUSE, subject=subject)
    assert wording.attendance(facts, samples=samples, house=house).endswith(words)


def test_samples_stand_under_headings() -> None:
    samples = [("Interviews", "When?"), ("Interviews", "Where?"), ("Fees", "How much?")]
    shown = compose(FACTS, summary="Said.", samples=grouped(samples))
    assert shown.samples == (
        SampleGroup(("When?", "Where?"), "Interviews"),
        SampleGroup(("How much?",), "Fees"),
    )
    assert shown.attendance.endswith(SAMPLE)


PROMISES = [
    ({}, {}, CLOSING, ("share_list", "post_presentation")),
    (
        {"promise_by": "unattributed"},
        {"posts_presentation": False},
        (
            "The CIS Ombudsman will share what participants wrote with USCIS, without attribution, "
            "to give the agency an opportunity to address the public's concerns."
        ),
        ("share_list",),
    ),
    (
        {"promise_by": "nothing"},
        {},
        "The CIS Ombudsman will post the engagement's presentation on its website.",
        ("post_presentation",),
    ),
    (
        {},
        {"questions": 0},
        "The CIS Ombudsman will post the engagement's presentation on its website.",
        ("post_presentation",),
    ),
    ({"promise_by": "nothing"}, {"posts_presentation": False}, "", ()),
    ({}, {"questions": 0, "posts_presentation": False}, "", ()),
]


@pytest.mark.parametrize(("habits", "changes", "words", "made"), PROMISES)
def test_promises(
    habits: dict[str, Any], changes: dict[str, Any], words: str, made: tuple[str, ...]
) -> None:
    facts, house = replace(FACTS, **changes), replace(HOUSE, **habits)
    assert wording.closing(facts, house=house) == words
    assert wording.promised(facts, house=house) == made
