"""The editor of a readout: signs and figures by keys, how a text reads, saving by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

RUN = """async ({name, text, more}) => {
  const signs = await import("/static/readouts/signs.js");
  const [start, end] = [text.indexOf("["), text.indexOf("]") - 1];
  const plain = text.replace("[", "").replace("]", "");
  const edit = signs[name](plain, start, end, ...more);
  const changed = plain.slice(0, edit.from) + edit.put + plain.slice(edit.to);
  return changed.slice(0, edit.start) + "[" + changed.slice(edit.start, edit.end) + "]"
    + changed.slice(edit.end);
}"""


@pytest.fixture(scope="module")
def sign(browser: Browser, site: str) -> Iterator[Callable[..., str]]:
    """Set a sign in a text whose selection stands in square brackets; gives the same after it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/static/readouts/signs.js")

    def run(name: str, text: str, *more: Any) -> str:
        found: str = page.evaluate(RUN, {"name": name, "text": text, "more": more})
        return found

    yield run
    context.close()


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("bold", "a [word ]here", "a **[word]** here"),
        ("bold", "a **[word]** here", "a [word] here"),
        ("bold", "a []", "a **[]**"),
        ("italic", "[a]", "*[a]*"),
        ("heading", "one\nt[w]o\nthree", "one\n## two[]\nthree"),
        ("heading", "## t[w]o", "two[]"),
        ("list", "[one\ntwo\n\nthree]\nfour", "- one\n- two\n\n- three[]\nfour"),
        ("list", "1. [one\n2. two]", "- one\n- two[]"),
        ("numbers", "[one\ntwo\n]three", "1. one\n2. two[]\nthree"),
        ("numbers", "[]", "1. []"),
        ("link", "see [this page]", "see [this page]([https://])"),
    ],
)
def test_signs_stand_around_what_is_chosen(
    sign: Callable[..., str], name: str, before: str, after: str
) -> None:
    assert sign(name, before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("In all, [] came.", "In all, {{joined}}[] came."),
        ("[x] came.", "{{joined.words}}[] came."),
        ("So. [] came.", "So. {{joined.words}}[] came."),
        ("So.\n\n[]", "So.\n\n{{joined.words}}[]"),
    ],
)
def test_a_figure_is_spelled_out_where_a_sentence_begins(
    sign: Callable[..., str], before: str, after: str
) -> None:
    assert sign("figure", before, "joined", ["joined.words"]) == after
    plain = after.replace(".words", "")
    assert sign("figure", before, "joined", []) == plain
