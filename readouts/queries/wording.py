"""The house wordings, and which one a readout is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.models import HouseWording
from readouts.wording import HOUSE, House

if TYPE_CHECKING:
    from readouts.models import Readout


def house_of(readout: Readout) -> House:
    """In the wording that its editors chose, or else in the office's usual one."""
    return house(readout.wording or usual())


def house(wording: HouseWording | None) -> House:
    """Nothing stored is the wording that comes with Openfloor."""
    return House.from_json(wording.language, wording.phrases) if wording else HOUSE


def usual() -> HouseWording | None:
    return HouseWording.objects.filter(is_usual=True).first()
