"""One worker, served as production serves it: `python -m tests.faults.worker PORT`."""

from __future__ import annotations

import sys

import uvicorn

from config.serving import OPTIONS

if __name__ == "__main__":
    uvicorn.run("config.asgi:application", host="127.0.0.1", port=int(sys.argv[1]), **OPTIONS)
