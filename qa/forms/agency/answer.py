"""An answer of an agency as its page sends it, and the smaller forms beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, TextField
from engagements.models import User
from qa.actions.agency.contents import LONGEST, Content, problems
from qa.models import LONGEST_ANSWER, AgencyAnswer, Directorate

if TYPE_CHECKING:
    from django.db.models import QuerySet

_YES_NO: Final = (
    ("yes", _("Yes, to everybody")),
    ("no", _("No, it is for the office alone")),
)
_SAID: Final = {"yes": True, "no": False}


class AnswerForm(forms.Form):
    """Fields are those of an answer's content. `revision` is that of the answer that was read."""

    status = forms.ChoiceField(
        label=_("What is the answer?"),
        choices=[
            (AgencyAnswer.Status.IN_PROGRESS, _("In progress: a draft, not to be submitted yet")),
            (AgencyAnswer.Status.ANSWERED, _("Answered: the text below")),
            (AgencyAnswer.Status.SEE_PAGE, _("See a page: it is answered there")),
            (AgencyAnswer.Status.SAME_AS, _("Same as another question of this list")),
            (AgencyAnswer.Status.DECLINED, _("Declined, for the reason below")),
        ],
        widget=forms.RadioSelect,
    )
    text = TextField(
        label=_("Answer, or the reason"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=_("As the public will read it, if it is published. No names of who asked."),
    )
    page_url = forms.CharField(
        label=_("Address of the page"),
        max_length=LONGEST["page_url"],
        required=False,
        widget=forms.URLInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )
    same_as = forms.IntegerField(
        label=_("Same answer as question No."), min_value=1, max_value=2**31 - 1, required=False
    )
    is_publishable = forms.TypedChoiceField(
        label=_("May the answer be published?"),
        choices=_YES_NO,
        coerce=_SAID.get,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("To be said before it is submitted."),
    )
    directorate_name = LineField(
        label=_("Answered by (directorate)"),
        max_length=LONGEST["directorate_name"],
        required=False,
        widget=forms.TextInput(attrs={"list": "directorates", "autocomplete": "off"}),
        help_text=_("Published with the answer, before the name of the agency."),
    )
    contact = LineField(
        label=_("Contact"),
        max_length=LONGEST["contact"],
        required=False,
        help_text=_("For the office if it has a question; never public."),
    )
    answered_on = forms.DateField(
        label=_("Date of the answer"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, number: int, numbers: frozenset[int], content: Content, **options: Any
    ) -> None:
        known = content.is_publishable
        said = None if known is None else "yes" if known else "no"
        initial = {name: getattr(content, name) for name in Content.__slots__}
        options["initial"] = options.get("initial", {}) | initial | {"is_publishable": said}
        super().__init__(*args, **options)
        self._number, self._numbers = number, numbers

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            for problem in problems(self.content(), number=self._number, numbers=self._numbers):
                self.add_error(problem.field, problem.words)
        return self.cleaned_data

    def content(self) -> Content:
        given: dict[str, Any] = {name: self.cleaned_data.get(name) for name in Content.__slots__}
        return Content(**given).cleaned()


class RemarkForm(forms.Form):
    """What somebody of the agency says on sending an answer back to its writer."""

    remark = TextField(
        label=_("What is to be changed?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is to be changed.")},
    )


class InsideForm(forms.Form):
    """Who of the agency answers, and a note that never leaves it."""

    directorate = forms.ModelChoiceField(
        label=_("Directorate"),
        queryset=Directorate.objects.none(),
        required=False,
        empty_label=_("nobody"),
    )
    colleague = forms.ModelChoiceField(
        label=_("Given to"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    note = TextField(
        label=_("Note inside the agency"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        directorates: QuerySet[Directorate],
        people: QuerySet[User],
        is_lead: bool,
        answer: AgencyAnswer | None,
        **options: Any,
    ) -> None:
        if answer is not None:
            options["initial"] = {
                "directorate": answer.directorate_id,
                "colleague": answer.assigned_to_id,
                "note": answer.note,
            }
        super().__init__(*args, **options)
        if is_lead:
            self.fields["directorate"].queryset = directorates  # type: ignore[attr-defined]
            self.fields["colleague"].queryset = people  # type: ignore[attr-defined]
        else:
            del self.fields["directorate"], self.fields["colleague"]


class ExtensionForm(forms.Form):
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose a day.")},
    )
    reason = TextField(
        label=_("Reason"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why more time is needed.")},
        help_text=_("The office reads it, and decides."),
    )


class DirectorateForm(forms.Form):
    name = LineField(
        label=_("Name of the directorate"),
        max_length=200,
        error_messages={"required": _("Write the name of the directorate.")},
    )


class DecisionForm(forms.Form):
    """The office's, about a request for more time."""

    GRANT: Final = "grant"
    REFUSE: Final = "refuse"

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (GRANT, _("Grant it: the due date moves")),
            (REFUSE, _("Refuse it: the due date stays")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    remark = TextField(
        label=_("What the office says"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a refusal. The agency reads it."),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("decision") == self.REFUSE and not given.get("remark"):
            self.add_error("remark", _("Say why there is no more time."))
        return given
