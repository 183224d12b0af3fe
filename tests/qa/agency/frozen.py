"""A list as it was frozen, and what its workbook says when it is opened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from openpyxl import load_workbook

from qa.files.agency.outputs import write_all
from qa.forwarded import ADDED, CHANGED, REMOVED, Change, ListFacts, ListRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.workbook.workbook import Workbook

AT: Final = datetime(2021, 4, 14, 18, 5, tzinfo=UTC)

FACTS: Final = ListFacts(
    department="Department of Homeland Security",
    office="Office of the Citizenship and Immigration Services Ombudsman",
    engagement_title="The CIS Ombudsman's Webinar Series: The USCIS Contact Center",
    kind="webinar",
    held_on=date(2021, 4, 14),
    agency="U.S. Citizenship and Immigration Services",
    agency_short="USCIS",
    frozen_at=datetime(2021, 4, 16, 14, 5, tzinfo=UTC),
    time_zone="America/New_York",
    received=6,
    questions=5,
    withdrawn=1,
    forwarding_number=2,
    joined=1828,
    due_on=date(2021, 5, 14),
    cover_note="Dear colleagues,\n\nthank you.",
    chosen_labels=("Online tools",),
    merged_categories=1,
    supersedes=1,
    changes=(
        Change(number=1, kind=CHANGED, column="text", before="old", after="=new"),
        Change(number=2, kind=CHANGED, column="status", before="waiting", after="open"),
        Change(number=4, kind=ADDED),
        Change(number=9, kind=REMOVED),
    ),
)

ROWS: Final = [
    ListRow(
        number=1, text="=1+1 Do you plan\nkiosks?", original_text="kiosks??", asked_at=AT,
        label="Online tools", category="Government employee", votes=3, times_asked=2,
        status="answered_live", language="en",
    ),
    ListRow(number=2, text="Would a dedicated line help?", asked_at=AT, status="open"),
    ListRow(number=3, is_withdrawn=True, status="withdrawn"),
    ListRow(
        number=4, text="لماذا تستغرق الطلبات وقتا طويلا؟", asked_at=AT, status="waiting",
        language="ar", translation="Why does it take so long?", translation_kind="machine",
    ),
    ListRow(
        number=5, text="Where is my case?", asked_at=AT, label="Case status", votes=12,
        category="Employer", status="dismissed", reason="About one case", language="en",
    ),
    ListRow(number=6, text="Kiosks?", asked_at=AT, status="merged", merged_into=1, language="xx"),
]  # fmt: skip


def written(
    format_: str = "xlsx", facts: ListFacts = FACTS, rows: Sequence[ListRow] = ROWS
) -> bytes:
    (content,) = (
        file.content for file in write_all(facts, rows, slug="center") if file.format == format_
    )
    return content


def opened(facts: ListFacts = FACTS, rows: Sequence[ListRow] = ROWS) -> Workbook:
    return load_workbook(BytesIO(written("xlsx", facts, rows)))


def of_texts(texts: Sequence[str]) -> tuple[ListFacts, list[ListRow]]:
    """A first list of open questions with these texts."""
    rows = [
        ListRow(number=number, text=text, asked_at=AT, status="open")
        for number, text in enumerate(texts, start=1)
    ]
    facts = ListFacts(
        department="",
        office="Office",
        engagement_title="Webinar",
        kind="webinar",
        held_on=date(2021, 4, 14),
        agency="Agency",
        agency_short="AG",
        frozen_at=AT,
        time_zone="UTC",
        received=len(rows),
        questions=len(rows),
        withdrawn=0,
        forwarding_number=1,
    )
    return facts, rows
