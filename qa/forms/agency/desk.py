"""What somebody of an agency narrows a list to, and does with many of its questions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField
from qa.models import AgencyAnswer
from qa.queries.agency import desk

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.utils.functional import _StrPromise

    from engagements.models import User
    from qa.models import Directorate

SITUATIONS: Final[dict[str, str | _StrPromise]] = {
    desk.NOT_BEGUN: _("not begun"),
    **{str(value): label for value, label in AgencyAnswer.State.choices},
}

ALL: Final = ("", _("All"))
NO_LABEL: Final = "-"
"""Stands in the address for questions without a label; ids of labels are not known to agencies."""


class FilterForm(forms.Form):
    """Broken filters narrow nothing."""

    q = LineField(label=_("Words or number"), max_length=120, required=False)
    state = forms.ChoiceField(label=_("Answer"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    directorate = forms.ChoiceField(label=_("Directorate"), required=False)
    who = forms.ChoiceField(label=_("Given to"), required=False)

    def __init__(
        self,
        *args: Any,
        labels: Sequence[str],
        directorates: Sequence[Directorate],
        people: Sequence[User],
        is_lead: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._offer("state", [(key, str(word).capitalize()) for key, word in SITUATIONS.items()])
        named = [(label or NO_LABEL, label or _("(without a label)")) for label in labels]
        self._offer("label", named if len(labels) > 1 else [])
        self._offer("directorate", [(str(one.pk), one.name) for one in directorates], nobody=True)
        others = [(str(one.pk), one.name) for one in people]
        self._offer("who", [(desk.MINE, _("Me")), *others], nobody=True)
        if not is_lead:
            self.fields.pop("directorate", None)
            self.fields.pop("who", None)

    def _offer(self, name: str, choices: Sequence[Any], *, nobody: bool = False) -> None:
        if not choices:
            del self.fields[name]
            return
        none = [(desk.NOBODY, _("Nobody"))] if nobody else []
        self.fields[name].choices = [ALL, *choices, *none]  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> desk.Wanted:
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        label = given.get("label") or None
        return desk.Wanted(
            text=given.get("q", ""),
            label="" if label == NO_LABEL else label,
            situation=given.get("state", ""),
            directorate=given.get("directorate", ""),
            who=given.get("who", ""),
        )

    @property
    def is_filtering(self) -> bool:
        return self.wanted() != desk.Wanted()


class BulkForm(forms.Form):
    """`numbers` are those of the questions that were ticked."""

    SUBMIT, ASK, CLEAR, TAKE_BACK, GIVE = "submit", "ask", "clear", "take_back", "give"
    SUBMIT_READY = "submit_ready"
    """All of the list that are ready, ticked or not."""

    do = forms.ChoiceField(
        choices=[(one, one) for one in (SUBMIT, SUBMIT_READY, ASK, CLEAR, TAKE_BACK, GIVE)]
    )
    numbers = forms.TypedMultipleChoiceField(coerce=int, required=False)
    directorate = forms.ChoiceField(label=_("To directorate"), required=False)
    colleague = forms.ChoiceField(label=_("To colleague"), required=False)

    def __init__(
        self,
        *args: Any,
        numbers: Collection[int],
        directorates: Sequence[Directorate],
        people: Sequence[User],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._parts = {str(one.pk): one for one in directorates}
        self._people = {str(one.pk): one for one in people}
        as_before, nobody = ("", _("as before")), (desk.NOBODY, _("nobody"))
        self.fields["numbers"].choices = [(one, one) for one in numbers]  # type: ignore[attr-defined]
        self.fields["directorate"].choices = [  # type: ignore[attr-defined]
            as_before, *((key, one.name) for key, one in self._parts.items()), nobody,
        ]  # fmt: skip
        self.fields["colleague"].choices = [  # type: ignore[attr-defined]
            as_before, *((key, one.name) for key, one in self._people.items()), nobody,
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("numbers") and given.get("do") != self.SUBMIT_READY:
            raise forms.ValidationError(_("Choose at least one question."))
        is_giving = given.get("do") == self.GIVE
        if is_giving and not (given.get("directorate") or given.get("colleague")):
            raise forms.ValidationError(_("Choose a directorate or a colleague."))
        return given

    def directorate_given(self) -> Directorate | None:
        return self._parts.get(self.cleaned_data["directorate"])

    def colleague_given(self) -> User | None:
        return self._people.get(self.cleaned_data["colleague"])
