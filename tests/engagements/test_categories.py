"""The office's own words: role categories, agencies, names and notice."""

from __future__ import annotations

import pytest

from engagements import queries
from engagements.actions import office
from engagements.actions.office import CategoryWords
from engagements.forms.accounts import OfficeForm, category_forms
from engagements.models import Agency, AuditEntry, Office, RoleCategory, User
from engagements.refusals import NotAllowed, Refused
from tests import factories

pytestmark = pytest.mark.django_db

LIBRARIAN = CategoryWords("Librarian", "librarians", "were", 3, True)


def words(category: RoleCategory, **changes: object) -> CategoryWords:
    given = {name: getattr(category, name) for name in CategoryWords._fields}
    return CategoryWords(**(given | changes))


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_only_the_row_that_changed_is_written_and_audited(ada: User) -> None:
    rows = {category.pk: words(category) for category in RoleCategory.objects.all()}
    employer = factories.category("employer")
    rows[employer.pk] = words(employer, noun_phrase="businesses", verb="represented")
    office.edit_categories(by=ada, words=rows)
    employer.refresh_from_db()
    assert (employer.verb, employer.noun_phrase) == ("represented", "businesses")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.detail) == (
        "category.edited",
        f"engagements.rolecategory:{employer.pk}",
        {"fields": ["noun_phrase", "verb"]},
    )


def test_a_new_category_is_ordinary_and_has_a_key_of_its_own(ada: User) -> None:
    office.edit_categories(by=ada, words={}, added=LIBRARIAN)
    office.edit_categories(by=ada, words={}, added=LIBRARIAN)
    office.edit_categories(by=ada, words={}, added=LIBRARIAN._replace(label="図書館"))
    added = RoleCategory.objects.filter(noun_phrase="librarians").order_by("pk")
    assert list(added.values_list("key", "kind", "is_offered")) == [
        ("librarian", "ordinary", True),
        ("librarian-2", "ordinary", True),
        ("category", "ordinary", True),
    ]
    assert actions() == ["category.added"] * 3


def test_at_least_one_category_stays_offered(ada: User) -> None:
    every = list(RoleCategory.objects.all())
    none = {category.pk: words(category, is_offered=False) for category in every}
    with pytest.raises(Refused) as error:
        office.edit_categories(by=ada, words=none)
    assert error.value.code == "none_offered"
    assert queries.offered_categories().count() == 6
    assert actions() == []
    one = none | {every[0].pk: words(every[0])}
    office.edit_categories(by=ada, words=one)
    assert list(queries.offered_categories()) == [every[0]]


def test_each_row_shows_the_sentence_of_its_words() -> None:
    rows = category_forms()
    assert [(row.category.key, row.sentence()) for row in rows[2:]] == [
        ("employer", "43% were employers"),
        ("applicant", "43% were petitioners or applicants"),
        ("advocate", "43% represented advocacy groups"),
        ("other", "43% identified as other"),
        ("not-stated", "43% did not state a role"),
        ("", ""),
    ]


def test_a_new_row_without_words_is_no_row() -> None:
    *_known, empty = category_forms(
        {"category-new-position": "99", "category-new-is_offered": "on"}
    )
    assert (empty.has_changed(), empty.is_valid()) == (False, True)
    *_known, half = category_forms({"category-new-label": "Librarian"})
    assert (half.has_changed(), sorted(half.errors)) == (True, ["noun_phrase", "position", "verb"])


def test_agencies_are_added_and_renamed_each_under_a_name_of_its_own(ada: User) -> None:
    eoir = office.add_agency(by=ada, name="Executive Office", short_name="EOIR")
    for name, short_name, code in (
        ("executive OFFICE", "EO", "name_taken"),
        ("Another Office", "uscis", "short_name_taken"),
    ):
        with pytest.raises(Refused) as error:
            office.add_agency(by=ada, name=name, short_name=short_name)
        assert error.value.code == code
    with pytest.raises(Refused) as error:
        office.rename_agency(eoir, by=ada, name="Executive Office", short_name="USCIS")
    assert error.value.code == "short_name_taken"
    office.rename_agency(eoir, by=ada, name="Executive Office", short_name="Eoir")
    assert list(Agency.objects.values_list("short_name", flat=True)) == ["Eoir", "USCIS"]
    assert actions() == ["agency.added", "agency.renamed"]


def test_saving_the_page_unchanged_writes_nothing(ada: User) -> None:
    current = Office.current()
    sent = {name: getattr(current, name) for name in OfficeForm.base_fields}
    form = OfficeForm(sent, office=current)
    assert form.is_valid()
    office.edit_office(by=ada, **form.cleaned_data)
    assert actions() == []


def test_only_an_administrator_changes_the_words(cora: User) -> None:
    agency = factories.make_agency()
    for attempt in (
        lambda: office.edit_categories(by=cora, words={}, added=LIBRARIAN),
        lambda: office.add_agency(by=cora, name="N", short_name="N"),
        lambda: office.rename_agency(agency, by=cora, name="N", short_name="N"),
        lambda: office.edit_office(by=cora, name="N"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert actions() == []
