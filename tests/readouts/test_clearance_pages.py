from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements import clock
from readouts import queries
from readouts.actions import editing, publishing
from readouts.models import Approval, ClearanceStep, Readout, ReadoutVersion
from tests.readouts.clearing import add_step, approve, mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def address(name: str, *more: object) -> str:
    return reverse(name, args=["contact-center", *more])


def body(response: Any) -> str:
    return str(response.content.decode())


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that leads there."""
    start = page.index(f'action="{action}"')
    return dict(HIDDEN.findall(page[start : page.index("</form>", start)]))


@pytest.fixture
def counsel(ada: User, mia: User) -> ClearanceStep:
    return add_step("Counsel", mia, by=ada)


@pytest.fixture
def submitted(counsel: ClearanceStep, readout: Readout, edna: User) -> Readout:
    editing.edit(readout, by=edna, revision=1, summary="What was **said**.")
    return publishing.submit(readout, by=edna)


@pytest.fixture
def corrected(readout: Readout, edna: User, paul: User) -> ReadoutVersion:
    """The second version, without a chain."""
    editing.edit(readout, by=edna, revision=1, summary="What was said.\n\nAnd <b>more</b>.")
    publishing.submit(readout, by=edna)
    publishing.publish(readout, by=paul)
    publishing.correct(readout, by=edna, note="A word was missing")
    summary = "What was really said.\n\nAnd <b>more</b>."
    editing.edit(readout, by=edna, revision=readout.revision, summary=summary)
    publishing.submit(readout, by=edna)
    return publishing.publish(readout, by=paul)


def test_who_only_clears_finds_the_readout_and_approves_what_is_shown(
    submitted: Readout, counsel: ClearanceStep, mia: User, sign_in: SignIn
) -> None:
    client = sign_in(mia)
    home = body(client.get(reverse("office")))
    assert address("readout-preview") in home
    page = body(client.get(address("readout-preview")))
    assert "What was <strong>said</strong>." in page
    inside = re.findall(r'href="(/office/engagements/contact-center/[^"]*)"', page)
    assert all(client.get(one).status_code == 200 for one in inside)
    sent = form_of(page, address("readout-approve")) | {"remark": "Fine."}
    response = client.post(address("readout-approve"), sent, follow=True)
    assert "It counts for exactly the text that you read." in body(response)
    given = Approval.objects.get()
    assert (given.by, given.step, given.remark) == (mia, counsel, "Fine.")
    assert given.digest == queries.document_of(submitted).digest
    assert "Readouts for you to clear" not in body(client.get(reverse("office")))


def test_who_only_clears_sees_nothing_else(submitted: Readout, mia: User, sign_in: SignIn) -> None:
    client = sign_in(mia)
    closed = [
        address("readout-edit"),
        address("readout-samples"),
        address("readout-history"),
        address("readout-changes"),
        address("engagement-office"),
    ]
    assert [client.get(one).status_code for one in closed] == [404] * len(closed)
    response = client.post(address("readout-return"), {"note": "A name is wrong."}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("office")
    assert client.get(address("readout-preview")).status_code == 404


def test_a_correction_is_shown_beside_what_it_corrects(
    corrected: ReadoutVersion,
    counsel: ClearanceStep,
    edna: User,
    mia: User,
    sign_in: SignIn,
) -> None:
    readout = corrected.readout
    publishing.correct(readout, by=edna, note="Once more")
    editing.edit(readout, by=edna, revision=readout.revision, summary="Nothing of it.")
    publishing.submit(readout, by=edna)
    page = body(sign_in(mia).get(address("readout-changes")))
    assert "From version 2 to the text of now" in page
    assert re.search(r"<del>.*What was really said", page)
    assert address("readout-history") not in page


def test_the_editors_read_why_it_came_back_and_who_voided_what(
    submitted: Readout, counsel: ClearanceStep, mia: User, edna: User, sign_in: SignIn
) -> None:
    approve(submitted, counsel, by=mia)
    publishing.return_to_draft(submitted, by=mia, note="The <second> sentence.")
    client = sign_in(edna)
    page = body(client.get(address("readout-edit")))
    assert "Returned by Mia (Counsel)" in page
    assert page.count("The &lt;second&gt; sentence.") == 1
    assert page.index("The &lt;second&gt; sentence.") < page.index('id="text-form"')
    editing.edit(submitted, by=edna, revision=submitted.revision, summary="Other words.")
    publishing.submit(submitted, by=edna)
    page = body(client.get(address("readout-edit")))
    assert "Mia approved another text" in page
    assert "Changed by Edna" in page
    history = body(client.get(address("readout-history")))
    assert "<s>Approved: Counsel</s>" in history
    assert "The &lt;second&gt; sentence." in history


def test_publisher_waits_for_the_chain_then_sets_a_time(
    submitted: Readout, counsel: ClearanceStep, mia: User, paul: User, sign_in: SignIn
) -> None:
    client = sign_in(paul)
    page = body(client.get(address("readout-preview")))
    assert address("readout-publish") not in page
    assert "waits for" in page
    response = client.post(
        address("readout-publish"), {"revision": submitted.revision}, follow=True
    )
    assert "Counsel has not approved this text yet." in body(response)
    approve(submitted, counsel, by=mia)
    page = body(client.get(address("readout-preview")))
    assert form_of(page, address("readout-publish")) == form_of(page, address("readout-schedule"))
    sent = form_of(page, address("readout-schedule"))
    year = clock.now().year + 1
    for at, words in [
        ("", "This field is required."),
        ("2021-04-14T14:00", "That time has passed."),
        (f"{year + 1}-06-01T12:00", "within a year"),
    ]:
        response = client.post(address("readout-schedule"), sent | {"at": at}, follow=True)
        assert words in body(response)
    month_on = submitted.engagement.local(clock.now() + timedelta(days=30))
    noon = month_on.replace(hour=12, minute=0, second=0, microsecond=0)
    response = client.post(
        address("readout-schedule"), sent | {"at": f"{noon:%Y-%m-%dT%H:%M}"}, follow=True
    )
    assert "It will be published by the clock:" in body(response)
    submitted.refresh_from_db()
    assert submitted.publish_at == noon
    client.post(address("readout-unschedule"))
    submitted.refresh_from_db()
    assert submitted.publish_at is None


def test_what_was_read_before_is_not_published(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    publishing.submit(readout, by=edna, without_summary=True)
    client = sign_in(paul)
    sent = form_of(body(client.get(address("readout-preview"))), address("readout-publish"))
    Readout.objects.update(facts=readout.facts | {"about": "something else"})
    response = client.post(address("readout-publish"), sent, follow=True)
    assert "has changed since you read it" in body(response)
    assert not ReadoutVersion.objects.exists()


def test_everybody_reads_what_was_corrected(corrected: ReadoutVersion, client: Client) -> None:
    link = address("readout-difference", 1, 2)
    assert link in body(client.get(address("readout")))
    page = body(client.get(link))
    assert "Corrected: A word was missing" in page
    assert re.search(r"<ins>.*really", page)
    assert "&lt;b&gt;more&lt;/b&gt;" in page
    assert body(client.get(address("readout-difference", 2, 1))) == page
    for before, after in [(1, 1), (1, 3), (0, 1), (2, 10**20)]:
        response = client.get(address("readout-difference", before, after))
        assert response.status_code == 404


def test_of_what_was_withdrawn_only_the_office_reads_the_difference(
    corrected: ReadoutVersion, paul: User, client: Client, sign_in: SignIn
) -> None:
    publishing.withdraw(corrected.readout, by=paul, reason="Wrong figures")
    assert client.get(address("readout-difference", 1, 2)).status_code == 404
    office = sign_in(paul)
    assert "really" in body(office.get(address("readout-office-difference", 1, 2)))


def test_the_administrator_sets_the_chain(ada: User, cora: User, sign_in: SignIn) -> None:
    client = sign_in(ada)
    page = body(client.get(reverse("clearance")))
    assert "No step is in use" in page
    sent = {"seen": mark(), "name": "Privacy", "people": [cora.pk]}
    response = client.post(reverse("clearance-add"), sent, follow=True)
    assert "Readouts need this step from now on" in body(response)
    step = ClearanceStep.objects.get()
    assert (step.name, list(step.people.all())) == ("Privacy", [cora])
    again = client.post(reverse("clearance-add"), sent)
    assert again.status_code == 409
    assert "Somebody else has changed the chain meanwhile." in body(again)
    nobody = client.post(reverse("clearance-save", args=[step.pk]), {"seen": mark(), "name": ""})
    assert nobody.status_code == 400
    off = {"seen": mark(), "name": "Privacy <b>", "people": [cora.pk]}
    client.post(reverse("clearance-save", args=[step.pk]), off)
    step.refresh_from_db()
    assert (step.name, step.is_active) == ("Privacy <b>", False)
    assert "Privacy &lt;b&gt;" in body(client.get(reverse("clearance")))


def test_others_of_the_office_read_the_chain_only(
    counsel: ClearanceStep, edna: User, sign_in: SignIn
) -> None:
    client = sign_in(edna)
    page = body(client.get(reverse("clearance")))
    assert "Counsel" in page
    assert reverse("clearance-save", args=[counsel.pk]) not in page
    sent = {"seen": mark(), "name": "Mine", "people": [edna.pk]}
    assert client.post(reverse("clearance-add"), sent).status_code == 404
    assert ClearanceStep.objects.get().name == "Counsel"


def test_a_readout_without_a_summary_asks_once_more(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    client = sign_in(edna)
    page = body(client.get(address("readout-preview")))
    assert 'name="without_summary"' in page
    response = client.post(address("readout-submit"), follow=True)
    assert "This readout has no summary." in body(response)
    client.post(address("readout-submit"), {"without_summary": "on"})
    readout.refresh_from_db()
    assert readout.state == "in_review"


def test_a_number_that_no_database_holds_is_nobody(ada: User, sign_in: SignIn) -> None:
    sent = {"seen": mark(), "name": "Counsel", "people": [str(ada.pk), "9" * 2_000]}
    assert sign_in(ada).post(reverse("clearance-add"), sent).status_code == 400
    assert ClearanceStep.objects.count() == 0
    assert (
        sign_in(ada).post(reverse("clearance-add"), sent | {"people": [ada.pk]}).status_code == 302
    )
    assert list(ClearanceStep.objects.get().people.all()) == [ada]
