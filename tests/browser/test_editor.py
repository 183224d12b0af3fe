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


READOUT = "/office/engagements/contact-center/readout/"


def write(page: Page, site: str) -> None:
    """Open a correction of what the demonstration has published, if nobody has."""
    page.goto(site + READOUT)
    if page.locator("#text-form").count() == 0:
        page.get_by_text("Open a correction …").click()
        page.fill("[name=note]", "A name was misspelled.")
        page.get_by_role("button", name="Open a correction").click()
    page.wait_for_selector("#text-form")


def test_two_editors_write_and_none_loses_a_word(person: Callable[..., Page], site: str) -> None:
    edna = person("editor")
    write(edna, site)
    summary = edna.locator("#id_summary")
    saved = edna.locator("[data-editor-state]")

    # A figure by keys alone: shown as its number, with its page behind it.
    summary.fill("In all, ")
    summary.press("End")
    edna.get_by_role("toolbar").first.get_by_role("button", name="Bold").focus()
    edna.keyboard.press("End")
    edna.keyboard.press("Enter")
    edna.get_by_label("Find a figure").fill("joined")
    edna.keyboard.press("Enter")
    expect(summary).to_have_value("In all, {{joined}}")
    summary.press_sequentially(" people came; 163 questions were asked.")
    figure = edna.locator("[data-reading=summary] a.live-figure")
    expect(figure).to_have_text("828")
    assert (figure.get_attribute("href") or "").endswith("/figures/joined/")

    # A number typed by hand is offered by its name, and a press writes it.
    edna.get_by_role("button", name="Write {{questions}}").click()
    expect(summary).to_have_value(
        "In all, {{joined}} people came; {{questions}} questions were asked."
    )
    summary.press("Control+z")
    expect(summary).to_have_value("In all, {{joined}} people came; 163 questions were asked.")

    # It saves by itself, again and again, and stands in no conflict with itself.
    expect(saved).to_have_text(re.compile("^All saved"), timeout=30_000)
    summary.press("Control+End")
    summary.press_sequentially(" So it was.")
    expect(saved).to_have_text("Not saved yet")
    expect(saved).to_have_text(re.compile("^All saved"), timeout=30_000)

    # Somebody else saves the same part: both texts are shown, and none is lost.
    paul = person("publisher")
    write(paul, site)
    paul.locator("#id_summary").fill("Paul's words.")
    paul.locator(".editor-bar").get_by_role("button", name="Save", exact=True).click()
    expect(paul.locator("[data-editor-state]")).to_have_text(re.compile("^All saved"))
    summary.press("Control+End")
    summary.press_sequentially(" And more.")
    expect(saved).to_have_text(re.compile("saved this readout at"), timeout=30_000)
    edna.locator(".editor-bar").get_by_role("button", name="Save", exact=True).click()
    expect(edna.get_by_label("As saved now")).to_have_value("Paul's words.")
    expect(edna.get_by_label("As you typed it")).to_have_value(re.compile("And more\\.$"))
    found = Axe().run(edna)
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
    edna.locator("#id_summary").fill("Words of both.")
    edna.locator(".editor-bar").get_by_role("button", name="Save", exact=True).click()
    expect(edna.locator("#saved-heading")).to_have_count(0)
    expect(summary).to_have_value("Words of both.")

    # Signed out meanwhile: it says so, tries no more, and the words stay.
    edna.context.clear_cookies()
    summary.press("Control+End")
    summary.press_sequentially(" And these.")
    expect(saved).to_have_text(re.compile("^Not saved: you are signed out"), timeout=30_000)
    expect(summary).to_have_value("Words of both. And these.")


def test_the_editor_without_scripts_and_on_a_phone(person: Callable[..., Page], site: str) -> None:
    page = person("editor", java_script_enabled=False, viewport=PHONE)
    write(page, site)
    page.locator("#id_summary").fill("In all, {{joined}} came.")
    page.locator("#id_small_figures_reason").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("#id_attendance_text")).to_have_count(0)
    page.get_by_role("button", name="Write it yourself").first.click()
    assert page.locator("#id_attendance_text").input_value().startswith("A total of {{joined}}")
    expect(page.locator("#section-summary .live-figure")).to_have_text("828")
    page.get_by_text("Back to the house's sentence …").click()
    page.get_by_role("button", name="Yes, drop them").click()
    expect(page.locator("#id_attendance_text")).to_have_count(0)
    expect(page.locator("#id_summary")).to_have_value("In all, {{joined}} came.")
