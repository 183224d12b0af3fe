"""Attendance lists: the file, what its columns hold, which categories, who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import date as date_words
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from engagements.actions import list_matching
from engagements.files.attendance import headings, moments
from engagements.files.attendance.document import (
    ATTENDEES,
    HOSTS,
    IGNORED,
    MOST_BYTES,
    OTHERS,
    PANELISTS,
    VISITS,
)
from engagements.forms.fields import LineField, zone_choices
from engagements.models import RoleCategory
from engagements.queries import lists as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.forms.boundfield import BoundField

    from engagements.models import AttendanceList, ListedPerson

KINDS: Final = {
    ATTENDEES: _("attendees"),
    OTHERS: _("people who did not register, such as by phone"),
    VISITS: _("single visits of people listed in another table"),
    HOSTS: _("hosts of the platform, who are not counted"),
    PANELISTS: _("panelists, who are not counted"),
    IGNORED: _("nothing to count: leave this table out"),
}
MEANINGS: Final = {
    "": _("nothing that is needed"),
    headings.NAME: _("name"),
    headings.FIRST_NAME: _("first name"),
    headings.LAST_NAME: _("last name"),
    headings.EMAIL: _("e-mail address"),
    headings.PHONE: _("phone number"),
    headings.ID: _("the platform's number of the person"),
    headings.JOINED: _("time of joining"),
    headings.LEFT: _("time of leaving"),
    headings.DURATION: _("duration, or minutes"),
    headings.ATTENDED: _("attended: yes or no"),
    headings.ROLE: _("host, presenter or attendee"),
    headings.CATEGORY: _("role category"),
    headings.ACTION: _("event: joined or left"),
    headings.MOMENT: _("time of the event"),
}
LATER: Final = "later"
NOBODY: Final = "nobody"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Attendance file"),
        help_text=_(
            "As the platform gives it: CSV, TSV, XLSX or XML, 25 MB at most. "
            "Do not change it before: the file is kept as the source of the count."
        ),
        max_length=200,
        allow_empty_file=True,
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is larger than 25 MB."), code="too_large")
        return file


class RevisionForm(forms.Form):
    """Says which state of the list the sender saw."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class UndoForm(RevisionForm):
    reason = LineField(
        label=_("Why it is undone"),
        max_length=300,
        help_text=_("For the colleagues: it stands with the list."),
    )


class PlaceForm(RevisionForm):
    """Whether the list replaces one of those that count when it is applied."""

    corrects = forms.ChoiceField(
        label=_("Another list counts already. What is this one?"), widget=forms.RadioSelect
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        listed: AttendanceList,
        others: Iterable[AttendanceList],
    ) -> None:
        initial = {"revision": listed.revision, "corrects": listed.corrects_id or 0}
        super().__init__(data, initial=initial)
        replacing = _now("A later file that corrects “%(name)s” (%(platform)s) and replaces it")
        field = self.fields["corrects"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *(
                (
                    other.pk,
                    replacing % {"name": other.file.name, "platform": other.get_platform_display()},
                )
                for other in others
            ),
            (
                0,
                _now(
                    "A list of its own, such as of another platform or session; "
                    "whoever is counted already counts once"
                ),
            ),
        ]

    def corrected(self) -> int | None:
        return int(self.cleaned_data["corrects"]) or None


class PersonForm(RevisionForm):
    counts = forms.BooleanField(required=False)


