"""What is sent behind the scenes: messages, and links for devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, TextField
from engagements.models import Speaker
from qa.models import BackstageMessage, ViewLink

if TYPE_CHECKING:
    from qa.models import Floor

LONGEST_MESSAGE = BackstageMessage._meta.get_field("text").max_length
LONGEST_NAME = ViewLink._meta.get_field("name").max_length


class SayForm(forms.Form):
    """The same for the socket and for plain POST."""

    text = TextField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        error_messages={"required": _("Please write the message.")},
    )


class ViewLinkForm(forms.Form):
    name = LineField(
        label=_("Device"),
        max_length=LONGEST_NAME,
        help_text=_("As you call it, such as “laptop at the projector”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please name the device.")},
    )
    speaker = forms.ModelChoiceField(
        label=_("It opens"),
        queryset=Speaker.objects.none(),
        required=False,
        empty_label=_("the big screen"),
        help_text=_("A speaker's view also shows messages backstage, and answers them."),
    )

    def __init__(self, *args: Any, floor: Floor, **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["speaker"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = floor.engagement.speakers.all()
