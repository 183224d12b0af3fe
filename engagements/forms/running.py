"""What the office sends to set an engagement up."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.actions import sanity
from engagements.actions.running import RESERVED_SLUGS
from engagements.forms.fields import LineField, LocalTimeField, TextField, moment_in, zone_choices
from engagements.models import Engagement
from engagements.models.engagement import default_reminders

LOCAL_TIMES: Final = (
    "starts_at",
    "ends_at",
    "registration_opens_at",
    "registration_closes_at",
    "accommodations_until",
)

REMINDER_WORDS: Final = {
    7 * 24 * 60: _("1 week before"),
    3 * 24 * 60: _("3 days before"),
    24 * 60: _("1 day before"),
    60: _("1 hour before"),
    15: _("15 minutes before"),
}


class EngagementForm(forms.Form):
    """Times are typed as local times of the time zone and leave the form as moments."""

    series = LineField(
        label=_("Series"),
        max_length=200,
        required=False,
        help_text=_("Choose a series or name a new one. Leave it empty if there is none."),
        widget=forms.TextInput(attrs={"list": "series-names", "autocomplete": "off"}),
    )
    title = LineField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(key, capfirst(name)) for key, name in Engagement.Kind.choices]
    )
    about = LineField(
        label=_("What it is about"),
        max_length=300,
        help_text=_(
            "Completes the readout's sentence “… hosted a webinar about …”, "
            "for example: the USCIS Contact Center"
        ),
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=queries.agencies(),
        help_text=_("The questions are for this agency."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        initial="America/New_York",
        help_text=_("All times on this page are read as times in this zone."),
        error_messages={"invalid_choice": _("Please choose a time zone from the list.")},
    )
    starts_at = LocalTimeField(label=_("Starts"))
    ends_at = LocalTimeField(label=_("Ends"))
    description = TextField(
        label=_("Description"),
        max_length=10_000,
        required=False,
        help_text=_("For the public page: what will be talked about, and for whom it is."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    video_url = forms.URLField(
        label=_("Video link"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Where the webinar is shown, beginning with https://."),
    )
    captions_url = forms.URLField(
        label=_("Captions link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Where live captions are read, beginning with https://. Shown in the room."),
    )
    registration_opens_at = LocalTimeField(
        label=_("Registration opens"),
        required=False,
        help_text=_("Leave it empty to open it as soon as the engagement is scheduled."),
    )
    registration_closes_at = LocalTimeField(
        label=_("Registration closes"),
        required=False,
        help_text=_("Leave it empty to keep it open until the end."),
    )
    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=sanity.MOST_SEATS,
        required=False,
        help_text=_(
            "Leave it empty for no limit. When all seats are taken, people wait for one; more "
            "seats go to them in turn. Fewer seats take none from anybody."
        ),
    )
    confirms_address = forms.BooleanField(
        label=_("People confirm their address by a mailed link"),
        required=False,
        help_text=_("Nobody has a seat before opening that link."),
    )
    invitation_only = forms.BooleanField(
        label=_("Only for people on the invitation list"), required=False
    )
    takes_walk_ins = forms.BooleanField(
        label=_("People may walk in"),
        required=False,
        help_text=_("While it is live, a name and a role are enough to enter the room."),
    )
    accommodations_until = LocalTimeField(
        label=_("Accommodations may be requested until"),
        required=False,
        help_text=_(
            "Sign language, captions, another language. Leave it empty to take requests until it "
            "starts."
        ),
    )
    reminders = forms.TypedMultipleChoiceField(
        label=_("Reminders"),
        choices=list(REMINDER_WORDS.items()),
        coerce=int,
        initial=default_reminders,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They follow when the engagement is moved to another time."),
    )
    tells_start = forms.BooleanField(label=_("Mail when it starts"), required=False, initial=True)
    sends_thanks = forms.BooleanField(
        label=_("Mail with thanks afterwards, to who took part"), required=False, initial=True
    )
    survey_url = forms.URLField(
        label=_("Survey link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Stands in the mail with thanks. Begins with https://."),
    )
    posts_presentation = forms.BooleanField(
        label=_("The office will post the presentation"),
        required=False,
        help_text=_("The readout then promises it."),
    )
    is_rehearsal = forms.BooleanField(
        label=_("This is a rehearsal"),
        required=False,
        help_text=_(
            "The public does not see a rehearsal, nobody registers for it, and nothing in it is "
            "counted, read out or forwarded. Until it starts you can make it a real one; if it is "
            "scheduled, the public sees it from then on."
        ),
    )
    slug = forms.SlugField(
        label=_("Address"),
        max_length=80,
        required=False,
        help_text=_(
            "The last part of the public address, such as contact-center. "
            "Leave it empty to have one made from the title."
        ),
        error_messages={"invalid": _("Please use letters, figures, hyphens and underscores only.")},
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, engagement: Engagement | None = None, **options: Any) -> None:
        if engagement is not None:
            options["initial"] = _as_typed(engagement)
        super().__init__(*args, **options)
        if engagement is None:
            del self.fields["revision"]
        else:
            del self.fields["slug"]
            self._offer_own_reminders(engagement)

    def clean_video_url(self) -> str:
        link: str = self.cleaned_data["video_url"]
        if link and not link.lower().startswith("https://"):
            raise ValidationError(_("The video link must begin with https://."), code="https")
        return link

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS or (slug and Engagement.objects.filter(slug=slug).exists()):
            raise ValidationError(
                _("Another engagement has this address. Please choose another."), code="slug_taken"
            )
        return slug

    def details(self) -> dict[str, Any]:
        """What an action takes. Without a revision somebody has seen nothing of what there is."""
        details = dict(self.cleaned_data)
        if "revision" in details:
            details["seen"] = details.pop("revision") or 0
        return details

    def differences(self) -> list[tuple[str, str]]:
        """Fields in which what is typed is not what is stored, with what is stored, in words."""
        return [
            (str(self.fields[name].label), _in_words(self.fields[name], self.initial.get(name)))
            for name in self.changed_data
            if name != "revision"
        ]

    def clean(self) -> dict[str, Any]:
        zone = self.cleaned_data.get("time_zone")
        for name in LOCAL_TIMES:
            if zone and self.cleaned_data.get(name):
                self._take_as_local(name, ZoneInfo(zone))
        if zone:
            for name, sentence in sanity.problems(self.cleaned_data).items():
                self.add_error(name, sentence)
        return self.cleaned_data

    def _offer_own_reminders(self, engagement: Engagement) -> None:
        """Also those that were set by other means, so that saving the form does not lose them."""
        others = set(engagement.reminders) - REMINDER_WORDS.keys()
        words = REMINDER_WORDS | {
            minutes: _("%(minutes)s minutes before") % {"minutes": minutes} for minutes in others
        }
        self.fields["reminders"].choices = sorted(words.items(), reverse=True)  # type: ignore[attr-defined]  # a choice field

    def _take_as_local(self, name: str, zone: ZoneInfo) -> None:
        try:
            self.cleaned_data[name] = moment_in(zone, self.cleaned_data[name])
        except ValidationError as error:
            self.add_error(name, error)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value in field.empty_values:
        return gettext("nothing")
    if isinstance(value, datetime):
        return date_format(value, "F j, Y, P")
    if isinstance(field, forms.MultipleChoiceField):
        words = dict(field.choices)  # type: ignore[arg-type]  # pairs, without groups
        return ", ".join(str(words[one]) for one in value)
    if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
        words = dict(field.choices)  # type: ignore[arg-type]  # groups have other keys
        return str(words.get(value, value))
    return str(value)


AS_THEY_ARE: Final = (
    "title",
    "kind",
    "about",
    "agency",
    "time_zone",
    "description",
    "video_url",
    "captions_url",
    "capacity",
    "confirms_address",
    "invitation_only",
    "takes_walk_ins",
    "survey_url",
    "reminders",
    "tells_start",
    "sends_thanks",
    "posts_presentation",
    "is_rehearsal",
    "revision",
)


def _as_typed(engagement: Engagement) -> dict[str, Any]:
    times = {name: getattr(engagement, name) for name in LOCAL_TIMES}
    return {name: getattr(engagement, name) for name in AS_THEY_ARE} | {
        "series": engagement.series.name if engagement.series else "",
        **{
            name: engagement.local(moment).replace(tzinfo=None) if moment else None
            for name, moment in times.items()
        },
    }
