from __future__ import annotations

from engagements.models.attendance import SILENCE, Attendance, AttendanceInterval, Registration
from engagements.models.audit import AuditEntry
from engagements.models.engagement import (
    DeclaredAttendance,
    Engagement,
    Membership,
    Series,
    Speaker,
)
from engagements.models.outbox import OutgoingMail
from engagements.models.people import (
    Agency,
    Invitation,
    Office,
    Role,
    RoleCategory,
    User,
    UserManager,
)

__all__ = [
    "SILENCE",
    "Agency",
    "Attendance",
    "AttendanceInterval",
    "AuditEntry",
    "DeclaredAttendance",
    "Engagement",
    "Invitation",
    "Membership",
    "Office",
    "OutgoingMail",
    "Registration",
    "Role",
    "RoleCategory",
    "Series",
    "Speaker",
    "User",
    "UserManager",
]
