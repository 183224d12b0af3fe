"""What the kernel says of processes and of the machine."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """User and system time of all threads of a process, finer than the ticks of /proc/PID/stat."""
    # The number of a process's own clock, as clock_getcpuclockid(3) makes it.
    return time.clock_gettime(~pid << 3 | 2)


def memory(pid: int) -> int:
    """Resident bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def busy_seconds() -> float:
    """What all cores together have worked since the machine started, for whomever."""
    total = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, *interrupts = map(int, total[:8])
    return (user + nice + system + sum(interrupts)) / TICKS


def raise_file_limit() -> int:
    """As many open files as this user may have; gives the number."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def cores() -> list[int]:
    return sorted(os.sched_getaffinity(0))


def description() -> str:
    """Processor and cores; no name of the host."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{models[0] if models else 'unknown processor'}, {len(cores())} cores"
