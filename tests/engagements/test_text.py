from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.files.text import clean_line, clean_text, wrapped_lines

anything = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=[]),
        st.sampled_from(
            "\r\n\t\x00\ud800\ufffe\u202e\u2066\u200d\u200f\u0301\u0344\u05b0\u3164 a="
        ),
    )
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  When?  ", "When?"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("a\tb", "a\tb"),
        ("nul\x00 bell\x07 escape\x1b[31m delete\x7f", "nul bell escape[31m delete"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("not \ufffe a \uffff character \U0001fffe", "not  a  character"),
        ("\ufeff=1+1", "=1+1"),
        ("cafe\u0301", "café"),
        ("abc\u202etxt.exe\u202c", "abctxt.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("a\n\n\n\n\n\n\nb", "a\n\n\n\nb"),
        ("a\n\n\n\nb", "a\n\n\n\nb"),
        ("a\n \n\t\n\u200b\n\n\nb", "a\n\n\n\nb"),
    ],
)
def test_text_is_cleaned(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "كيف يمكنني معرفة حالة طلبي؟",
        "بِسْمِ ٱللَّهِ",
        "שָׁלוֹם \u200fC++\u200f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "👩‍👩‍👧‍👦 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 1️⃣",
        "¿Cómo puedo saber el estado de mi caso?",
        "हिन्दी में प्रश्न",
        "Tiếng Việt",
        "\uff26\uff35\uff2c\uff2c\u3000\uff57\uff49\uff44\uff54\uff48 \uff1d\uff11",
        "=1+1 @sum -2 +3 #N/A <b>&amp;</b> {{7*7}}",
    ],
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\u200d", "\u3164\u3164", "\u0301\u0301"])
def test_what_shows_nothing_is_empty(text: str) -> None:
    assert clean_text(text) == ""


def test_a_tower_of_marks_is_cut_to_eight() -> None:
    assert clean_text("x" + "\u0335" * 2_000 + "y") == "x" + "\u0335" * 8 + "y"


def test_a_joiner_between_marks_does_not_start_the_tower_again() -> None:
    assert clean_text("x" + "\u0335\u200d" * 20).count("\u0335") == 8


def test_a_line_has_single_spaces() -> None:
    assert clean_line(" Ana \r\n\t  Lima\u00a0 ") == "Ana Lima"


@given(anything)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.normalize("NFC", once) == once


@given(anything)
def test_a_clean_line_is_one_line_that_any_store_takes(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert line.splitlines() in ([], [line])
    assert line.encode().decode() == line
    assert "\x00" not in line


@pytest.mark.parametrize(
    "text",
    ["x" + "\u0301\u0335" * 8_000, "\n" * 16_000, "a" + " " * 16_000 + "b", "\u200d" * 16_000],
)
def test_a_whole_hostile_frame_costs_little(text: str) -> None:
    began = time.process_time()
    clean_text(text)
    assert time.process_time() - began < 0.2


def test_lines_are_estimated_from_words_capitals_and_wide_characters() -> None:
    assert wrapped_lines("", 20) == 1
    assert wrapped_lines("one\ntwo", 20) == 2
    assert wrapped_lines("word " * 20, 20) == 5
    assert wrapped_lines("WORD " * 20, 20) > wrapped_lines("word " * 20, 20)
    assert wrapped_lines("漢" * 40, 20) == 4
    assert wrapped_lines("x" * 100, 20) == 5
