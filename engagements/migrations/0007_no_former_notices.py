from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import engagements.models.engagement


class Migration(migrations.Migration):
    dependencies = [("engagements", "0006_notices_and_codes")]
    operations = [
        migrations.RemoveField(model_name="office", name="notice"),
        migrations.RemoveField(model_name="office", name="notice_version"),
        migrations.RemoveField(model_name="registration", name="notice_version"),
        migrations.AlterField(
            model_name="registration",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="engagements.notice",
            ),
        ),
        migrations.AlterField(
            model_name="engagement",
            name="code",
            field=models.CharField(
                default=engagements.models.engagement.new_code,
                editable=False,
                max_length=12,
                unique=True,
            ),
        ),
    ]
