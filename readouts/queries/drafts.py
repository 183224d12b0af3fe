"""Drafts as the office reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from readouts import document, tokens
from readouts.facts import (
    publishable,
)
from readouts.files import markup
from readouts.models import Readout
from readouts.queries.appended import answers_of, materials_of
from readouts.queries.facts import stored_facts
from readouts.queries.wording import house_of

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from engagements.models import Engagement
    from readouts.document import Document


def document_of(readout: Readout) -> Document:
    """The readout as it would be published now, in its wording, figures in place of their tokens.

    A token of which no figure may be published stays as it was typed: `submit` refuses it.
    """
    facts = stored_facts(readout)
    if not readout.small_figures_reason:
        facts = publishable(facts)
    house = house_of(readout)
    figures = tokens.values(facts, house=house)

    def told(text: str) -> str:
        return tokens.replaced(text, lambda key: figures.get(key, tokens.token(key)))

    return document.compose(
        facts,
        summary=told(readout.summary),
        samples=document.grouped((sample.heading, sample.text) for sample in readout.samples.all()),
        attendance=told(readout.attendance_text),
        closing=told(readout.closing_text),
        has_chart=readout.shows_chart,
        shows_speakers=readout.shows_speakers,
        materials=materials_of(readout.engagement) if readout.shows_materials else (),
        answers=answers_of(readout.engagement) if readout.shows_answers else (),
        house=house,
    )


def page_of(shown: Document) -> dict[str, Any]:
    """A document with its Markdown as HTML, for a template."""
    return {
        "document": shown,
        "summary": _as_html(shown.summary),
        "attendance": _as_html(shown.attendance),
        "closing": _as_html(shown.closing),
    }


def preview_page(readout: Readout) -> dict[str, Any]:
    """The readout as it would be published now, for a template."""
    is_imported = bool(readout.engagement.imported_from)
    notice = notice_of(readout.correction_note, is_imported=is_imported)
    return page_of(document_of(readout)) | {"notice": notice}


def summary_of(readout: Readout) -> SafeString:
    return _as_html(readout.summary)


def readout_of(engagement: Engagement) -> Readout | None:
    found = Readout.objects.select_related("last_editor").filter(engagement=engagement).first()
    if found is not None:
        found.engagement = engagement
    return found


def _as_html(source: str) -> SafeString:
    # to_html lets through a short list of elements and escapes all else: no script, no style.
    return mark_safe(markup.to_html(source))  # noqa: S308


def notice_of(correction_note: str, *, is_imported: bool) -> str:
    """What the reader has to know about a version before anything else; mostly nothing."""
    sentences = []
    if is_imported:
        sentences.append(_("Imported from the office's archive; figures as declared there."))
    if correction_note:
        sentences.append(_("Corrected: %(note)s") % {"note": correction_note})
    return " ".join(sentences)
