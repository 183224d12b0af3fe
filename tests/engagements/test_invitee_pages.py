from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import states
from engagements.models import Engagement, Invitee, OutgoingMail, Registration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

LIST = (
    b"Name,E-mail,Role,Phone\nAnn,ann@x.example,Employer,1\nBen,nobody,,2\nCem,cem@x.example,,3\n"
)


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def page(response: Response) -> str:
    return response.content.decode()


def upload(client: Client, engagement: Engagement, content: bytes, name: str = "p.csv") -> Response:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("invitees-upload", args=[engagement.slug]), {"file": file})


def sealed(response: Response) -> str:
    return str(response.context["sealed"])


def take(client: Client, engagement: Engagement, people: str) -> Response:
    where = reverse("invitees-upload", args=[engagement.slug])
    return client.post(where, {"people": people}, follow=True)


def entry(**changes: Any) -> dict[str, Any]:
    return {"name": "Ann", "category": "attorney", "consent": "on"} | changes


@pytest.fixture
def ann(engagement: Engagement) -> Invitee:
    return factories.make_invitee(
        engagement, "Ann", email="Ann@x.example", category=factories.category("employer")
    )


def guest(invitee: Invitee) -> Client:
    """A browser in which the mailed link was opened."""
    client = Client()
    response = client.get(link(invitee))
    assert response["Location"] == own(invitee)
    assert response["Referrer-Policy"] == "no-referrer"
    return client


def own(invitee: Invitee, what: str = "") -> str:
    name = f"own-invitation-{what}" if what else "own-invitation"
    return reverse(name, args=[invitee.engagement.slug])


def link(invitee: Invitee) -> str:
    return reverse("invited", args=[invitee.token()])


# Uploading


def test_a_list_is_looked_through_then_taken_and_never_twice(
    office: Client, engagement: Engagement
) -> None:
    preview = upload(office, engagement, LIST)
    text = page(preview)
    for shown in ("the column “E-mail”", "Phone", "This is no e-mail address.", "Invite 2 people"):
        assert shown in text
    assert not Invitee.objects.exists()

    text = page(take(office, engagement, sealed(preview)))
    assert "2 people are invited." in text
    assert [(one.name, one.email) for one in Invitee.objects.all()] == [
        ("Ann", "ann@x.example"),
        ("Cem", "cem@x.example"),
    ]
    again = upload(office, engagement, LIST)
    assert "This person is invited already." in page(again)
    assert "Nobody in this file can be invited" in page(again)
    # The form of the first time, sent once more.
    assert "Nobody is new on the list" in page(take(office, engagement, sealed(preview)))
    assert (Invitee.objects.count(), OutgoingMail.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "p.csv", "There is nothing in this file."),
        (b"PK\x03\x04 and then nothing", "p.xlsx", "damaged or locked"),
        (b"\x00\x01\x02 something", "p.csv", "This file is no list."),
        (b"Name\nAnn\n", "p.csv", "No column of this file is called “E-mail”"),
        (b"x" * (5 * 1024 * 1024 + 1), "p.csv", "larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_stored(
    office: Client, engagement: Engagement, content: bytes, name: str, told: str
) -> None:
    response = upload(office, engagement, content, name)
    assert response.status_code == 400
    assert told in page(response)
    assert not Invitee.objects.exists()


def test_rows_that_were_not_looked_through_here_are_not_taken(
    office: Client, engagement: Engagement, ada: User, sign_in: SignIn
) -> None:
    rows = sealed(upload(office, engagement, LIST))
    elsewhere = factories.make_engagement("elsewhere")
    for client, where, people in (
        (office, engagement, rows[:-2]),
        (office, engagement, ""),
        (sign_in(ada), elsewhere, rows),
    ):
        response = take(client, where, people)
        assert response.status_code == 400
        assert "upload the file again" in page(response)
    assert not Invitee.objects.exists()


