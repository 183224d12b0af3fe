"""What moderators may send: the same forms for the socket and for plain POST."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, TextField
from qa import states
from qa.forms.numbers import NumberForm
from qa.models import LONGEST_ANNOUNCEMENT, Floor

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_AT_ONCE: Final = 200
"""Questions upon which one frame acts: the floor is locked for so long, and askers wait."""

_LARGEST: Final = 2**31 - 1
_PAIR: Final = re.compile(r"([1-9]\d{0,9}):([1-9]\d{0,9})", re.ASCII)


class DecisionForm(NumberForm):
    """`seen` is the revision of the question on the moderator's page."""

    seen = forms.IntegerField(min_value=1, max_value=_LARGEST)


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


class LabelForm(DecisionForm):
    """`label` is the key of one of the engagement's labels; without it, it has none."""

    label = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False)


class SpeakerForm(DecisionForm):
    """`speaker` is the key of one of the engagement's speakers; without it, it is nobody's."""

    speaker = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False)


class PairsInput(forms.HiddenInput):
    """Many values of one name, as check boxes send them, are one value."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        get = getattr(data, "getlist", None)
        return ",".join(get(name)) if get else data.get(name)


class PairsField(forms.CharField):
    """`7:2,8:1`: questions by number, each with the revision that was seen."""

    widget = PairsInput

    def clean(self, value: Any) -> list[tuple[int, int]]:
        found = [_PAIR.fullmatch(part) for part in super().clean(value).split(",")]
        pairs = [(int(one[1]), int(one[2])) for one in found if one]
        if len(pairs) != len(found) or any(max(pair) > _LARGEST for pair in pairs):
            raise forms.ValidationError(_("This form is incomplete. Please reload the page."))
        if len(pairs) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Please choose at most %(most)d questions at a time."),
                params={"most": MOST_AT_ONCE},
            )
        return list(dict(pairs).items())


class UndoForm(forms.Form):
    questions = PairsField(error_messages={"required": _("Please choose questions first.")})


class BulkForm(UndoForm):
    """One move for many questions; which of the other fields it needs is said by the move."""

    move = forms.ChoiceField(
        choices=[(move, move) for move in ("show", "hold", "dismiss", "divert", "label", "assign")],
        error_messages={"required": _("Please choose what to do with them.")},
    )
    reason = forms.SlugField(max_length=32, required=False)
    label = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False)
    speaker = forms.IntegerField(min_value=1, max_value=_LARGEST, required=False)


class LookForm(forms.Form):
    """`number` of the question that is looked at; 0 for none."""

    number = forms.IntegerField(min_value=0, max_value=_LARGEST)


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
