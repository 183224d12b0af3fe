"""The office, its agency and the six role categories of the worked example: a start to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NOTICE = (
    "We ask for your name, e-mail address and role so that we can send you the link to this "
    "engagement and report how many people of each role took part. Giving them is voluntary; "
    "without an e-mail address we cannot send the link. Your questions are shared with the agency "
    "without your name. We cannot give legal advice or act on a single case here: please do not "
    "write A-Numbers, receipt numbers or Social Security numbers."
)
OFFICE = {
    "department": "Department of Homeland Security",
    "department_short": "DHS",
    "name": "Office of the Citizenship and Immigration Services Ombudsman",
    "short_name": "CIS Ombudsman",
}
# key, label, noun phrase, verb, kind, offered on the form
CATEGORIES = [
    ("attorney", "Attorney or legal representative", "attorneys or legal representatives",
     "were", "ordinary", True),
    ("government", "Government employee", "government employees",
     "identified as", "ordinary", True),
    ("employer", "Employer", "employers", "were", "ordinary", True),
    ("applicant", "Petitioner or applicant", "petitioners or applicants",
     "were", "ordinary", True),
    ("advocate", "Advocacy group", "advocacy groups", "represented", "ordinary", True),
    ("other", "Other", "other", "identified as", "other", True),
    ("not-stated", "Not stated", "a role", "did not state", "not_stated", False),
]  # fmt: skip


def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("engagements", "Office").objects.create(**OFFICE, notice=NOTICE)
    fill_tables(apps)


def fill_tables(apps: Any) -> None:
    apps.get_model("engagements", "Agency").objects.create(
        name="U.S. Citizenship and Immigration Services", short_name="USCIS"
    )
    category = apps.get_model("engagements", "RoleCategory")
    for position, (key, label, noun_phrase, verb, kind, offered) in enumerate(CATEGORIES, start=1):
        category.objects.create(
            key=key,
            label=label,
            noun_phrase=noun_phrase,
            verb=verb,
            kind=kind,
            is_offered=offered,
            position=position,
        )


class Migration(migrations.Migration):
    dependencies = [("engagements", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
