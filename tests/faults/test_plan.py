from __future__ import annotations

import random
from collections import Counter

from tests.faults import plan


def test_the_plan_has_every_fault_amid_the_asks_and_is_the_same_for_a_seed() -> None:
    found = plan.faults(plan.ALL, 40.0, 3, random.Random(7))

    assert Counter((one.server.partition("-")[0], one.how) for one in found) == Counter(plan.ALL)
    assert {one.server for one in found} == {
        "worker-0", "worker-1", "worker-2", "valkey", "postgres",
    }  # fmt: skip
    times = [one.at for one in found]
    assert times == sorted(times)
    assert plan.QUIET <= times[0] < times[-1] < 40.0 - 2 * plan.QUIET
    assert found == plan.faults(plan.ALL, 40.0, 3, random.Random(7))
