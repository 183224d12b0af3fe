"""How the office's own readouts vary, each from the facts that its source shows, and no others."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts import wording
from readouts.document import SampleGroup, compose, grouped
from readouts.facts import AgencyFacts, CategoryCount, DispositionCount, Facts, OfficeFacts
from readouts.wording import HOUSE, VARIANTS, House, Unsupported, said
from readouts.wording.phrases import left_in_english, problems
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
from tests.readouts.spanish import PHRASES as SPANISH

KEYS = "attorney government employer applicant advocate other not-stated".split()
KEYED = replace(
    FACTS,
    kind_key="webinar",
    categories=tuple(
        replace(one, key=key) for one, key in zip(FACTS.categories, KEYS, strict=True)
    ),
)
NAMES = (
    "attorneys or legal representatives, government employees, employers, petitioners or "
    "applicants, advocacy groups and others"
)


def answered(live: int, **others: int) -> Facts:
    """163 questions, so many of them answered live."""
    rest = FACTS.questions - live - sum(others.values())
    parts = {"answered_live": live, "open": rest} | others
    return replace(FACTS, dispositions=tuple(DispositionCount(*part) for part in parts.items()))


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


UNKNOWN = replace(FACTS, joined=None, categories=())
REFUSED = [
    ("attendance", "total", UNKNOWN, "attendance_unknown"),
    ("attendance", "rounded", UNKNOWN, "attendance_unknown"),
    ("attendance", "rounded", replace(FACTS, joined=300, categories=()), "not_more_than_hundreds"),
    ("attendance", "rounded", replace(FACTS, joined=99, categories=()), "not_more_than_hundreds"),
    ("attendance", "shares", UNKNOWN, "attendance_unknown"),
    ("attendance", "shares", replace(FACTS, categories=()), "no_categories"),
    ("attendance", "shares", with_people(1), "one_person"),
    ("attendance", "names", with_people(0), "nobody"),
    ("attendance", "names", replace(FACTS, categories=()), "no_categories"),
    ("attendance", "names", with_people(other=30, not_stated=20), "no_categories"),
    ("attendance", "names_uncounted", UNKNOWN, "attendance_unknown"),
    ("questions", "uncounted", replace(FACTS, questions=1), "one_question"),
    ("answered", "could", answered(0), "none_answered"),
    ("answered", "could", answered(0, answered_in_writing=9), "none_answered"),
    ("answered", "could", replace(FACTS, questions=0), "no_questions"),
    ("answered", "possible", answered(0), "none_answered"),
    ("answered", "all", FACTS, "answers_unknown"),
    ("answered", "all", answered(0), "none_answered"),
    ("answered", "all", answered(162), "some_unanswered"),
    ("promise", "list", replace(FACTS, questions=0), "no_questions"),
    ("promise", "unattributed", replace(FACTS, questions=0), "no_questions"),
]


@pytest.mark.parametrize(("slot", "variant", "facts", "reason"), REFUSED)
def test_a_sentence_that_the_numbers_do_not_support_is_refused(
    slot: str, variant: str, facts: Facts, reason: str
) -> None:
    with pytest.raises(Unsupported) as refusal:
        said(slot, variant, facts)
    assert refusal.value.reason == reason
    assert reason in wording.REASONS
    tried = {(one.slot, one.variant): one for one in wording.tried(facts)}
    assert (tried[slot, variant].reason, tried[slot, variant].words) == (reason, "")
    assert not tried[slot, variant].is_used
    # The same sentence of other facts is said.
    other = replace(FACTS, joined=841, categories=()) if variant == "rounded" else FACTS
    assert said(slot, variant, answered(163) if variant == "all" else other)


@pytest.mark.parametrize(
    ("slot", "chosen", "facts", "used"),
    [
        ("attendance", "shares", replace(FACTS, categories=()), "total"),
        ("attendance", "names", replace(FACTS, categories=()), "total"),
        ("attendance", "names_uncounted", replace(FACTS, categories=()), "nothing"),
        ("attendance", "rounded", with_people(99), "total"),
        ("attendance", "shares", UNKNOWN, "nothing"),
        ("questions", "uncounted", replace(FACTS, questions=1), "count"),
        ("answered", "could", answered(0), "nothing"),
        ("answered", "all", answered(3), "nothing"),
        ("answered", "all", answered(160, merged=3), "all"),
        ("promise", "list", replace(FACTS, questions=0), "nothing"),
    ],
)
def test_the_next_variant_that_is_supported_is_said(
    slot: str, chosen: str, facts: Facts, used: str
) -> None:
    house = House.from_json("en", {f"{slot}_by": chosen})
    found = [one.variant for one in wording.tried(facts, house=house) if one.is_used]
    assert found[list(VARIANTS).index(slot)] == used


def test_nothing_answered_live_is_not_called_as_many_as_they_could() -> None:
    assert wording.attendance(answered(0), samples=0) == (
        f"{JOINED} {SHARES} Participants submitted 163 written questions."
    )


def test_a_sentence_never_begins_with_a_figure() -> None:
    house = replace(HOUSE, joined="$people people came.", attendance_by="total")
    few = replace(FACTS, joined=43, categories=(), questions=0)
    assert wording.attendance(few, samples=0, house=house).startswith("Forty-three people came.")
    with pytest.raises(Unsupported) as refusal:
        said("attendance", "total", FACTS, house=house)
    assert refusal.value.reason == "begins_with_figure"


@given(
    st.sampled_from([*VARIANTS["attendance"]]),
    st.sampled_from([*VARIANTS["questions"]]),
    st.sampled_from([*VARIANTS["answered"]]),
    st.lists(st.integers(0, 300), max_size=5),
    st.integers(0, 200),
    st.integers(0, 200),
    st.sampled_from([HOUSE, House.from_json("es", SPANISH)]),
)
def test_no_choice_of_variants_states_what_the_facts_do_not(
    attendance: str,
    questions: str,
    answers: str,
    people: list[int],
    live: int,
    still_open: int,
    house: House,
) -> None:
    facts = replace(
        with_people(*people, questions=live + still_open),
        dispositions=(
            DispositionCount("answered_live", live),
            DispositionCount("open", still_open),
        ),
    )
    chosen = replace(house, attendance_by=attendance, questions_by=questions, answered_by=answers)
    words = wording.attendance(facts, samples=3, house=chosen)
    assert "$" not in words
    assert not words[:1].isdigit()
    clauses = (house.answered_could, house.answered_possible, house.answered_all)
    if not live:
        assert not any(clause in words for clause in clauses)
    if still_open:
        assert house.answered_all not in words


class TestSpanish:
    """A second language: data that the office types in, and no code."""

    HOUSE = House.from_json("es", SPANISH)

    def test_every_phrase_is_there_and_right(self) -> None:
        assert list(problems(self.HOUSE)) == []
        assert left_in_english(self.HOUSE) == []
        assert House.from_json("es", self.HOUSE.to_json()) == self.HOUSE
        assert left_in_english(House.from_json("es", {}))[:2] == ["label", "speakers"]

    def test_the_worked_example(self) -> None:
        facts = replace(
            KEYED,
            office=OfficeFacts("Departamento de Seguridad Nacional", "DHS", "Oficina", ""),
            agency=AgencyFacts("Servicio de Ciudadanía e Inmigración", "USCIS"),
            about="el Centro de Contacto",
        )
        shown = compose(
            facts, summary="Dicho.", samples=grouped([("", "¿Cuándo?")]), house=self.HOUSE
        )
        assert shown.language == "es"
        assert shown.label == "Resumen de la actividad"
        assert shown.opening == (
            "El 14 de abril de 2021, la Oficina, del Departamento de Seguridad Nacional (DHS), "
            "organizó un seminario web sobre el Centro de Contacto."
        )
        assert shown.attendance == (
            "Un total de 828 personas participaron en este seminario web. El cuarenta y tres por "
            "ciento de los asistentes eran abogados o representantes legales; el 19\u00a0% se "
            "identificaron como empleados públicos; el 8\u00a0% eran empleadores; el 7\u00a0% "
            "eran peticionarios o solicitantes; el 2\u00a0% representaban a organizaciones de "
            "defensa; y el 21\u00a0% se identificaron como otros. Los participantes enviaron 163 "
            "preguntas por escrito y los ponentes respondieron a todas las que pudieron durante "
            "la actividad. A continuación figura una muestra de las preguntas recibidas:"
        )
        assert shown.closing == (
            "La oficina compartirá con USCIS la lista completa de las consultas, para que la "
            "agencia pueda atender las inquietudes del público. Además, la oficina publicará la "
            "presentación de la actividad en su sitio web."
        )

    def test_numbers_kinds_and_small_shares(self) -> None:
        facts = replace(
            KEYED,
            kind_key="listening_session",
            joined=12_345,
            questions=0,
            categories=(
                CategoryCount("employers", "were", 12_340, key="employer"),
                CategoryCount("attorneys", "were", 5, key="attorney"),
            ),
        )
        assert wording.attendance(facts, samples=0, house=self.HOUSE) == (
            "Un total de 12.345 personas participaron en esta sesión de escucha. Más del noventa "
            "y nueve por ciento de los asistentes eran empleadores; y menos del 1\u00a0% eran "
            "abogados o representantes legales. No se recibieron preguntas por escrito."
        )

    def test_a_category_that_was_merged_has_its_words_by_its_kind(self) -> None:
        merged = CategoryCount("other", "identified as", 30, "other")
        unsaid = CategoryCount("a role", "did not state", 10, "not_stated")
        facts = replace(FACTS, joined=40, categories=(merged, unsaid), questions=0)
        assert wording.attendance(facts, samples=0, house=self.HOUSE).split(". ")[1] == (
            "El setenta y cinco por ciento de los asistentes se identificaron como otros; y el "
            "25\u00a0% no indicaron su función"
        )

    def test_numbers_in_words_are_all_different_and_composed(self) -> None:
        numbers = self.HOUSE.number_words
        assert (len(numbers), len(set(numbers))) == (101, 101)
        assert (numbers[0], numbers[100]) == ("cero", "cien")
        assert (numbers[21], numbers[31], numbers[99]) == (
            "veintiuno",
            "treinta y uno",
            "noventa y nueve",
        )
        assert all(unicodedata.is_normalized("NFC", number) for number in numbers)
