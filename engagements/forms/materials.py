"""What the office sends to put a material on an engagement's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from engagements.files import documents
from engagements.forms.fields import LineField
from engagements.refusals import Refused

if TYPE_CHECKING:
    from engagements.files.documents import Document
    from engagements.models import Material


class MaterialForm(forms.Form):
    """A link or a file. The file leaves the form as the document that it turned out to be."""

    title = LineField(
        label=_("Title"), max_length=200, help_text=_("As people will read it, such as: Slides")
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
        help_text=format_lazy(
            _("{types}, 25 MB at most, without macros or a password."), types=documents.ENDINGS
        ),
    )
    url = forms.URLField(
        label=_("Or a link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Beginning with https://."),
    )

    def __init__(self, *args: Any, material: Material | None = None, **options: Any) -> None:
        self.material = material
        if material is not None:
            options["initial"] = {"title": material.title, "url": material.url}
        super().__init__(*args, **options)
        if material is not None and material.file is not None:
            self.fields["file"].label = _("Another file in its place")

    def clean_file(self) -> Document | None:
        upload = self.cleaned_data["file"]
        if upload is None:
            return None
        if upload.size > documents.MOST_BYTES:
            raise ValidationError(documents.TOO_LARGE, code="file_large")
        try:
            return documents.read(upload.name, upload.read())
        except Refused as refused:
            raise ValidationError(str(refused), code=refused.code) from refused

    def clean_url(self) -> str:
        link: str = self.cleaned_data["url"]
        if link and not link.lower().startswith("https://"):
            raise ValidationError(_("The link must begin with https://."), code="https")
        return link

    def clean(self) -> dict[str, Any]:
        if "file" not in self.cleaned_data or "url" not in self.cleaned_data:
            return self.cleaned_data
        file, url = self.cleaned_data["file"], self.cleaned_data["url"]
        has_file = self.material is not None and self.material.file is not None
        if file and url:
            self.add_error("url", _("Please give either a link or a file, not both."))
        elif not file and not url and not has_file:
            self.add_error("file", _("Please choose a file, or give a link."))
        return self.cleaned_data

    def entry(self) -> dict[str, Any]:
        """What an action takes."""
        given = self.cleaned_data
        return {"title": given["title"], "url": given["url"], "document": given["file"]}
