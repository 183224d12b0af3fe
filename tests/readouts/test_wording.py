"""The sentences, by example and read back."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import inflect
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.facts import Facts, OfficeFacts, SpeakerFacts
from readouts.wording import House, attendance, closing, opening, speaker_line
from tests.readouts.contact_center import (
    CLOSING,
    FACTS,
    JOINED,
    OPENING,
    QUESTIONS,
    SAMPLE,
    SHARES,
    with_people,
)

PERCENTS = {
    f"{inflect.engine().number_to_words(str(n))} percent".capitalize(): n for n in range(101)
}
ORDER = {"ordinary": 0, "other": 1, "not_stated": 2}


def shares_of(facts: Facts) -> str:
    """The sentence about categories, alone."""
    return (
        attendance(replace(facts, questions=0), samples=0)
        .partition(f"{facts.kind}. ")[2]
        .removesuffix("No written questions were submitted.")
        .strip()
    )


class TestOpening:
    def test_of_the_worked_example(self) -> None:
        assert opening(FACTS) == OPENING

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("listening session", "hosted a listening session about"),
            ("open house", "hosted an open house about"),
            ("hour-long conversation", "hosted an hour-long conversation about"),
            ("user forum", "hosted a user forum about"),
        ],
    )
    def test_has_the_right_article(self, kind: str, words: str) -> None:
        assert words in opening(replace(FACTS, kind=kind))

    def test_possessive_of_a_name_that_ends_in_s(self) -> None:
        office = OfficeFacts("Department of Veterans Affairs", "VA", "Office of Outreach", "")
        assert opening(replace(FACTS, office=office, about="benefits")) == (
            "On April 14, 2021, the Department of Veterans Affairs' (VA) Office of Outreach "
            "hosted a webinar about benefits."
        )

    def test_typed_words_are_never_read_as_phrases(self) -> None:
        words = opening(replace(FACTS, about="$date {x.__init__} %(x)s ${office}"))
        assert words.endswith("hosted a webinar about $date {x.__init__} %(x)s ${office}.")


class TestAttendance:
    def test_of_the_worked_example(self) -> None:
        assert attendance(FACTS, samples=6) == f"{JOINED} {SHARES} {QUESTIONS} {SAMPLE}"

    def test_nobody(self) -> None:
        facts = with_people(0, 0, questions=0)
        assert attendance(facts, samples=0) == (
            "No stakeholders joined this webinar. No written questions were submitted."
        )

    def test_one_person_has_no_share(self) -> None:
        facts = with_people(1, questions=1)
        assert attendance(facts, samples=0) == (
            "One stakeholder joined this webinar. Participants submitted one written question."
        )

    def test_unknown_attendance_is_not_mentioned(self) -> None:
        facts = replace(FACTS, joined=None, categories=())
        assert attendance(facts, samples=6) == f"{QUESTIONS} {SAMPLE}"

    def test_the_total_alone(self) -> None:
        facts = replace(FACTS, categories=())
        assert attendance(facts, samples=0) == f"{JOINED} {QUESTIONS}"

    def test_other_kinds_and_large_numbers(self) -> None:
        facts = replace(
            FACTS, kind="listening session", joined=1_234_567, categories=(), questions=1_000
        )
        assert attendance(facts, samples=0) == (
            "A total of 1,234,567 stakeholders joined this listening session. Participants "
            "submitted 1,000 written questions and the speakers answered as many as they could "
            "during the engagement."
        )

    @pytest.mark.parametrize(
        ("questions", "samples", "words"),
        [
            (163, 0, "during the engagement."),
            (163, 162, "Below is a sample of the questions received:"),
            (2, 2, "Below are the questions received:"),
            (1, 1, "Participants submitted one written question. Below is the question received:"),
            (0, 1, "No written questions were submitted."),
        ],
    )
    def test_leads_over_to_the_sample(self, questions: int, samples: int, words: str) -> None:
        assert attendance(replace(FACTS, questions=questions), samples=samples).endswith(words)

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            (with_people(7), "One hundred percent of attendees were group a."),
            (
                with_people(2, 1),
                "Sixty-seven percent of attendees were group a; and 33% were group b.",
            ),
            (
                with_people(0, 1, other=1),
                "Fifty percent of attendees were group b; and 50% identified as other.",
            ),
            (
                with_people(1, 1, 1),
                (
                    "Thirty-four percent of attendees were group a; 33% were group b; "
                    "and 33% were group c."
                ),
            ),
            (
                with_people(996, 4),
                (
                    "More than ninety-nine percent of attendees were group a; "
                    "and less than 1% were group b."
                ),
            ),
            (
                with_people(1, other=999),
                (
                    "Less than one percent of attendees were group a; "
                    "and more than 99% identified as other."
                ),
            ),
            (
                with_people(993, 7),
                "Ninety-nine percent of attendees were group a; and less than 1% were group b.",
            ),
            (
                with_people(990, 10),
                ("Ninety-nine percent of attendees were group a; and 1% were group b."),
            ),
            (
                with_people(10, 30, other=50, not_stated=10),
                (
                    "Thirty percent of attendees were group b; 10% were group a; "
                    "50% identified as other; and 10% did not state a category."
                ),
            ),
            (
                with_people(not_stated=9),
                ("One hundred percent of attendees did not state a category."),
            ),
        ],
    )
    def test_words_of_the_shares(self, facts: Facts, sentence: str) -> None:
        assert shares_of(facts) == sentence

    def test_follows_another_house(self) -> None:
        house = House(joined="$people people took part.", percent_in_figures="$number percent")
        words = attendance(with_people(2, 2, questions=0), samples=0, house=house)
        assert words == (
            "Four people took part. Fifty percent of attendees were group a; and 50 percent were "
            "group b. No written questions were submitted."
        )

    @given(
        st.lists(st.integers(0, 3_000), max_size=12),
        st.integers(0, 3_000),
        st.integers(0, 3_000),
        st.integers(0, 3_000),
        st.integers(0, 9),
    )
    def test_no_sentence_begins_with_a_figure(
        self, people: list[int], other: int, not_stated: int, questions: int, samples: int
    ) -> None:
        facts = with_people(*people, other=other, not_stated=not_stated, questions=questions)
        words = attendance(facts, samples=samples)
        assert re.findall(r"(?:^|[.:] )[^A-Z]", words) == []
        assert re.findall(r"\d{4}|  |\$", words) == []

    @settings(max_examples=300)
    @given(st.lists(st.integers(0, 400), max_size=12), st.integers(0, 400), st.integers(0, 400))
    def test_the_sentence_reads_back_as_the_numbers(
        self, people: list[int], other: int, not_stated: int
    ) -> None:
        facts = with_people(*people, other=other, not_stated=not_stated)
        joined = facts.joined or 0
        read = read_back(shares_of(facts))
        if joined < 2:
            assert read == []
            return
        present = [one for one in facts.categories if one.people]
        present.sort(key=lambda one: (ORDER[one.kind], -one.people))
        assert [phrase for phrase, _low, _high in read] == [one.noun_phrase for one in present]
        for (_phrase, low, high), one in zip(read, present, strict=True):
            assert low < Fraction(one.people * 100, joined) < high
        assert sum(low for _phrase, low, _high in read) < 100
        assert sum(high for _phrase, _low, high in read) > 100


def read_back(sentence: str) -> list[tuple[str, int, int]]:
    """Each category with the percents that its share must lie between, as a reader takes them."""
    clauses = re.split(r"; (?:and )?", sentence.removesuffix(".")) if sentence else []
    read = []
    for clause in clauses:
        found = re.fullmatch(
            r"(.+?%|.+? percent of attendees) (?:were|identified as|did not state) (.+)", clause
        )
        assert found
        read.append((found[2], *between(found[1].removesuffix(" of attendees"))))
    return read


def between(share: str) -> tuple[int, int]:
    exact = {
        "Less than one percent": (0, 1),
        "less than 1%": (0, 1),
        "More than ninety-nine percent": (99, 100),
        "more than 99%": (99, 100),
    }
    if share in exact:
        return exact[share]
    percent = PERCENTS[share] if share in PERCENTS else int(share.removesuffix("%"))
    return percent - 1, percent + 1


class TestClosing:
    def test_of_the_worked_example(self) -> None:
        assert closing(FACTS) == CLOSING

    def test_promises_only_what_is_promised(self) -> None:
        share = CLOSING.partition(" Additionally")[0]
        assert closing(replace(FACTS, posts_presentation=False)) == share
        assert closing(replace(FACTS, questions=0)) == (
            "The CIS Ombudsman will post the engagement's presentation on its website."
        )
        assert closing(replace(FACTS, questions=0, posts_presentation=False)) == ""

    def test_one_question_is_no_list(self) -> None:
        assert closing(replace(FACTS, questions=1, posts_presentation=False)) == (
            "The CIS Ombudsman will share the inquiry with USCIS to give the agency an "
            "opportunity to address the public's concerns."
        )


@pytest.mark.parametrize(
    ("speaker", "line"),
    [
        (SpeakerFacts("Ana Ruiz", "Director", "USCIS"), "Ana Ruiz, Director, USCIS"),
        (SpeakerFacts("Ana Ruiz", "", "USCIS"), "Ana Ruiz, USCIS"),
        (SpeakerFacts("Ana Ruiz"), "Ana Ruiz"),
    ],
)
def test_speaker_line(speaker: SpeakerFacts, line: str) -> None:
    assert speaker_line(speaker) == line
