"""Seal a list for the agency: numbered, frozen, with its files and its checksum.

Writing the files of a long list takes seconds, in which nobody else could write on SQLite. So they
are written before the transaction, which takes them only while the list says the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements import audit, clock, outbox
from engagements.refusals import Refused
from qa import events, queries, states
from qa.actions import gating
from qa.actions.agency import drafting, extending, hooks
from qa.files.agency.outputs import write_all
from qa.models import ForwardedQuestion, Forwarding, ForwardingFile, Webhook
from qa.queries.agency import compiling, forwardings, frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import User
    from qa.files.agency.outputs import ListFile
    from qa.queries.agency.compiling import CompiledList

ATTEMPTS: Final = 3
"""As often files are written for one list, where the questions change meanwhile."""


class Written(NamedTuple):
    """A list with its files, and what the gate let pass then (`gating.decided`)."""

    compiled: CompiledList
    files: Sequence[ListFile]
    decided: frozenset[tuple[int, str]]


class Outdated(Exception):
    """What the files say has changed since they were written."""


def seal(draft: Forwarding, *, by: User, seen: str = "") -> Forwarding:
    """Number and freeze the list, store its files, supersede the list in force, and tell the
    agency's liaisons by mail and its systems.

    Only when the engagement is over, never of a rehearsal, and not while a question on it holds
    what looks like a personal identifier and nobody has decided about it. `seen` is the mark of the
    list that somebody looked at: raises Refused with the code `changed` when it would say something
    else by now. The mail carries a link, never the file.
    """
    for _attempt in range(ATTEMPTS):
        written = _write(draft, by=by, seen=seen)
        try:
            return _store(draft, written, by=by)
        except Outdated:
            draft.refresh_from_db()
    raise Refused("busy", _("The questions are being changed this moment. Please try again."))


def _write(draft: Forwarding, *, by: User, seen: str) -> Written:
    decided = gating.decided(queries.floor_of(draft.engagement))
    compiled = compiling.next_list(draft, at=clock.now())
    check(compiled, draft, by=by, seen=seen)
    files = write_all(compiled.facts, compiled.rows, slug=draft.engagement.slug)
    return Written(compiled, files, decided)


@transaction.atomic
def _store(draft: Forwarding, written: Written, *, by: User) -> Forwarding:
    """Raises Outdated where the list would not say the same any more."""
    compiled, frozen_at = written.compiled, written.compiled.facts.frozen_at
    floor = events.lock(queries.floor_of(draft.engagement).pk)
    draft.refresh_from_db()
    drafting.check_ready(draft, by=by)
    now = compiling.next_list(draft, at=frozen_at)
    # The same words, and the same of them let pass: then the gate says the same, too.
    if (now.facts, now.rows, gating.decided(floor)) != (
        compiled.facts,
        compiled.rows,
        written.decided,
    ):
        raise Outdated
    former = _supersede(draft, by=by)
    Forwarding.objects.filter(pk=draft.pk, state=states.FORWARDING_DRAFT).update(
        state=states.FORWARDING_SENT,
        number=compiled.facts.forwarding_number,
        first_due_on=draft.due_on,
        supersedes=former,
        facts=_facts(compiled),
        changes=[asdict(change) for change in compiled.facts.changes],
        digest=compiled.digest,
        question_count=compiled.facts.questions,
        sent_by=by,
        sent_at=frozen_at,
    )
    draft.refresh_from_db()
    _freeze(draft, written)
    _record(draft, former, by=by)
    _tell(draft, former)
    return draft


def check(compiled: CompiledList, draft: Forwarding, *, by: User, seen: str = "") -> None:
    """Raises Refused where the list cannot be sealed as it is; see `seal`."""
    drafting.check_ready(draft, by=by)
    if not compiled.facts.received:
        raise Refused("nothing", _("Nobody asked a question: there is nothing to forward."))
    if not compiled.facts.questions:
        raise Refused("nothing", _("No question fits the choice: there is nothing to forward."))
    if seen and seen != compiled.mark:
        raise Refused(
            "changed",
            _("The list has changed since you looked at it. Look at it again, and then send it."),
        )
    drafting.check_identifiers(draft.engagement, compiled.keys)


def _supersede(draft: Forwarding, *, by: User) -> Forwarding | None:
    former = frozen.in_force(draft.engagement, draft.agency)
    if former is not None:
        Forwarding.objects.filter(pk=former.pk, state=states.FORWARDING_SENT).update(
            state=states.FORWARDING_SUPERSEDED
        )
        former.refresh_from_db()
        extending.close(former, by=by)
    return former


def _facts(compiled: CompiledList) -> dict[str, Any]:
    """As JSON; the changes are stored beside them."""
    facts = asdict(compiled.facts)
    del facts["changes"]
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }


def _freeze(draft: Forwarding, written: Written) -> None:
    ForwardingFile.objects.bulk_create(
        ForwardingFile(
            forwarding=draft,
            format=file.format,
            name=file.name,
            content=file.content,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
        )
        for file in written.files
    )
    compiled = written.compiled
    ForwardedQuestion.objects.bulk_create(
        (
            ForwardedQuestion(
                forwarding=draft,
                question_id=compiled.keys[row.number],
                **{name: value for name, value in asdict(row).items() if name != "is_withdrawn"},
            )
            for row in compiled.rows
        ),
        batch_size=1_000,
    )


def _record(sent: Forwarding, former: Forwarding | None, *, by: User) -> None:
    audit.record(
        "forwarding.sent",
        sent,
        by=by,
        engagement=sent.engagement,
        number=sent.number,
        digest=sent.digest,
        questions=sent.question_count,
        due_on=sent.due_on.isoformat() if sent.due_on else None,
        supersedes=former.number if former else None,
        files={file.format: file.sha256 for file in sent.files.defer("content")},
    )


def _tell(sent: Forwarding, former: Forwarding | None) -> None:
    if former is not None:
        hooks.lay(sent.agency, Webhook.Event.SUPERSEDED, forwarding=former)
    hooks.lay(sent.agency, Webhook.Event.SENT, forwarding=sent)
    link = outbox.absolute(reverse("agency-forwarding", args=[sent.pk]))
    for liaison in forwardings.leads_of(sent.agency):
        outbox.post(
            "qa/forwarded",
            to=liaison.email,
            engagement=sent.engagement,
            name=liaison.name,
            forwarding=sent,
            former=former,
            link=link,
        )
