"""The five reasons that questions were dismissed with so far, as the start of the office's list;
and the words of each dismissal, which are kept with it from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REASONS = [
    ("case_specific", "about one case"),
    ("duplicate", "asked already"),
    ("off_topic", "off topic"),
    ("unclear", "unclear"),
    ("inappropriate", "inappropriate"),
]


def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    fill_table(apps)
    questions = apps.get_model("qa", "Question").objects
    for code, label in REASONS:
        questions.filter(dismissal=code).update(dismissal_text=label)


def fill_table(apps: Any) -> None:
    reason = apps.get_model("qa", "DismissalReason")
    for position, (code, label) in enumerate(REASONS, start=1):
        reason.objects.create(code=code, label=label, is_built_in=True, position=position)


class Migration(migrations.Migration):
    dependencies = [("qa", "0004_the_hour")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
