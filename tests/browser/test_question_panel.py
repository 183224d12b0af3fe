"""One question in the desk's panel: edited, merged, answered in writing; and who asked it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.test_hour import ask, fresh_question, wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page


def opened(desk: Page, text: str) -> None:
    """The panel of a question, found by its words: only what is in view is in the page."""
    desk.locator("input[name=q]").fill(text)
    desk.locator(".card", has_text=text).get_by_role("link").first.click()
    expect(desk.locator("[data-desk=panel] .question-text").first).to_have_text(text)


def test_one_question_from_the_panel_to_the_room(
    person: Callable[..., Page], neighbors: Iterator[str]
) -> None:
    room, other, desk = person("stakeholder"), person(next(neighbors)), person("moderator")
    for page in (room, other, desk):
        wait_until_live(page)
    first, second = fresh_question(), fresh_question()
    ask(room, first)
    ask(other, second)
    for page in (room, other):
        expect(page.locator("[data-room=said]")).to_contain_text("Saved as question")
    panel = desk.locator("[data-desk=panel-body]")
    text = f"Edited: {first}"

    opened(desk, first)
    panel.get_by_text("Edit for publication").click()
    panel.get_by_label("Text for publication").fill(text)
    panel.get_by_role("button", name="Save the text").click()
    expect(panel.locator(".question-text").first).to_have_text(text)
    panel.get_by_text("What was changed of the text as asked").click()
    expect(panel.locator(".question-original ins").first).to_contain_text("Edited:")
    panel.locator(".question-decisions").get_by_role("button", name="Show").click()
    shown = room.locator("[data-room=questions] .card", has_text=text)
    expect(shown).to_be_visible()

    panel.locator("summary", has_text="Merge").click()
    panel.get_by_label("Number or words").fill(second.split()[1].strip(",?"))
    panel.get_by_role("button", name="Search").click()
    panel.locator(".merge-list li", has_text=second).get_by_role(
        "button", name="and merge"
    ).last.click()
    expect(panel).to_contain_text("Merged into this one")
    expect(shown).to_contain_text("2 people")
    expect(other.locator("[data-room=own] .card", has_text=second)).to_contain_text("Joined with")

    panel.locator("summary", has_text="Written answer").click()
    panel.get_by_label("Answer", exact=False).first.fill("At nine o'clock.")
    panel.get_by_label("Answered by").fill("Dr. Ito")
    panel.get_by_label("everybody").check(force=True)
    panel.get_by_role("button", name="Publish").click()
    expect(shown).to_contain_text("At nine o'clock.")
    expect(shown).to_contain_text("Dr. Ito")
    panel.locator("summary", has_text="History").click()
    expect(panel.locator(".history > li").first).to_contain_text("Written answer published")

    panel.get_by_role("button", name="Who asked?").click()
    expect(panel).to_contain_text("@")
    panel.get_by_text("Silence …").click()
    panel.get_by_label("Reason").fill("One question at a time.")
    panel.get_by_role("button", name="Silence this person").click()
    expect(room.locator("[data-room=silence]")).to_contain_text("One question at a time.")
    expect(other.locator("[data-room=silence]")).to_be_hidden()
    panel.get_by_role("button", name="Who asked?").click()
    panel.get_by_role("button", name="Let the person ask again").click()
    expect(room.locator("[data-room=silence]")).to_be_hidden()


def test_what_is_typed_and_opened_stays_when_somebody_else_decides(
    person: Callable[..., Page],
) -> None:
    room, desk, other = person("stakeholder"), person("moderator"), person("coordinator")
    other.goto(desk.url)
    for page in (room, desk, other):
        wait_until_live(page)
    text = fresh_question()
    ask(room, text)
    panel = desk.locator("[data-desk=panel-body]")
    opened(desk, text)
    opened(other, text)

    def state(key: str) -> Locator:
        return panel.locator(f".question-state [data-state={key}]")

    decisions = other.locator("[data-desk=panel-body] .question-decisions")

    # Nothing is typed: the question follows, and leaves open what is open.
    summary = panel.locator("summary", has_text="Private note")
    summary.click()
    decisions.get_by_role("button", name="Hold").click()
    expect(state("held")).to_be_visible()
    expect(summary).to_be_focused()
    expect(decisions.get_by_role("button", name="Hold")).to_have_count(0)
    note = panel.locator("textarea[name=note]")
    expect(note).to_be_visible()

    note.fill("Ask Dr. Ito")
    decisions.get_by_role("button", name="Show").click()
    expect(panel).to_contain_text("This question has changed.")
    expect(state("held")).to_be_visible()
    expect(note).to_have_value("Ask Dr. Ito")
    panel.get_by_role("button", name="Load it anew").click()
    expect(state("shown")).to_be_visible()
    expect(note).to_have_value("Ask Dr. Ito")
    panel.get_by_role("button", name="Answer now").click()
    expect(state("answering")).to_be_visible()
    expect(note).to_have_value("Ask Dr. Ito")
    panel.get_by_role("button", name="Save the note").click()
    expect(panel.locator("[role=status]")).to_contain_text("note is saved")
    panel.get_by_role("button", name="Hold").click()
    expect(state("held")).to_be_visible()
    expect(note).to_have_value("Ask Dr. Ito")
