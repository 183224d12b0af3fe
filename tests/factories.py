"""One plain builder per model. No surprises: what is not given is the plainest possible."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from engagements.models import (
    Accommodation,
    Agency,
    Attendance,
    Engagement,
    Invitee,
    Membership,
    Notice,
    Registration,
    RoleCategory,
    User,
)
from qa import states
from qa.actions.agency import drafting, sealing
from qa.models import Floor, Forwarding, Poll, PollOption, Question

PASSWORD = "a long enough pass phrase"
START = datetime(2021, 4, 14, 18, 0, tzinfo=UTC)

_count = itertools.count(1)


def make_agency(short_name: str = "USCIS", **fields: Any) -> Agency:
    return Agency.objects.get_or_create(
        short_name=short_name, defaults={"name": f"Agency {short_name}"} | fields
    )[0]


def make_user(name: str = "Somebody", **fields: Any) -> User:
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@office.example")
    user = User.objects.create(name=name, password=_password_hash(), **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_engagement(slug: str = "contact-center", **fields: Any) -> Engagement:
    values: dict[str, Any] = {
        "title": "The USCIS Contact Center",
        "about": "the USCIS Contact Center",
        "agency": fields.get("agency") or make_agency(),
        "starts_at": START,
        "ends_at": START + timedelta(hours=1),
        "state": Engagement.State.SCHEDULED,
    }
    if fields.get("state") != Engagement.State.DRAFT:
        values["scheduled_at"] = START - timedelta(days=30)
    engagement = Engagement.objects.create(slug=slug, **(values | fields))
    Floor.objects.get_or_create(engagement=engagement)
    return engagement


@cache
def _password_hash() -> str:
    """Hashed once: the hasher is slow on purpose, and most tests sign nobody in by password."""
    return make_password(PASSWORD)


def make_member(user: User, engagement: Engagement, role: str) -> User:
    Membership.objects.create(user=user, engagement=engagement, role=role)
    return user


def category(key: str = "attorney") -> RoleCategory:
    return RoleCategory.objects.get(key=key)


def make_registration(engagement: Engagement, name: str = "", **fields: Any) -> Registration:
    name = name or f"Stakeholder {next(_count)}"
    if "cancelled_at" in fields:
        fields.setdefault("state", Registration.State.CANCELLED)
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@public.example")
    return Registration.objects.create(
        engagement=engagement,
        name=name,
        email=email,
        email_key=email.casefold(),
        category=fields.pop("category", None) or category(),
        notice=fields.pop("notice", None) or Notice.of_office(),
        **fields,
    )


def make_attendance(registration: Registration, **fields: Any) -> Attendance:
    return Attendance.objects.create(
        registration=registration, **({"category": registration.category} | fields)
    )


def make_invitee(engagement: Engagement, name: str = "", **fields: Any) -> Invitee:
    name = name or f"Guest {next(_count)}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@public.example")
    return Invitee.objects.create(
        engagement=engagement, name=name, email=email, email_key=email.casefold(), **fields
    )


def make_accommodation(registration: Registration, **fields: Any) -> Accommodation:
    return Accommodation.objects.create(
        registration=registration, **({"kind": Accommodation.Kind.CAPTIONS} | fields)
    )


def make_question(floor: Floor, text: str = "When does it open?", **fields: Any) -> Question:
    floor.refresh_from_db()
    floor.last_question_number += 1
    floor.save(update_fields=["last_question_number"])
    values: dict[str, Any] = {
        "number": floor.last_question_number,
        "text": text,
        "original_text": text,
        "client_id": uuid.uuid4(),
    }
    if fields.get("state") == states.SHOWN:
        values["shown_at"] = START
    return Question.objects.create(floor=floor, **(values | fields))


def make_poll(floor: Floor, text: str = "Did it help?", **fields: Any) -> Poll:
    """With the answers *Yes* and *No* if none are given."""
    options = fields.pop("options", ["Yes", "No"])
    maker = fields.pop("made_by", None) or User.objects.first() or make_user("Poll maker")
    if fields.get("kind") == states.SCALE:
        options = []
    number = fields.pop("number", 1 + floor.polls.count())
    poll = Poll.objects.create(floor=floor, number=number, text=text, made_by=maker, **fields)
    for position, option in enumerate(options, 1):
        PollOption.objects.create(poll=poll, position=position, text=option)
    return poll


def make_forwarding(engagement: Engagement, *, sent_by: User, **fields: Any) -> Forwarding:
    """A list in force of the engagement's agency, without files: all questions there are, or five
    of which the third was withdrawn."""
    floor = engagement.floor
    if not floor.questions.exists():
        for number in range(1, 6):
            state = states.WITHDRAWN if number == 3 else states.SHOWN
            make_question(floor, f"Question {number}?", state=state)
    values = {"number": 1, "state": states.FORWARDING_SENT, "sent_at": START + timedelta(days=22)}
    forwarding = Forwarding.objects.create(
        engagement=engagement, agency=engagement.agency, sent_by=sent_by, **(values | fields)
    )
    for question in floor.questions.all():
        is_withdrawn = question.state == states.WITHDRAWN
        forwarding.questions.create(
            question=question,
            number=question.number,
            text="" if is_withdrawn else question.text,
            asked_at=question.asked_at,
            status=question.state,
        )
    return forwarding


def list_file(forwarding: Forwarding, kind: str = "xlsx") -> bytes:
    """A sealed list in one of its formats, as it is stored."""
    return bytes(forwarding.files.get(format=kind).content)


@transaction.atomic
def forward_list(engagement: Engagement, *, by: User, **chosen: Any) -> Forwarding:
    """Draft a list and seal it; of everything, where nothing is chosen."""
    draft = drafting.begin(engagement, by=by)
    if chosen:
        chosen.setdefault("due_on", draft.due_on)
        drafting.choose(draft, by=by, revision=draft.revision, **chosen)
    return sealing.seal(draft, by=by)
