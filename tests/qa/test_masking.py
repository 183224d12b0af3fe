from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.masking import MARKS, SHORT_MARK, Hidden, mask, mask_told, unmask

MARK = MARKS["identifier"]
PERSON = MARKS["person"]

words = st.text(alphabet="ab1 @", min_size=1, max_size=6)
texts = st.text(alphabet="ab1 @.é\n", max_size=60)
hidden = st.lists(st.builds(Hidden, words, st.sampled_from(sorted(MARKS))), max_size=4)


def test_numbers_and_addresses_go_wherever_they_stand_other_words_as_whole_ones() -> None:
    text = "Ann called from annex A123, SSNA123, about ann  Lee"

    masked = mask(text, [Hidden("a123", "identifier"), Hidden("Ann", "person")], most=500)

    assert masked.text == (f"{PERSON} called from annex {MARK}, SSN{MARK}, about {PERSON}  Lee")
    assert mask(text, [Hidden("ann lee", "person")], most=500).text == (
        f"Ann called from annex A123, SSNA123, about {PERSON}"
    )


def test_words_that_overlap_have_one_mark_with_the_reason_of_the_first() -> None:
    text = "call 240-555-0123 now"
    pieces = [Hidden("240-555", "identifier"), Hidden("555-0123 now", "person")]

    assert mask(text, pieces, most=500).text == f"call {MARK}"


def test_where_marks_would_be_too_long_they_are_short() -> None:
    assert mask("a12 a12", [Hidden("a12", "identifier")], most=7).text == "[…] […]"


def test_marks_that_a_text_holds_already_stay() -> None:
    told = mask_told(f"personal {MARK} A1", [Hidden("personal", "person")], most=500)

    assert told == f"{PERSON} {MARK} A1"


def test_an_edit_keeps_what_the_marks_stand_for() -> None:
    masked = mask("I am A1. She is A2!", [Hidden("A1", "identifier"), Hidden("A2", "identifier")],
                  most=500)  # fmt: skip

    edited = f"She really is {MARK}!"

    assert unmask(masked, masked.text) == "I am A1. She is A2!"
    assert unmask(masked, edited) == "She really is A2!"


@given(texts, hidden)
def test_what_is_masked_can_be_brought_back_and_holds_no_hidden_words(
    text: str, pieces: list[Hidden]
) -> None:
    masked = mask(text, pieces, most=10_000)

    assert unmask(masked, masked.text) == text
    rest = masked.text
    for mark in (*MARKS.values(), SHORT_MARK):
        rest = rest.replace(mark, "\0")
    for piece in pieces:
        plain = " ".join(piece.words.split())
        if any(sign.isdigit() or sign == "@" for sign in plain):
            assert plain not in rest
