"""How the office signs its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from engagements.files import pictures
from engagements.forms.fields import LineField, TextField
from engagements.refusals import Refused

if TYPE_CHECKING:
    from engagements.models import Office


class LetterheadForm(forms.Form):
    """The seal stays when no other comes and it is not to be removed."""

    address = TextField(
        label=_("Postal address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As on an envelope, without the name of the office."),
    )
    website = forms.URLField(
        label=_("Website"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        help_text=_("It begins with https."),
    )
    email = forms.EmailField(label=_("Public e-mail address"), max_length=254, required=False)
    seal = forms.FileField(
        label=_("Seal or logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPT}),
        help_text=_("PNG or JPEG, 200 kB and 2,000 points to a side at most."),
    )
    drops_seal = forms.BooleanField(label=_("Print no seal"), required=False)
    seal_text = LineField(
        label=_("The seal in words"),
        max_length=200,
        required=False,
        help_text=_("Read out in place of the picture, such as: Seal of the Department."),
    )

    def __init__(self, *args: Any, office: Office, **options: Any) -> None:
        self.office = office
        options["initial"] = {
            name: getattr(office, name) for name in ("address", "website", "email", "seal_text")
        }
        super().__init__(*args, **options)
        if not office.seal:
            del self.fields["drops_seal"]

    def clean_seal(self) -> bytes | None:
        upload = self.cleaned_data["seal"]
        if upload is None:
            return None
        try:
            # One byte more tells that it is too large, whatever else there is.
            return pictures.read_seal(upload.read(pictures.MOST_BYTES + 1))
        except Refused as refused:
            raise ValidationError(str(refused), code=refused.code) from refused

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        drops = given.pop("drops_seal", False)
        seal = given.pop("seal", None)
        if drops and seal is None:
            seal = b""
        kept = bytes(self.office.seal) if seal is None else seal
        if kept and not given.get("seal_text") and "seal_text" not in self.errors:
            self.add_error(
                "seal_text", _("Please say what the seal is, for those who cannot see it.")
            )
        if "seal" not in self.errors:
            given["seal"] = kept
        return given
