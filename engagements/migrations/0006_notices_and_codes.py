"""Notices as rows of their own, a short code for every engagement, a state for registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

from engagements.models.engagement import new_code

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_over(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    registrations = apps.get_model("engagements", "Registration").objects
    notices = apps.get_model("engagements", "Notice").objects
    office = apps.get_model("engagements", "Office").objects.get()
    seen = set(registrations.values_list("notice_version", flat=True)) | {office.notice_version}
    for version in sorted(seen):
        # Of earlier versions only the number was kept.
        privacy = office.notice if version == office.notice_version else ""
        notice = notices.create(version=version, privacy=privacy)
        registrations.filter(notice_version=version).update(notice=notice)
    registrations.filter(cancelled_at__isnull=False).update(state="cancelled")
    for engagement in apps.get_model("engagements", "Engagement").objects.filter(code=None):
        engagement.code = new_code()
        engagement.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [("engagements", "0005_people_come")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
