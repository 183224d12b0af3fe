from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("qa", "0011_translations_of_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="answerupload",
            name="notes",
            field=models.JSONField(default=list, help_text="What is said of the file as a whole."),
        ),
        migrations.AddField(
            model_name="answerupload",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
