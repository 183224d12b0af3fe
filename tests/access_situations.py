"""How each address and command of the access matrix is used, and what it leaves behind."""

from __future__ import annotations

from tests import (
    access_acceptance,
    access_answers,
    access_archive,
    access_channels,
    access_clearance,
    access_desk,
    access_editor,
    access_figures,
    access_floor,
    access_forwarding,
    access_gate,
    access_hour,
    access_integration,
    access_memory,
    access_outputs,
    access_people,
    access_polls,
    access_promises,
    access_question,
    access_stage,
    access_uploads,
    access_wishes,
    access_wording,
)
from tests.access_situation import (
    A_MATERIAL,
    A_QUESTION,
    DECLARED,
    ENGAGEMENT,
    ENTRY,
    LISTED,
    MAIL,
    MAILING,
    OWN_REGISTRATION,
    PASSWORDS,
    PAST,
    PLAN,
    PRESENCE,
    REVIEWED,
    SEEN_LIST,
    SOON,
    WALK_IN,
    WORDS,
    Situation,
    list_of,
    mail_of,
    move_of,
    set_up_of,
)

ADDRESSES = {
    "engagement: draft": Situation(at=PLAN),
    "material": Situation(at=SOON | {"pk": "@material"}),
    "material: draft": Situation(at=PLAN | {"pk": "@draft-material"}),
    "engagement-clone": Situation(
        at=SOON,
        sent={"title": "The next one", "starts_at": "2021-06-01T14:00"},
        wrote=("engagement.created", "engagement.cloned"),
        changes={"engagements.engagement", "engagements.membership", "qa.floor"},
    ),
    "materials": set_up_of("material.added", {}, title="More", url="https://b.example"),
    "material-edit": set_up_of("material.edited", A_MATERIAL, title="Other notes"),
    "material-move": set_up_of("material.moved", A_MATERIAL, direction="down"),
    "material-remove": set_up_of(
        "material.removed", A_MATERIAL, changes={"engagements.material", "engagements.storedfile"}
    ),
    "questions": set_up_of("question.added", {}, label="When?", kind="text"),
    "question-edit": set_up_of("question.edited", A_QUESTION, label="When?", kind="text"),
    "question-move": set_up_of("question.moved", A_QUESTION, direction="up"),
    "question-remove": set_up_of("question.deleted", A_QUESTION),
    "notices": set_up_of("notice.published", {}, privacy="Another one.", seen="@own-notice"),
    "notices-go-back": set_up_of("notice.withdrawn", {}),
    "office-notices": Situation(
        sent={"privacy": "Another one.", "seen": "@office-notice"},
        wrote=("notice.published",),
        changes={"engagements.notice"},
    ),
    "register": Situation(
        sent=ENTRY, wrote=("registration.created",), changes={"engagements.registration", MAIL}
    ),
    "register: over": Situation(at=PAST, sent=ENTRY),
    "register: removed here": Situation(
        sent=ENTRY | {"email": "@removed"}, wrote=("registration.repeated",), changes={MAIL}
    ),
    "register: draft": Situation(at=PLAN, sent=ENTRY),
    "registered: draft": Situation(at=PLAN),
    "month": Situation(at={"year": 2021, "month": 4}),
    "short": Situation(at={"code": "@short-code"}, lands="/engagements/soon/"),
    "short: draft": Situation(at={"code": "@draft-code"}),
    "engagement-calendar: draft": Situation(at=PLAN),
    "sheet: draft": Situation(at=PLAN),
    "qr-svg: draft": Situation(at=PLAN),
    "qr-png: draft": Situation(at=PLAN),
    "join": Situation(at={"token": "@link"}, lands="/engagements/now/room/"),
    "join: removed": Situation(at={"token": "@removed-link"}, lands=OWN_REGISTRATION),
    "confirm-address": Situation(at={"token": "@link"}, lands="/engagements/now/room/"),
    "own-registration": Situation(
        sent={"name": "Nell"},
        wrote=("registration.changed",),
        changes={"engagements.registration", MAIL},
    ),
    "own-registration: draft": Situation(at=PLAN),
    "own-registration-confirm": Situation(
        at={"slug": "confirming"},
        wrote=("registration.confirmed",),
        changes={"engagements.registration", MAIL},
    ),
    "own-registration-cancel": Situation(
        wrote=("registration.cancelled",), changes={"engagements.registration", MAIL}
    ),
    "own-registration-delete": Situation(
        wrote=("registration.erased",), changes={"engagements.registration"}
    ),
    "walk-in": Situation(
        at={"slug": "door"},
        sent=WALK_IN,
        wrote=("registration.walked_in", "attendance.joined"),
        changes=PRESENCE | {"engagements.registration"},
    ),
    "walk-in: not taken": Situation(sent=WALK_IN),
    "walk-in: draft": Situation(at=PLAN, sent=WALK_IN),
    "companions": Situation(
        sent={"people": 3},
        wrote=("attendance.joined", "attendance.companions"),
        changes=PRESENCE - {"engagements.auditentry"},
    ),
    "attendance-small-figures": Situation(
        sent={"reason": "All agreed."},
        wrote=("attendance.small_figures",),
        changes={"engagements.engagement"},
    ),
    "attendance-lists": list_of(
        "uploaded", sent={"file": "@list-file"}, more={"engagements.storedfile"}
    ),
    "attendance-list": Situation(at=REVIEWED),
    "attendance-list-columns": list_of(
        "named",
        "read",
        at={"pk": "@list-mapping"},
        sent={"revision": 1, "zone": "UTC", "*": "@list-columns"},
        more=LISTED | {"engagements.rememberedmapping"},
    ),
    "attendance-list-categories": list_of(
        "named",
        "read",
        at={"pk": "@list-stated"},
        sent={"revision": 2, "value-0": "attorney"},
        more=LISTED | {"engagements.rememberedmapping"},
    ),
    "attendance-list-people": Situation(at=REVIEWED),
    "attendance-list-person": list_of(
        "person_decided", at=REVIEWED | {"person": "@list-person"}, sent=SEEN_LIST, more=LISTED
    ),
    "attendance-list-matches": list_of(
        "matched", at=REVIEWED, sent=SEEN_LIST | {"*": "@list-matches"}, more=LISTED
    ),
    "attendance-list-difference": Situation(at=REVIEWED),
    "attendance-list-place": list_of("placed", at=REVIEWED, sent=SEEN_LIST | {"corrects": 0}),
    "attendance-list-apply": list_of("applied", at=REVIEWED, sent=SEEN_LIST),
    "attendance-list-again": list_of("reopened", at=REVIEWED, sent=SEEN_LIST, more=LISTED),
    "attendance-list-undo": list_of(
        "undone",
        at={"pk": "@list-applied"},
        sent={"revision": "@list-applied-revision", "reason": "A slip"},
    ),
    "attendance-list-discard": list_of("discarded", at=REVIEWED, sent=SEEN_LIST, more=LISTED),
    "attendance-list-file": Situation(at=REVIEWED),
    "declare": Situation(
        sent=DECLARED | {"kind": "phone"},
        wrote=("attendance.declared",),
        changes={"engagements.declaredattendance"},
    ),
    "declaration": Situation(
        at={"pk": "@declared"},
        sent=DECLARED,
        wrote=("attendance.declared_again",),
        changes={"engagements.declaredattendance"},
    ),
    "declaration-remove": Situation(
        at={"pk": "@declared"},
        wrote=("attendance.declaration_removed",),
        changes={"engagements.declaredattendance"},
    ),
    "engagement-new": Situation(
        sent=ENGAGEMENT | {"slug": "brand-new"},
        wrote=("engagement.created",),
        changes={"engagements.engagement", "engagements.membership", "qa.floor"},
    ),
    "engagement-office: draft": Situation(at=PLAN),
    "engagement-edit": Situation(
        at=SOON,
        sent=ENGAGEMENT | {"revision": 1},
        wrote=("engagement.edited",),
        changes={"engagements.engagement", MAILING},
    ),
    "engagement-move: schedule": move_of(PLAN, "schedule", "scheduled", is_told=False),
    "engagement-move: start": move_of(SOON, "start", "live"),
    "engagement-move: end": access_polls.ENDING,
    "engagement-move: archive": move_of(PAST, "archive", "archived", is_told=False),
    "engagement-move: cancel": move_of(SOON, "cancel", "cancelled"),
    "members": Situation(
        sent={"user": "@person", "role": "moderator"},
        wrote=("membership.added",),
        changes={"engagements.membership"},
    ),
    "members: oneself": Situation(sent={"user": "@self", "role": "editor"}),
    "registrant-remove": Situation(
        at={"pk": "@ra"},
        wrote=("registration.removed",),
        changes={"engagements.registration"},
    ),
    "registrant-readmit": Situation(
        at={"pk": "@xa"},
        wrote=("registration.readmitted",),
        changes={"engagements.registration"},
    ),
    "member-remove": Situation(
        at=SOON | {"pk": "@membership"},
        wrote=("membership.removed",),
        changes={"engagements.membership"},
    ),
    "outbox-mail": Situation(at={"pk": "@mail"}),
    "outbox-page": Situation(at={"pk": "@waiting-mail"}),
    "outbox-edit": Situation(
        at={"pk": "@waiting-mail"},
        sent={"subject": "Another subject", "body": "Another text.", "seen": 1},
        wrote=("mail.edited",),
        changes={MAIL},
    ),
    "outbox-decide: hold": mail_of("hold", "held"),
    "outbox-decide: send": mail_of("send", "sent_by_hand"),
    "outbox-decide: discard": mail_of("discard", "discarded"),
    "outbox-all: hold": Situation(
        sent={"move": "hold", "engagement": "now"}, wrote=("mail.held",), changes={MAIL}
    ),
    "letters": Situation(
        sent={"states": ["registered"], "subject": "News", "body": "A text.", "send": "yes"},
        wrote=("mailing.written",),
        changes={MAILING},
    ),
    "letters-hold": Situation(
        sent={"hold": "yes"},
        wrote=("engagement.mail_held",),
        changes={"engagements.engagement", MAIL},
    ),
    "letter-discard": Situation(
        at=SOON | {"pk": "@reminder"},
        wrote=("mailing.discarded",),
        changes={MAILING, "engagements.engagement"},
    ),
    "news": Situation(
        at={"token": "@news-token"},
        wrote=("subscription.ended",),
        changes={"engagements.subscription"},
    ),
    "news: another token": Situation(at={"token": "another"}),
    "people": Situation(
        sent={"name": "Nell", "email": "nell@office.example"},
        wrote=("account.invited",),
        changes={"engagements.invitation", MAIL},
    ),
    "person": Situation(
        at={"pk": "@person"},
        sent={"is_administrator": "on"},
        wrote=("account.rights_set",),
        changes={"engagements.user"},
    ),
    "person: oneself": Situation(at={"pk": "@self"}, sent={"may_create_engagements": "on"}),
    "person-deactivate": Situation(
        at={"pk": "@person"}, wrote=("account.deactivated",), changes={"engagements.user"}
    ),
    "person-deactivate: oneself": Situation(at={"pk": "@self"}),
    "person-reactivate": Situation(
        at={"pk": "@inactive"}, wrote=("account.reactivated",), changes={"engagements.user"}
    ),
    "invitation-resend": Situation(
        at={"pk": "@invitation"},
        wrote=("account.invited_again",),
        changes={"engagements.invitation", MAIL},
    ),
    "invitation-withdraw": Situation(
        at={"pk": "@invitation"},
        wrote=("account.invitation_withdrawn",),
        changes={"engagements.invitation"},
    ),
    "categories": Situation(
        sent={"*": "@categories"},
        wrote=("category.edited",),
        changes={"engagements.rolecategory"},
    ),
    "agencies": Situation(
        sent={"name": "A new agency", "short_name": "ANA"},
        wrote=("agency.added",),
        changes={"engagements.agency"},
    ),
    "agency-names": Situation(
        at={"pk": "@agency"},
        sent={"name": "Renamed", "short_name": "RN"},
        wrote=("agency.renamed",),
        changes={"engagements.agency"},
    ),
    "office-words": Situation(sent=WORDS, wrote=("office.edited",), changes={"engagements.office"}),
    "invitation": Situation(
        at={"token": "@token"},
        sent=PASSWORDS,
        wrote=("account.opened", "account.signed_in"),
        changes={"engagements.invitation", "engagements.user", "account.emailaddress"},
    ),
    "demo-enter": Situation(at={"token": "@play"}, lands="/office/", reads={"engagements.user"}),
    "demo-enter: deactivated": Situation(at={"token": "@dead-play"}),
    "account_login": Situation(
        sent={"login": "@account", "password": "@password"},
        wrote=("account.signed_in",),
        changes={"engagements.user"},
    ),
    "account_email": Situation(
        sent={"action_add": "", "email": "@address"}, changes={"account.emailaddress", MAIL}
    ),
    "account_change_password": Situation(
        sent=PASSWORDS | {"oldpassword": "@password"},
        wrote=("account.password_changed",),
        changes={"engagements.user", MAIL},
    ),
    "account_reset_password": Situation(sent={"email": "@account"}, changes={MAIL}),
    # Leads to the form, with the secret in the session; tests/config/test_allauth.py goes there.
    "account_reset_password_from_key": Situation(at={"uidb36": "@uid", "key": "@reset"}),
    "account_confirm_email": Situation(
        at={"key": "@confirmation"},
        wrote=("account.email_changed",),
        changes={"account.emailaddress", "engagements.user", MAIL},
    ),
}
ADDRESSES |= access_hour.ADDRESSES
ADDRESSES |= {label: Situation(**parts) for label, parts in access_answers.SITUATIONS.items()}
ADDRESSES |= access_desk.ADDRESSES
ADDRESSES |= access_channels.ADDRESSES
ADDRESSES |= access_floor.ADDRESSES
ADDRESSES |= access_polls.ADDRESSES
ADDRESSES |= access_gate.ADDRESSES
ADDRESSES |= access_question.ADDRESSES
ADDRESSES |= access_stage.ADDRESSES
ADDRESSES |= access_wishes.ADDRESSES
ADDRESSES |= {label: Situation(**parts) for label, parts in access_people.SITUATIONS.items()}
ADDRESSES |= {label: Situation(**parts) for label, parts in access_memory.SITUATIONS.items()}
ADDRESSES |= access_archive.SITUATIONS
ADDRESSES |= {label: Situation(**parts) for label, parts in access_integration.SITUATIONS.items()}
ADDRESSES |= {label: Situation(**parts) for label, parts in access_promises.SITUATIONS.items()}
ADDRESSES |= access_clearance.SITUATIONS
ADDRESSES |= access_editor.SITUATIONS
ADDRESSES |= access_figures.SITUATIONS
ADDRESSES |= access_outputs.SITUATIONS
ADDRESSES |= {label: Situation(**parts) for label, parts in access_wording.SITUATIONS.items()}
ADDRESSES |= {label: Situation(**parts) for label, parts in access_forwarding.SITUATIONS.items()}

COMMANDS = access_stage.COMMANDS | access_hour.COMMANDS | access_desk.COMMANDS
COMMANDS |= access_polls.COMMANDS | access_wishes.COMMANDS
ADDRESSES |= {label: Situation(**parts) for label, parts in access_uploads.SITUATIONS.items()}
ADDRESSES |= {label: Situation(**parts) for label, parts in access_acceptance.SITUATIONS.items()}
