"""Events that are older than their column `question_number` get it: they are the question's history
too, and a redaction has to find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 500


def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    fill_table(apps)


def fill_table(apps: Any) -> None:
    event = apps.get_model("qa", "FloorEvent")
    without = event.objects.filter(kind="question", question_number=None)
    keys = list(without.values_list("pk", flat=True))
    for some in (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)):
        found = list(event.objects.filter(pk__in=some))
        for one in found:
            one.question_number = one.payload["question"]["number"]
        event.objects.bulk_update(found, ["question_number"])


class Migration(migrations.Migration):
    dependencies = [("qa", "0006_poll_marks")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
