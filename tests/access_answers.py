"""Answers of an agency, its people and its requests for more time, for the access matrix.

What a contributor may not open is in tests/qa/agency/test_contributors.py.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engagements import clock
from engagements.actions import accounts
from qa import states
from qa.actions.agency import assigning, downloading, extending, moving, writing
from qa.actions.agency.writing import Content
from qa.models import Forwarding
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Engagement, User

ANSWER, VERSION, MAIL = "qa.agencyanswer", "qa.answerversion", "engagements.outgoingmail"
USER, SESSION = "engagements.user", "django_session"
DIRECTORATE, EXTENSION, INVITATION = (
    "qa.directorate",
    "qa.extensionrequest",
    "engagements.invitation",
)
HERE, ON_RECALLED = {"pk": "@forwarding"}, {"pk": "@recalled"}
FIRST, SUBMITTED, CLEARING = {"number": 1}, {"number": 2}, {"number": 3}
TEXT = {"status": states.ANSWERED, "text": "At nine.", "is_publishable": "yes", "revision": 0}

ROWS = """
# the agency's own liaisons; the office sees what was submitted, on pages of its own
  agency                               sssss ---- -++    x
  agency-forwarding                    sssss ---- -+-    x
  agency-forwarding: recalled          sssss ---- ---    x
  agency-file                          sssss ---- -+-    x
  agency-file: recalled                sssss ---- ---    x
  agency-file: no such format          sssss ---- ---    x
  agency-receipt                       sssss ---- -+-    x
  agency-receipt: of another list      sssss ---- ---    x
  agency-question                      sssss ---- -+-    sssss ---- -+-
  agency-question: submit              sssss ---- -+-    sssss ---- -+-
  agency-question: recalled            sssss ---- ---    sssss ---- ---
  agency-question-inside               x                 sssss ---- -+-
  agency-answer-move: take back        x                 sssss ---- -+-
  agency-answer-move: clear            x                 sssss ---- -+-
  agency-answer-move: send back        x                 sssss ---- -+-
  agency-bulk: give                    x                 sssss ---- -+-
  agency-bulk: submit ready            x                 sssss ---- -r-
  agency-extension                     sssss ---- -+-    sssss ---- -+-
  agency-extension: recalled           sssss ---- ---    sssss ---- ---
  agency-extension-withdraw            x                 sssss ---- -+-
  agency-people                        sssss ---- -++    sssss ---- -++
  agency-person: deactivate            x                 sssss ---- -+-
  agency-person: promote               x                 sssss ---- -+-
  agency-invitation: resend            x                 sssss ---- -+-
  agency-invitation: withdraw          x                 sssss ---- -+-
  agency-directorates                  x                 sssss ---- -++
  agency-directorate: rename           x                 sssss ---- -+-
  agency-directorate: remove           x                 sssss ---- -+-
# who forwards the list decides
  extension                            sssss --++ ---    sssss --++ ---
