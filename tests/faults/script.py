"""What an experiment tells the people of it. Knows no Django."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

BEGUN: Final = "begun"
ACKNOWLEDGED: Final = "acknowledged"
LAST: Final = "last"
"""What people say, a line each: all are in and begin to ask; a worker, named by its port, has
acknowledged a question; the last one is due, and waits for a line in answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`asks` are those of all writers together, `ports` those of the workers. With
    `has_last_words` the last question waits until the announcements are away."""

    seed: int
    asks: int
    writers: int
    seconds: float
    loss: float
    ports: tuple[int, ...]
    has_last_words: bool

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Script:
        values = json.loads(text)
        return cls(**values | {"ports": tuple(values["ports"])})
