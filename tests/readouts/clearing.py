"""A chain of clearance for tests, and steps through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements.models import OutgoingMail
from readouts import queries
from readouts.actions import chain, clearing

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.models import Approval, ClearanceStep, Readout


def add_step(name: str, *people: User, by: User) -> ClearanceStep:
    return chain.add(by=by, seen=mark(), name=name, people=people)


def mark() -> str:
    return queries.chain_mark(queries.all_steps())


def digest_of(readout: Readout) -> str:
    return queries.clearance_of(readout).digest


def approve(readout: Readout, step: ClearanceStep, *, by: User, remark: str = "") -> Approval:
    return clearing.approve(
        readout,
        by=by,
        step=step.pk,
        digest=digest_of(readout),
        revision=readout.revision,
        remark=remark,
    )


def mails() -> list[tuple[str, str]]:
    """Template and reader of what was laid down about readouts, in order."""
    found = OutgoingMail.objects.filter(template__startswith="readouts/").order_by("pk")
    return list(found.values_list("template", "to"))
