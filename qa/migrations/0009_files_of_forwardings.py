from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_files(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The one file that a list had becomes its workbook; nothing else of it changes."""
    forwardings: Any = apps.get_model("qa", "Forwarding")
    files: Any = apps.get_model("qa", "ForwardingFile")
    for forwarding in forwardings.objects.iterator(chunk_size=20):
        files.objects.create(
            forwarding=forwarding,
            format="xlsx",
            name=forwarding.file_name,
            content=forwarding.file,
            size=len(forwarding.file),
            sha256=forwarding.sha256,
        )


class Migration(migrations.Migration):
    dependencies = [("qa", "0008_agency_answers")]

    operations = [migrations.RunPython(keep_files, migrations.RunPython.noop, elidable=True)]
