"""What the office sets for a floor, and the labels of its agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements import states as engagement_states
from engagements.forms.fields import LineField, LocalTimeField, moment_in
from qa.actions import floor_settings
from qa.actions.floor_settings import MOST_EACH, MOST_SECONDS
from qa.actions.floor_times import TIMES, problems
from qa.models import Floor

if TYPE_CHECKING:
    from datetime import datetime

BEFORE_AND_DURING: Final = ("early_opens_at", "early_closes_at", "opens_at", "closes_at")
LARGEST_KEY: Final = 2**31 - 1


def _choices(given: type[Floor.Voting] | type[Floor.Attribution]) -> list[tuple[str, Any]]:
    return [(value, capfirst(words)) for value, words in given.choices]


class FloorSettingsForm(forms.Form):
    """Times are typed as local times of the engagement's zone and leave the form as moments."""

    attribution = forms.ChoiceField(
        label=_("Names"),
        choices=_choices(Floor.Attribution),
        widget=forms.RadioSelect,
        help_text=_(
            "Whether others read who asked. It holds for questions asked from now on; but with "
            "“nobody” the names are taken off the questions asked before too, for good."
        ),
    )
    voting = forms.ChoiceField(
        label=_("Votes"), choices=_choices(Floor.Voting), widget=forms.RadioSelect
    )
    seconds_between = forms.IntegerField(
        label=_("Slow mode: seconds between two questions of one person"),
        min_value=0,
        max_value=MOST_SECONDS,
        help_text=_("0 for none. Whoever is faster is told how long to wait."),
    )
    most_each = forms.IntegerField(
        label=_("Most questions of one person"),
        min_value=1,
        max_value=MOST_EACH,
        required=False,
        help_text=_("Leave it empty for no limit. What is withdrawn does not count."),
    )
    early_opens_at = LocalTimeField(
        label=_("Opens before the event"),
        required=False,
        help_text=_("Leave it empty to take no questions before the event."),
    )
    early_closes_at = LocalTimeField(
        label=_("Closes before the event"),
        required=False,
        help_text=_("Leave it empty to take them until the engagement starts."),
    )
    opens_at = LocalTimeField(
        label=_("Opens by the clock"),
        required=False,
        help_text=_("During the event. Leave it empty to open the floor by hand."),
    )
    closes_at = LocalTimeField(
        label=_("Closes by the clock"),
        required=False,
        help_text=_("Leave it empty to close it by hand, or with the end."),
    )
    late_until = LocalTimeField(
        label=_("Late questions until"),
        required=False,
        help_text=_(
            "After the end, whoever registered can still send questions by the personal link. "
            "Leave it empty to take none."
        ),
    )
    before = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, floor: Floor, **options: Any) -> None:
        self.floor = floor
        self.engagement = floor.engagement
        super().__init__(*args, **options | {"initial": _as_typed(floor)})
        if self.engagement.state == engagement_states.ENDED:
            for name in BEFORE_AND_DURING:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        for name in TIMES:
            if self.cleaned_data.get(name):
                self._take_as_local(name)
        kept = {name: getattr(self.floor, name) for name in TIMES if name not in self.fields}
        for name, sentence in problems(kept | self.cleaned_data, self.engagement).items():
            if name in self.fields:
                self.add_error(name, sentence)
        return self.cleaned_data

    def settings(self) -> dict[str, Any]:
        """What an action takes: only what is another than stored."""
        return {
            name: self.cleaned_data[name]
            for name in self.changed_data
            if name in floor_settings.FIELDS
        }

    def before_the_eyes(self) -> str:
        """Without it somebody has seen nothing of what there is."""
        return self.cleaned_data["before"] or "nothing"

    def differences(self) -> list[tuple[str, str]]:
        """Fields in which what is typed is not what is stored, with what is stored, in words."""
        return [
            (str(self.fields[name].label), self._in_words(name))
            for name in self.changed_data
            if name != "before"
        ]

    def _in_words(self, name: str) -> str:
        value = getattr(self.floor, name)
        if value is None:
            return gettext("nothing")
        if name in TIMES:
            return date_format(self.engagement.local(value), "F j, Y, P")
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]  # pairs, without groups
        return str(value)

    def _take_as_local(self, name: str) -> None:
        try:
            self.cleaned_data[name] = moment_in(self.engagement.zone, self.cleaned_data[name])
        except ValidationError as error:
            self.add_error(name, error)


class LateMailForm(forms.Form):
    to = forms.ChoiceField(choices=[("registered", "registered"), ("came", "came")])


class LabelNameForm(forms.Form):
    name = LineField(
        label=_("Label"),
        max_length=60,
        help_text=_("A topic of the agenda, for example: Fees. Up to 60 characters."),
        error_messages={"required": _("Please give the label a name.")},
    )


class LabelRemoveForm(forms.Form):
    """`to` is the label that its questions get; empty for none."""

    to = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False)


class TopicForm(forms.Form):
    """The label that is up now; 0 for none."""

    label = forms.IntegerField(min_value=0, max_value=LARGEST_KEY)

    def clean_label(self) -> int | None:
        return self.cleaned_data["label"] or None


def _as_typed(floor: Floor) -> dict[str, Any]:
    """Moments to the minute, as a browser gives them back."""
    local = floor.engagement.local
    times: dict[str, datetime | None] = {name: getattr(floor, name) for name in TIMES}
    plain = {name: getattr(floor, name) for name in floor_settings.FIELDS if name not in times}
    return plain | {
        "before": floor_settings.seen(floor),
        **{
            name: local(at).replace(tzinfo=None, second=0, microsecond=0) if at else None
            for name, at in times.items()
        },
    }
