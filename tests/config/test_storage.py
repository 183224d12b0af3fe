from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR
from config.staticfinder import DesignSystemFinder
from tests.check import PRODUCTION


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `collectstatic` makes of the whole tree for production."""
    var = tmp_path_factory.mktemp("var")
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=BASE_DIR,
        env=os.environ | PRODUCTION | {"OPENFLOOR_VAR": str(var)},
        check=True,
    )
    return var / "static"


def names(collected: Path) -> dict[str, str]:
    paths: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return paths


def test_every_file_has_a_hashed_name_that_exists(collected: Path) -> None:
    paths = names(collected)

    assert "uswds/css/uswds.min.css" in paths
    assert [name for name, hashed in paths.items() if not (collected / hashed).is_file()] == []
    assert [name for name, hashed in paths.items() if name == hashed] == []


def test_imports_of_script_modules_are_rewritten(collected: Path) -> None:
    paths = names(collected)
    room = (collected / paths["qa/room.js"]).read_text()

    assert Path(paths["qa/socket.js"]).name in room
    assert '"./socket.js"' not in room


def test_the_design_system_is_a_small_part_of_its_package(collected: Path) -> None:
    files = [path for path in (collected / "uswds").rglob("*") if path.suffix not in {".br", ".gz"}]

    assert len(files) < 200
    assert sum(path.stat().st_size for path in files) < 4_000_000
    assert (collected / "uswds" / "LICENSE.md").is_file()


def test_the_style_sheet_finds_all_that_it_names() -> None:
    finder = DesignSystemFinder()

    assert [name for name, storage in finder.list(None) if not storage.exists(name)] == []
    assert finder.check() == []


@pytest.mark.parametrize(
    "path", ["uswds/scss/styles.scss", "uswds/../../package.json", "css/uswds.min.css", "uswds/"]
)
def test_the_rest_of_the_package_is_not_found(path: str) -> None:
    assert DesignSystemFinder().find(path) == []


def test_a_missing_package_is_told_in_words(tmp_path: Path) -> None:
    finder = DesignSystemFinder(tmp_path)

    assert list(finder.list(None)) == []
    missing = tmp_path / "dist" / "css" / "uswds.min.css"
    assert [error.msg for error in finder.check()] == [
        f"The design system is not installed: {missing} is missing. Run `make setup`."
    ]
