"""The cast. Ana asks, Omar moderates, Uma is at USCIS, Eve is an outsider without a fixture."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import SyncToAsync
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connections
from django.db.models.signals import post_migrate
from django.test import Client, override_settings
from hypothesis import HealthCheck, settings

from engagements.models import Engagement, Notice, Office, Registration, Role, User
from qa import detection, pace, semantics, states
from qa.live import database
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.models import Floor

# How long one example takes is the machine's business, and others work on it, too.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session", autouse=True)
def _quick_hasher() -> Iterator[None]:
    """Hashing is slow on purpose, and what it costs is not what these tests ask."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Threads that work for `await …objects.aget()` and the live writer keep their connections;
    end them in time."""
    # Else every test with real transactions makes Django's permissions anew when it has emptied
    # the tables, which takes as long as the test itself. Openfloor has rules and uses none of them.
    post_migrate.disconnect(dispatch_uid=f"{create_permissions.__module__}.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    yield
    for executor in (SyncToAsync.single_thread_executor, database.writer):
        executor.submit(connections.close_all).result()


@pytest.fixture(scope="session", autouse=True)
def _words_alone() -> None:
    """What is suggested and told is the same with and without the extras."""
    semantics.use(None)
    detection.use(None)


@pytest.fixture(autouse=True)
def _fresh_paces() -> None:
    """A rolled back test gives its keys to the next one's people."""
    pace.forget()


@pytest.fixture(autouse=True)
def _defaults(request: pytest.FixtureRequest) -> None:
    """A test with real transactions empties the tables, and with them what a migration laid."""
    if request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("_django_db_helper")
    if not Office.objects.exists():
        defaults = import_module("engagements.migrations.0002_defaults")
        Office.objects.create(**defaults.OFFICE)
        Notice.objects.create(version=1, privacy=defaults.NOTICE)
        defaults.fill_tables(apps)
        import_module("qa.migrations.0005_dismissal_reasons").fill_table(apps)


@pytest.fixture
def engagement() -> Engagement:
    return factories.make_engagement()


@pytest.fixture
def live_engagement() -> Engagement:
    engagement = factories.make_engagement(
        "live-session",
        title="A live session",
        state=Engagement.State.LIVE,
        started_at=factories.START,
    )
    engagement.floor.state = states.FLOOR_OPEN
    engagement.floor.save()
    return engagement


@pytest.fixture
def floor(live_engagement: Engagement) -> Floor:
    return live_engagement.floor


@pytest.fixture
def ana(live_engagement: Engagement) -> Registration:
    return factories.make_registration(live_engagement, "Ana")


def _member(name: str, role: str, request: pytest.FixtureRequest) -> User:
    """A member of each of the two engagements that the test has asked for."""
    user = factories.make_user(name, may_create_engagements=role == Role.COORDINATOR)
    for fixture in ("engagement", "live_engagement"):
        factories.make_member(user, request.getfixturevalue(fixture), role)
    return user


@pytest.fixture
def cora(request: pytest.FixtureRequest) -> User:
    return _member("Cora", Role.COORDINATOR, request)


@pytest.fixture
def omar(request: pytest.FixtureRequest) -> User:
    return _member("Omar", Role.MODERATOR, request)


@pytest.fixture
def edna(request: pytest.FixtureRequest) -> User:
    return _member("Edna", Role.EDITOR, request)


@pytest.fixture
def paul(request: pytest.FixtureRequest) -> User:
    return _member("Paul", Role.EDITOR, request)


@pytest.fixture
def mia() -> User:
    elsewhere = factories.make_engagement("elsewhere", title="Elsewhere")
    return factories.make_member(factories.make_user("Mia"), elsewhere, Role.MODERATOR)


@pytest.fixture
def ada() -> User:
    return factories.make_user("Ada", is_administrator=True)


@pytest.fixture
def uma() -> User:
    return factories.make_user("Uma", agency=factories.make_agency("USCIS"))


@pytest.fixture
def otto() -> User:
    return factories.make_user("Otto", agency=factories.make_agency("EOIR"))


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
