from __future__ import annotations

import time

import pytest

from readouts import plain_language, tokens
from readouts.plain_language import Figures, hints
from tests.readouts.test_tokens import COUNTED

LONG = " ".join(["word"] * 26) + "."
SHORT = " ".join(["word"] * 25) + "."
FIGURES = Figures(
    tokens.values(COUNTED),
    {category.key: category.noun_phrase for category in COUNTED.categories},
)


def kinds(text: str, before: str = "") -> list[tuple[str, str, tuple[str, ...]]]:
    found = hints(text, before=before, known={"DHS": "Department of Homeland Security"})
    return [(hint.kind, hint.words, hint.instead) for hint in found]


def figures(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    found = hints(text, figures=FIGURES)
    return [(hint.kind, hint.words, hint.instead) for hint in found]


def test_a_sentence_of_more_than_25_words_is_named_with_its_place() -> None:
    text = f"A short one by Mr. Smith at 9 a.m. in Washington.\n\n- {SHORT}\n- {LONG} And more."
    (hint,) = hints(text)
    assert (hint.kind, hint.number) == ("long_sentence", 26)
    assert text[hint.start : hint.end] == LONG


@pytest.mark.parametrize(
    "text",
    [
        f"# {SHORT}\n\n{SHORT}",
        f"[{SHORT[:-1]}](https://example.org/{'a-' * 90}).",
        f"```\n{LONG}\n```",
        f"{SHORT}\n> {SHORT}\n\n1. {SHORT}\n2. {SHORT}",
    ],
)
def test_signs_addresses_and_code_are_no_words(text: str) -> None:
    assert hints(text) == []


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("The DHS said so.", "", [
            ("undefined", "DHS", ("Department of Homeland Security (DHS)",)),
        ]),
        ("The DHS said so.", "The Department of Homeland Security (DHS) spoke.", []),
        ("The Department of Homeland Security (DHS) spoke. DHS did.", "", []),
        ("DHS (Department of Homeland Security) spoke.", "", []),
        ("The FAQs said so. Frequent questions (FAQ) are many.", "", [("defined_late", "FAQ", ())]),
        ("World War II, 9 AM, form I-130 and COVID-19 in the USA.", "", []),
        ("WHAT WAS SAID HERE\n\nNothing.", "", []),
        ("See `USCIS` and https://example.org/USCIS.", "", []),
    ],
)  # fmt: skip
def test_abbreviations_are_explained_where_they_stand_first(
    text: str, before: str, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert kinds(text, before) == expected


def test_more_than_three_abbreviations_are_told_where_one_stands() -> None:
    three = "One two (OT), three four (TF), five six (FS)."
    assert hints(three) == []
    (hint,) = hints(three, all_texts=f"{three} Seven eight (SE).")
    assert (hint.kind, hint.number, hint.words) == ("many_abbreviations", 4, "OT, TF, FS, SE")
    assert hints("Plain.", all_texts=f"{three} Seven eight (SE).") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In all, 828 stakeholders joined.", [("typed_figure", "828", ("{{joined}}",))]),
        ("In all, 830 stakeholders joined.", [("other_figure", "830", ("{{joined}}",))]),
        ("They submitted 163 written questions.", [("typed_figure", "163", ("{{questions}}",))]),
        ("They submitted 160 questions.", [("other_figure", "160", ("{{questions}}",))]),
        ("Then 1,204 people registered.", [("typed_figure", "1,204", ("{{registered}}",))]),
        ("Nearly 44% were attorneys or legal representatives.", [
            ("other_figure", "44%", ("{{share.attorney}}",)),
        ]),
        ("About 19% identified as government employees; 8% were employers.", [
            ("typed_figure", "19%", ("{{share.government}}",)),
            ("typed_figure", "8%", ("{{share.employer}}",)),
        ]),
        ("We heard 43 percent of all.", [("typed_figure", "43 percent", ("{{share.attorney}}",))]),
        ("The number 356 was given.", [("typed_figure", "356", ("{{people.attorney}}",))]),
        ("Two of 5 attendees, Form 828, April 17, 2021, $828, 828-1234 and 3 questions.", []),
        ("Of 828 million calls, 356 days, 163 minutes and 66 a.m.", []),
        ("{{joined}} of 2,000 places.", [("begins_with_figure", "{{joined}}", ())]),
        ("{{share.attorney}} came.", [
            ("begins_with_figure", "{{share.attorney}}", ("{{share.attorney.words}}",)),
        ]),
        ("{{share.attorney.words}} came. A total of {{joined}} did.", []),
        ("Yes. **12** came.", [("begins_with_figure", "12", ())]),
    ],
)  # fmt: skip
def test_figures_typed_by_hand_are_offered_as_tokens(
    text: str, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert figures(text) == expected


def test_hints_know_their_place() -> None:
    text = "Then **828** stakeholders\njoined the DHS."
    assert [text[hint.start : hint.end] for hint in hints(text, figures=FIGURES)] == ["828", "DHS"]


@pytest.mark.parametrize(
    "text",
    ["`" * 60_000, "(" * 60_000, "A" * 60_000, "1," * 30_000, "{{" * 30_000, "a. " * 20_000,
     "](" * 30_000, "DHS " * 15_000, "828 " * 15_000, "```\n" * 15_000, "# " * 30_000,
     "1 " * 30_000, "\n" * 60_000, ". ! ? " * 10_000],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    hints(text, before=text, all_texts=text, figures=FIGURES)
    plain_language.abbreviations(text)
    assert time.process_time() - began < 8
