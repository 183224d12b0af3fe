"""Drafts as the office reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts import document, tokens
from readouts.facts import publishable
from readouts.queries.appended import answers_of, materials_of
from readouts.queries.facts import stored_facts
from readouts.queries.pages import page_of
from readouts.queries.samples import quoted
from readouts.queries.stored import notice_of
from readouts.queries.wording import house_of

if TYPE_CHECKING:
    from readouts.document import Document
    from readouts.models import Readout


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
        samples=document.grouped(quoted(readout)),
        attendance=told(readout.attendance_text),
        closing=told(readout.closing_text),
        has_chart=readout.shows_chart,
        shows_speakers=readout.shows_speakers,
        materials=materials_of(readout.engagement) if readout.shows_materials else (),
        answers=answers_of(readout.engagement) if readout.shows_answers else (),
        house=house,
    )


def preview_page(readout: Readout) -> dict[str, Any]:
    """The readout as it would be published now, for a template."""
    is_imported = bool(readout.engagement.imported_from)
    notice = notice_of(readout.correction_note, is_imported=is_imported)
    return page_of(document_of(readout)) | {"notice": notice}
