"""The readout of an engagement, and what its reader has to know of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from readouts.models import Readout

if TYPE_CHECKING:
    from engagements.models import Engagement


def readout_of(engagement: Engagement) -> Readout | None:
    found = Readout.objects.select_related("last_editor").filter(engagement=engagement).first()
    if found is not None:
        found.engagement = engagement
    return found


def notice_of(correction_note: str, *, is_imported: bool) -> str:
    """What the reader has to know about a version before anything else; mostly nothing."""
    sentences = []
    if is_imported:
        sentences.append(_("Imported from the office's archive; figures as declared there."))
    if correction_note:
        sentences.append(_("Corrected: %(note)s") % {"note": correction_note})
    return " ".join(sentences)
