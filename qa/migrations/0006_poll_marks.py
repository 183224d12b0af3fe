from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qa", "0005_dismissal_reasons")]

    operations = [
        migrations.AddField(
            model_name="pollanswer",
            name="mark",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
