from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from engagements.models import AuditEntry, Engagement
from tests import factories

if TYPE_CHECKING:
    from pathlib import Path

    from engagements.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(engagement: Engagement) -> Engagement:
    engagement.state = Engagement.State.ENDED
    engagement.save()
    for _ in range(2):
        factories.make_question(engagement.floor)
    return engagement


def export(target: Path, slug: str = "contact-center") -> str:
    out = io.StringIO()
    call_command("export_questions", slug, output=str(target), stdout=out)
    return out.getvalue()


def test_the_forwarded_list_is_written_byte_for_byte(
    asked: Engagement, edna: User, tmp_path: Path
) -> None:
    sent = factories.forward_list(asked, by=edna)
    factories.make_question(asked.floor, "Too late for the list?")
    target = tmp_path / "list.xlsx"

    said = export(target)

    assert target.read_bytes() == factories.list_file(sent)
    assert said == f"{target}: list 1 with 2 questions, {len(factories.list_file(sent)):,} bytes\n"
    entry = AuditEntry.objects.get(action="list.exported")
    assert (entry.actor_label, entry.engagement) == ("command line", asked)


def test_before_that_it_is_a_copy_that_says_so(asked: Engagement, tmp_path: Path) -> None:
    target = tmp_path / "copy.xlsx"

    said = export(target)

    size = f"{target.stat().st_size:,} bytes"
    assert said == f"{target}: a copy with 2 questions, not forwarded, {size}\n"
    about = load_workbook(target).worksheets[0]
    said_of = {row[0]: row[1] for row in about.iter_rows(max_col=2, values_only=True)}
    assert str(said_of["List"]).startswith("Copy, not forwarded.")


@pytest.mark.parametrize(
    ("slug", "name", "says"),
    [
        ("nowhere", "list.xlsx", "There is no engagement “nowhere”."),
        ("contact-center", "list.csv", "The list is a workbook: let the file's name end in .xlsx."),
        ("contact-center", "x/list.xlsx", "{target} cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_no_trace(
    asked: Engagement, tmp_path: Path, slug: str, name: str, says: str
) -> None:
    target = tmp_path / name
    with pytest.raises(CommandError) as refused:
        export(target, slug)
    assert str(refused.value) == says.format(target=target)
    assert not target.exists()
    assert not AuditEntry.objects.filter(action="list.exported").exists()
