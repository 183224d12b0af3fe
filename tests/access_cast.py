"""The world of the access matrix: every kind of visitor, and one thing of each kind."""

from __future__ import annotations

import functools
import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from engagements.actions import accounts
from engagements.models import (
    AuditEntry,
    DeclaredAttendance,
    Engagement,
    Material,
    Membership,
    Notice,
    Office,
    OutgoingMail,
    Registration,
    RegistrationQuestion,
    Role,
    StoredFile,
    User,
)
from qa import states
from qa.access import read_ticket
from qa.actions import announcing, voting
from qa.models import EndedSession
from readouts.actions import drafting, publishing
from tests import (
    access_acceptance,
    access_answers,
    access_channels,
    access_clearance,
    access_editor,
    access_figures,
    access_floor,
    access_forwarding,
    access_gate,
    access_integration,
    access_lists,
    access_mail,
    access_memory,
    access_people,
    access_polls,
    access_question,
    access_stage,
    access_uploads,
    access_wishes,
    access_wording,
    factories,
)
from tests.access_matrix import VISITORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.access import Ticket
    from qa.models import Question
    from readouts.models import Readout

HERE = "plan soon now past review own drafting undrafted clearing answered".split()
"""Engagements in which the visitors have their roles: each in another state, for another test."""

STAFF: dict[str, list[str]] = {
    "CO": [Role.COORDINATOR],
    "M1": [Role.MODERATOR],
    "RE": [Role.EDITOR],
    "DE": Role.values,
    "Paul": [Role.EDITOR],
}
LIVE, ENDED = Engagement.State.LIVE, Engagement.State.ENDED


@dataclass(frozen=True)
class World:
    """`names` holds what stands behind an @name of the matrix; sessions are session keys."""

    sessions: dict[str, str]
    people: dict[str, User | Registration]
    names: dict[str, Any]
    fingerprint: dict[str, str]
    last_entry: int

    def client(self, visitor: str, **options: Any) -> Client:
        """A new browser with the visitor's session, which no test and no limit knows."""
        cache.clear()
        client = Client(**options)
        if self.sessions[visitor]:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[visitor]
        return client

    def ticket(self, audience: str, visitor: str, slug: str = "now") -> Ticket | None:
        """What the room or desk gives this visitor for its socket; None when it gives nothing."""
        response = self.client(visitor).get(reverse(f"{audience}-ticket", args=[slug]))
        return read_ticket(response.json()["ticket"]) if response.status_code == 200 else None

    def given(self, values: Mapping[str, Any], visitor: str = "") -> dict[str, Any]:
        """Values with every @name replaced; one for the key * stands for many."""
        found = {key: self._value(value, visitor) for key, value in values.items()}
        many: dict[str, Any] = found.pop("*", {})
        return found | many

    def changes(self) -> set[str]:
        """Tables that are not as they were when the world was made."""
        now = fingerprint()
        return {table for table, was in self.fingerprint.items() if now[table] != was}

    def _value(self, value: Any, visitor: str) -> Any:
        if not str(value).startswith("@"):
            return value
        name = str(value)[1:]
        if name == "address":
            return f"{visitor.lower()}@new.example"
        if name == "self" and visitor in self.people:
            return self.people[visitor].pk
        return self.names[name]


def build() -> World:
    """Needs an open transaction that is rolled back, or an empty database that is emptied later."""
    if not Office.objects.exists():
        import_module("engagements.migrations.0002_defaults").fill(apps, None)
    people = _people()
    _engagements(people)
    names = _things(people)
    sessions = _sessions(people)
    deactivated = cast("User", people["DE"])
    User.objects.filter(pk=deactivated.pk).update(is_active=False)
    last_entry = AuditEntry.objects.latest("pk").pk
    return World(sessions, people, names, fingerprint(), last_entry)