"""

SITUATIONS: dict[str, dict[str, Any]] = {
    "agency-forwarding": {"at": HERE},
    "agency-forwarding: recalled": {"at": ON_RECALLED},
    "agency-file": {
        "at": HERE | {"kind": "xlsx"},
        "reads": {"engagements.auditentry", "qa.receipt"},
    },
    "agency-file: recalled": {"at": ON_RECALLED | {"kind": "xlsx"}},
    "agency-file: no such format": {"at": HERE | {"kind": "pdf"}},
    "agency-receipt": {"at": HERE | {"receipt": "@receipt"}},
    "agency-receipt: of another list": {"at": {"pk": "@due-list", "receipt": "@receipt"}},
    "agency-question": {
        "at": HERE | FIRST,
        "sent": TEXT,
        "wrote": ("answers.written",),
        "changes": {ANSWER, VERSION},
    },
    "agency-question: submit": {
        "at": HERE | FIRST,
        "sent": TEXT | {"do": "submit"},
        "wrote": ("answers.written", "answers.submit"),
        "changes": {ANSWER, VERSION},
    },
    "agency-question: recalled": {"at": ON_RECALLED | FIRST, "sent": TEXT},
    "agency-question-inside": {
        "at": HERE | FIRST,
        "sent": {"note": "Ask counsel."},
        "wrote": ("answer.noted",),
        "changes": {ANSWER},
    },
    "agency-answer-move: take back": {
        "at": HERE | SUBMITTED | {"move": "take_back"},
        "wrote": ("answers.take_back",),
        "changes": {ANSWER},
    },
    "agency-answer-move: clear": {
        "at": HERE | CLEARING | {"move": "clear"},
        "wrote": ("answers.clear",),
        "changes": {ANSWER},
    },
    "agency-answer-move: send back": {
        "at": HERE | CLEARING | {"move": "send_back"},
        "sent": {"remark": "Name the day."},
        "wrote": ("answers.send_back",),
        "changes": {ANSWER},
    },
    "agency-bulk: give": {
        "at": HERE,
        "sent": {"do": "give", "numbers": [1, 2], "directorate": "@directorate"},
        "wrote": ("answers.assigned", "answers.assigned"),
        "changes": {ANSWER},
    },
    "agency-bulk: submit ready": {"at": HERE, "sent": {"do": "submit_ready"}},
    "agency-extension": {
        "at": HERE,
        "sent": {"until": "@later", "reason": "Counsel is away."},
        "wrote": ("extension.asked",),
        "changes": {EXTENSION, MAIL},
    },
    "agency-extension: recalled": {"at": ON_RECALLED, "sent": {"reason": "Why"}},
    "agency-extension-withdraw": {
        "at": {"pk": "@due-list", "extension": "@extension"},
        "wrote": ("extension.withdrawn",),
        "changes": {EXTENSION},
    },
    "agency-people": {
        "sent": {"name": "Nell", "email": "nell@agency.example", "part": "contributor"},
        "wrote": ("account.invited",),
        "changes": {INVITATION, MAIL},
    },
    "agency-person: deactivate": {
        "at": {"pk": "@contributor", "move": "deactivate"},
        "wrote": ("account.deactivated",),
        "changes": {USER},
    },
    "agency-person: promote": {
        "at": {"pk": "@contributor", "move": "promote"},
        "wrote": ("account.contributor_set",),
        "changes": {USER},
    },
    "agency-invitation: resend": {
        "at": {"pk": "@colleague", "move": "resend"},
        "wrote": ("account.invited_again",),
        "changes": {INVITATION, MAIL},
    },
    "agency-invitation: withdraw": {
        "at": {"pk": "@colleague", "move": "withdraw"},
        "wrote": ("account.invitation_withdrawn",),
        "changes": {INVITATION},
    },
    "agency-directorates": {
        "sent": {"name": "Field Operations"},
        "wrote": ("directorate.added",),
        "changes": {DIRECTORATE},
    },
    "agency-directorate: rename": {
        "at": {"pk": "@directorate", "move": "rename"},
        "sent": {"name": "Field Operations"},
        "wrote": ("directorate.renamed",),
        "changes": {DIRECTORATE},
    },
    "agency-directorate: remove": {
        "at": {"pk": "@directorate", "move": "remove"},
        "wrote": ("directorate.removed",),
        "changes": {DIRECTORATE},
    },
    "extension": {
        "at": {"slug": "undrafted", "pk": "@extension"},
        "sent": {"decision": "grant"},
        "wrote": ("extension.granted",),
        "changes": {EXTENSION, "qa.forwarding", MAIL},
    },
}
"""What makes a `Situation`, by address."""


def lay(forwarding: int, *, undrafted: Engagement, liaison: User, editor: User) -> dict[str, Any]:
    """Of the list in force, 2 is submitted and 3 waits for clearance; a second list is due."""
    sent = Forwarding.objects.get(pk=forwarding)
    said = Content(status=states.ANSWERED, text="At nine.", is_publishable=True)
    writing.write_all(sent, contents={2: said, 3: said}, by=liaison, via="page")
    moving.submit(sent, numbers=[2], by=liaison)
    moving.ask_clearance(sent, numbers=[3], by=liaison)
    downloading.download(sent, by=liaison)
    today = clock.now().date()
    due = factories.make_forwarding(
        undrafted, sent_by=editor, sent_at=clock.now(), due_on=today + timedelta(days=30)
    )
    until = today + timedelta(days=60)
    extension = extending.ask(due, by=liaison, until=until, reason="Counsel is away.")
    invitation, _token = accounts.invite(
        by=liaison, email="noel@agency.example", name="Noel", agency=sent.agency
    )
    return {
        "receipt": sent.receipts.get().pk,
        "due-list": due.pk,
        "extension": extension.pk,
        "later": until.isoformat(),
        "directorate": assigning.add_directorate(sent.agency, by=liaison, name="Calls").pk,
        "colleague": invitation.pk,
        "contributor": factories.make_user("Carl", agency=sent.agency, is_contributor=True).pk,
    }
