from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.files.visible import guarded, pieces, restored, unguarded, units, visible

ANY_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("⟦U+0041⟧F'=\x00\x07\ud83d\ude00\ufffe \n"))
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ünïcode 😀\t\r\n", "plain ünïcode 😀\t\r\n"),
        ("bell \x07", "bell ⟦U+0007⟧"),
        ("\x00\ud83d\ufffe\uffff", "⟦U+0000⟧⟦U+D83D⟧⟦U+FFFE⟧⟦U+FFFF⟧"),
        ("said as ⟦U+0007⟧", "said as ⟦U+27E6⟧U+0007⟧"),
        ("⟦U+7⟧ and ⟦ alone", "⟦U+7⟧ and ⟦ alone"),
        ("⟦U+110000⟧", "⟦U+27E6⟧U+110000⟧"),
    ],
)
def test_what_cannot_be_written_is_named_and_can_be_had_back(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert restored(shown) == text


def test_a_name_of_no_character_stays_as_it_is() -> None:
    assert restored("⟦U+110000⟧") == "⟦U+110000⟧"


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_any_text_is_had_back_exactly(text: str) -> None:
    assert restored(visible(text)) == text
    assert unguarded(guarded(text)) == text
    assert restored(unguarded(guarded(visible(text)))) == text


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, st.integers(20, 60))
def test_a_long_text_falls_into_pieces_that_fit_and_are_the_text(text: str, longest: int) -> None:
    parts = pieces(text, longest)
    shown = [visible(part) for part in parts]
    assert "".join(parts) == text
    assert all(units(part) <= longest for part in shown)
    assert restored("".join(shown)) == text


def test_pieces_end_where_trimming_and_composing_do_no_harm() -> None:
    text = "word " * 10_000 + "e\u0301" * 20_000 + "😀" * 20_000
    parts = pieces(text)
    assert len(parts) == 4
    for before, after in pairwise(parts):
        assert (before.rstrip(), after.lstrip()) == (before, after)
        assert after[0] != "\u0301"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@A",
        "\tx",
        "\rx",
        "\nx",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        "\ufeff=1",
        "'=1",
    ],
)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1-2", "007", "a=b", "\u2019tis"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_an_apostrophe_typed_by_hand_is_text() -> None:
    assert unguarded("'tis") == "'tis"
