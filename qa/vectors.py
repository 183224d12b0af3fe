"""What texts mean, as vectors that a model makes in a thread of its own. Pure.

Nobody waits for a model: who asks gets what is known after half a second at most, and the rest
with a later look.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST: Final = 10_000
"""Vectors that are kept, and texts that wait; with 384 numbers each, some 17 MB."""
BATCH: Final = 16
LONGEST_WAIT: Final = 0.5

logger = structlog.get_logger(__name__)


class Model(Protocol):
    def vectors(self, texts: Sequence[str]) -> Sequence[Any]: ...

    def cosines(self, one: Any, many: Sequence[Any]) -> Sequence[float]: ...


class Vectors:
    """Kept by the digest of the text, the one that was not used for longest leaving first.

    `load` gives the model; it is called once, in the thread, when the first text is asked for. A
    model that fails is logged and not tried again: from then on no text is known.
    """

    def __init__(
        self, load: Callable[[], Model], *, most: int = MOST, wait: float = LONGEST_WAIT
    ) -> None:
        self._load = load
        self._most = most
        self._wait = wait
        self._model: Model | None = None
        self._kept: OrderedDict[bytes, Any] = OrderedDict()
        self._waiting: OrderedDict[bytes, str] = OrderedDict()
        self._is_working = False
        self._has_failed = False
        self._news = threading.Condition()

    def cosines(self, text: str, others: Sequence[str]) -> list[float | None]:
        """How near each of the others is to the text, from -1 to 1; None while it is not known."""
        own, *keys = [_digest(one) for one in (text, *others)]
        with self._news:
            self._ask_for(dict(zip([own, *keys], [text, *others], strict=True)), first=own)
            self._news.wait_for(lambda: self._is_settled([own, *keys]), timeout=self._wait)
            mine = self._used(own)
            theirs = [self._used(key) for key in keys]
            model = self._model
        if model is None or mine is None:
            return [None] * len(keys)
        known = [one for one in theirs if one is not None]
        found = iter(model.cosines(mine, known))
        return [None if one is None else next(found) for one in theirs]

    def _ask_for(self, texts: dict[bytes, str], *, first: bytes) -> None:
        if self._has_failed:
            return
        for key, text in texts.items():
            # Wanted from now on: what is read meanwhile must not push it out.
            if self._used(key) is None and len(self._waiting) < self._most:
                self._waiting.setdefault(key, text)
        if first in self._waiting:
            self._waiting.move_to_end(first, last=False)
        if self._waiting and not self._is_working:
            self._is_working = True
            threading.Thread(target=self._work, name="vectors", daemon=True).start()

    def _is_settled(self, keys: Sequence[bytes]) -> bool:
        return self._has_failed or all(key in self._kept for key in keys)

    def _used(self, key: bytes) -> Any:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _work(self) -> None:
        """Until nothing waits any more."""
        try:
            model = self._model or self._load()
            while batch := self._next(model):
                self._keep(batch, model.vectors(list(batch.values())))
        except Exception as error:  # noqa: BLE001 - words alone will do, and content is never logged
            logger.error("vectors_failed", error=type(error).__name__)  # noqa: TRY400
            with self._news:
                self._has_failed = True
                self._waiting.clear()
                self._news.notify_all()

    def _next(self, model: Model) -> dict[bytes, str]:
        with self._news:
            self._model = model
            count = min(BATCH, len(self._waiting))
            self._is_working = count > 0
            return dict(self._waiting.popitem(last=False) for _turn in range(count))

    def _keep(self, batch: dict[bytes, str], vectors: Sequence[Any]) -> None:
        with self._news:
            self._kept.update(zip(batch, vectors, strict=True))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            self._news.notify_all()


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()
