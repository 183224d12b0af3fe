"""The administrator's pages, and who may not see or use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements.actions import accounts
from engagements.models import Invitation, RoleCategory, User
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

NORA: dict[str, Any] = {"name": "Nora New", "email": "nora@office.example"}
QUERIES_PEOPLE = 6


@pytest.fixture
def admin(ada: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(ada)


@pytest.fixture
def subject() -> User:
    return factories.make_user("Subject")


def category_rows(*, employer_verb: str = "were", **changes: str) -> dict[str, str]:
    sent: dict[str, str] = {}
    for category in RoleCategory.objects.all():
        row = f"category-{category.pk}-"
        sent |= {
            f"{row}label": category.label,
            f"{row}noun_phrase": category.noun_phrase,
            f"{row}verb": employer_verb if category.key == "employer" else category.verb,
            f"{row}position": str(category.position),
        }
        if category.is_offered:
            sent[f"{row}is_offered"] = "on"
    return sent | changes


def test_an_invitation_is_sent_from_the_page(admin: Client) -> None:
    rights = {"may_create_engagements": "on", "is_superuser": "on", "digest": "0" * 64}
    response = admin.post(reverse("people"), NORA | rights)
    assert response["Location"] == reverse("people")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.is_administrator, invitation.may_create_engagements) == (
        "nora@office.example",
        False,
        True,
    )
    assert invitation.digest != "0" * 64


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"email": "ada@office.example"}, 409, "There is an account with the address"),
        ({"email": "nora"}, 400, "Please write an e-mail address"),
        ({"name": "Nora\nBcc: x@y.example"}, 400, "This must be one line"),
        ({"name": ""}, 400, "This field is required"),
        ({"agency": "999999"}, 400, "Please choose the office or one of the agencies"),
        ({"agency": "uscis", "is_administrator": "on"}, 400, "has no rights in the office"),
    ],
    ids=["known", "no address", "two lines", "no name", "unknown agency", "liaison with rights"],
)
def test_a_wrong_invitation_is_refused_with_a_sentence(
    admin: Client, changes: dict[str, str], status: int, sentence: str
) -> None:
    if changes.get("agency") == "uscis":
        changes = changes | {"agency": str(factories.make_agency().pk)}
    response = admin.post(reverse("people"), NORA | changes)
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert not Invitation.objects.exists()


def test_an_office_account_is_not_promoted_by_fields_that_are_not_its_own(
    admin: Client, uma: User, subject: User
) -> None:
    extra = {"is_administrator": "on", "may_create_engagements": "on", "is_active": ""}
    admin.post(reverse("person", args=[uma.pk]), {"agency": str(uma.agency_id)} | extra)
    uma.refresh_from_db()
    assert (uma.is_administrator, uma.may_create_engagements, uma.is_active) == (False, False, True)
    admin.post(reverse("person", args=[subject.pk]), {"agency": str(uma.agency_id)})
    subject.refresh_from_db()
    assert subject.agency is None


def test_a_liaison_moves_to_another_agency_on_the_page(admin: Client, uma: User) -> None:
    eoir = factories.make_agency("EOIR")
    address = reverse("person", args=[uma.pk])
    assert admin.post(address, {"agency": str(eoir.pk)})["Location"] == address
    uma.refresh_from_db()
    assert uma.agency == eoir


def test_nobody_promotes_themselves(subject: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(subject)
    promoted = {"is_administrator": "on", "may_create_engagements": "on"}
    assert client.post(reverse("person", args=[subject.pk]), promoted).status_code == 404
    for address in ("account_change_password", "account_email", "account_login"):
        client.post(reverse(address), promoted)
    subject.refresh_from_db()
    assert (subject.is_administrator, subject.may_create_engagements) == (False, False)


def test_ones_own_page_has_no_form_and_refuses_one(admin: Client, ada: User) -> None:
    address = reverse("person", args=[ada.pk])
    assert "This is your own account" in admin.get(address).content.decode()
    assert admin.post(address, {"may_create_engagements": "on"}).status_code == 409
    admin.post(reverse("person-deactivate", args=[ada.pk]))
    ada.refresh_from_db()
    assert (ada.is_active, ada.is_administrator, ada.may_create_engagements) == (True, True, False)


def test_hostile_names_are_only_text(admin: Client, ada: User) -> None:
    name = "<img src=x onerror=alert(1)>{{7*7}}{% debug %}"
    user = factories.make_user("Mallory", email='"<script>alert(1)</script>"@b.example')
    User.objects.filter(pk=user.pk).update(name=name)
    accounts.invite(by=ada, name=name, email="=1+1@b.example")
    for address in (reverse("people"), reverse("person", args=[user.pk])):
        text = admin.get(address).content.decode()
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}{% debug %}" in text


def test_the_people_page_costs_the_same_with_one_and_with_three(
    admin: Client, ada: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    accounts.invite(by=ada, name="One", email="one@office.example")
    with django_assert_num_queries(QUERIES_PEOPLE):
        admin.get(reverse("people"))
    for number in (2, 3):
        factories.make_user(f"Person {number}", agency=factories.make_agency(f"A{number}"))
        accounts.invite(
            by=ada,
            name=f"Guest {number}",
            email=f"{number}@office.example",
            agency=factories.make_agency(f"B{number}"),
        )
    with django_assert_num_queries(QUERIES_PEOPLE):
        admin.get(reverse("people"))


def test_the_person_and_agencies_pages_cost_the_same_with_one_and_with_three(
    admin: Client, subject: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_member(subject, factories.make_engagement("first"), "editor")
    addresses = {reverse("person", args=[subject.pk]): 5, reverse("agencies"): 4}
    for address, queries in addresses.items():
        with django_assert_num_queries(queries):
            admin.get(address)
    for number in (2, 3):
        agency = factories.make_agency(f"A{number}")
        engagement = factories.make_engagement(f"further-{number}", agency=agency)
        factories.make_member(subject, engagement, "editor")
    for address, queries in addresses.items():
        with django_assert_num_queries(queries):
            admin.get(address)


def test_the_categories_page_keeps_what_was_typed_when_it_refuses(admin: Client) -> None:
    sent = category_rows(employer_verb="")
    response = admin.post(reverse("categories"), sent | {"category-new-label": "Librarian"})
    assert response.status_code == 400
    assert 'value="Librarian"' in response.content.decode()
    offered = {key: value for key, value in category_rows().items() if "is_offered" not in key}
    response = admin.post(reverse("categories"), offered)
    assert response.status_code == 409
    assert "Please offer at least one role category" in response.content.decode()
    assert RoleCategory.objects.filter(is_offered=True).count() == 6


def test_kind_and_key_of_a_category_do_not_change_by_further_fields(admin: Client) -> None:
    other = RoleCategory.objects.get(key="other")
    row = f"category-{other.pk}-"
    admin.post(reverse("categories"), category_rows(**{f"{row}kind": "ordinary", f"{row}key": "x"}))
    other.refresh_from_db()
    assert (other.key, other.kind) == ("other", "other")
