"""The list of people to invite: uploaded, looked through, and sent back to be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.files.invitee_list import read_invitee_list
from engagements.files.tables import MOST_BYTES
from engagements.forms.fields import LineField
from engagements.forms.registering import RegistrationForm
from engagements.models import Invitee
from engagements.queries.invitations import Candidate
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from engagements.files.invitee_list import InviteeList
    from engagements.models import Engagement

SALT = "invitees"
GOOD_FOR = 24 * 60 * 60
"""Seconds for which a list that was looked through may be taken."""

MOST_SEALED = 900_000
"""Characters. The whole form has to stay under the limit of Django for what is posted."""


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, tab-separated text or an Excel workbook, at most 5 MB and 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("There is nothing in this file."),
        },
    )

    def clean_file(self) -> InviteeList:
        """What is in the file; the file itself is not kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        # Looked at before a byte of it is read into memory.
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is larger than 5 MB."), code="too_large")
        try:
            return read_invitee_list(file.read())
        except Refused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal


def seal(engagement: Engagement, candidates: Sequence[Candidate]) -> str:
    """The rows as they were looked through, so that nothing is stored before they are taken.

    Signed, for this engagement. Refuses what is too much for one form.
    """
    sealed = signing.dumps([engagement.pk, candidates], salt=SALT, compress=True)
    if len(sealed) > MOST_SEALED:
        raise Refused("too_long", _("This list is too long for one go. Please split the file."))
    return sealed


class TakeForm(forms.Form):
    """The rows come back as they went out."""

    people = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, engagement: Engagement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.engagement = engagement

    def clean_people(self) -> list[Candidate]:
        try:
            engagement, rows = signing.loads(
                self.cleaned_data["people"], salt=SALT, max_age=GOOD_FOR
            )
        except (signing.BadSignature, ValueError) as error:
            raise ValidationError(_("Please upload the file again."), code="stale") from error
        if engagement != self.engagement.pk:
            raise ValidationError(_("Please upload the file again."), code="stale")
        return [Candidate(*row) for row in rows]


class InviteesFilterForm(forms.Form):
    words = LineField(
        label=_("Name, e-mail address or organization"), required=False, max_length=100
    )
    state = forms.ChoiceField(
        label=_("Answer"), required=False, choices=[("", _("All")), *Invitee.State.choices]
    )


class InvitedForm(RegistrationForm):
    """The registration form of somebody invited: its address is the list's, whatever is posted."""

    def __init__(self, *args: Any, invitee: Invitee, **options: Any) -> None:
        self.invitee = invitee
        known = {"name": invitee.name, "organization": invitee.organization}
        if invitee.category is not None:
            known["category"] = invitee.category.key
        super().__init__(*args, engagement=invitee.engagement, initial=known, **options)
        del self.fields["email"]

    def entry(self) -> dict[str, Any]:
        self.cleaned_data["email"] = self.invitee.email
        return super().entry() | {"invitee": self.invitee}
