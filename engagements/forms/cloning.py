"""What the office sends to make the next engagement from one that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions.cloning import Part
from engagements.forms.fields import LineField, LocalTimeField, moment_in

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import Engagement

PART_WORDS: Final = {
    Part.DESCRIPTION: _("Description"),
    Part.SPEAKERS: _("Speakers"),
    Part.MATERIALS: _("Materials for the engagement"),
    Part.QUESTIONS: _("Registration questions"),
    Part.NOTICES: _("Notices of its own"),
    Part.MEMBERS: _("Members and their roles"),
    Part.REGISTRATION: _("Settings of registration and mail"),
    Part.FLOOR: _("Labels, and the floor's settings without its times"),
}


class CloneForm(forms.Form):
    """The start is typed as a local time of the engagement's zone."""

    title = LineField(label=_("Title"), max_length=200)
    starts_at = LocalTimeField(label=_("Starts"))
    parts = forms.MultipleChoiceField(
        label=_("Take along"),
        choices=[(part.value, words) for part, words in PART_WORDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Series, kind, agency, topic, time zone and length come along always. Times of "
            "registration keep their distance from the start."
        ),
    )

    def __init__(self, *args: Any, engagement: Engagement, **options: Any) -> None:
        options["initial"] = {"title": engagement.title, "parts": [part.value for part in Part]}
        super().__init__(*args, **options)
        self.zone = engagement.zone
        self.fields["starts_at"].help_text = _("In the time zone %(zone)s.") % {
            "zone": engagement.time_zone.replace("_", " ")
        }

    def clean_starts_at(self) -> datetime:
        return moment_in(self.zone, self.cleaned_data["starts_at"])