def test_a_draft_invites_nobody_yet(office: Client, engagement: Engagement) -> None:
    rows = sealed(upload(office, engagement, LIST))
    Engagement.objects.update(state=states.DRAFT)
    assert "Nobody can be invited now" in page(
        office.get(reverse("invitees-upload", args=[engagement.slug]))
    )
    response = take(office, engagement, rows)
    assert response.status_code == 409
    assert not Invitee.objects.exists()


def test_hostile_cells_are_letters(office: Client, engagement: Engagement) -> None:
    rows = (
        b'Name,E-mail,Org<b>,Role\n<img src=x>{{7*7}},"<script>"@x.example,,\n,a@x.example,,<u>\n'
    )
    text = page(upload(office, engagement, rows))
    for tag in ("<img src=x>", '<script>"@', "<b>", "<u>"):
        assert tag not in text


# The list


def test_the_list_shows_who_answered_what(office: Client, engagement: Engagement) -> None:
    own = factories.make_registration(engagement, "Came")
    factories.make_invitee(engagement, "Came", state="accepted", registration=own)
    factories.make_invitee(engagement, "Declined", state="declined")
    for number in range(51):
        factories.make_invitee(engagement, f"Open {number}")

    where = reverse("invitees", args=[engagement.slug])
    text = page(office.get(where))
    assert "<dt>Accepted</dt><dd>1</dd>" in text
    assert "<dt>Declined</dt><dd>1</dd>" in text
    assert "<dt>No answer yet</dt><dd>51</dd>" in text
    assert reverse("registrant", args=[engagement.slug, own.pk]) in text
    text = page(office.get(where + "?state=pending&words=OPEN"))
    assert "51 people" in text
    assert "state=pending&amp;words=OPEN&amp;page=2" in text


def test_an_empty_list_says_so(office: Client, engagement: Engagement) -> None:
    assert "Nobody is invited yet" in page(office.get(reverse("invitees", args=[engagement.slug])))


def test_the_list_asks_as_much_for_three_as_for_one(office: Client, engagement: Engagement) -> None:
    counts = []
    for number in range(3):
        own = factories.make_registration(engagement)
        factories.make_invitee(
            engagement, registration=own, state="accepted", category=factories.category()
        )
        factories.make_invitee(engagement, f"Open {number}")
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("invitees", args=[engagement.slug]))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_moderator_reads_the_list_and_changes_nothing(
    engagement: Engagement, ann: Invitee, omar: User, sign_in: SignIn
) -> None:
    client = sign_in(omar)
    text = page(client.get(reverse("invitees", args=[engagement.slug])))
    assert "Ann@x.example" in text
    assert "Send again" not in text
    for name in ("invitee-again", "invitee-withdraw"):
        assert client.post(reverse(name, args=[engagement.slug, ann.pk])).status_code == 404
    assert upload(client, engagement, LIST).status_code == 404
    assert (Invitee.objects.count(), OutgoingMail.objects.count()) == (1, 0)


def test_invitees_of_another_engagement_are_nobody_here(
    office: Client, engagement: Engagement
) -> None:
    one = factories.make_invitee(factories.make_engagement("elsewhere"))
    for name in ("invitee-again", "invitee-withdraw"):
        assert office.post(reverse(name, args=[engagement.slug, one.pk])).status_code == 404
    assert Invitee.objects.count() == 1


def test_sent_again_and_withdrawn_by_buttons(
    office: Client, engagement: Engagement, ann: Invitee
) -> None:
    text = page(office.post(reverse("invitee-again", args=[engagement.slug, ann.pk]), follow=True))
    assert "The invitation is sent again." in text
    assert OutgoingMail.objects.get().to == "Ann@x.example"
    where = reverse("invitee-withdraw", args=[engagement.slug, ann.pk])
    assert "The invitation is withdrawn." in page(office.post(where, follow=True))
    assert not Invitee.objects.exists()
    assert Client().get(link(ann)).status_code == 404


# The invited person


