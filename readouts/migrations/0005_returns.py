from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import engagements.clock


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("readouts", "0004_versions_without_pdf"),
    ]

    operations = [
        migrations.AddField(
            "approval",
            "revision",
            models.PositiveIntegerField(default=0, help_text="Of the readout, as it was read."),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("approval", "one_approval_per_step_and_text"),
        migrations.AddConstraint(
            "approval",
            models.UniqueConstraint(
                fields=["readout", "step", "revision", "digest"],
                name="one_approval_per_step_and_text",
            ),
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=engagements.clock.now)),
                (
                    "digest",
                    models.CharField(help_text="Of the text that was read.", max_length=64),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="what is to be changed"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "readout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="returns",
                        to="readouts.readout",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: it was not sent back at a step of clearance.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readouts.clearancestep",
                    ),
                ),
            ],
            options={
                "verbose_name": "return",
                "ordering": ["at", "pk"],
            },
        ),
    ]
