from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import engagements.clock
import engagements.models.engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0004_rehearsal"),
    ]

    operations = [
        migrations.CreateModel(
            name="Accommodation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_language", "sign language interpreting"),
                            ("captions", "captions"),
                            ("language", "interpreting into another language"),
                            ("other", "something else"),
                        ],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="detail")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("arranged", "arranged"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                ("requested_at", models.DateTimeField(default=engagements.clock.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "accommodation",
                "ordering": ["requested_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AttendanceList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        choices=[
                            ("zoom", "Zoom"),
                            ("teams", "Microsoft Teams"),
                            ("teams_live", "Microsoft Teams live event"),
                            ("adobe_connect", "Adobe Connect"),
                            ("other", "another platform"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "columns to be named"),
                            ("reading", "being read"),
                            ("review", "to be reviewed"),
                            ("applying", "being taken over"),
                            ("applied", "counted"),
                            ("superseded", "replaced by a later file"),
                            ("undone", "undone"),
                            ("discarded", "discarded"),
                            ("failed", "could not be read"),
                        ],
                        default="mapping",
                        max_length=10,
                    ),
                ),
                (
                    "choices",
                    models.JSONField(
                        default=dict,
                        help_text="What was decided on the way: columns, categories, dates.",
                    ),
                ),
                (
                    "header",
                    models.JSONField(default=dict, help_text="What the file says about itself."),
                ),
                (
                    "problems",
                    models.JSONField(default=list, help_text="Row, code and sentence of each."),
                ),
                (
                    "done",
                    models.PositiveIntegerField(default=0, help_text="Rows of the work under way."),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("uploaded_at", models.DateTimeField(default=engagements.clock.now)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "attendance list",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Invitee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(blank=True, max_length=128, verbose_name="name")),
                ("email", models.CharField(max_length=256, verbose_name="e-mail address")),
                ("email_key", models.CharField(max_length=256)),
                (
                    "organization",
                    models.CharField(blank=True, max_length=200, verbose_name="organization"),
                ),
                (
                    "language",
                    models.CharField(default="en", max_length=12, verbose_name="language"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "no answer yet"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("invited_at", models.DateTimeField(default=engagements.clock.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "invitee",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ListedInterval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "interval of an attendance list",
                "ordering": ["joined_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ListedPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(help_text="Row of the first entry in the file."),
                ),
                ("name", models.CharField(max_length=256, verbose_name="name")),
                (
                    "email",
                    models.CharField(blank=True, max_length=256, verbose_name="e-mail address"),
                ),
                ("email_key", models.CharField(blank=True, max_length=256)),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "exclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "counted"),
                            ("host", "host of the platform"),
                            ("panelist", "panelist"),
                            ("staff", "office staff"),
                            ("speaker", "speaker"),
                            ("test", "test"),
                            ("absent", "did not attend"),
                            ("elsewhere", "counted from another list already"),
                            ("left_out", "left out by the office"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "match",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nobody who registered"),
                            ("email", "by e-mail address"),
                            ("name", "by name"),
                            ("staff", "by the office"),
                        ],
                        default="",
                        max_length=6,
                    ),
                ),
                (
                    "is_doubtful",
                    models.BooleanField(default=False, help_text="Somebody should look at it."),
                ),
                ("rows", models.PositiveIntegerField(default=1)),
                (
                    "seconds",
                    models.PositiveIntegerField(
                        help_text="Time present, if the file gives no times to join and leave.",
                        null=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "person of an attendance list",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("reminder", "reminder"),
                            ("starting", "starting now"),
                            ("thanks", "thanks"),
                            ("moved", "rescheduled"),
                            ("cancelled", "cancelled"),
                            ("news", "news of the series"),
                            ("letter", "letter of the office"),
                        ],
                        max_length=10,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "minutes_before",
                    models.PositiveIntegerField(
                        blank=True, help_text="Of a reminder: so long before the start.", null=True
                    ),
                ),
                ("due_at", models.DateTimeField(default=engagements.clock.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("laying", "being laid"),
                            ("laid", "in the outbox"),
                            ("discarded", "discarded"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "is_held",
                    models.BooleanField(
                        default=False,
                        help_text="Its mails wait in the outbox until somebody releases them.",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("body", models.TextField(blank=True, max_length=10000, verbose_name="text")),
                ("audience", models.JSONField(default=dict, help_text="To whom, by filter.")),
                ("made_at", models.DateTimeField(default=engagements.clock.now)),
                ("laid_at", models.DateTimeField(blank=True, null=True)),
                ("mails", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "mailing",
                "ordering": ["due_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("before", "for the engagement"),
                            ("after", "posted after the engagement"),
                        ],
                        default="before",
                        max_length=6,
                        verbose_name="stage",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="link")),
                (
                    "pages",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="pages or slides"
                    ),
                ),
                ("posted_at", models.DateTimeField(default=engagements.clock.now)),
            ],
            options={
                "verbose_name": "material",
                "ordering": ["stage", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("privacy", models.TextField(max_length=10000, verbose_name="privacy notice")),
                (
                    "recording",
                    models.TextField(blank=True, max_length=4000, verbose_name="recording"),
                ),
                (
                    "advice",
                    models.TextField(blank=True, max_length=4000, verbose_name="not legal advice"),
                ),
                (
                    "omb_number",
                    models.CharField(blank=True, max_length=20, verbose_name="OMB control number"),
                ),
                (
                    "omb_expires_on",
                    models.DateField(blank=True, null=True, verbose_name="expires on"),
                ),
                (
                    "burden",
                    models.TextField(blank=True, max_length=4000, verbose_name="burden statement"),
                ),
                (
                    "is_withdrawn",
                    models.BooleanField(
                        default=False,
                        help_text="The engagement went back to the office's own notices.",
                    ),
                ),
                ("made_at", models.DateTimeField(default=engagements.clock.now)),
            ],
            options={
                "verbose_name": "notices",
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="RegistrationAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("values", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "answer of a registrant",
            },
        ),
        migrations.CreateModel(
            name="RegistrationQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("choice", "one choice"),
                            ("several", "several choices"),
                        ],
                        default="text",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(max_length=200, verbose_name="question")),
                ("hint", models.CharField(blank=True, max_length=300, verbose_name="hint")),
                ("choices", models.JSONField(blank=True, default=list, verbose_name="choices")),
                (
                    "is_required",
                    models.BooleanField(default=False, verbose_name="must be answered"),
                ),
                (
                    "shown_when_answer",
                    models.CharField(blank=True, max_length=200, verbose_name="has the answer"),
                ),
                (
                    "retired_at",
                    models.DateTimeField(
                        blank=True, help_text="Not asked any more; its answers are kept.", null=True
                    ),
                ),
            ],
            options={
                "verbose_name": "registration question",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RememberedMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        choices=[
                            ("zoom", "Zoom"),
                            ("teams", "Microsoft Teams"),
                            ("teams_live", "Microsoft Teams live event"),
                            ("adobe_connect", "Adobe Connect"),
                            ("other", "another platform"),
                        ],
                        max_length=14,
                    ),
                ),
                ("headings", models.CharField(help_text="SHA-256 of the headings.", max_length=64)),
                ("columns", models.JSONField(default=dict)),
                ("categories", models.JSONField(default=dict)),
                ("remembered_at", models.DateTimeField(default=engagements.clock.now)),
            ],
            options={
                "verbose_name": "remembered mapping",
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=120)),
                (
                    "size",
                    models.PositiveBigIntegerField(help_text="In bytes.", verbose_name="size"),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("content", models.BinaryField()),
                ("stored_at", models.DateTimeField(default=engagements.clock.now)),
            ],
            options={
                "verbose_name": "file",
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.CharField(max_length=256, verbose_name="e-mail address")),
                ("email_key", models.CharField(max_length=256)),
                (
                    "language",
                    models.CharField(default="en", max_length=12, verbose_name="language"),
                ),
                ("since", models.DateTimeField(default=engagements.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "subscription",
                "ordering": ["pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="declaredattendance",
            options={"ordering": ["pk"], "verbose_name": "declared attendance"},
        ),
        migrations.RemoveConstraint(
            model_name="declaredattendance",
            name="one_declaration_per_category",
        ),
        migrations.AddField(
            model_name="attendance",
            name="companions",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="People who watch together with this person, as this person declared.",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="source",
            field=models.CharField(
                choices=[("room", "our own room"), ("phone", "by phone, noted by the office")],
                default="room",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="declaredattendance",
            name="declared_at",
            field=models.DateTimeField(default=engagements.clock.now),
        ),
        migrations.AddField(
            model_name="declaredattendance",
            name="declared_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="declaredattendance",
            name="kind",
            field=models.CharField(
                choices=[
                    ("archive", "from an archive file"),
                    ("phone", "joined by phone only"),
                    ("group", "watched together"),
                ],
                default="archive",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="accommodations_until",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="accommodations may be requested until"
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="calendar_sequence",
            field=models.PositiveIntegerField(
                default=0, help_text="SEQUENCE of its calendar entry (RFC 5545, 3.8.7.4)."
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="capacity",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="seats"),
        ),
        migrations.AddField(
            model_name="engagement",
            name="changed_at",
            field=models.DateTimeField(default=engagements.clock.now),
        ),
        migrations.AddField(
            model_name="engagement",
            name="code",
            field=models.CharField(default=None, editable=False, max_length=12, null=True),
        ),
        migrations.AddField(
            model_name="engagement",
            name="confirms_address",
            field=models.BooleanField(
                default=False, verbose_name="people confirm their address by a mailed link"
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="holds_mail",
            field=models.BooleanField(
                default=False, help_text="Its mail waits in the outbox until somebody releases it."
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="invitation_only",
            field=models.BooleanField(
                default=False, verbose_name="only for people on the invitation list"
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="registration_closes_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="registration closes"),
        ),
        migrations.AddField(
            model_name="engagement",
            name="registration_opens_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="registration opens"),
        ),
        migrations.AddField(
            model_name="engagement",
            name="reminders",
            field=models.JSONField(
                default=engagements.models.engagement.default_reminders,
                help_text="Minutes before the start.",
                verbose_name="reminders",
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="engagement",
            name="sends_thanks",
            field=models.BooleanField(default=True, verbose_name="mail with thanks afterwards"),
        ),
        migrations.AddField(
            model_name="engagement",
            name="survey_url",
            field=models.URLField(blank=True, max_length=500, verbose_name="survey link"),
        ),
        migrations.AddField(
            model_name="engagement",
            name="takes_walk_ins",
            field=models.BooleanField(
                default=False,
                help_text="While it is live, a name and a role category are enough to enter the room.",
                verbose_name="people may walk in",
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="tells_start",
            field=models.BooleanField(default=True, verbose_name="mail when it starts"),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="calendar",
            field=models.TextField(blank=True, help_text="A calendar file (RFC 5545), if any."),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="html",
            field=models.TextField(blank=True, help_text="The same as HTML; empty for text alone."),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="language",
            field=models.CharField(default="en", max_length=12, verbose_name="language"),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="registration",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mails",
                to="engagements.registration",
            ),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="unsubscribe",
            field=models.CharField(
                blank=True, help_text="Address that ends such mail (RFC 8058).", max_length=500
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="language",
            field=models.CharField(default="en", max_length=12, verbose_name="language"),
        ),
        migrations.AddField(
            model_name="registration",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="phone"),
        ),
        migrations.AddField(
            model_name="registration",
            name="registered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="source",
            field=models.CharField(
                choices=[
                    ("form", "the registration form"),
                    ("invited", "an invitation"),
                    ("staff", "entered by the office"),
                    ("walk_in", "walk-in"),
                ],
                default="form",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="state",
            field=models.CharField(
                choices=[
                    ("unconfirmed", "not confirmed yet"),
                    ("waitlisted", "on the waitlist"),
                    ("registered", "registered"),
                    ("cancelled", "cancelled"),
                ],
                default="registered",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="waitlisted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("held", "held"),
                    ("sending", "being sent"),
                    ("sent", "sent"),
                    ("failed", "failed"),
                    ("discarded", "discarded"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="registration",
            name="email",
            field=models.CharField(blank=True, max_length=256, verbose_name="e-mail address"),
        ),
        migrations.AlterField(
            model_name="registration",
            name="email_key",
            field=models.CharField(
                help_text="None for a person without an address.", max_length=256, null=True
            ),
        ),
        migrations.AddField(
            model_name="accommodation",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accommodation",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="accommodations",
                to="engagements.registration",
            ),
        ),
        migrations.AddField(
            model_name="attendancelist",
            name="applied_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attendancelist",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="engagements.attendancelist",
            ),
        ),
        migrations.AddField(
            model_name="attendancelist",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attendance_lists",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="attendancelist",
            name="uploaded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitee",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="engagements.rolecategory",
            ),
        ),
        migrations.AddField(
            model_name="invitee",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitees",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="invitee",
            name="registration",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitee",
                to="engagements.registration",
            ),
        ),
        migrations.AddField(
            model_name="listedperson",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="engagements.rolecategory"
            ),
        ),
        migrations.AddField(
            model_name="listedperson",
            name="list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="people",
                to="engagements.attendancelist",
            ),
        ),
        migrations.AddField(
            model_name="listedperson",
            name="registration",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="listed",
                to="engagements.registration",
            ),
        ),
        migrations.AddField(
            model_name="listedinterval",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="intervals",
                to="engagements.listedperson",
            ),
        ),
        migrations.AddField(
            model_name="mailing",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mailings",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="mailing",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="mailing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="laid_mails",
                to="engagements.mailing",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.UniqueConstraint(
                fields=("mailing", "to"), name="one_mail_per_mailing_and_address"
            ),
        ),
        migrations.AddField(
            model_name="material",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="materials",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="engagement",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="engagements.notice",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["engagement", "state"], name="registration_by_state"),
        ),
        migrations.AddField(
            model_name="registrationanswer",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers",
                to="engagements.registration",
            ),
        ),
        migrations.AddField(
            model_name="registrationquestion",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="own_questions",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="registrationquestion",
            name="shown_when",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="dependents",
                to="engagements.registrationquestion",
            ),
        ),
        migrations.AddField(
            model_name="registrationanswer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="engagements.registrationquestion",
            ),
        ),
        migrations.AddConstraint(
            model_name="rememberedmapping",
            constraint=models.UniqueConstraint(
                fields=("platform", "headings"), name="one_mapping_per_headings"
            ),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="stored_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="material",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="engagements.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="attendancelist",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="engagements.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="subscriptions",
                to="engagements.series",
            ),
        ),
        migrations.AddConstraint(
            model_name="accommodation",
            constraint=models.UniqueConstraint(
                fields=("registration", "kind"), name="one_accommodation_per_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitee",
            constraint=models.UniqueConstraint(
                fields=("engagement", "email_key"), name="one_invitee_per_address"
            ),
        ),
        migrations.AddIndex(
            model_name="listedperson",
            index=models.Index(fields=["list", "exclusion"], name="listed_by_exclusion"),
        ),
        migrations.AddIndex(
            model_name="mailing",
            index=models.Index(fields=["state", "due_at"], name="mailing_due"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("engagement", "version"), name="one_notice_per_engagement_and_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("engagement", None)),
                fields=("version",),
                name="one_notice_of_the_office_per_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="registrationanswer",
            constraint=models.UniqueConstraint(
                fields=("registration", "question"), name="one_answer_per_question"
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", False), ("url", "")),
                    models.Q(models.Q(("url", ""), _negated=True), ("file__isnull", True)),
                    _connector="OR",
                ),
                name="material_is_a_file_or_a_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("series", "email_key"), name="one_subscription_per_address"
            ),
        ),
    ]
