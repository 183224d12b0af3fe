"""What the machine offers that runs the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def chromium() -> str | None:
    """Where a Chromium is, or nothing."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def has_calc() -> bool:
    """Whether LibreOffice is here, with the Python that can talk to it."""
    command = ["/usr/bin/python3", "-c", "import uno"]
    try:
        talks = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
    return talks and shutil.which("soffice") is not None


def lacks_calc() -> bool:
    """No LibreOffice, on a machine that may do without. CI may not: its tests fail there."""
    return os.environ.get("CI") != "true" and not has_calc()


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Until the process answers on the port. Raises TimeoutError when it ends or is too slow."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing answers on port {port}")
