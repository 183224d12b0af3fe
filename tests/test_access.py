"""The access matrix, tried: every address and every socket command, by every kind of visitor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import URLResolver, get_resolver, resolve, reverse

from engagements.models import AuditEntry, User
from engagements.refusals import NotAllowed, Refused
from qa import projection
from qa.access import Ticket
from qa.live.commands import COMMANDS, is_for, perform, understand
from qa.live.routing import addresses as socket_addresses
from qa.live.writer import BATCH_FORMS
from qa.models import Floor
from tests import access_cast, access_matrix, access_situations
from tests.access_cast import undone
from tests.access_situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from pytest_django import DjangoDbBlocker

    from tests.access_cast import World
    from tests.access_matrix import Row

pytestmark = pytest.mark.django_db

ADDRESSES = access_matrix.addresses()
SOCKET = {row.name: row for row in access_matrix.commands()}
WITHOUT_TOKEN = {"news", "answer-mails"}
"""The address is the secret, and mail programs post to it (RFC 8058)."""
WITH_FORM = [
    row for row in ADDRESSES if "+" in row.cells["POST"].values() and row.name not in WITHOUT_TOKEN
]
AUDIENCES = projection.AUDIENCES

NOWHERE = {"slug": "never-was", "pk": 2_000_000_000, "token": "never-was", "code": "never-was"}
FORM_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
OF_ONE_ANSWER = {"X-Request-ID", "Expires"}
REFUSING = {200, 302, 400, 401, 403, 409}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once. Each visit is undone, and at the end all of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = access_cast.build()
        with override_settings(PASSWORD_HASHERS=[access_cast.HASHER]):
            yield made
        transaction.set_rollback(True)


def test_the_matrix_has_every_address_and_no_other() -> None:
    assert {row.name for row in ADDRESSES} == set(names(get_resolver()))
    assert access_situations.ADDRESSES.keys() <= {row.label for row in ADDRESSES}


def test_the_matrix_has_every_socket_command_and_no_other() -> None:
    assert SOCKET.keys() == {"enter", *COMMANDS}
    assert access_situations.COMMANDS.keys() == COMMANDS.keys()
    assert {address.name for address in socket_addresses} == {f"live-{name}" for name in AUDIENCES}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("row", ADDRESSES, ids=lambda row: row.label)
def test_an_address_does_for_everybody_what_the_matrix_says(
    world: World, row: Row, method: str
) -> None:
    cells = row.cells[method]
    assert {visitor: visit(world, row, method, visitor) for visitor in cells} == cells


@pytest.mark.parametrize("row", WITH_FORM, ids=lambda row: row.label)
def test_a_form_without_its_token_does_nothing(world: World, row: Row) -> None:
    visitor = next(visitor for visitor, sign in row.cells["POST"].items() if sign == "+")
    situation = situation_of(row)
    address = reverse(row.name, kwargs=arguments(world, row.name, situation, visitor))
    client = world.client(visitor, enforce_csrf_checks=True)
    with undone() as writes:
        assert client.post(address, world.given(situation.sent, visitor)).status_code == 403
        assert traces(world, writes) == ((), set())


@pytest.mark.parametrize("row", ADDRESSES, ids=lambda row: row.label)
def test_other_methods_do_nothing(world: World, row: Row) -> None:
    for visitor in ("CO", "AD"):
        address = reverse(row.name, kwargs=arguments(world, row.name, situation_of(row), visitor))
        for method in ("PUT", "PATCH", "DELETE"):
            with undone() as writes:
                world.client(visitor).generic(method, address)
                assert traces(world, writes) == ((), set())


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_ticket_is_for_who_enters(world: World, audience: str) -> None:
    cells = SOCKET["enter"].cells[audience]
    tickets = {visitor: world.ticket(audience, visitor) for visitor in cells}
    assert {visitor: "+" if tickets[visitor] else "n" for visitor in cells} == cells


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_does_for_everybody_what_the_matrix_says(
    world: World, name: str, audience: str
) -> None:
    cells = SOCKET[name].cells[audience]
    tickets = {visitor: world.ticket(audience, visitor) for visitor in cells}
    found = {
        visitor: command(world, name, ticket) if ticket else "n"
        for visitor, ticket in tickets.items()
    }
    assert found == cells


@pytest.mark.parametrize("visitor", ["XA", "DE", "M2", "AS", "RO"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_ticket_from_better_days_lets_nobody_do_anything(
    world: World, name: str, visitor: str
) -> None:
    floor = Floor.objects.get(engagement__slug="now")
    person = world.people[visitor]
    who: dict[str, Any] = {"account" if isinstance(person, User) else "registration": person.pk}
    tickets = [Ticket(floor.pk, "now", audience, **who) for audience in AUDIENCES]
    assert [command(world, name, ticket) for ticket in tickets] == ["-", "-", "-"]


def visit(world: World, row: Row, method: str, visitor: str) -> str:
    """The sign of the matrix for what came of it, or else in words what did."""
    situation = situation_of(row)
    given = arguments(world, row.name, situation, visitor)
    address = reverse(row.name, kwargs=given)
    assert resolve(address).url_name == row.name
    sent = world.given(situation.sent, visitor) if method == "POST" else {}
    with undone() as writes:
        response = send(world, visitor, method, address, sent)
        wrote, changed = traces(world, writes)
    if method == "GET" and is_shown(response, situation):
        if changed == situation.reads:
            return "+"
        return f"shown, and changed {changed}" if changed else "w"
    if changed:
        is_done = (method, wrote, changed) == ("POST", situation.wrote, situation.leaves)
        return "+" if is_done and response.status_code < 400 else f"{wrote} changed {changed}"
    if response.status_code != 404:
        return sign_of(response, address)
    with undone():
        unknown = send(world, visitor, method, nowhere(row.name, given), sent)
    return "-" if page(response) == page(unknown) else "a 404 that tells"


def command(world: World, name: str, ticket: Ticket) -> str:
    situation = access_situations.COMMANDS[name]
    with undone() as writes:
        try:
            obey(ticket, name, world.given(situation.sent))
            is_denied = False
        except NotAllowed:
            is_denied = True
        wrote, changed = traces(world, writes)
    if is_denied:
        return f"denied, and changed {changed}" if changed else "-"
    is_done = (wrote, changed) == (situation.wrote, situation.leaves)
    return "+" if is_done else f"{wrote} changed {changed}"


def obey(ticket: Ticket, name: str, sent: dict[str, Any]) -> None:
    """As the socket does, but in this transaction: the writer's batch form, or the action."""
    data = understand(ticket, {"id": 1, "do": name} | sent)
    write = COMMANDS[name].write
    if write is None or not is_for(COMMANDS[name], ticket):
        perform(ticket, name, data)
        return
    what = write(ticket.registration or 0, data)
    [outcome] = BATCH_FORMS[type(what)](ticket.floor, [what])
    if isinstance(outcome, Refused):
        raise outcome


