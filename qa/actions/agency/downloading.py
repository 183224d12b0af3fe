"""Hand out a file of a sealed list, against a receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import NotAllowed
from qa import rules, states
from qa.models import ForwardingFile, Receipt

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import ApiToken, Forwarding


@transaction.atomic
def download(
    forwarding: Forwarding,
    *,
    by: User,
    kind: str = ForwardingFile.Format.WORKBOOK,
    token: ApiToken | None = None,
) -> ForwardingFile:
    """The stored file, for somebody who may have it, and a receipt that is on record.

    With a `token`, `by` is who made it, and what counts is the token's agency.
    """
    forwarding.refresh_from_db(fields=["state"])
    if not _may_take(forwarding, by, token):
        raise NotAllowed("not_allowed", _("There is no such list."))
    file = forwarding.files.filter(format=kind).first()
    if file is None:
        raise NotAllowed("not_found", _("There is no such list."))
    receipt = Receipt.objects.create(
        forwarding=forwarding,
        format=file.format,
        sha256=file.sha256,
        taken_by=by,
        token=token,
        taken_at=clock.now(),
    )
    audit.record(
        "forwarding.downloaded",
        forwarding,
        by=by,
        engagement=forwarding.engagement,
        format=file.format,
        sha256=file.sha256,
        receipt=receipt.pk,
        token=token.pk if token else None,
    )
    return file


def _may_take(forwarding: Forwarding, by: User, token: ApiToken | None) -> bool:
    if token is not None:
        return token.agency_id == forwarding.agency_id and forwarding.state in states.REACHED_AGENCY
    return rules.may_see_forwardings(by, forwarding.engagement) or rules.may_lead(by, forwarding)
