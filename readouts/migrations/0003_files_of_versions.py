from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def move_files(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The printable file of each version becomes one file among others."""
    versions: Any = apps.get_model("readouts", "ReadoutVersion")
    files = apps.get_model("readouts", "VersionFile")
    for version in versions.objects.iterator(chunk_size=20):
        content = bytes(version.pdf)
        # It is there already where somebody went back to the migration before this one.
        files.objects.get_or_create(
            version=version,
            format="pdf",
            defaults={"content": content, "size": len(content), "sha256": version.sha256},
        )
        words = json.dumps(version.document, sort_keys=True, ensure_ascii=False)
        versions.objects.filter(pk=version.pk).update(
            digest=hashlib.sha256(words.encode()).hexdigest()
        )


def move_back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    versions: Any = apps.get_model("readouts", "ReadoutVersion")
    for file in apps.get_model("readouts", "VersionFile").objects.filter(format="pdf").iterator():
        versions.objects.filter(pk=file.version_id).update(pdf=file.content, sha256=file.sha256)


class Migration(migrations.Migration):
    dependencies = [("readouts", "0002_counted_worded_cleared")]

    operations = [migrations.RunPython(move_files, move_back)]
