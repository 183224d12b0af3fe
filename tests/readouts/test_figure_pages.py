"""The pages that say where a number comes from: the office's, and the one for everybody."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements import clock
from engagements.models import AttendanceList, ListedPerson, StoredFile
from qa import states
from qa.models import QuestionImport
from readouts import queries
from readouts.actions import drafting, editing, publishing, watching
from tests import factories
from tests.readouts.conftest import declare

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Engagement, User
    from readouts.models import Readout

pytestmark = pytest.mark.django_db

FILE = b"Name,Minutes\nJo,5\n"
PUBLIC = "/engagements/contact-center/readout/counted/"
OFFICE = "/office/engagements/contact-center/readout/figures/"


def put_on_a_list(engagement: Engagement, people: int = 3, **exclusions: int) -> AttendanceList:
    stored = StoredFile.objects.create(
        name="Jane's <list>.csv",
        content_type="text/csv",
        size=len(FILE),
        sha256=hashlib.sha256(FILE).hexdigest(),
        content=FILE,
    )
    listed = AttendanceList.objects.create(
        engagement=engagement, file=stored, platform="zoom", state=AttendanceList.State.APPLIED
    )
    wanted = [""] * people + [why for why, number in exclusions.items() for _one in range(number)]
    for position, why in enumerate(wanted, 1):
        ListedPerson.objects.create(
            list=listed, position=position, name=f"Listed {position}",
            category=factories.category("employer"), exclusion=why,
        )  # fmt: skip
    return listed


@pytest.fixture
def traced(over: Engagement, edna: User) -> Readout:
    """With an attendance list, a report of questions, and a question of every fate."""
    listed = put_on_a_list(over, 3, host=2, absent=7)
    assert listed.file.sha256
    QuestionImport.objects.create(
        floor=over.floor,
        file_name="report.csv",
        sha256="ab" * 32,
        file=b"x",
        platform="zoom",
        imported_by=edna,
    )
    factories.make_question(over.floor, state=states.WITHDRAWN)
    factories.make_question(over.floor, state=states.DISMISSED, dismissal="case_specific")
    return drafting.draft(over, by=edna)


def publish(readout: Readout, *, by: User, second: User, **columns: Any) -> None:
    editing.edit(readout, by=by, revision=readout.revision, summary="It was about time.", **columns)
    publishing.submit(readout, by=by)
    publishing.publish(readout, by=second)


def test_a_number_opens_with_all_that_it_was_counted_from(
    traced: Readout, sign_in: Callable[[User], Client], cora: User, edna: User
) -> None:
    page = sign_in(cora).get(f"{OFFICE}joined/").content.decode()
    assert "831" in page
    assert "<strong>9</strong> rows were counted" in page
    assert "Host of the platform, on an attendance list" in page
    assert "Did not attend, on an attendance list" in page
    assert f"<code>{hashlib.sha256(FILE).hexdigest()}</code>" in page
    assert "Jane&#x27;s &lt;list&gt;.csv</a>" in page
    # Editors read the figures; the list with its names is for who counts.
    page = sign_in(edna).get(f"{OFFICE}joined/").content.decode()
    assert "Jane&#x27;s &lt;list&gt;.csv" in page
    assert "Jane&#x27;s &lt;list&gt;.csv</a>" not in page


def test_a_share_shows_how_it_was_rounded(
    traced: Readout, sign_in: Callable[[User], Client], edna: User
) -> None:
    page = sign_in(edna).get(f"{OFFICE}share.attorney/").content.decode()
    assert "356 of 831 people are 42.8399 percent exactly, told as 43 percent." in page
    for exact, remainder in (("42.8399", "0.8399"), ("18.8929", "0.8929"), ("8.3032", "0.3032")):
        assert f'<td class="num">{exact}</td>' in page
        assert f'<td class="num">{remainder}</td>' in page


def test_the_list_of_numbers_adds_up(
    traced: Readout, sign_in: Callable[[User], Client], edna: User
) -> None:
    page = sign_in(edna).get(OFFICE).content.decode()
    assert "The lines add up to the 4 written questions." in page
    assert "Dismissed: " in page
    for key in ("joined", "registered", "no_shows", "questions", "disposition.open"):
        assert f'href="{key}/"' in page
    assert reverse("readout-figure", args=["contact-center", "share.attorney"]) in page


def test_a_number_is_counted_again_and_nothing_is_stored(
    traced: Readout, sign_in: Callable[[User], Client], edna: User
) -> None:
    client = sign_in(edna)
    before = traced.provenance
    assert "The same.</strong>" in client.get(f"{OFFICE}joined/?again=yes").content.decode()
    row = traced.engagement.declared_attendance.get(people=66)
    row.people -= 1
    row.save()
    other = traced.engagement.declared_attendance.get(people=58)
    other.people += 1
    other.save()
    page = client.get(f"{OFFICE}joined/?again=yes").content.decode()
    assert "The same number, from other rows." in page
    declare(traced.engagement, {"employer": 100})
    page = client.get(f"{OFFICE}joined/?again=yes").content.decode()
    assert "Now it is 866, from 9 rows." in page
    traced.refresh_from_db()
    assert traced.provenance == before


def test_unknown_numbers_and_strangers_find_nothing(
    traced: Readout, sign_in: Callable[[User], Client], client: Client, edna: User, ada: User
) -> None:
    for key in ("nothing", "share.nobody", "joined'--", "disposition"):
        assert sign_in(edna).get(f"{OFFICE}{key}/").status_code == 404
    assert sign_in(edna).get(f"{OFFICE}joined/").status_code == 200
    assert client.get(f"{OFFICE}joined/").status_code in {302, 404}
    assert client.get(PUBLIC).status_code == 404


def test_everybody_reads_how_it_was_counted_from_what_was_frozen(
    traced: Readout, client: Client, edna: User, paul: User
) -> None:
    publish(traced, by=edna, second=paul)
    page = client.get(PUBLIC).content.decode()
    assert "Joined: 831" in page
    assert "Written questions: 4" in page
    assert "Did not attend, on an attendance list: 7" in page
    assert "Host of the platform, on an attendance list: too few to tell a number" in page
    assert "Jane" not in page
    assert "report.csv" not in page
    assert hashlib.sha256(FILE).hexdigest() in page
    assert "42.8399" in page
    # What the text does not tell is not told here either.
    assert "No-shows" not in page
    assert "Dismissed" not in page
    declare(traced.engagement, {"employer": 200})
    factories.make_question(traced.engagement.floor)
    assert client.get(PUBLIC).content.decode() == page


def test_small_roles_are_not_told_here_either(
    over: Engagement, client: Client, edna: User, paul: User
) -> None:
    declare(over, {"advocate": 3})
    readout = drafting.draft(over, by=edna)
    publish(readout, by=edna, second=paul)
    page = client.get(PUBLIC).content.decode()
    assert "advocacy" not in page.casefold()
    assert "Roles of fewer than five people are counted with" in page
    assert '<td class="num">177</td>' in page
    assert '<td class="num">3</td>' not in page
    told = json.loads(client.get("/engagements/contact-center/readout.json").content)
    roles = {one["key"]: one["value"] for one in told["numbers"] if one["share"]}
    assert {"people.attorney", "share.attorney"} <= roles.keys()
    assert not {"people.other", "people.advocate"} & roles.keys()
    assert all(
        roles[f"people.{one['key']}"] == one["people"]
        for one in told["facts"]["categories"]
        if f"people.{one['key']}" in roles
    )


def test_with_few_people_no_role_is_told(
    over: Engagement, client: Client, edna: User, paul: User
) -> None:
    over.declared_attendance.all().delete()
    declare(over, {"employer": 9, "attorney": 8})
    publish(drafting.draft(over, by=edna), by=edna, second=paul)
    page = client.get(PUBLIC).content.decode()
    assert "the groups are so small that somebody could be recognized" in page
    assert "employers" not in page.casefold()


def test_tokens_of_the_text_are_explained_and_few_no_shows_hide_who_came(
    over: Engagement, client: Client, edna: User, paul: User
) -> None:
    for number in range(9):
        person = factories.make_registration(over, f"Person {number}")
        if number < 3:
            factories.make_attendance(person)
    put_on_a_list(over, 0)
    readout = drafting.draft(over, by=edna)
    editing.edit(
        readout,
        by=edna,
        revision=readout.revision,
        summary="{{registered}} registered, {{no_shows}} stayed away.",
    )
    publishing.submit(readout, by=edna)
    publishing.publish(readout, by=paul)
    page = client.get(PUBLIC).content.decode()
    assert ("Registered: 9" in page, "No-shows: 6" in page) == (True, True)
    assert "In our room, or noted by the office: too few to tell a number" in page


def test_versions_keep_their_own_account(
    traced: Readout, client: Client, edna: User, paul: User
) -> None:
    publish(traced, by=edna, second=paul)
    first = "/engagements/contact-center/readout/versions/1/counted/"
    assert client.get(first).status_code == 200
    declare(traced.engagement, {"employer": 100})
    publishing.correct(traced, by=edna, note="Employers were counted anew.")
    drafting.refresh_facts(traced, by=edna)
    assert "Joined: 831" in client.get(PUBLIC).content.decode()
    publishing.submit(traced, by=edna)
    publishing.publish(traced, by=paul)
    assert "Joined: 865" in client.get(PUBLIC).content.decode()
    page = client.get(first).content.decode()
    assert "Joined: 831" in page
    assert "It was corrected since." in page
    publishing.withdraw(traced, by=edna if traced.last_editor != edna else paul, reason="Wrong")
    assert [client.get(one).status_code for one in (PUBLIC, first)] == [404, 404]


def test_a_draft_of_before_says_that_it_has_no_sources(
    traced: Readout, sign_in: Callable[[User], Client], client: Client, edna: User, paul: User
) -> None:
    traced.provenance = []
    traced.save()
    assert "before the sources" in sign_in(edna).get(OFFICE).content.decode()
    publish(traced, by=edna, second=paul)
    assert "before the sources of its numbers were kept" in client.get(PUBLIC).content.decode()


def test_drift_is_on_the_home_and_on_the_page_until_somebody_settles_it(
    traced: Readout, sign_in: Callable[[User], Client], edna: User, paul: User, omar: User
) -> None:
    publish(traced, by=edna, second=paul)
    watching.look()
    client, edit = sign_in(edna), "/office/engagements/contact-center/readout/"
    assert "counted otherwise now" not in client.get("/office/").content.decode()
    declare(traced.engagement, {"employer": 70})
    watching.look_anew()
    watching.look()
    assert (
        "1 published readout would be counted otherwise now"
        in client.get("/office/").content.decode()
    )
    assert "published 831, now 835" in client.get(edit).content.decode()
    assert "counted otherwise now" not in sign_in(omar).get("/office/").content.decode()
    page = client.post(f"{edit}settle/", {"reason": ""}, follow=True).content.decode()
    assert "Please say why the published figures stay as they are." in page
    page = client.post(f"{edit}settle/", {"reason": "A late list"}, follow=True).content.decode()
    assert "Reason: A late list" in page
    assert "counted otherwise now" not in client.get("/office/").content.decode()


def test_reads_the_pages_with_constant_queries(
    traced: Readout,
    sign_in: Callable[[User], Client],
    client: Client,
    edna: User,
    paul: User,
    django_assert_max_num_queries: Any,
) -> None:
    publish(traced, by=edna, second=paul)
    office = sign_in(edna)
    with django_assert_max_num_queries(16):
        office.get(OFFICE)
    with django_assert_max_num_queries(14):
        client.get(PUBLIC)


def test_counted_at_is_the_moment_of_counting(traced: Readout) -> None:
    entry = queries.figure_of(traced, "joined")
    assert entry is not None
    assert entry.counted_at[:16] == clock.now().isoformat()[:16] or entry.counted_at
