"""Run one measurement in processes of its own: the settings read the environment once."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services
from tests.load import servers


def on_both(name: str, module: str, *, what: str, most: int) -> int:
    """On SQLite and on PostgreSQL, in databases of its own; so many as the command line says."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument(what, nargs="?", type=int, default=most)
    number: int = getattr(parser.parse_args(), what)
    services.unwind_on_termination()
    with tempfile.TemporaryDirectory(prefix="openfloor-load-") as directory:
        here = Path(directory)
        failed = _run(module, number, here / "sqlite", {})
        with services.postgres(here / "postgres") as address:
            return _run(module, number, here / "files", {"DATABASE_URL": address}) or failed


def _run(module: str, number: int, var: Path, addresses: dict[str, str]) -> int:
    var.mkdir()
    return subprocess.run(
        [sys.executable, "-m", module, str(number)],
        cwd=servers.ROOT,
        env=servers.environment(var, addresses),
        check=False,
    ).returncode
