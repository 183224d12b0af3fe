"""Likely duplicates by meaning: what is joined, what is kept, and that nobody waits for a model."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from qa import likeness, semantics
from qa.queries import hints
from qa.vectors import Vectors
from qa.views import entering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PERMIT = "How long does it take to renew a work permit?"
EMPLOYMENT = "What is the processing time for employment authorization?"
TYPED = "how long does it take to renew a work permit"
OFFICE = "Will the office in Tucson open on Saturdays?"
MEANING = {
    PERMIT: (1.0, 0.0),
    EMPLOYMENT: (0.8, 0.6),
    TYPED: (1.0, 0.0),
    OFFICE: (0.4, 0.9165),
}
OTHERS = [(1, OFFICE), (2, EMPLOYMENT), (3, TYPED)]


class Table:
    """A model that knows a few texts by heart, and remembers what it was given to read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.may_read = threading.Event()
        self.may_read.set()

    def vectors(self, texts: Sequence[str]) -> list[tuple[float, float]]:
        self.may_read.wait()
        self.read += texts
        return [MEANING[text] for text in texts]

    def cosines(self, one: tuple[float, float], many: Sequence[tuple[float, float]]) -> list[float]:
        return [one[0] * other[0] + one[1] * other[1] for other in many]


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def vectors(table: Table) -> Iterator[Vectors]:
    """Patient: what is asked for is known when it answers."""
    patient = Vectors(lambda: table, wait=60)
    semantics.use(patient)
    yield patient
    semantics.use(None)


def all_is_read() -> None:
    for thread in threading.enumerate():
        if thread.name == "vectors":
            thread.join()


def test_what_means_the_same_is_suggested_after_what_is_typed_alike(vectors: Vectors) -> None:
    found = semantics.likely(PERMIT, OTHERS)
    semantics.use(None)

    assert found == [(3, 1.0), (2, semantics.as_likeness(0.8))]
    assert semantics.likely(PERMIT, OTHERS) == likeness.likely(PERMIT, OTHERS) == [(3, 1.0)]


def test_each_once_with_the_higher_likeness_the_best_first_and_no_more_than_asked_for() -> None:
    by_words = [(4, 0.9), (2, 0.7), (7, 0.6)]
    by_meaning = [(2, 0.8), (9, 0.7), (1, 0.7), (4, 0.62)]

    assert semantics.joined(by_words, by_meaning, most=4) == [
        (4, 0.9),
        (2, 0.8),
        (1, 0.7),
        (9, 0.7),
    ]
    assert semantics.joined(by_words, [], most=5) == by_words


def test_meaning_alone_never_stops_anybody() -> None:
    """Models take the opposite for the same; only words typed alike are asked about first."""
    scale = [semantics.as_likeness(cosine) for cosine in (semantics.LEAST, 0.75, 1.0, 1.0001)]

    assert scale == [likeness.LEAST, 0.72, semantics.HIGHEST, semantics.HIGHEST]
    assert min(hints.CLOSE, entering.CLOSE) > semantics.HIGHEST


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_text_without_words_is_not_read(text: str, vectors: Vectors, table: Table) -> None:
    assert semantics.likely(text, OTHERS) == []
    assert semantics.likely(PERMIT, []) == []
    assert table.read == []


def test_a_text_is_read_once_and_the_one_asked_about_first(vectors: Vectors, table: Table) -> None:
    first = vectors.cosines(PERMIT, [OFFICE, EMPLOYMENT])

    assert first == vectors.cosines(PERMIT, [OFFICE, EMPLOYMENT]) == [0.4, 0.8]
    assert vectors.cosines(EMPLOYMENT, [PERMIT]) == [0.8]
    assert table.read == [PERMIT, OFFICE, EMPLOYMENT]


def test_nobody_waits_for_the_model(table: Table) -> None:
    hasty = Vectors(lambda: table, wait=0)
    table.may_read.clear()
    at_once = hasty.cosines(PERMIT, [OFFICE, EMPLOYMENT])
    table.may_read.set()
    all_is_read()

    assert at_once == [None, None]
    assert hasty.cosines(PERMIT, [OFFICE, EMPLOYMENT]) == [0.4, 0.8]


def test_only_so_many_are_kept_and_wait(table: Table) -> None:
    few = Vectors(lambda: table, most=2, wait=0)
    few.cosines(PERMIT, [OFFICE, EMPLOYMENT])
    all_is_read()
    assert table.read == [PERMIT, OFFICE]
    assert few.cosines(PERMIT, [OFFICE]) == [0.4]

    few.cosines(PERMIT, [EMPLOYMENT])
    all_is_read()
    assert few.cosines(PERMIT, [EMPLOYMENT]) == [0.8]
    table.may_read.clear()
    assert few.cosines(PERMIT, [OFFICE]) == [None]
    table.may_read.set()
    all_is_read()


def test_a_model_that_fails_is_not_tried_again_and_words_will_do(
    vectors: Vectors, table: Table, capfd: pytest.CaptureFixture[str]
) -> None:
    assert semantics.likely(PERMIT, OTHERS)[1][0] == 2
    unknown = [(4, "A text that the table does not know")]
    after = semantics.likely(PERMIT, [*OTHERS, *unknown])

    assert [key for key, _alike in after] == [3, 2]
    assert semantics.likely(PERMIT, unknown) == []
    assert table.read == [PERMIT, OFFICE, EMPLOYMENT, TYPED, unknown[0][1]]
    told = capfd.readouterr()
    assert (told.out + told.err).count("vectors_failed") == 1
    assert unknown[0][1] not in told.out + told.err
