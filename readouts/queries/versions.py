"""In what two versions of a readout differ, or a draft and the version that it corrects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qa.differences import KEPT
from readouts import comparison
from readouts.document import Document
from readouts.files.markup import to_plain
from readouts.queries.drafts import document_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from readouts.models import Readout, ReadoutVersion


def difference(before: ReadoutVersion, after: ReadoutVersion) -> dict[str, Any]:
    """For a template. Each of them as it was frozen, in words: the public knows no Markdown."""
    return _difference(_in_words(before), _in_words(after)) | {
        "before": before,
        "after": after,
    }


def _in_words(version: ReadoutVersion) -> Document:
    shown = Document.from_json(version.document)
    return replace(
        shown,
        summary=to_plain(shown.summary, with_addresses=True),
        attendance=to_plain(shown.attendance, with_addresses=True),
        closing=to_plain(shown.closing, with_addresses=True),
        answers=tuple(
            replace(one, answer=to_plain(one.answer, with_addresses=True)) for one in shown.answers
        ),
    )


def difference_to_draft(before: ReadoutVersion, readout: Readout) -> dict[str, Any]:
    """For who clears it: the signs of Markdown are told, too."""
    return _difference(Document.from_json(before.document), document_of(readout)) | {
        "before": before,
        "after": None,
    }


def _difference(before: Document, after: Document) -> dict[str, Any]:
    names = _names()
    return {
        "sections": [
            {"name": names[section.key], "lines": _shortened(section.lines)}
            for section in comparison.sections(before, after)
        ],
        "figures": [
            {
                "name": names.get(figure.name, figure.name),
                "before": figure.before,
                "after": figure.after,
            }
            for figure in comparison.figures(before.facts, after.facts)
        ],
    }


def _shortened(lines: tuple[comparison.Line, ...]) -> list[dict[str, Any]]:
    """Kept lines away from a change are only counted."""
    near = {
        place + step for place, line in enumerate(lines) if line.kind != KEPT for step in (-1, 0, 1)
    }
    found: list[dict[str, Any]] = []
    for place, line in enumerate(lines):
        if place in near:
            found.append({"pieces": line.pieces, "kind": line.kind})
        elif found and "skipped" in found[-1]:
            found[-1]["skipped"] += 1
        else:
            found.append({"skipped": 1})
    return found


def _names() -> dict[str, StrOrPromise]:
    return {
        "title": _("Title"),
        "opening": _("First paragraph"),
        "summary": _("Summary"),
        "attendance": _("Who joined and asked"),
        "sample": _("Sample questions"),
        "closing": _("Closing"),
        "speakers": _("Speakers"),
        "materials": _("Materials"),
        "answers": _("Follow-up answers"),
        "joined": _("Joined"),
        "questions": _("Written questions"),
        "registered": _("Registered"),
        "no_shows": _("Registered and did not come"),
        "peak": _("Most people at once"),
        "mean_minutes": _("Mean minutes present"),
        "median_minutes": _("Median minutes present"),
    }
