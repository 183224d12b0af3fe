"""Texts of the demonstration, and the roles that its people have in every engagement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from config.demonstration import cast
from engagements.actions import running
from engagements.models import Role

if TYPE_CHECKING:
    from engagements.models import Engagement

HERE: Final = Path(__file__).parent

INVITATION: Final = (
    "How does the USCIS Contact Center answer eleven million calls a year? Staff of the CIS "
    "Ombudsman talk with experts of USCIS about how calls are answered and about the self-service "
    "tools that are open to everybody.\n\n"
    "Please write your questions during the webinar. We share all of them with USCIS, without "
    "attribution. We cannot discuss a single case here."
)
COVER_NOTE: Final = (
    "These are the questions of our webinar of April 2021, for which no written answers were "
    "posted: everything that the public asked in writing, also what was answered during the hour. "
    "Please answer as things are today, and begin with the questions to follow up and those that "
    "are open.\n\n"
    "What you mark as publishable we post on our website, beside the readout."
)
NEXT_INVITATION: Final = (
    "Which forms can be filed online, what does an account show, and what happens when a paper "
    "case is added to it? Experts of USCIS show the account step by step and take your questions."
)
LIVE_INVITATION: Final = (
    "Processing times guide plans for work, travel and family. Tell us what helps you in the way "
    "USCIS explains them, and what does not. We share what you write with USCIS, without "
    "attribution."
)


def questions(of: str) -> list[dict[str, Any]]:
    found = json.loads((HERE / "questions.json").read_text(encoding="utf-8"))
    return list(found[of])


def summary() -> str:
    return (HERE / "summary.md").read_text(encoding="utf-8").strip()


def give_roles(engagement: Engagement) -> None:
    coordinator = cast.play(cast.COORDINATOR)
    for part, role in (
        (cast.MODERATOR, Role.MODERATOR),
        (cast.EDITOR, Role.EDITOR),
        (cast.PUBLISHER, Role.EDITOR),
    ):
        running.add_member(engagement, by=coordinator, user=cast.play(part), role=role)
