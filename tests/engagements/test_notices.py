from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.actions import noticing
from engagements.models import AuditEntry, Engagement, Notice, User
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

PRA: dict[str, Any] = {
    "omb_number": "1234-0056",
    "omb_expires_on": "2027-05-31",
    "burden": "Three minutes.",
}


def typed(seen: Notice, **changes: str) -> dict[str, str]:
    return {"privacy": "We keep your name.", "seen": str(seen.pk)} | changes


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


@pytest.fixture
def administration(ada: User, sign_in: SignIn) -> Client:
    return sign_in(ada)


def test_the_office_publishes_the_next_version(ada: User) -> None:
    first = Notice.of_office()
    second = noticing.publish(by=ada, recording="It is recorded.")
    assert (second.version, second.privacy, second.recording, second.made_by) == (
        2,
        first.privacy,
        "It is recorded.",
        ada,
    )
    assert noticing.publish(by=ada, recording="It is recorded.") == second
    entry = AuditEntry.objects.get(action="notice.published")
    assert (entry.actor, entry.detail) == (ada, {"version": 2})


def test_an_engagement_has_its_own_and_goes_back(engagement: Engagement, cora: User) -> None:
    before = factories.make_registration(engagement)
    own = noticing.publish(by=cora, engagement=engagement, advice="No advice.")
    assert (Notice.shown_for(engagement), own.version, own.privacy) == (
        own,
        1,
        before.notice.privacy,
    )
    assert noticing.go_back(engagement, by=cora) == Notice.of_office()
    assert Notice.shown_for(engagement) == Notice.of_office()
    again = noticing.publish(by=cora, engagement=engagement, advice="Still none.")
    assert (again.version, Notice.shown_for(engagement)) == (3, again)
    before.refresh_from_db()
    assert before.notice == Notice.of_office()


def test_who_comes_second_is_told_whose_version_stands(ada: User) -> None:
    seen = Notice.of_office()
    noticing.publish(by=ada, seen=seen.pk, privacy="Ada's")
    eva = factories.make_user("Eva", is_administrator=True)
    with pytest.raises(Refused) as refused:
        noticing.publish(by=eva, seen=seen.pk, privacy="Eva's")
    assert str(refused.value) == (
        "Somebody else has published other notices in the meantime. Version 2 is by Ada."
    )
    assert Notice.of_office().privacy == "Ada's"
    noticing.publish(by=eva, seen=Notice.of_office().pk, privacy="Eva's")
    assert Notice.of_office().privacy == "Eva's"


def test_whose_notices_are_whose(
    engagement: Engagement, cora: User, omar: User, mia: User, ada: User, uma: User
) -> None:
    for user in (cora, omar, mia, uma):
        with pytest.raises(NotAllowed):
            noticing.publish(by=user, privacy="Mine")
    for user in (omar, mia, uma):
        with pytest.raises(NotAllowed):
            noticing.publish(by=user, engagement=engagement, privacy="Mine")
        with pytest.raises(NotAllowed):
            noticing.go_back(engagement, by=user)
    assert Notice.objects.count() == 1
    noticing.publish(by=ada, engagement=engagement, privacy="Ada's")
    assert Notice.shown_for(engagement).privacy == "Ada's"


def test_the_office_page_previews_publishes_and_lists(administration: Client) -> None:
    address = reverse("office-notices")
    first = Notice.of_office()
    assert "came with the installation" in administration.get(address).content.decode()
    given = typed(first, **PRA)
    looked = administration.post(address, given | {"preview": "yes"})
    assert looked.status_code == 200
    assert "Preview: not published yet" in looked.content.decode()
    assert "OMB control number 1234-0056, expires on May 31, 2027" in looked.content.decode()
    assert Notice.of_office() == first
    assert administration.post(address, given)["Location"] == address
    published = Notice.of_office()
    assert (published.version, published.omb_expires_on, published.burden) == (
        2,
        date(2027, 5, 31),
        "Three minutes.",
    )
    assert "Ada" in administration.get(address).content.decode()


def test_an_engagement_s_page_lists_who_saw_what(
    office: Client, engagement: Engagement, cora: User
) -> None:
    address = reverse("notices", args=[engagement.slug])
    assert "There are no versions of its own" in office.get(address).content.decode()
    assert office.post(address, typed(Notice.of_office()))["Location"] == address
    own = Notice.shown_for(engagement)
    for _ in range(2):
        factories.make_registration(engagement, notice=own)
    text = office.get(address).content.decode()
    assert '<td class="num">2</td>' in text
    assert "reads this engagement" in text
    response = office.post(reverse("notices-go-back", args=[engagement.slug]), follow=True)
    assert "The notices of the office stand here again." in response.content.decode()
    assert Notice.shown_for(engagement) == Notice.of_office()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"privacy": " "}, "Please write a privacy notice."),
        ({"omb_number": "12340056"}, "four figures, a hyphen, and four"),
        ({"omb_number": "1234-0056", "burden": "A"}, "This belongs to the control number."),
        (
            {"omb_number": "1234-0056", "omb_expires_on": "2027-05-31"},
            "This belongs to the control number.",
        ),
        ({"burden": "Three minutes."}, "Please give the number that this belongs to."),
        (PRA | {"omb_expires_on": "soon"}, "Please give a date, for example 2027-05-31."),
    ],
)
def test_a_bad_notice_is_told_in_words_and_kept(
    administration: Client, changes: dict[str, str], says: str
) -> None:
    given = typed(Notice.of_office(), recording="A kept sentence") | changes
    response = administration.post(reverse("office-notices"), given)
    assert response.status_code == 400
    assert says in response.content.decode()
    assert "A kept sentence" in response.content.decode()
    assert Notice.objects.count() == 1


def test_the_page_keeps_what_the_second_of_two_typed(administration: Client, ada: User) -> None:
    address = reverse("office-notices")
    seen = Notice.of_office()
    newer = noticing.publish(by=ada, privacy="Ada's")
    response = administration.post(address, typed(seen, privacy="Typed by somebody else"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Version 2 is by Ada." in text
    assert "Typed by somebody else" in text
    assert f'name="seen" value="{newer.pk}"' in text
    assert Notice.of_office() == newer
    administration.post(address, typed(newer, privacy="Typed by somebody else"))
    assert Notice.of_office().privacy == "Typed by somebody else"


def test_hostile_words_stay_words(administration: Client) -> None:
    hostile = "<script>alert(1)</script> {{7*7}}"
    address = reverse("office-notices")
    administration.post(
        address, typed(Notice.of_office(), privacy=hostile, recording=hostile, advice=hostile)
    )
    text = administration.get(address).content.decode()
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}") >= 6


def test_the_pages_ask_as_much_for_three_as_for_one(
    office: Client, administration: Client, engagement: Engagement, cora: User, ada: User
) -> None:
    counts = []
    for number in range(3):
        noticing.publish(by=cora, engagement=engagement, privacy=f"Own {number}")
        noticing.publish(by=ada, privacy=f"Office {number}")
        factories.make_registration(engagement, notice=Notice.shown_for(engagement))
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("notices", args=[engagement.slug]))
            administration.get(reverse("office-notices"))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_the_words_of_the_office_lead_to_its_notices(administration: Client) -> None:
    text = administration.get(reverse("office-words")).content.decode()
    assert f'href="{reverse("office-notices")}"' in text
