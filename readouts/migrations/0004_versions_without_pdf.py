from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readouts", "0003_files_of_versions")]

    operations = [
        # The defaults are for the way back only, on which the file is filled in from its row.
        migrations.AlterField("readoutversion", "pdf", models.BinaryField(default=bytes)),
        migrations.AlterField(
            "readoutversion", "sha256", models.CharField(max_length=64, default="")
        ),
        migrations.RemoveField("readoutversion", "pdf"),
        migrations.RemoveField("readoutversion", "sha256"),
    ]
