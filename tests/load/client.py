"""The process that loads a server: a plan on stdin, its figures on stdout, both JSON.

A plan names the `servers` (their process ids), the `system`, the `watchers`, the `control` socket,
those to be `stalled` (each with port, path, cookie and first frame) and the `steps` to take.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from typing import Any

import uvloop

from tests.load import machine
from tests.load.steps import Steps


async def follow(plan: dict[str, Any]) -> dict[str, Any]:
    """The figures of all steps up to the first that failed."""
    steps = Steps(plan)
    results: dict[str, Any] = {}
    for name, step in plan["steps"].items():
        try:
            async with asyncio.timeout(plan["limit"]):
                results[name] = await steps.run(step)
        except OSError as error:
            sys.stderr.write(f"  {name}: {type(error).__name__} {error}\n")
            break
    return results


def main() -> None:
    machine.raise_file_limit()
    plan = json.load(sys.stdin)
    # Time stamps by the million: no collection is to stop this process in the middle.
    gc.disable()
    json.dump(uvloop.run(follow(plan)), sys.stdout)


if __name__ == "__main__":
    main()
