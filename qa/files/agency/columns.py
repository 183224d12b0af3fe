"""The columns of a list, and the mark by which a file that comes back is recognized.

A reader finds a column by its heading and a list by its mark, which stands as text in a cell of
the first sheet and, in a CSV file, in each row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from qa.models import AgencyAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

NUMBER: Final = "number"
QUESTION: Final = "question"
ORIGINAL: Final = "original_text"
TRANSLATION: Final = "translation"
TRANSLATED_BY: Final = "translation_kind"
ASKED_AT: Final = "asked_at"
LABEL: Final = "label"
CATEGORY: Final = "category"
VOTES: Final = "votes"
TIMES_ASKED: Final = "times_asked"
STATUS: Final = "status"
REASON: Final = "reason"
LANGUAGE: Final = "language"
LIST: Final = "list"
"""The mark of the list, in a CSV file."""

# What the agency fills in; named as the columns of an answer.
DIRECTORATE: Final = "directorate_name"
ANSWER_STATUS: Final = "answer_status"
ANSWER: Final = "text"
SAME_AS: Final = "same_as"
PAGE: Final = "page_url"
PUBLISHABLE: Final = "is_publishable"
CONTACT: Final = "contact"
ANSWERED_ON: Final = "answered_on"

HEADINGS: Final[Mapping[str, _StrPromise]] = {
    NUMBER: _("No."),
    QUESTION: _("Question"),
    ORIGINAL: _("As it was asked"),
    TRANSLATION: _("Translation"),
    TRANSLATED_BY: _("Translated by"),
    ASKED_AT: _("Asked at"),
    LABEL: _("Label"),
    CATEGORY: _("Role category"),
    VOTES: _("Votes"),
    TIMES_ASKED: _("Times asked"),
    STATUS: _("Disposition"),
    REASON: _("Reason"),
    LANGUAGE: _("Language"),
    DIRECTORATE: _("Directorate"),
    ANSWER_STATUS: _("Answer status"),
    ANSWER: _("Answer"),
    SAME_AS: _("Same answer as No."),
    PAGE: _("Page (address)"),
    PUBLISHABLE: _("Publishable"),
    CONTACT: _("Contact"),
    ANSWERED_ON: _("Date of the answer"),
    LIST: _("List"),
}

TO_FILL_IN: Final = (
    DIRECTORATE, ANSWER_STATUS, ANSWER, SAME_AS, PAGE, PUBLISHABLE, CONTACT, ANSWERED_ON,
)  # fmt: skip

YES: Final = _("Yes")
NO: Final = _("No")

LIST_MARK: Final = re.compile("openfloor-list/([0-9]{1,9})/([0-9a-f]{64})")
"""Number of the forwarding, 0 for a copy that was not forwarded, and the digest of its content."""


def list_mark(number: int | None, digest: str) -> str:
    return f"openfloor-list/{number or 0}/{digest}"


def heading(column: str) -> str:
    return str(HEADINGS[column])


def answer_statuses() -> dict[str, str]:
    """Key to word, as the workbook offers them."""
    return {key: str(word) for key, word in AgencyAnswer.Status.choices}


def sheet_title() -> str:
    """Name of the sheet with the questions."""
    return str(_("Questions"))
