"""The checker of PDF/UA-1 has nothing to say, whatever a readout holds."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from pypdf import PdfWriter

from readouts.document import SampleGroup
from tests.readouts.test_follow_up import DOCUMENT as FOLLOW_UP
from tests.readouts.test_follow_up import ENTRIES, printed
from tests.readouts.test_outputs import DOCUMENT, LETTERHEAD, written

# ruff: noqa: RUF001

ARABIC = "## مقدمة\n\nالتقى الموظفون مع [الوكالة](https://www.uscis.gov/).\n\n- أولا\n- ثانيا"
CHINESE = "## 摘要\n\n工作人员与**机构**会面。\n\n| 月 | 电话 |\n|---|---|\n| 五月 | 12 |"
SPANISH = "## Qué se dijo\n\n¿Cuánto tarda? Según la agencia, *tres meses*."


def _words(seed: int) -> str:
    numbers = (seed * 1_000 + n for n in range(150))
    return " ".join(f"{n:o}".translate(str.maketrans("01234567", "abcdefgh")) for n in numbers)


DOCUMENTS = {
    "everything": DOCUMENT,
    "bare": replace(
        DOCUMENT, summary="", samples=(), bars=(), speakers=(), materials=(), answers=()
    ),
    "spanish": replace(DOCUMENT, language="es", summary=SPANISH, speakers=("Iñaki Núñez, CIS",)),
    "arabic": replace(DOCUMENT, language="ar", summary=ARABIC, speakers=("السيدة ليلى حداد",)),
    "chinese": replace(DOCUMENT, language="zh", summary=CHINESE, speakers=("王小明 漢語 한국어",)),
    "long": replace(
        DOCUMENT,
        # No line twice, or the checker takes it for the head of a page.
        summary="\n\n".join(f"# {_words(n)[:30]}\n\n{_words(n)}" for n in range(20)),
        samples=(SampleGroup(tuple(_words(n)[:150] for n in range(60))),),
    ),
    "many scripts": replace(
        DOCUMENT, speakers=("नमस्ते", "שלום רב", "สวัสดี", "Բարեւ", "ሰላም", "বাংলা", "😀 ✓ → ₿")
    ),
}

FOLLOW_UPS = {
    "follow-up": FOLLOW_UP,
    "long follow-up": replace(
        FOLLOW_UP,
        entries=tuple(
            replace(ENTRIES[0], number=n, question=_words(n)[:200], answer=_words(500 + n))
            for n in range(1, 40)
        ),
    ),
}


def test_no_findings(tmp_path: Path) -> None:
    for name, document in DOCUMENTS.items():
        pdf = written(document, letterhead=LETTERHEAD)["pdf"]
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
    for name, follow_up in FOLLOW_UPS.items():
        (tmp_path / f"{name}.pdf").write_bytes(printed(follow_up))
    _write_untagged(tmp_path / "untagged.pdf")
    # A process of its own: the checker brings libraries that warn while they are loaded.
    command = [sys.executable, "-m", "outloud.cli", "--json", str(tmp_path / "report.json")]
    command += ["--fail-on", "never", *sorted(map(str, tmp_path.glob("*.pdf")))]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    found = {Path(one["path"]).stem: one for one in report["results"]}
    assert found.pop("untagged")["verdict"] == "fail"
    assert found.keys() == DOCUMENTS.keys() | FOLLOW_UPS.keys()
    for name, one in found.items():
        assert (name, one["verdict"], one["findings"]) == (name, "pass", [])


def _write_untagged(path: Path) -> None:
    """What the checker has to object to, or its silence would mean nothing."""
    writer = PdfWriter()
    writer.add_blank_page(612, 792)
    writer.write(path)
