"""What the engagement two weeks ahead has on its page and asks on its form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

from config.demonstration import cast
from engagements.actions import materials, questioning
from engagements.files import documents
from engagements.models import RegistrationQuestion

if TYPE_CHECKING:
    from engagements.models import Engagement

AGENDA: Final = Path(__file__).with_name("agenda.typ")
FORMS: Final = "https://www.uscis.gov/file-online"

Kind = RegistrationQuestion.Kind


def tell(engagement: Engagement) -> None:
    _hand_out(engagement)
    _ask_on_the_form(engagement)


def _hand_out(engagement: Engagement) -> None:
    coordinator = cast.play(cast.COORDINATOR)
    agenda = typst.compile(AGENDA.read_bytes(), pdf_standards=["ua-1"])
    materials.add(
        engagement, by=coordinator, title="Agenda", document=documents.read("Agenda.pdf", agenda)
    )
    materials.add(engagement, by=coordinator, title="Forms that can be filed online", url=FORMS)


def _ask_on_the_form(engagement: Engagement) -> None:
    coordinator = cast.play(cast.COORDINATOR)
    first = questioning.add(
        engagement,
        by=coordinator,
        label="Have you filed a form online before?",
        hint="For yourself or for somebody else.",
        kind=Kind.CHOICE,
        choices=["Yes", "No"],
        is_required=False,
        shown_when=None,
        shown_when_answer="",
    )
    questioning.add(
        engagement,
        by=coordinator,
        label="What kept you from it?",
        hint="",
        kind=Kind.SEVERAL,
        choices=["The form is not offered", "I did not know", "The account", "Something else"],
        is_required=False,
        shown_when=first,
        shown_when_answer="No",
    )
