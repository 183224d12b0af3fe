from __future__ import annotations

from readouts.models.clearance import Approval, ClearanceStep, Return
from readouts.models.comment import Comment
from readouts.models.commitment import Commitment
from readouts.models.follow_up import FollowUpEdition, FollowUpFile
from readouts.models.memory import Recurrence, RecurringQuestion
from readouts.models.readout import Readout, ReadoutSample
from readouts.models.search import SearchEntry
from readouts.models.version import ReadoutVersion, VersionFile
from readouts.models.wording import HouseWording

__all__ = [
    "Approval",
    "ClearanceStep",
    "Comment",
    "Commitment",
    "FollowUpEdition",
    "FollowUpFile",
    "HouseWording",
    "Readout",
    "ReadoutSample",
    "ReadoutVersion",
    "Recurrence",
    "RecurringQuestion",
    "Return",
    "SearchEntry",
    "VersionFile",
]
