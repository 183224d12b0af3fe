from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from readouts import tokens
from readouts.facts import CategoryCount, DispositionCount, LabelCount, publishable
from readouts.files import markup
from readouts.tokens import IN_WORDS, UnknownToken
from tests.readouts.contact_center import FACTS

KEYS = ("attorney", "government", "employer", "applicant", "advocate", "other", "not_stated")
COUNTED = replace(
    FACTS,
    categories=tuple(
        replace(category, key=key) for category, key in zip(FACTS.categories, KEYS, strict=True)
    ),
    registered=1_204,
    no_shows=376,
    dispositions=(
        DispositionCount("answered_live", 41),
        DispositionCount("open", 120),
        DispositionCount("dismissed.off_topic", 2, "off topic"),
    ),
    labels=(LabelCount("Phone", 100, "7"), LabelCount("", 63, "none")),
)


def test_every_figure_that_is_known_has_its_key() -> None:
    found = tokens.values(COUNTED)
    assert {key: value for key, value in found.items() if not key.endswith(IN_WORDS)} == {
        "registered": "1,204",
        "joined": "828",
        "no_shows": "376",
        "questions": "163",
        "share.attorney": "43%",
        "people.attorney": "356",
        "share.government": "19%",
        "people.government": "157",
        "share.employer": "8%",
        "people.employer": "66",
        "share.applicant": "7%",
        "people.applicant": "58",
        "share.advocate": "2%",
        "people.advocate": "17",
        "share.other": "21%",
        "people.other": "174",
        "share.not_stated": "0%",
        "people.not_stated": "0",
        "disposition.answered_live": "41",
        "disposition.open": "120",
        "disposition.dismissed.off_topic": "2",
        "label.7": "100",
        "label.none": "63",
    }


def test_what_is_not_known_or_not_published_has_none() -> None:
    nothing = replace(FACTS, joined=None, categories=(), questions=0)
    assert tokens.values(nothing) == {"questions": "0", "questions.words": "zero"}
    small = replace(
        COUNTED,
        joined=30,
        categories=(
            CategoryCount("attorneys", "were", 20, key="attorney"),
            CategoryCount("employers", "were", 2, key="employer"),
            CategoryCount("other", "identified as", 8, "other", key="other"),
        ),
    )
    published = tokens.values(publishable(small))
    assert "share.employer" not in published
    assert published["people.other"] == "10"


def test_a_figure_is_spelled_out_where_the_house_has_words_for_it() -> None:
    found = tokens.values(COUNTED)
    assert found["share.attorney.words"] == "forty-three percent"
    assert found["people.applicant.words"] == "fifty-eight"
    assert "joined.words" not in found


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("{{joined}} came, {{ share.attorney }} of them", "828 came, 43% of them"),
        ("**{{questions}}** questions", "**163** questions"),
        ("{{share.attorney.words}} were", "Forty-three percent were"),
        ("So. {{share.advocate.words}} were", "So. Two percent were"),
        ("of whom {{share.advocate.words}} were", "of whom two percent were"),
        (r"write \{{joined}} for it", r"write \{{joined}} for it"),
        ("{joined} {{}} {{ }} {{jo\nined}}", "{joined} {{}} {{ }} {{jo\nined}}"),
    ],
)
def test_figures_stand_in_place_of_their_names(text: str, reads: str) -> None:
    assert tokens.filled(text, tokens.values(COUNTED)) == reads


def test_a_name_without_a_figure_is_refused_with_all_others() -> None:
    text = "{{joined}} {{joind}} {{share.nobody}} {{joind}}"
    with pytest.raises(UnknownToken) as refusal:
        tokens.filled(text, tokens.values(COUNTED))
    assert refusal.value.keys == ("joind", "share.nobody")
    assert tokens.used(text) == ("joined", "joind", "share.nobody")


@pytest.mark.parametrize("text", ["{{n}}. Then", "{{n}}) Then", "> {{n}}. Then", "so\n{{n}}. Then"])
def test_a_figure_is_never_a_sign_of_markdown(text: str) -> None:
    html = markup.to_html(tokens.filled(text, {"n": "1"}))
    assert "<ol" not in html
    assert "1" in html
    stars: dict[str, Any] = {"n": "<b>*2*</b>"}
    assert "&lt;b&gt;*2*&lt;/b&gt;" in markup.to_html(tokens.filled("{{n}}", stars))
