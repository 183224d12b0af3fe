from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import run
from tests.run import Result

if TYPE_CHECKING:
    from pathlib import Path

REPORT = '<testsuites><testsuite tests="10" failures="1" errors="1" skipped="2"/></testsuites>'


def test_a_report_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    assert run.counted("SQLite", report, 1, "3 s") == Result(
        name="SQLite", passed=6, failed=2, skipped=2, remark="3 s"
    )


def test_a_run_without_a_report_has_failed(tmp_path: Path) -> None:
    assert run.counted("SQLite", tmp_path / "report.xml", 3, "3 s") == Result(
        name="SQLite", failed=1, remark="pytest ended with status 3"
    )


def test_a_run_that_found_no_test_has_failed(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text("<testsuites><testsuite tests='0'/></testsuites>")

    assert run.counted("browser", report, 5, "3 s") == Result(
        name="browser", failed=1, remark="pytest ended with status 5"
    )


@pytest.mark.parametrize(
    ("results", "last_line", "status"),
    [
        ([Result(name="a", passed=2), Result(name="b", passed=3)], "5 passed, 0 failed", 0),
        ([Result(name="a", passed=2, failed=1)], "2 passed, 1 failed", 1),
        ([Result(name="a", passed=2, skipped=1)], "2 passed, 0 failed, 1 skipped", 0),
    ],
)
def test_the_last_line_is_the_sum(
    results: list[Result], last_line: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.summarize(results) == status
    assert capsys.readouterr().out.splitlines()[-1] == last_line


def test_the_environment_of_whoever_runs_the_tests_does_not_reach_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://precious")
    monkeypatch.setenv("SECRET_KEY_FILE", "/run/secrets/key")
    monkeypatch.setenv("WORKERS", "4")

    found = run.environment(tmp_path)

    assert {"DATABASE_URL", "SECRET_KEY_FILE", "WORKERS"} & set(found) == set()
    assert found["OPENFLOOR_VAR"] == str(tmp_path / "var")


def test_a_failure_is_told_at_the_end_with_its_name_and_last_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.xml"
    told = "\n".join(f"line {number}" for number in range(run.MOST_LINES + 1))
    report.write_text(
        "<testsuites><testsuite tests='1' failures='1'>"
        f"<testcase classname='tests.qa.test_x' name='test_y'><failure>{told}</failure></testcase>"
        "</testsuite></testsuites>"
    )

    run.summarize([run.counted("SQLite", report, 1, "3 s")])

    lines = capsys.readouterr().out.splitlines()
    assert lines[3:5] == ["  failed: tests.qa.test_x::test_y", "line 1"]
    assert lines[-2:] == [f"line {run.MOST_LINES}", "0 passed, 1 failed"]
