"""LibreOffice without a window: a workbook filled in by it, and saved by it.

Run as a program, by the Python that knows LibreOffice's own interface, it types into one workbook:
`python3 tests/calc.py SOURCE TARGET SHEET ANSWERS.json FOLDER`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SECONDS = 110
PIPE = "openfloor-calc"


def fill_in(
    source: Path, target: Path, answers: dict[int, dict[str, str]], *, sheet: str, folder: Path
) -> None:
    """Type texts under the headings of a sheet, in the row with this number, and save it.

    `answers` is number -> heading -> text; `folder` is for LibreOffice's own profile. Raises
    CalledProcessError with LibreOffice's words when it fails.
    """
    words = folder / "answers.json"
    words.write_text(json.dumps(answers), "utf-8")
    # Debian's own Python has the module by which one talks to LibreOffice.
    command = ["/usr/bin/python3", __file__, source, target, sheet, words, folder]
    subprocess.run(list(map(str, command)), check=True, timeout=SECONDS)


def _main(source: str, target: str, sheet: str, words: str, folder: str) -> None:
    answers = {int(number): cells for number, cells in json.loads(Path(words).read_text()).items()}
    office = subprocess.Popen(
        [
            shutil.which("soffice") or "soffice",
            f"-env:UserInstallation=file://{Path(folder).resolve()}/profile",
            "--headless", "--norestore", f"--accept=pipe,name={PIPE}-{Path(folder).name};urp;",
        ]
    )  # fmt: skip
    try:
        desktop = _desktop(f"{PIPE}-{Path(folder).name}", office)
        book = desktop.loadComponentFromURL(_url(source), "_blank", 0, (_option("Hidden", True),))
        _type(book.Sheets.getByName(sheet), answers)
        book.storeToURL(_url(target), (_option("FilterName", "Calc MS Excel 2007 XML"),))
        book.close(True)
        desktop.terminate()
    finally:
        try:
            office.wait(20)
        except subprocess.TimeoutExpired:
            office.kill()


def _type(sheet: Any, answers: dict[int, dict[str, str]]) -> None:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    columns = range(cursor.RangeAddress.EndColumn + 1)
    at = {sheet.getCellByPosition(column, 0).String: column for column in columns}
    for row in range(1, cursor.RangeAddress.EndRow + 1):
        number = int(sheet.getCellByPosition(0, row).Value)
        for heading, text in answers.get(number, {}).items():
            sheet.getCellByPosition(at[heading], row).String = text


def _desktop(pipe: str, office: subprocess.Popen[bytes]) -> Any:
    import uno  # type: ignore[import-not-found] # noqa: PLC0415 - known to that Python only

    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", context
    )
    deadline = time.monotonic() + SECONDS / 2
    while office.poll() is None and time.monotonic() < deadline:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.2)
        else:
            manager = remote.ServiceManager
            return manager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    raise TimeoutError("LibreOffice does not answer")


def _option(name: str, value: object) -> Any:
    from com.sun.star.beans import (  # type: ignore[import-not-found] # noqa: PLC0415 - as above
        PropertyValue,
    )

    return PropertyValue(Name=name, Value=value)


def _url(path: str) -> str:
    return Path(path).resolve().as_uri()


if __name__ == "__main__":
    _main(*sys.argv[1:])
