"""What is appended to a readout, and what the office signs it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from engagements import outbox
from engagements.files import documents
from engagements.models import Office
from engagements.queries import set_up
from engagements.templatetags.materials import material_note
from qa.models import WrittenAnswer
from readouts.document import FollowUp, Letterhead, MaterialLine, as_paragraph
from readouts.queries.posted import posted_questions

if TYPE_CHECKING:
    from engagements.models import Engagement, Material


def materials_of(engagement: Engagement) -> tuple[MaterialLine, ...]:
    return tuple(_line(engagement, material) for material in set_up.materials(engagement))


def answers_of(engagement: Engagement) -> tuple[FollowUp, ...]:
    """Answers in writing to everybody, in the order of the questions' numbers."""
    answered = posted_questions(engagement).filter(
        answer__published_at__isnull=False, answer__reach=WrittenAnswer.Reach.ALL
    )
    return tuple(
        FollowUp(question.text, _paragraphs(question.answer.text), question.answer.given_by)
        for question in answered
    )


def letterhead() -> Letterhead:
    office = Office.current()
    return Letterhead(
        department=office.department,
        name=office.name,
        short_name=office.short_name,
        address=office.address,
        email=office.email,
        website=office.website,
        seal=bytes(office.seal),
        seal_text=office.seal_text,
    )


def _line(engagement: Engagement, material: Material) -> MaterialLine:
    note = material_note(material)
    file = material.file
    if file is None:
        return MaterialLine(material.title, material.url, note=note)
    address = outbox.absolute(reverse("material", args=[engagement.slug, material.pk]))
    return MaterialLine(
        title=material.title,
        address=address,
        type=documents.type_label(file.content_type),
        size=file.size,
        pages=material.pages,
        note=note,
    )


def _paragraphs(text: str) -> str:
    """Typed without signs of Markdown, and read so."""
    paragraphs = (as_paragraph(part) for part in text.split("\n\n"))
    return "\n\n".join(filter(None, paragraphs))