def situation_of(row: Row) -> Situation:
    return access_situations.ADDRESSES.get(row.label, Situation())


def names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern)
        else:
            yield pattern.name or f"no name: {pattern.pattern}"


def arguments(world: World, name: str, situation: Situation, visitor: str) -> dict[str, Any]:
    """What fills the address: the live engagement if the situation names no other."""
    [(_path, parts), *_others] = get_resolver().reverse_dict.getlist(name)[0][0]
    live = {"slug": "now"} if "slug" in parts else {}
    return live | world.given(situation.at, visitor)


def nowhere(name: str, given: dict[str, Any]) -> str:
    """An address that differs only in naming what is not there."""
    for key in NOWHERE.keys() & given.keys():
        return reverse(name, kwargs=given | {key: NOWHERE[key]})
    return f"{reverse(name)}never-was/"


def send(
    world: World, visitor: str, method: str, address: str, sent: dict[str, Any]
) -> HttpResponse:
    client = world.client(visitor)
    response: Any = client.get(address) if method == "GET" else client.post(address, sent)
    return response  # type: ignore[no-any-return]


def traces(world: World, writes: list[str]) -> tuple[tuple[str, ...], set[str]]:
    """The new entries of the audit, and the changed tables. Without a write there is neither."""
    if not writes:
        return (), set()
    entries = AuditEntry.objects.filter(pk__gt=world.last_entry).exclude(action="command.denied")
    wrote = tuple(entries.order_by("pk").values_list("action", flat=True))
    # What the archive finds follows the audit; without an entry it is a change like any other.
    return wrote, world.changes() - ({"readouts.searchentry"} if wrote else set())


def is_shown(response: HttpResponse, situation: Situation) -> bool:
    if situation.lands:
        return response.get("Location") == situation.lands
    return response.status_code == 200


def sign_of(response: HttpResponse, address: str) -> str:
    """Of an answer that has changed nothing."""
    if response.status_code == 405:
        return "x"
    if response.get("Location") == f"{reverse('account_login')}?next={address}":
        return "s"
    return "r" if response.status_code in REFUSING else f"status {response.status_code}"


def page(response: HttpResponse) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in response.items() if name not in OF_ONE_ANSWER}
    return response.status_code, headers, FORM_TOKEN.sub(b"", response.content)
