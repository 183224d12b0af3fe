"""What the desk costs a moderator's browser with two thousand questions.

    python -m tests.load.desk              2,000 questions, in a database of its own
    python -m tests.load.desk 200          fewer, for a quick look

Two moderators in Chromium (CHROMIUM names another one), the server beside them on the same machine.
Prints a table; asserts that only rows in sight are in the page. Beside it, in the same run, a page
that holds a row for every question: what the lists would cost without windows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import sync_playwright

from tests.load import servers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, Page

TURNS: Final = 7
MOST_ROWS: Final = 100
PATH: Final = "/office/engagements/bench/desk/"
DESKTOP: Final = {"width": 1280, "height": 800}

PAINT = """() => new Promise((resolve) => new PerformanceObserver((list, observer) => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (paint) { observer.disconnect(); resolve(paint.startTime); }
}).observe({ type: "paint", buffered: true }))"""

# When a list holds another number of questions: the clock of the machine, the same in both pages.
WATCH = """(column) => new Promise((resolve) => {
  const count = document.querySelector(`[data-desk="${column}-count"]`);
  const before = count.textContent;
  const look = () => {
    if (count.textContent === before) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
  };
  const observer = new MutationObserver(look);
  observer.observe(count, { childList: true, characterData: true, subtree: true });
})"""
PRESSED = """() => {
  const press = () => { window.pressed = performance.timeOrigin + performance.now(); };
  addEventListener("keydown", press, { capture: true, once: true });
}"""

# The same cards, all of them, laid out, and one of them moved: what there would be without windows.
ALL_ROWS = """(count) => {
  const list = document.createElement("ol");
  list.className = "cards";
  const card = document.getElementById("desk-question").content.firstElementChild;
  const begun = performance.now();
  for (let n = 1; n <= count; n++) {
    const one = card.cloneNode(true);
    one.querySelector('[data-part="text"]').textContent = `Question ${n}: when will it open?`;
    list.append(one);
  }
  document.querySelector(".desk-columns").append(list);
  list.getBoundingClientRect();
  const laid = performance.now();
  for (let turn = 0; turn < 3; turn++) {
    list.append(list.firstElementChild);
    list.getBoundingClientRect();
  }
  const moved = performance.now();
  list.remove();
  return [laid - begun, (moved - laid) / 3];
}"""

# The windows drawn at five places far from each other.
SCROLL = """() => {
  const scroll = document.querySelector('[data-desk="waiting-scroll"]');
  const begun = performance.now();
  for (let turn = 1; turn <= 5; turn++) {
    scroll.scrollTop = turn * 9000;
    scroll.dispatchEvent(new Event("scroll"));
    scroll.getBoundingClientRect();
  }
  return (performance.now() - begun) / 5;
}"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.desk")
    parser.add_argument("questions", nargs="?", type=int, default=2_000)
    questions: int = parser.parse_args().questions
    with tempfile.TemporaryDirectory(prefix="openfloor-desk-") as directory:
        var = Path(directory)
        _rows(var, "fill", str(questions))
        cookies = json.loads(_rows(var, "cookies"))
        with (
            servers.running(servers.OURS, servers.UVICORN, var, {}, None) as server,
            sync_playwright() as play,
        ):
            browser = play.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
            rows = measure(browser, f"http://127.0.0.1:{server.port}", cookies, questions)
            browser.close()
    width = max(len(name) for name, _ in rows)
    sys.stdout.write(f"The desk with {questions} questions\n")
    for name, value in rows:
        sys.stdout.write(f"  {name:{width}}  {value}\n")
    return 0


def measure(
    browser: Browser, site: str, cookies: Sequence[dict[str, str]], questions: int
) -> list[tuple[str, str]]:
    first, second = (_desk(browser, site, cookie) for cookie in cookies)
    rows = [("first paint (FCP)", _ms([_paint(first) for _ in range(TURNS)]))]
    for page in (first, second):
        page.goto(site + PATH)
        page.wait_for_selector(".live-line[data-state=live]")
    in_page = first.locator(".card").count()
    assert in_page < MOST_ROWS, in_page
    rows += [
        ("page as sent, KB", str(len(first.request.get(site + PATH).body()) // 1024)),
        ("snapshot, KB", _snapshot(browser, site, cookies[0])),
        ("rows in the page", f"{in_page} of {questions}"),
    ]
    own, others = zip(*(_change(first, second) for _ in range(TURNS)), strict=True)
    rows += [
        ("key to moved card, own page", _ms(own)),
        ("key to moved card, another desk", _ms(others)),
    ]
    laid, moved = first.evaluate(ALL_ROWS, questions)
    windowed = first.evaluate(SCROLL)
    rows += [
        ("all rows in the page: laid out first, ms", f"{laid:.0f}"),
        ("all rows in the page: one card moved, ms", f"{moved:.1f}"),
        ("windowed: lists drawn anew elsewhere, ms", f"{windowed:.1f}"),
    ]
    return rows


def _change(first: Page, second: Page) -> tuple[float, float]:
    """From the press of a key until the card has moved on both pages, in milliseconds."""
    first.keyboard.press("g")
    first.keyboard.press("w")
    for page in (first, second):
        page.evaluate(f"() => {{ window.moved = ({WATCH})('shown'); }}")
    first.evaluate(PRESSED)
    first.keyboard.press("s")
    moved = [float(page.evaluate("window.moved")) for page in (first, second)]
    pressed = float(first.evaluate("window.pressed"))
    return moved[0] - pressed, moved[1] - pressed


def _paint(page: Page) -> float:
    page.reload()
    return float(page.evaluate(PAINT))


def _desk(browser: Browser, site: str, cookie: dict[str, str]) -> Page:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]  # a TypedDict there
    context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": site}])
    page = context.new_page()
    page.goto(site + PATH)
    return page


def _snapshot(browser: Browser, site: str, cookie: dict[str, str]) -> str:
    """The longest frame that a desk is sent."""
    sizes: list[int] = []
    page = _desk(browser, site, cookie)
    page.on("websocket", lambda ws: ws.on("framereceived", lambda text: sizes.append(len(text))))
    page.reload()
    page.wait_for_selector(".live-line[data-state=live]")
    page.context.close()
    return str(max(sizes) // 1024)


def _ms(values: Sequence[float]) -> str:
    ordered = sorted(values)
    return f"{statistics.median(ordered):.0f} ms, {ordered[0]:.0f} to {ordered[-1]:.0f}"


def _rows(var: Path, *task: str) -> str:
    command = [sys.executable, "-m", "tests.load.desk_rows", *task]
    environment: Any = servers.environment(var, {})
    return subprocess.run(
        command, cwd=servers.ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def _chromium() -> str:
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, ("chromium", "chromium-browser"))]
    return next(path for path in found if path)


if __name__ == "__main__":
    sys.exit(main())
