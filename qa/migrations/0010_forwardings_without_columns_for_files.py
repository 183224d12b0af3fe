from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("qa", "0009_files_of_forwardings")]

    operations = [
        migrations.RemoveField(model_name="forwarding", name="file"),
        migrations.RemoveField(model_name="forwarding", name="file_name"),
        migrations.RemoveField(model_name="forwarding", name="sha256"),
    ]
