"""People for the world of the access matrix, and how the office's pages about them are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engagements.actions.office import CategoryWords
from engagements.files.invitee_list import Line
from engagements.forms.inviting import seal
from engagements.models import Attendance, Invitee, RoleCategory
from engagements.queries.invitations import review
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Engagement

MAIL = "engagements.outgoingmail"
REGISTRATION = "engagements.registration"
INVITEE = "engagements.invitee"
EXPORTED = {"reads": {"engagements.auditentry"}}

SITUATIONS: dict[str, dict[str, Any]] = {
    "registrant": {"at": {"pk": "@ra"}},
    "registrants-sheet": EXPORTED,
    "registrant-new": {
        "sent": {"name": "Nell", "category": "attorney", "was_read_out": "on"},
        "wrote": ("registration.created",),
        "changes": {REGISTRATION},
    },
    "registrant-cancel": {
        "at": {"pk": "@ra"},
        "wrote": ("registration.cancelled",),
        "changes": {REGISTRATION, MAIL},
    },
    "registrant-category": {
        "at": {"slug": "soon", "pk": "@early"},
        "sent": {"category": "employer"},
        "wrote": ("registration.changed",),
        "changes": {REGISTRATION, MAIL},
    },
    "registrant-phone": {
        "at": {"pk": "@ra"},
        "wrote": ("attendance.by_phone",),
        "changes": {"engagements.attendance"},
    },
    "registrant-phone-undo": {
        "at": {"pk": "@phoned"},
        "wrote": ("attendance.by_phone_taken_back",),
        "changes": {"engagements.attendance"},
    },
    "invitees-upload": {
        "sent": {"people": "@guests"},
        "wrote": ("invitees.added",),
        "changes": {INVITEE, MAIL},
    },
    "invitee-again": {
        "at": {"pk": "@invitee"},
        "wrote": ("invitee.written_again",),
        "changes": {INVITEE, MAIL},
    },
    "invitee-withdraw": {
        "at": {"pk": "@invitee"},
        "wrote": ("invitee.withdrawn",),
        "changes": {INVITEE},
    },
    "invited": {
        "at": {"token": "@invitation-link"},
        "lands": "/engagements/now/invitation/",
    },
    "own-invitation": {"sent": {"name": "Guest", "category": "attorney", "consent": "on"}},
    "accommodations-sheet": EXPORTED,
    "accommodation-decide": {
        "at": {"pk": "@accommodation"},
        "sent": {"*": "@decision"},
        "wrote": ("accommodation.arranged",),
        "changes": {"engagements.accommodation"},
    },
}
"""What makes a `Situation`, by address."""


def lay(*, now: Engagement, soon: Engagement) -> dict[str, Any]:
    """The names of who is invited, took part by phone, is early, or needs something."""
    guest = factories.make_invitee(now, "Guest")
    declined = factories.make_invitee(now, "Declined", state=Invitee.State.DECLINED)
    phoned = factories.make_registration(now, "Phoned")
    factories.make_attendance(phoned, source=Attendance.Source.PHONE)
    needed = factories.make_accommodation(phoned)
    listed = review(now, [Line(2, "new.guest@public.example")]).candidates
    return {
        "categories": _category_rows(),
        "invitee": guest.pk,
        "invitation-link": guest.token(),
        "declined-link": declined.token(),
        "guests": seal(now, listed),
        "phoned": phoned.pk,
        "early": factories.make_registration(soon, "Early").pk,
        "accommodation": needed.pk,
        "decision": {f"a{needed.pk}-state": "arranged", "seen": "requested"},
    }


def _category_rows() -> dict[str, Any]:
    """The table of role categories as the form sends it, with another verb for one of them."""
    sent: dict[str, Any] = {}
    for category in RoleCategory.objects.all():
        values = {name: getattr(category, name) for name in CategoryWords._fields}
        if category.key == "employer":
            values["verb"] = "served as"
        sent |= {f"category-{category.pk}-{name}": value for name, value in values.items()}
    return sent
