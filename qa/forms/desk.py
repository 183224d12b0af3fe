"""What moderators may send: the same forms for the socket and for plain POST."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, TextField
from qa import states
from qa.forms.numbers import NumberForm
from qa.models import LONGEST_ANNOUNCEMENT, Floor


class DecisionForm(NumberForm):
    """`seen` is the revision of the question on the moderator's page."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class DismissForm(DecisionForm):
    """`reason` is the code of one of the office's reasons; `text` says it in own words."""

    reason = forms.SlugField(
        label=_("Reason"),
        max_length=32,
        error_messages={"required": _("Please choose a reason.")},
    )
    text = LineField(label=_("In own words"), max_length=300, required=False)


class MarkForm(DecisionForm):
    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in states.OUTCOMES])


class FloorForm(forms.Form):
    state = forms.ChoiceField(choices=Floor.State.choices)


class VotingForm(forms.Form):
    setting = forms.ChoiceField(choices=Floor.Voting.choices)


class AnnouncementForm(forms.Form):
    text = TextField(
        label=_("Announcement"),
        max_length=LONGEST_ANNOUNCEMENT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Up to 500 characters. Everybody in the room reads it at once."),
        error_messages={"required": _("Please write the announcement.")},
    )
