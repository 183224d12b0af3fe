"""The office's phrases and habits as a form; an empty field stands for the original's phrase."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, ends_line
from engagements.models import Engagement, RoleCategory
from readouts.forms.phrases import HABIT_LABELS, PHRASE_LABELS, SECTIONS
from readouts.forms.texts import RevisionForm
from readouts.models import HouseWording
from readouts.queries.wording import is_language, told
from readouts.wording import HOUSE, CategoryWords, House, KindWords
from readouts.wording.phrases import HABITS, PHRASES, problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BoundField

    from readouts.models import Readout
    from readouts.wording.phrases import Problem

LISTS: Final = ("months", "number_words")
ROWS: Final[dict[str, tuple[str, Any]]] = {
    "kinds": ("kind", KindWords),
    "categories": ("category", CategoryWords),
}
"""By the field of a house, how its rows are called in the form, and what they are made of."""
THOUSANDS: Final = [
    (",", _("comma: 1,234")),
    (".", _("period: 1.234")),
    ("\u202f", _("blank: 1 234")),
    ("", _("none: 1234")),
]


def languages() -> list[tuple[str, str]]:
    """Code and name of each, English and Spanish first."""
    found = []
    for key, info in LANG_INFO.items():
        code = _code(key)
        if "name_local" in info and is_language(code):
            found.append((code, f"{info['name_local']} ({info['name']})"))
    return sorted(found, key=lambda one: (one[0] not in {"en", "es"}, one[1].casefold()))


def _code(key: str) -> str:
    """As pages write it: pt-BR, zh-Hans."""
    first, *others = key.split("-")
    return "-".join([first, *(one.upper() if len(one) == 2 else one.title() for one in others)])


class WordingField(forms.ModelChoiceField[HouseWording]):
    """For a readout's editor: the wording it is written in."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {
            "label": _("House wording"),
            "queryset": HouseWording.objects.all(),
            "required": False,
            "empty_label": _("the office's usual one"),
        }
        super().__init__(**given | options)


class PhraseField(forms.CharField):
    """A phrase of one line. Between the parts of a sentence, blanks at its ends count."""

    def __init__(self, *, joins: bool, **options: Any) -> None:
        super().__init__(strip=not joins, required=False, **options)

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(super().clean(value)))
        if any(ends_line(sign) for sign in text):
            raise forms.ValidationError(_("This must be one line, without control characters."))
        return text


