from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0008_declared_numbers_and_small_figures"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitee",
            name="mailed_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When its mail was laid down; none: it is due.",
                null=True,
            ),
        ),
    ]
