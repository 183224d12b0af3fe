"""The worked example: the webinar of April 14, 2021."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from readouts.facts import (
    AgencyFacts,
    CategoryCount,
    DispositionCount,
    Facts,
    OfficeFacts,
    SpeakerFacts,
)

OPENING = (
    "On April 14, 2021, the Department of Homeland Security's (DHS) Office of the Citizenship and "
    "Immigration Services Ombudsman (CIS Ombudsman) hosted a webinar about the U.S. Citizenship "
    "and Immigration Services (USCIS) Contact Center."
)
JOINED = "A total of 828 stakeholders joined this webinar."
SHARES = (
    "Forty-three percent of attendees were attorneys or legal representatives; 19% identified as "
    "government employees; 8% were employers; 7% were petitioners or applicants; 2% represented "
    "advocacy groups; and 21% identified as other."
)
QUESTIONS = (
    "Participants submitted 163 written questions and the speakers answered as many as they could "
    "during the engagement."
)
SAMPLE = "Below is a sample of the questions received:"
CLOSING = (
    "The CIS Ombudsman will share a full list of inquiries with USCIS to give the agency an "
    "opportunity to address the public's concerns. Additionally, the CIS Ombudsman will post the "
    "engagement's presentation on its website."
)

FACTS = Facts(
    office=OfficeFacts(
        department="Department of Homeland Security",
        department_short="DHS",
        name="Office of the Citizenship and Immigration Services Ombudsman",
        short_name="CIS Ombudsman",
    ),
    agency=AgencyFacts("U.S. Citizenship and Immigration Services", "USCIS"),
    series="The CIS Ombudsman's Webinar Series",
    title="The USCIS Contact Center",
    kind="webinar",
    about="the U.S. Citizenship and Immigration Services (USCIS) Contact Center",
    held_on=date(2021, 4, 14),
    joined=828,
    categories=(
        CategoryCount("attorneys or legal representatives", "were", 356),
        CategoryCount("government employees", "identified as", 157),
        CategoryCount("employers", "were", 66),
        CategoryCount("petitioners or applicants", "were", 58),
        CategoryCount("advocacy groups", "represented", 17),
        CategoryCount("other", "identified as", 174, "other"),
        CategoryCount("a role", "did not state", 0, "not_stated"),
    ),
    questions=163,
    posts_presentation=True,
    speakers=(
        SpeakerFacts("Nathan Stiefel", "Deputy Ombudsman", "CIS Ombudsman's Office, DHS"),
        SpeakerFacts("Carrie Selby", "Acting Associate Director, External Affairs", "USCIS"),
    ),
)


def with_people(*people: int, other: int = 0, not_stated: int = 0, **changes: Any) -> Facts:
    """Facts of ordinary categories named a, b, c …, then the two of their own kind."""
    named = [CategoryCount(f"group {chr(97 + i)}", "were", n) for i, n in enumerate(people)]
    categories = (
        *named,
        CategoryCount("other", "identified as", other, "other"),
        CategoryCount("a category", "did not state", not_stated, "not_stated"),
    )
    joined = sum(category.people for category in categories)
    return replace(FACTS, joined=joined, categories=categories, **changes)


def answered(live: int, **others: int) -> Facts:
    """163 questions, so many of them answered live."""
    rest = FACTS.questions - live - sum(others.values())
    parts = {"answered_live": live, "open": rest} | others
    return replace(FACTS, dispositions=tuple(DispositionCount(*part) for part in parts.items()))