class LinesField(forms.CharField):
    """A list, one entry on each line."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[str, ...]:
        text = unicodedata.normalize("NFC", str(super().clean(value)))
        lines = (line.strip() for line in text.splitlines())
        return tuple(line for line in lines if line)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, tuple) else value


class NewWordingForm(forms.Form):
    name = LineField(
        label=_("Name"), max_length=80, help_text=_("For the office: “Listening sessions”.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    like = forms.ModelChoiceField(
        label=_("Begin with the phrases of"),
        queryset=HouseWording.objects.all(),
        required=False,
        empty_label=_("the original, which comes with Openfloor"),
    )


class AgainstForm(forms.Form):
    """On which engagement a wording is tried."""

    against = forms.ChoiceField(
        label=_("Try it on"),
        required=False,
        help_text=_("Nothing is written. Published readouts keep their words."),
    )

    def __init__(self, data: Any = None, *, readouts: list[Readout]) -> None:
        super().__init__(data)
        field = self.fields["against"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("the latest engagements")),
            *((one.engagement.slug, one.engagement.full_title) for one in readouts),
        ]
        self.readouts = readouts

    def chosen(self, number: int) -> list[Readout]:
        """The one that was chosen, or so many of the latest."""
        slug = self.cleaned_data.get("against") if self.is_bound and self.is_valid() else ""
        return [one for one in self.readouts if one.engagement.slug == slug] or self.readouts[
            :number
        ]


class WordingForm(RevisionForm):
    """All of a wording. `house()` is what it would be; it is checked as a whole."""

    name = LineField(label=_("Name"), max_length=80)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=languages,
        help_text=_("Readouts written in this wording are marked with it, for screen readers too."),
    )

    def __init__(self, data: Any = None, *, wording: HouseWording | None, house: House) -> None:
        self.kinds = dict(Engagement.Kind.choices)
        # Small groups are merged into an *other* that has no key of its own.
        self.categories = {
            one.key if one.kind == RoleCategory.Kind.ORDINARY else one.kind: one
            for one in RoleCategory.objects.all()
        }
        super().__init__(data, initial=self._initial(wording, house))
        self._add_habits()
        self._add_phrases()
        self._add_rows()

    def sections(self) -> list[tuple[Any, Any, list[tuple[BoundField, str]]]]:
        """Title, lead and fields of each part of the form, each with the original where it is
        another one."""
        return [
            (title, lead, [(self[name], self._original(name)) for name in names])
            for title, lead, names in SECTIONS
        ]

    def kind_rows(self) -> list[tuple[str, list[BoundField]]]:
        return [
            (str(label), [self[f"kind-{key}-{part}"] for part in KindWords._fields])
            for key, label in self.kinds.items()
        ]

    def category_rows(self) -> list[tuple[str, list[BoundField]]]:
        return [
            (one.label, [self[f"category-{key}-{part}"] for part in CategoryWords._fields])
            for key, one in self.categories.items()
        ]

    def _original(self, name: str) -> str:
        words = getattr(HOUSE, name)
        if name in LISTS or self[name].value() in {words, None, ""}:
            return ""
        return str(HABIT_LABELS[name][1][words]) if name in HABITS else str(words)

    def house(self) -> House:
        given = self.cleaned_data
        texts = {name: given.get(name) or getattr(HOUSE, name) for name in (*PHRASES, *LISTS)}
        texts["thousands"] = given.get("thousands", HOUSE.thousands)
        habits = {name: given.get(name) or getattr(HOUSE, name) for name in HABITS}
        return replace(
            HOUSE,
            language=given.get("language", HOUSE.language),
            kinds=self._rows("kinds", self.kinds),
            categories=self._rows("categories", self.categories),
            **texts,
            **habits,
        )

    def clean(self) -> dict[str, Any]:
        for problem in problems(self.house()):
            self.add_error(self._field_of(problem), told(problem))
        return self.cleaned_data

    def _rows(self, field: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        """The rows that say something."""
        prefix, make = ROWS[field]
        given = self.cleaned_data
        rows = {
            key: make(*(given.get(f"{prefix}-{key}-{part}", "") for part in make._fields))
            for key in keys
        }
        return {key: words for key, words in rows.items() if any(words)}

    def _field_of(self, problem: Problem) -> str | None:
        if problem.field in ROWS:
            prefix, make = ROWS[problem.field]
            return f"{prefix}-{problem.words[0]}-{make._fields[0]}"
        return problem.field if problem.field in self.fields else None

    def _initial(self, wording: HouseWording | None, house: House) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: getattr(house, name) for name in (*PHRASES, *HABITS, *LISTS, "language")
        }
        for field, (prefix, make) in ROWS.items():
            for key, words in getattr(house, field).items():
                found |= {
                    f"{prefix}-{key}-{part}": word
                    for part, word in zip(make._fields, words, strict=True)
                }
        if wording is not None:
            found |= {"name": wording.name, "revision": wording.revision}
        return found

    def _add_habits(self) -> None:
        for name, values in HABITS.items():
            label, words = HABIT_LABELS[name]
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[(value, words[value]) for value in values],
                required=False,
            )

    def _add_phrases(self) -> None:
        for name, phrase in PHRASES.items():
            self.fields[name] = PhraseField(
                joins=phrase.joins,
                label=PHRASE_LABELS[name],
                help_text=" ".join(f"${word}" for word in phrase.words),
                widget=_widget(getattr(HOUSE, name)),
            )
        self.fields["thousands"] = forms.ChoiceField(
            label=PHRASE_LABELS["thousands"], choices=THOUSANDS, required=False
        )
        for name in LISTS:
            self.fields[name] = LinesField(
                label=PHRASE_LABELS[name], required=False, help_text=_("One on each line.")
            )

    def _add_rows(self) -> None:
        for prefix, make in ROWS.values():
            for key in self.kinds if prefix == "kind" else self.categories:
                for part in make._fields:
                    self.fields[f"{prefix}-{key}-{part}"] = PhraseField(
                        joins=False, label=PHRASE_LABELS[part]
                    )


def _widget(text: str) -> forms.Widget:
    return forms.Textarea(attrs={"rows": 2}) if len(text) > 60 else forms.TextInput()