def test_the_invitation_is_for_its_address_whatever_is_posted(
    engagement: Engagement, ann: Invitee
) -> None:
    Engagement.objects.update(invitation_only=True)
    client = guest(ann)
    response = client.get(own(ann))
    text = page(response)
    assert "Ann@x.example" in text
    assert 'name="email"' not in text
    assert response.context["form"]["category"].initial == "employer"

    response = client.post(own(ann), entry(email="eve@x.example", name="Ann Ette"))
    taken = Registration.objects.get()
    assert response["Location"] == reverse("own-registration", args=[engagement.slug])
    assert (taken.email, taken.email_key) == ("Ann@x.example", "ann@x.example")
    assert (taken.name, taken.source, taken.state) == ("Ann Ette", "invited", "registered")
    ann.refresh_from_db()
    assert (ann.state, ann.registration) == (Invitee.State.ACCEPTED, taken)
    assert "You have accepted" in page(guest(ann).get(own(ann)))
    # The same form once more changes nothing.
    assert guest(ann).post(own(ann), entry(name="Other")).status_code == 409
    assert Registration.objects.get().name == "Ann Ette"


def test_without_the_invitation_the_form_says_for_whom_it_is(engagement: Engagement) -> None:
    Engagement.objects.update(invitation_only=True)
    where = reverse("register", args=[engagement.slug])
    assert "By invitation" in page(Client().get(where))
    response = Client().post(where, entry(email="eve@x.example"))
    assert response.status_code in {400, 409}
    assert not Registration.objects.exists()


def test_what_is_missing_is_said(ann: Invitee) -> None:
    response = guest(ann).post(own(ann), entry(name="", consent=""))
    assert response.status_code == 400
    assert "Please write your name." in page(response)
    ann.refresh_from_db()
    assert (ann.state, Registration.objects.count()) == (Invitee.State.PENDING, 0)


def test_declined_by_a_button_and_thought_again(engagement: Engagement, ann: Invitee) -> None:
    client = guest(ann)
    assert client.get(own(ann, "decline")).status_code == 405
    text = page(client.post(own(ann, "decline"), follow=True))
    assert "You have declined" in text
    assert 'name="name"' not in text
    text = page(client.post(own(ann, "reopen"), follow=True))
    assert 'name="name"' in text
    assert client.post(own(ann), entry()).status_code == 302
    ann.refresh_from_db()
    assert ann.state == Invitee.State.ACCEPTED


def test_an_invited_person_waits_when_it_is_full(engagement: Engagement, ann: Invitee) -> None:
    Engagement.objects.update(capacity=1)
    factories.make_registration(engagement, "Seated")
    assert "All seats are taken" in page(guest(ann).get(own(ann)))
    guest(ann).post(own(ann), entry())
    assert Registration.objects.get(email_key="ann@x.example").state == "waitlisted"


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (states.DRAFT, "You cannot register at the moment"),
        (states.ENDED, "This engagement is over"),
        (states.ARCHIVED, "This engagement is over"),
        (states.CANCELLED, "This engagement is cancelled"),
    ],
)
def test_what_cannot_be_come_to_is_said(
    engagement: Engagement, ann: Invitee, state: str, says: str
) -> None:
    Engagement.objects.update(state=state)
    text = page(guest(ann).get(own(ann)))
    assert says in text
    assert ("You cannot register" in text) == (state == states.DRAFT)
    assert guest(ann).post(own(ann), entry()).status_code == 409
    assert not Registration.objects.exists()


def test_an_edited_link_is_no_link(ann: Invitee) -> None:
    token = ann.token()
    for wrong in (
        token[:-1],
        token.swapcase(),
        "x",
        factories.make_invitee(ann.engagement).token()[::-1],
    ):
        client = Client()
        assert client.get(reverse("invited", args=[wrong])).status_code == 404
        for what in ("", "decline", "reopen"):
            assert client.post(own(ann, what)).status_code == 404
    ann.refresh_from_db()
    assert ann.state == Invitee.State.PENDING
