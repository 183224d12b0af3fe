"""A platform's report of questions: uploaded, looked through, and sent back to be taken over."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from engagements.refusals import Refused
from qa.files import question_reports as reports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from engagements.models import Engagement
    from qa.files.question_reports import Report
    from qa.queries.reported import Candidate

SALT: Final = "question-report"
GOOD_FOR: Final = 24 * 60 * 60
"""Seconds for which a file that was looked through may be taken over."""

MOST_SEALED: Final = 900_000
"""Characters. The whole form has to stay under the limit of Django for what is posted."""

MOST_PLACES: Final = 40_000
"""Characters of the places that are left out: five digits for each row there may be."""

LABELS: Final = {
    "": _("nothing that is needed"),
    reports.QUESTION: _("the question"),
    reports.EMAIL: _("e-mail address of the asker"),
    reports.ANSWER: _("answer, or what became of it"),
    reports.ASKED: _("time of asking"),
    reports.CATEGORY: _("role category"),
    reports.NUMBER: _("the platform's number of the question"),
    reports.KIND: _("kind of row: question or answer"),
    reports.THREAD: _("the platform's mark of what belongs together"),
}


class Sent(NamedTuple):
    name: str
    content: bytes


class ReportForm(forms.Form):
    file = forms.FileField(
        label=_("Report of questions"),
        help_text=_("As the platform gives it: CSV, TSV or XLSX, at most 5 MB and 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": _("Please choose a file.")},
    )

    def clean_file(self) -> Sent:
        """Looked at before a byte of it is read into memory."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > reports.MOST_BYTES:
            raise ValidationError(_("This file is larger than 5 MB."), code="too_large")
        return Sent(file.name or "", file.read())


def seal(engagement: Engagement, sent: Sent) -> str:
    """The file as it came, so that nothing of it is stored before it is taken over.

    Signed, for this engagement. Refuses what is too much for one form.
    """
    parts = [str(engagement.pk), _packed(sent.name.encode()), _packed(zlib.compress(sent.content))]
    sealed = signing.TimestampSigner(salt=SALT).sign(".".join(parts))
    if len(sealed) > MOST_SEALED:
        raise Refused("too_large", _now("This file is too large for one go. Please split it."))
    return sealed


class LookForm(forms.Form):
    """The file comes back as it went out, with what its columns hold and what is left out.

    The page sends which places it showed and which of these are ticked.
    """

    file = forms.CharField(widget=forms.HiddenInput, strip=False)
    left_out = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST_PLACES)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST_PLACES)

    def __init__(self, data: Mapping[str, Any], *, engagement: Engagement) -> None:
        super().__init__(data)
        self.engagement = engagement

    def clean_file(self) -> Sent:
        try:
            text = signing.TimestampSigner(salt=SALT).unsign(
                self.cleaned_data["file"], max_age=GOOD_FOR
            )
            pk, name, content = text.split(".")
            sent = Sent(_unpacked(name).decode(), zlib.decompress(_unpacked(content)))
        except (signing.BadSignature, ValueError, binascii.Error, zlib.error) as error:
            raise ValidationError(_("Please upload the file again."), code="stale") from error
        if pk != str(self.engagement.pk):
            raise ValidationError(_("Please upload the file again."), code="stale")
        return sent

    def clean_left_out(self) -> set[int]:
        return _places(self.cleaned_data["left_out"])

    def clean_shown(self) -> set[int]:
        return _places(self.cleaned_data["shown"])

    def meanings(self, report: Report) -> list[str]:
        """As they were named on the page; as the headings tell, where it named none."""
        return [
            chosen if (chosen := self.data.get(f"column-{at}")) in LABELS else meaning
            for at, meaning in enumerate(report.meanings)
        ]

    def without(self, ticked: Sequence[str]) -> set[int]:
        """The places that are left out now, here and on the other pages."""
        left_out: set[int] = self.cleaned_data["left_out"]
        shown: set[int] = self.cleaned_data["shown"]
        return (left_out - shown) | (shown - _places(",".join(ticked)))


class Column(NamedTuple):
    """For the page: a column, what stands in it first, and what it holds."""

    name: str
    heading: str
    meaning: str
    samples: list[str]


def columns(report: Report, meanings: Sequence[str]) -> list[Column]:
    return [
        Column(
            f"column-{at}",
            heading,
            meanings[at],
            [cells[at][:60] for _row, cells in report.lines[:3] if at < len(cells) and cells[at]],
        )
        for at, heading in enumerate(report.headings)
    ]


def left_out_at_first(found: Sequence[Candidate]) -> set[int]:
    """What says the same words as a question here is not ticked: somebody decides to take it."""
    return {one.at for one in found if one.same_as is not None}


def _places(text: str) -> set[int]:
    return {int(place) for place in re.findall(r"\d{1,5}", text)}


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