def fingerprint() -> dict[str, str]:
    """One digest per table, of all there is but sessions and notes of denied commands."""
    found = {}
    with connection.cursor() as cursor:
        for table, statement, values in _all_rows():
            cursor.execute(statement, values)
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@functools.cache
def _all_rows() -> list[tuple[str, str, tuple[Any, ...]]]:
    """Written once: to make the statements and Python's values takes longer than to ask."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model in {Session, EndedSession}:
            continue
        rows = model._base_manager.order_by("pk")
        if model is AuditEntry:
            rows = rows.exclude(action="command.denied")
        statement, values = rows.values_list().query.sql_with_params()
        found.append((model._meta.label_lower, statement, values))
    return found


@contextmanager
def undone() -> Iterator[list[str]]:
    """What happens inside is rolled back. Yields the writing statements that were sent."""
    writes: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.split(maxsplit=1)[0].upper()
        if verb not in READING and f'"{Session._meta.db_table}"' not in sql:
            writes.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield writes
        transaction.set_rollback(True)


HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"
READING = {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"}


def _people() -> dict[str, User | Registration]:
    people: dict[str, User | Registration] = {
        name: factories.make_user(
            name, may_create_engagements=name in {"CO", "DE"}, is_administrator=name == "DE"
        )
        for name in (*STAFF, "M2", "Subject")
    }
    people["AD"] = factories.make_user("AD", is_administrator=True)
    people["AS"] = factories.make_user("AS", agency=factories.make_agency("USCIS"))
    people["AO"] = factories.make_user("AO", agency=factories.make_agency("EOIR"))
    people["Inactive"] = factories.make_user("Inactive", is_active=False)
    # Hashing slowly, as it should be, would take longer than all the rest.
    User.objects.update(password=MD5PasswordHasher().encode(factories.PASSWORD, "salt"))
    for person in people.values():
        person.refresh_from_db()
    return people


def _engagements(people: dict[str, User | Registration]) -> None:
    """Adds the stakeholders, registered for everything that the public knows of."""
    state = {"plan": Engagement.State.DRAFT, "soon": Engagement.State.SCHEDULED, "now": LIVE}
    for slug in HERE:
        here = factories.make_engagement(slug, title=slug, state=state.get(slug, ENDED))
        for name, roles in STAFF.items():
            for role in roles:
                factories.make_member(cast("User", people[name]), here, role)
        if here.is_public:
            factories.make_registration(here, "RA")
            factories.make_registration(here, "XA", removed_at=factories.START)
            _ask(here)
    now = Engagement.objects.get(slug="now")
    _open_floor(now)
    _vote(now)
    people |= {name: now.registrations.get(name=name) for name in ("RA", "XA")}
    elsewhere = factories.make_engagement("elsewhere", title="elsewhere", state=LIVE)
    _open_floor(elsewhere)
    for role in Role.values:
        factories.make_member(cast("User", people["M2"]), elsewhere, role)
    people["RO"] = factories.make_registration(elsewhere, "RO")
    _set_up(Engagement.objects.get(slug="soon"))
    _set_up(Engagement.objects.get(slug="plan"))
    confirming = factories.make_engagement("confirming", title="confirming")
    factories.make_registration(confirming, "RA", state=Registration.State.UNCONFIRMED)
    factories.make_engagement("door", title="door", state=LIVE, takes_walk_ins=True)


def _set_up(engagement: Engagement) -> None:
    """A material that is a file and one that is a link, two questions, and notices of its own."""
    file = StoredFile.objects.create(
        name="notes.txt", content_type="text/plain", size=1, sha256="0" * 64, content=b"a"
    )
    engagement.materials.create(title="Notes", file=file, position=1)
    engagement.materials.create(title="A link", url="https://a.example", position=2)
    for position, label in enumerate(("Why?", "How?"), start=1):
        engagement.own_questions.create(label=label, position=position)
    engagement.notices.create(version=1, privacy="Its own.")


def _open_floor(engagement: Engagement) -> None:
    engagement.floor.refresh_from_db()
    engagement.floor.state = states.FLOOR_OPEN
    engagement.floor.save()


def _ask(engagement: Engagement) -> None:
    """Question 1 waits and is RA's own, 2 waits and is somebody else's, 3 is shown."""
    own = engagement.registrations.get(name="RA")
    ben = factories.make_registration(engagement, "Ben")
    floor = engagement.floor
    factories.make_question(floor, "A secret?", asker=own, category=own.category)
    factories.make_question(floor, "Another secret?", asker=ben, category=ben.category)
    factories.make_question(floor, "In the open?", state=states.SHOWN)


def _vote(engagement: Engagement) -> None:
    """Question 4 is shown, and RA votes for it."""
    own = engagement.registrations.get(name="RA")
    factories.make_question(engagement.floor, "In the open, and voted for?", state=states.SHOWN)
    voting.vote(engagement.floor, by=own, number=4, is_cast=True)


def _things(people: dict[str, User | Registration]) -> dict[str, Any]:
    editor, paul, admin, subject = (
        cast("User", people[name]) for name in ("RE", "Paul", "AD", "Subject")
    )
    now = Engagement.objects.get(slug="now")
    readouts = {
        slug: drafting.draft(
            Engagement.objects.get(slug=slug), by=editor if slug == "own" else paul
        )
        for slug in ("past", "review", "own", "drafting")
    }
    for slug in ("past", "review", "own"):
        writer = cast("User", readouts[slug].last_editor)
        publishing.submit(readouts[slug], by=writer, without_summary=True)
    publishing.publish(readouts["past"], by=admin)
    past, own, review = (Engagement.objects.get(slug=slug) for slug in ("past", "own", "review"))
    lists = access_forwarding.lay(past=past, own=own, review=review, editor=editor)
    invitation, token = accounts.invite(by=admin, email="nora@office.example", name="Nora")
    waiting = EmailAddress.objects.create(user=subject, email="subject@new.example")
    demonstration = signing.Signer(salt="demonstration")
    return {
        "choose": _shown(readouts["drafting"]).pk,
        **lists,
        "invitation": invitation.pk,
        "token": token,
        "mail": OutgoingMail.objects.exclude(engagement=None).latest("pk").pk,
        "agency": past.agency_id,
        "person": subject.pk,
        "self": subject.pk,
        "inactive": people["Inactive"].pk,
        "membership": Membership.objects.get(engagement__slug="soon", user=people["M1"].pk).pk,
        "short-code": Engagement.objects.get(slug="soon").code,
        "draft-code": Engagement.objects.get(slug="plan").code,
        "material": Material.objects.get(engagement__slug="soon", title="Notes").pk,
        "draft-material": Material.objects.get(engagement__slug="plan", title="Notes").pk,
        "own-notice": Notice.objects.get(engagement__slug="soon").pk,
        "office-notice": Notice.of_office().pk,
        "own-question": RegistrationQuestion.objects.get(engagement__slug="soon", label="How?").pk,
        **access_clearance.lay(readouts, editor=editor, admin=admin),
        **access_editor.lay(readouts, editor=editor),
        **access_figures.lay(readouts),
        **access_floor.lay(now=now, past=Engagement.objects.get(slug="past")),
        **access_gate.lay(now, Engagement.objects.get(slug="drafting"), cast("User", people["M1"])),
        **access_polls.lay(cast("User", people["CO"])),
        **access_memory.lay(past, own, people),
        **access_integration.lay(cast("User", people["AS"])),
        **access_answers.lay(
            lists["forwarding"],
            undrafted=Engagement.objects.get(slug="undrafted"),
            liaison=cast("User", people["AS"]),
            editor=editor,
        ),
        **access_acceptance.lay(editor=editor, liaison=cast("User", people["AS"])),
        **access_uploads.lay(lists["forwarding"], liaison=cast("User", people["AS"])),
        **access_wording.lay(),
        **access_people.lay(now=now, soon=Engagement.objects.get(slug="soon")),
        **access_mail.lay(cast("Registration", people["RA"])),
        **access_question.lay(now, cast("User", people["M1"])),
        **access_wishes.lay(now, cast("User", people["M1"])),
        **access_channels.lay(now, cast("User", people["CO"])),
        **access_stage.lay(Engagement.objects.get(slug="now"), cast("User", people["CO"])),
        **access_lists.lay(now, cast("User", people["CO"])),
        "link": _link(people["RA"]),
        "ra": people["RA"].pk,
        "xa": people["XA"].pk,
        "removed": cast("Registration", people["XA"]).email,
        "removed-link": _link(people["XA"]),
        "declared": _declared().pk,
        "announcement": announcing.announce(
            now.floor, text="Welcome.", by=cast("User", people["M1"])
        ).pk,
        "play": demonstration.sign(cast("User", people["M1"]).email),
        "dead-play": demonstration.sign(cast("User", people["Inactive"]).email),
        "confirmation": EmailConfirmationHMAC(waiting).key,
        "uid": user_pk_to_url_str(subject),
        "reset": default_token_generator.make_token(subject),
        "account": subject.email,
        "password": factories.PASSWORD,
    }


def _declared() -> DeclaredAttendance:
    return DeclaredAttendance.objects.create(
        engagement=Engagement.objects.get(slug="now"),
        kind=DeclaredAttendance.Kind.GROUP,
        category=factories.category(),
        people=3,
        source="A hall",
    )


def _shown(readout: Readout) -> Question:
    return readout.engagement.floor.questions.get(state=states.SHOWN)


def _link(registration: User | Registration) -> str:
    return cast("Registration", registration).token()


def _sessions(people: dict[str, User | Registration]) -> dict[str, str]:
    keys = {"AN": ""}
    for name in VISITORS[1:]:
        person, client = people[name], Client()
        if isinstance(person, User):
            client.force_login(person)
            _say_that_the_password_was_typed(client, person)
        else:
            for registration in Registration.objects.filter(name=name):
                client.get(reverse("join", args=[registration.token()]))
        keys[name] = str(client.session.session_key)
    return keys


def _say_that_the_password_was_typed(client: Client, user: User) -> None:
    """As signing in by the form does, which takes long because passwords are hashed slowly."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": user.email}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
