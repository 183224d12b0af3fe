from __future__ import annotations

from engagements.models.attendance import (
    SILENCE,
    Attendance,
    AttendanceInterval,
    DeclaredAttendance,
)
from engagements.models.audit import AuditEntry
from engagements.models.engagement import Engagement, Membership, Series, Speaker
from engagements.models.listed import (
    AttendanceList,
    ListedInterval,
    ListedPerson,
    RememberedMapping,
)
from engagements.models.material import Material, StoredFile
from engagements.models.notice import Notice
from engagements.models.outbox import Mailing, OutgoingMail
from engagements.models.people import (
    Agency,
    Invitation,
    Office,
    Role,
    RoleCategory,
    User,
    UserManager,
)
from engagements.models.registration import (
    Accommodation,
    Invitee,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    Subscription,
)
from engagements.models.work import Worker

__all__ = [
    "SILENCE",
    "Accommodation",
    "Agency",
    "Attendance",
    "AttendanceInterval",
    "AttendanceList",
    "AuditEntry",
    "DeclaredAttendance",
    "Engagement",
    "Invitation",
    "Invitee",
    "ListedInterval",
    "ListedPerson",
    "Mailing",
    "Material",
    "Membership",
    "Notice",
    "Office",
    "OutgoingMail",
    "Registration",
    "RegistrationAnswer",
    "RegistrationQuestion",
    "RememberedMapping",
    "Role",
    "RoleCategory",
    "Series",
    "Speaker",
    "StoredFile",
    "Subscription",
    "User",
    "UserManager",
    "Worker",
]
