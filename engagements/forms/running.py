"""What the office sends to set an engagement up: its details, speakers and members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.actions.running import RESERVED_SLUGS, SpeakerEntry
from engagements.forms.fields import LineField, LocalTimeField, TextField, moment_in, zone_choices
from engagements.models import Engagement, Role

MOST_SPEAKERS = 40
BLANK_ROWS = 3
"""Empty rows for more speakers, so that the page needs no script."""


class EngagementForm(forms.Form):
    """Start and end are typed as local times of the time zone and leave the form as moments."""

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
        help_text=_("Start and end are read as times in this zone."),
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

    def __init__(self, *args: Any, engagement: Engagement | None = None, **options: Any) -> None:
        if engagement is not None:
            options["initial"] = _as_typed(engagement)
        super().__init__(*args, **options)
        if engagement is not None:
            del self.fields["slug"]

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

    def clean(self) -> dict[str, Any]:
        zone = self.cleaned_data.get("time_zone")
        for name in ("starts_at", "ends_at"):
            if zone and name in self.cleaned_data:
                self._take_as_local(name, ZoneInfo(zone))
        start, end = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if zone and start and end and end <= start:
            self.add_error("ends_at", _("The end must come after the start."))
        return self.cleaned_data

    def _take_as_local(self, name: str, zone: ZoneInfo) -> None:
        try:
            self.cleaned_data[name] = moment_in(zone, self.cleaned_data[name])
        except ValidationError as error:
            self.add_error(name, error)


class SpeakerForm(forms.Form):
    name = LineField(label=_("Name"), max_length=128, required=False)
    title = LineField(label=_("Title"), max_length=200, required=False)
    organization = LineField(label=_("Organization"), max_length=200, required=False)
    position = forms.IntegerField(label=_("Order"), min_value=1, max_value=999, required=False)

    def clean(self) -> dict[str, Any]:
        named = self.cleaned_data.get("name") or "name" in self.errors
        if not named and (self.cleaned_data.get("title") or self.cleaned_data.get("organization")):
            self.add_error("name", _("Please give the speaker's name."))
        return self.cleaned_data


if TYPE_CHECKING:
    SpeakerRowsBase = forms.BaseFormSet[SpeakerForm]
else:
    SpeakerRowsBase = forms.BaseFormSet


class SpeakerRows(SpeakerRowsBase):
    """Rows without a name are left out; equal or missing order numbers keep the rows' own order."""

    def add_fields(self, form: SpeakerForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def entries(self) -> list[SpeakerEntry]:
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        named = [row for row in rows if row.get("name")]
        named.sort(key=lambda row: row["position"] or len(rows) + MOST_SPEAKERS)
        return [SpeakerEntry(row["name"], row["title"], row["organization"]) for row in named]


SpeakerFormSet = cast(
    "type[SpeakerRows]",
    forms.formset_factory(
        SpeakerForm,
        formset=SpeakerRows,
        extra=BLANK_ROWS,
        max_num=MOST_SPEAKERS,
        absolute_max=MOST_SPEAKERS,
        validate_max=True,
        can_delete=True,
    ),
)


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(
        label=_("Person"),
        queryset=queries.office_accounts(),
        error_messages={
            "required": _("Please choose a person."),
            "invalid_choice": _("Please choose somebody of the office."),
        },
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(key, capfirst(name)) for key, name in Role.choices],
        error_messages={"required": _("Please choose a role.")},
    )


def speakers_as_typed(engagement: Engagement) -> list[dict[str, Any]]:
    """The rows of the form for the speakers that there are."""
    return [
        {
            "name": speaker.name,
            "title": speaker.title,
            "organization": speaker.organization,
            "position": position,
        }
        for position, speaker in enumerate(engagement.speakers.all(), start=1)
    ]


def _as_typed(engagement: Engagement) -> dict[str, Any]:
    names = ("title", "kind", "about", "agency", "time_zone", "description", "video_url")
    return {name: getattr(engagement, name) for name in names} | {
        "series": engagement.series.name if engagement.series else "",
        "posts_presentation": engagement.posts_presentation,
        "is_rehearsal": engagement.is_rehearsal,
        "starts_at": engagement.local(engagement.starts_at).replace(tzinfo=None),
        "ends_at": engagement.local(engagement.ends_at).replace(tzinfo=None),
    }
