"""What a rehearsal counts while it runs, and the figures made of it. Pure."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


class Acknowledged(NamedTuple):
    """A question that the server said it has stored. `asker` is a registration's id."""

    client_id: UUID
    asker: int
    number: int
    seconds: float


@dataclass
class Tally:
    """`shown` holds, by a question's number, the moment at which the desk sent its decision.

    `refused` counts every refusal by its code, `declined` the questions that were refused for good.
    `deliveries` are seconds from that moment to the arrival at each person.
    """

    people: int
    present: int = 0
    asked: int = 0
    declined: int = 0
    votes: int = 0
    reconnects: int = 0
    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    shown: dict[int, float] = field(default_factory=dict)
    deliveries: list[float] = field(default_factory=list)

    @property
    def expected(self) -> int:
        """Each shown question is to reach each person."""
        return len(self.shown) * self.people

    @property
    def lost_questions(self) -> int:
        """Asked, and neither acknowledged nor refused."""
        return self.asked - len(self.acknowledged) - self.declined

    @property
    def lost_deliveries(self) -> int:
        return self.expected - len(self.deliveries)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of all do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]
