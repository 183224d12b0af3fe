from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from engagements.models import AuditEntry, User

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

CHOSEN = "seven quiet otters swim"


@pytest.fixture
def create(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the command with a password as the first line of standard input."""

    def run(email: str = "ada@office.example", password: str = CHOSEN) -> str:
        out = io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        call_command("create_administrator", email, name="Ada", stdout=out)
        return out.getvalue()

    return run


def test_the_first_administrator_signs_in_with_the_password_of_the_first_line(
    create: Callable[..., str],
) -> None:
    assert create() == "Ada can sign in with ada@office.example.\n"
    ada = User.objects.get()
    assert (ada.name, ada.is_administrator, ada.may_create_engagements) == ("Ada", True, True)
    assert ada.check_password(CHOSEN)
    assert EmailAddress.objects.get(user=ada).verified
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_label) == ("account.founded", "command line")


def test_there_is_no_second_first_one(create: Callable[..., str]) -> None:
    create()
    with pytest.raises(CommandError) as refused:
        create("eve@office.example")
    assert str(refused.value) == "There is an administrator already, who can invite more people."
    assert list(User.objects.values_list("name", "email")) == [("Ada", "ada@office.example")]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"email": "ada"}, "Enter a valid email address."),
        ({"password": "short"}, "This password is too short."),
    ],
)
def test_a_wrong_address_or_password_makes_nobody(
    create: Callable[..., str], given: dict[str, str], says: str
) -> None:
    with pytest.raises(CommandError) as refused:
        create(**given)
    assert str(refused.value).startswith(says)
    assert not User.objects.exists()
    create()
    assert User.objects.count() == 1
