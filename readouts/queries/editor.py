"""Everything that the editor's page shows of a draft, section by section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from readouts import comparison, wording
from readouts.models import Comment
from readouts.queries.appended import answers_of, materials_of
from readouts.queries.facts import stored_facts
from readouts.queries.hinting import hints_of, lead_missing
from readouts.queries.texts import TEXTS, figures_of, house_text, live_html

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.utils.safestring import SafeString

    from readouts.models import Readout
    from readouts.queries.hinting import ToldHint
    from readouts.queries.texts import Figures

SECTION_OF: Final = {
    "summary": "summary",
    "attendance_text": "attendance",
    "closing_text": "closing",
}


@dataclass(frozen=True)
class EditedSection:
    """A section as its editor sees it. `html` is how the text reads, with live figures."""

    key: str
    text: str = ""
    html: SafeString | str = ""
    hints: tuple[ToldHint, ...] = ()
    is_house: bool = False
    """The house words it, because nobody has written it."""
    comments: list[Comment] = field(default_factory=list)

    @property
    def open_comments(self) -> int:
        return sum(comment.settled_at is None for comment in self.comments)


@dataclass(frozen=True)
class ConflictPart:
    """A text that two changed: as saved, as typed, and the difference from the one to the other."""

    name: str
    label: str
    saved: str
    typed: str
    lines: tuple[comparison.Line, ...]


def edited_sections(readout: Readout, typed: Mapping[str, str]) -> dict[str, EditedSection]:
    """By their keys. `typed` are texts that are on the page and not saved."""
    figures = figures_of(readout)
    samples = readout.samples.count()
    texts = texts_of(readout) | dict(typed)
    comments: dict[str, list[Comment]] = {key: [] for key in Comment.Section.values}
    for comment in readout.comments.select_related("by", "settled_by"):
        comments[comment.section].append(comment)
    sections = {key: EditedSection(key, comments=comments[key]) for key in Comment.Section.values}
    for name, key in SECTION_OF.items():
        sections[key] = edited_text(
            readout, name, texts, figures, samples=samples, comments=comments[key]
        )
    return sections


def edited_text(
    readout: Readout,
    name: str,
    texts: Mapping[str, str],
    figures: Figures,
    *,
    samples: int,
    comments: list[Comment] | None = None,
) -> EditedSection:
    is_house = not texts[name].strip() and name != "summary"
    shown = house_text(name, figures, samples=samples) if is_house else texts[name]
    hints = [] if is_house else hints_of(name, texts, figures)
    if name == "attendance_text" and not is_house:
        hints += lead_missing(texts[name], figures, samples=samples)
    return EditedSection(
        SECTION_OF[name],
        texts[name],
        live_html(shown, figures, slug=readout.engagement.slug),
        tuple(hints),
        is_house,
        comments or [],
    )


def read_text(readout: Readout, name: str, text: str) -> EditedSection:
    """One text as it is being typed."""
    texts = texts_of(readout) | {name: text}
    return edited_text(readout, name, texts, figures_of(readout), samples=readout.samples.count())


def texts_of(readout: Readout) -> dict[str, str]:
    return {name: getattr(readout, name) for name in TEXTS}


def appended_of(readout: Readout) -> dict[str, Any]:
    """What may be appended, whether it is shown or not."""
    return {
        "speakers": stored_facts(readout).speakers,
        "materials": materials_of(readout.engagement),
        "answers": answers_of(readout.engagement),
    }


def conflict_parts(
    readout: Readout, columns: Collection[str], typed: Mapping[str, str]
) -> list[ConflictPart]:
    """The texts in which what is typed differs from what is saved."""
    labels = {
        "summary": _("Summary"),
        "attendance_text": _("Who joined and asked"),
        "closing_text": _("Closing"),
        "small_figures_reason": _("Reason to publish figures of small groups"),
    }
    return [
        ConflictPart(
            name,
            labels[name],
            getattr(readout, name),
            typed[name],
            comparison.lines(getattr(readout, name), typed[name]),
        )
        for name in labels
        if name in typed
        and (not columns or name in columns)
        and typed[name].strip() != getattr(readout, name)
    ]


def section_of(readout: Readout, comment_id: int) -> str:
    """Where a comment stands; "" when this readout has no such comment."""
    found = readout.comments.filter(pk=comment_id).values_list("section", flat=True).first()
    return found or ""


def house_of_text(readout: Readout, name: str) -> str:
    """What an editor gets who goes on with the house's words."""
    return house_text(name, figures_of(readout), samples=readout.samples.count())


def opening_of(readout: Readout) -> str:
    """The first paragraph, which the house words."""
    figures = figures_of(readout)
    return wording.opening(figures.facts, house=figures.house)