class ColumnsForm(RevisionForm):
    """A kind for each table, a meaning for each column, and how times are to be read."""

    zone = forms.ChoiceField(
        label=_("Time zone of the file"),
        choices=zone_choices,
        help_text=_("Times in the file that name no time zone are read in this one."),
    )
    order = forms.ChoiceField(label=_("Day and month"), required=False, widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None = None, *, listed: AttendanceList) -> None:
        choices = listed.choices
        initial = {"revision": listed.revision, "zone": choices["zone"]}
        super().__init__(data, initial=initial)
        self.tables: list[dict[str, Any]] = listed.header["tables"]
        for number, table in enumerate(self.tables):
            self.fields[f"kind-{number}"] = forms.ChoiceField(
                label=_("This table lists"),
                choices=list(KINDS.items()),
                initial=choices["kinds"][number],
            )
            for at, heading in enumerate(table["headings"]):
                self.fields[_column(number, at)] = forms.ChoiceField(
                    label=heading or _("column without a heading"),
                    choices=list(MEANINGS.items()),
                    required=False,
                    initial=choices["columns"][number][at],
                )
        self._ask_for_the_order(choices.get("readings") or [])

    def parts(self) -> Iterator[dict[str, Any]]:
        """For the page: each table with its fields, and what stands in the first rows."""
        for number, table in enumerate(self.tables):
            columns = [
                {
                    "field": self[_column(number, at)],
                    "samples": [row[at] for row in table["samples"] if at < len(row)],
                }
                for at in range(len(table["headings"]))
            ]
            names = [f"kind-{number}", *(_column(number, at) for at in range(len(columns)))]
            yield table | {
                "kind_field": self[f"kind-{number}"],
                "columns": columns,
                "is_open": table["kind"] == ATTENDEES or any(name in self.errors for name in names),
            }

    def kinds(self) -> list[str]:
        return [self.cleaned_data[f"kind-{number}"] for number in range(len(self.tables))]

    def columns(self) -> list[list[str]]:
        return [
            [self.cleaned_data[_column(number, at)] for at in range(len(table["headings"]))]
            for number, table in enumerate(self.tables)
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        for number, table in enumerate(self.tables):
            if self.cleaned_data.get(f"kind-{number}") == IGNORED:
                continue
            seen: set[str] = set()
            for at in range(len(table["headings"])):
                meaning = self.cleaned_data.get(_column(number, at), "")
                if meaning and meaning != headings.EMAIL and meaning in seen:
                    self.add_error(
                        _column(number, at), _("Another column of the table holds this already.")
                    )
                seen.add(meaning)
        return self.cleaned_data

    def _ask_for_the_order(self, readings: Sequence[str]) -> None:
        if not readings:
            del self.fields["order"]
            return
        text, *found = readings
        first, second = (date_words(parse_datetime(at), "l, F j, Y") for at in found)
        field = self.fields["order"]
        assert isinstance(field, forms.ChoiceField)
        field.required = True
        field.choices = [
            (moments.MONTH_FIRST, _now("Month first: %(day)s") % {"day": first}),
            (moments.DAY_FIRST, _now("Day first: %(day)s") % {"day": second}),
        ]
        field.help_text = _now("The file can be read in two ways. What does “%(text)s” mean?") % {
            "text": text
        }
        field.error_messages["required"] = _now("Please say which comes first.")


class CategoriesForm(RevisionForm):
    """A role category for each value of the file."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, listed: AttendanceList) -> None:
        super().__init__(data, initial={"revision": listed.revision})
        self.values: dict[str, int] = dict(
            sorted(listed.choices["values"].items(), key=lambda pair: (-pair[1], pair[0]))
        )
        offered = [
            ("", _("as registered, else not stated")),
            *((category.key, category.label) for category in RoleCategory.objects.all()),
        ]
        for at, value in enumerate(self.values):
            self.fields[f"value-{at}"] = forms.ChoiceField(
                label=value,
                choices=offered,
                required=False,
                initial=listed.choices["categories"].get(value, ""),
            )

    def rows(self) -> Iterator[tuple[BoundField, int]]:
        for at, people in enumerate(self.values.values()):
            yield self[f"value-{at}"], people

    def categories(self) -> dict[str, str]:
        return {value: self.cleaned_data[f"value-{at}"] for at, value in enumerate(self.values)}


class MatchesForm(RevisionForm):
    """For each doubtful person one of the candidates, nobody, or no decision yet."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        revision: int,
        people: Iterable[tuple[ListedPerson, list[tuple[int, str]]]],
    ) -> None:
        super().__init__(data, initial={"revision": revision})
        self.people = list(people)
        for person, candidates in self.people:
            self.fields[f"person-{person.pk}"] = forms.ChoiceField(
                label=person.name,
                choices=[
                    *((str(pk), words) for pk, words in candidates),
                    (NOBODY, _("nobody of these: did not register")),
                    (LATER, _("decide later")),
                ],
                initial=LATER,
                widget=forms.RadioSelect,
                help_text=_in_the_file(person),
            )

    def rows(self) -> Iterator[BoundField]:
        for person, _candidates in self.people:
            yield self[f"person-{person.pk}"]

    def decisions(self) -> dict[int, int | None]:
        said = {
            person.pk: self.cleaned_data[f"person-{person.pk}"] for person, _found in self.people
        }
        return {
            pk: None if choice == NOBODY else int(choice)
            for pk, choice in said.items()
            if choice != LATER
        }


def _column(table: int, at: int) -> str:
    return f"column-{table}-{at}"


def candidates_for(
    listed: AttendanceList, people: Sequence[ListedPerson]
) -> list[tuple[ListedPerson, list[tuple[int, str]]]]:
    """For each person the registrants with names like it, in words."""
    registrants = list_matching.registrants_of(
        listed.engagement, taken=queries.found_by_address(listed)
    )
    return [
        (
            person,
            [
                (pk, _candidate(registrants.by_pk[pk], score))
                for pk, score in registrants.alike(person.name)
            ],
        )
        for person in people
    ]


def _in_the_file(person: ListedPerson) -> str:
    if person.email:
        words = _now("In the file, row %(row)s: %(email)s")
        return words % {"row": person.position, "email": person.email}
    return _now("In the file, row %(row)s, without an address") % {"row": person.position}


def _candidate(registrant: list_matching.Registrant, score: int) -> str:
    who = {"name": registrant.name, "email": registrant.email or _now("no address")}
    if score == 100:
        return _now("%(name)s, %(email)s (the same name)") % who
    return _now("%(name)s, %(email)s (%(score)s of 100 alike)") % (who | {"score": score})
