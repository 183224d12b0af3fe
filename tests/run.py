"""`make test`: everything, on both kinds of database, under faults, and in a browser; one summary.

The two suites run side by side, each with its own database. Servers are killed after them, with
the cores to themselves. The browser's tests are a pytest call of their own, because Playwright and
pytest-asyncio cannot share a process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from tests import machine, services

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
# Each is a pytest call of its own, after the suites.
FAULTS: Final = ("tests/faults/test_faults.py", "tests/faults/test_seats.py")
BROWSER: Final = "tests/browser"
# Whoever runs the tests has an own Openfloor, perhaps; tests must not see its environment.
FOREIGN: Final = ("OPENFLOOR_", "DATABASE_URL", "REDIS_", "SECRET_KEY", "PUBLIC_URL", "MAIL_")
# Once is enough: these start processes that know nothing of our database, read the source, or ask
# rules that are the same on both.
ONLY_SQLITE: Final = (
    *(f"tests/config/test_{name}.py" for name in ("demo", "env", "rehearse", "serve", "storage")),
    "tests/test_architecture.py",
    "tests/test_access.py",
    "tests/test_access_devices.py",
)
# A minute of killed workers, on the database of production.
ONLY_POSTGRESQL: Final = ("tests/engagements/test_work_killed.py",)
# The end of a failure's report tells what was wrong; whoever reads only our end reads this.
MOST_LINES: Final = 12
OTHERS: Final = (
    "PORT",
    "WORKERS",
    "WEB_CONCURRENCY",
    "MFA_REQUIRED",
    "TRUSTED_PROXIES",
    "QUESTIONS_A_MINUTE",
    "MESSAGES_A_MINUTE",
    "SOCKETS_EACH",
    "REGISTRATIONS_A_MINUTE",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    remark: str = ""
    failures: tuple[str, ...] = ()
    """Which tests failed and with which words, for whoever reads only the end."""

    def __str__(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed"
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        remark = f" ({self.remark})" if self.remark else ""
        return f"{self.name}: {counts}{skipped}{remark}"


def main() -> int:
    services.unwind_on_termination()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a text stream
    with tempfile.TemporaryDirectory(prefix="openfloor-run-") as directory:
        results = run_all(Path(directory))
    return summarize(results)


def run_all(directory: Path) -> list[Result]:
    provide_calc()
    results = [*run_suites(directory), run("faults", [*FAULTS], directory, {})]
    browser = provide_chromium()
    if browser is not None:
        return [*results, run("browser", [BROWSER], directory, {"CHROMIUM": browser})]
    in_ci = os.environ.get("CI") == "true"
    remark = "did not run: no Chromium here, and none could be installed"
    return [*results, Result(name="browser", failed=int(in_ci), remark=remark)]


def run_suites(directory: Path) -> list[Result]:
    # --reuse-db: the databases go with the directory, so nobody needs to drop them.
    suite = ["tests", *ignored((*FAULTS, BROWSER)), "--reuse-db"]
    say("Starting PostgreSQL and Valkey, then both suites; this takes some minutes.")
    with services.running() as addresses, ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(run, "SQLite", suite + ignored(ONLY_POSTGRESQL), directory, {}),
            pool.submit(
                run, "PostgreSQL + Redis", suite + ignored(ONLY_SQLITE), directory, addresses
            ),
        ]
        return [each.result() for each in runs]


def ignored(paths: tuple[str, ...]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def run(name: str, arguments: list[str], directory: Path, extra: Mapping[str, str]) -> Result:
    own = directory / name.partition(" ")[0].lower()
    report = own / "report.xml"
    own.mkdir()
    command = [sys.executable, "-m", "pytest", "-q", "-o", f"cache_dir={own / 'cache'}"]
    started = time.monotonic()
    with child([*command, f"--junitxml={report}", *arguments], own, extra) as process:
        output, _ = process.communicate()
    say(f"\n=== {name}\n{output.rstrip()}")
    return counted(name, report, process.returncode, f"{time.monotonic() - started:.0f} s")


@contextmanager
def child(
    command: list[str], own: Path, extra: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A process that does not outlive us."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**environment(own), **extra},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def environment(own: Path) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(FOREIGN) and key not in OTHERS
    }
    return kept | {"OPENFLOOR_ENV": "demo", "OPENFLOOR_VAR": str(own / "var")}


def counted(name: str, report: Path, code: int, remark: str) -> Result:
    if not report.exists():
        return Result(name=name, failed=1, remark=f"pytest ended with status {code}")
    suite = ET.parse(report).getroot().find("testsuite")
    assert suite is not None
    tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    if code != 0 and failed == 0:
        failed, remark = 1, f"pytest ended with status {code}"
    return Result(
        name=name,
        failures=tuple(_failures(suite)),
        passed=max(tests - failed - skipped, 0),
        failed=failed,
        skipped=skipped,
        remark=remark,
    )


def _failures(suite: ET.Element) -> Iterator[str]:
    for case in suite.iter("testcase"):
        for kind in ("failure", "error"):
            for found in case.iter(kind):
                end = "\n".join((found.text or "").splitlines()[-MOST_LINES:])
                yield f"{case.get('classname')}::{case.get('name')}\n{end}"


def provide_chromium() -> str | None:
    """Chromium's path; Debian's package is installed when it is missing and may be installed."""
    if machine.chromium() is None:
        say("Installing Chromium for the browser tests ...")
        install("chromium")
    return machine.chromium()


def provide_calc() -> None:
    """LibreOffice, which opens and fills in what we write. Its tests fail where there is none."""
    if not machine.has_calc():
        say("Installing LibreOffice for the tests of workbooks ...")
        install("libreoffice-calc-nogui", "python3-uno")


def install(*packages: str) -> None:
    """Debian's packages, where somebody may install them."""
    apt_get = shutil.which("apt-get")
    if apt_get is None:
        return
    command = [apt_get] if os.geteuid() == 0 else ["sudo", "-n", apt_get]
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        if not succeeds([*command, *step]):
            break


def succeeds(command: list[str]) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=quiet, capture_output=True, check=False, timeout=600)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def summarize(results: list[Result]) -> int:
    say("\n=== Summary")
    for result in results:
        say(str(result))
        for failure in result.failures:
            say(f"  failed: {failure}")
    failed = sum(result.failed for result in results)
    skipped = sum(result.skipped for result in results)
    total = f"{sum(result.passed for result in results)} passed, {failed} failed"
    say(f"{total}, {skipped} skipped" if skipped else total)
    return int(failed > 0)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
