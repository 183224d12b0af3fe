from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0010_workers"),
    ]

    operations = [
        migrations.AddField(
            model_name="listedperson",
            name="stated",
            field=models.CharField(
                blank=True, help_text="The role category in the file's own words.", max_length=200
            ),
        ),
        migrations.AlterField(
            model_name="attendancelist",
            name="platform",
            field=models.CharField(
                choices=[
                    ("zoom", "Zoom"),
                    ("teams", "Microsoft Teams"),
                    ("teams_live", "Microsoft Teams live event"),
                    ("adobe_connect", "Adobe Connect"),
                    ("gotowebinar", "GoToWebinar"),
                    ("other", "another platform"),
                ],
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="listedperson",
            name="exclusion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "counted"),
                    ("host", "host of the platform"),
                    ("panelist", "panelist"),
                    ("staff", "office staff"),
                    ("speaker", "speaker"),
                    ("test", "test"),
                    ("absent", "did not attend"),
                    ("elsewhere", "counted already, by another list or row"),
                    ("left_out", "left out by the office"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="rememberedmapping",
            name="platform",
            field=models.CharField(
                choices=[
                    ("zoom", "Zoom"),
                    ("teams", "Microsoft Teams"),
                    ("teams_live", "Microsoft Teams live event"),
                    ("adobe_connect", "Adobe Connect"),
                    ("gotowebinar", "GoToWebinar"),
                    ("other", "another platform"),
                ],
                max_length=14,
            ),
        ),
    ]
