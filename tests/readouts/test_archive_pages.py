"""The archive as everybody reads it: found, narrowed down, on one page, and for machines."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.actions import running
from engagements.models import Engagement, Office, Series
from qa import states
from qa.models import Label, Question, WrittenAnswer
from readouts.actions import drafting, editing, indexing, publishing, sampling
from tests import factories
from tests.readouts.test_search import HOSTILE

if TYPE_CHECKING:
    from django.test import Client

    from engagements.models import User
    from readouts.models import Readout, ReadoutVersion

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client: Client, name: str, *args: object, **query: str | int) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def publish(engagement: Engagement, *, by: User, then: User, summary: str) -> ReadoutVersion:
    readout = drafting.draft(engagement, by=by)
    editing.edit(readout, by=by, revision=readout.revision, summary=summary)
    publishing.submit(readout, by=by)
    return publishing.publish(readout, by=then)


@pytest.fixture
def published(over: Engagement, readout: Readout, edna: User, paul: User) -> ReadoutVersion:
    summary = "Officers explained **premium** fees <script>alert(1)</script>."
    editing.edit(readout, by=edna, revision=1, summary=summary)
    first = over.floor.questions.get(number=1)
    sampling.choose(readout, first, by=edna, reason="Many ask this")
    publishing.submit(readout, by=edna)
    return publishing.publish(readout, by=paul)


def held(slug: str, title: str, **fields: Any) -> Engagement:
    engagement = factories.make_engagement(
        slug, title=title, state=Engagement.State.ENDED, **fields
    )
    indexing.renew(engagement)
    return engagement


class TestArchive:
    def test_what_was_held_the_latest_first(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        later = factories.START + timedelta(days=30)
        held("later", "Later", starts_at=later, ends_at=later + timedelta(hours=1))
        hidden: dict[str, dict[str, Any]] = {
            "plan": {"state": Engagement.State.DRAFT},
            "try": {"is_rehearsal": True, "state": Engagement.State.ENDED},
            "off": {"state": Engagement.State.CANCELLED},
            "soon": {},
        }
        for slug, fields in hidden.items():
            indexing.renew(factories.make_engagement(slug, title=f"Not {slug}", **fields))
        page = read(client, "archive")
        assert "2 engagements" in page
        assert page.index("Later") < page.index("The USCIS Contact Center")
        assert "Not " not in page
        assert "828 joined" in page
        assert "3 written questions" in page
        assert "Officers explained premium fees" in page

    def test_found_words_are_marked_and_nothing_else_is_markup(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        page = read(client, "archive", q="explain script")
        assert "Officers <mark>explained</mark> premium fees" in page
        assert "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;" in page
        assert "<script>alert(1)" not in page

    def test_filters_narrow_down_and_say_what_they_leave(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        series = Series.objects.create(name="Fees & forms")
        ice = factories.make_agency("ICE")
        year = factories.START + timedelta(days=365)
        when = {"starts_at": year, "ends_at": year + timedelta(hours=1)}
        held("a", "Forms one", agency=ice, series=series, **when)
        held("b", "Forms two", agency=ice, **when)
        page = read(client, "archive", agency=ice.pk)
        assert "2 engagements" in page
        assert "The USCIS Contact Center" not in page
        assert f'<option value="{ice.pk}" selected>ICE (2)</option>' in page
        assert ">USCIS (1)</option>" in page
        assert ">Fees &amp; forms (1)</option>" in page
        assert '<option value="2022">2022 (2)</option>' in page
        assert "2021 (" not in page
        narrow = read(client, "archive", agency=ice.pk, series=series.pk, year=2022, q="one")
        assert "1 engagement with" in narrow
        assert 'href="/engagements/a/"' in narrow
        assert 'href="/engagements/b/"' not in narrow
        none = read(client, "archive", agency=ice.pk, year=2021)
        assert "Nothing found" in none
        assert '<option value="2021" selected>2021 (0)</option>' in none

    def test_topics_of_an_agenda_are_public_with_the_readout(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        for engagement in (published.readout.engagement, held("other", "Other")):
            Label.objects.create(engagement=engagement, name="Kiosks")
        page = read(client, "archive")
        assert "Kiosks (1)</option>" in page
        assert 'href="/engagements/other/"' not in read(client, "archive", label="KIOSKS")

    def test_what_is_still_to_come_is_pointed_to(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        indexing.renew(factories.make_engagement("soon", title="Premium processing"))
        page = read(client, "archive", q="processing")
        assert "Nothing found" in page
        assert "The same among those still to come: 1" in page
        ahead = read(client, "archive", q="processing", when="ahead")
        assert 'href="/engagements/soon/"' in ahead

    @pytest.mark.parametrize("text", HOSTILE)
    def test_whatever_stands_in_the_address_is_answered(self, client: Client, text: str) -> None:
        address = reverse("archive")
        names = ("q", "agency", "series", "year", "label", "when", "sort", "page")
        sent = text.encode("utf-8", "surrogatepass")
        assert client.get(address, dict.fromkeys(names, sent)).status_code == 200

    def test_long_lists_have_pages_that_keep_the_question(self, client: Client) -> None:
        series = Series.objects.create(name="Row")
        for number in range(21):
            held(f"e{number}", f"Forms {number}", series=series)
        page = read(client, "archive", q="form", series=series.pk)
        assert f'rel="next" href="?q=form&amp;series={series.pk}&amp;page=2"' in page
        second = read(client, "archive", q="form", series=series.pk, page=2)
        assert second.count('<li class="event') == 1

    def test_queries_do_not_grow(
        self, client: Client, published: ReadoutVersion, edna: User, paul: User
    ) -> None:
        def asked(**query: str | int) -> int:
            with CaptureQueriesContext(connection) as queries:
                read(client, "archive", **query)
            return len(queries)

        one = (asked(), asked(q="explain"))
        for number in range(3):
            engagement = held(f"e{number}", f"Explained {number}")
            factories.make_member(edna, engagement, "editor")
            factories.make_member(paul, engagement, "editor")
            publish(engagement, by=edna, then=paul, summary="Explained.")
        assert (asked(), asked(q="explain")) == one
        assert max(one) <= 10


class TestPageOfAnEngagement:
    def test_it_gathers_what_was_published(
        self, client: Client, published: ReadoutVersion, edna: User
    ) -> None:
        engagement = published.readout.engagement
        question = engagement.floor.questions.get(number=2)
        WrittenAnswer.objects.create(
            question=question, text="The help desk.", given_by="Nathan Stiefel", reach="all",
            drafted_by=edna, published_at=published.published_at,
        )  # fmt: skip
        page = read(client, "engagement", engagement.slug)
        for words in (
            "Officers explained <strong>premium</strong> fees",
            "A total of 828 stakeholders joined",
            "When does it open?",
            "Follow-up questions and answers",
            "Answered by Nathan Stiefel",
            "The help desk.",
            "Read all 3 questions that were shown",
            'href="/engagements/contact-center/readout/"',
        ):
            assert words in page, words
        for file in published.files.all():
            address = reverse("readout-version-file", args=[engagement.slug, 1, file.format])
            assert f'href="{address}"' in page

    def test_nothing_of_it_before_publication_and_after_a_withdrawal(
        self, client: Client, over: Engagement, readout: Readout, edna: User, paul: User, ada: User
    ) -> None:
        editing.edit(readout, by=edna, revision=1, summary="Canary summary")
        publishing.submit(readout, by=edna)
        questions = reverse("public-questions", args=[over.slug])

        def is_told() -> tuple[bool, bool, int]:
            page = read(client, "engagement", over.slug)
            return (
                "Canary summary" in page,
                "Who answers?" in page + client.get(questions).content.decode(),
                client.get(questions).status_code,
            )

        assert is_told() == (False, False, 404)
        publishing.publish(readout, by=paul)
        assert is_told() == (True, True, 200)
        publishing.withdraw(readout, by=ada, reason="Wrong figures")
        assert is_told() == (False, False, 404)

    def test_only_questions_that_were_shown_and_without_names(
        self, client: Client, published: ReadoutVersion, edna: User
    ) -> None:
        engagement = published.readout.engagement
        floor = engagement.floor
        for state in set(Question.State.values) - {states.SHOWN}:
            factories.make_question(floor, f"Canary {state}", state=state)
        factories.make_question(floor, "Mine?", state=states.SHOWN, asker_name="Canary Ana")
        suspect = factories.make_question(floor, "Canary 555-1234?", state=states.SHOWN)
        Question.objects.filter(pk=suspect.pk).update(open_findings=["phone"])
        private = floor.questions.get(number=1)
        WrittenAnswer.objects.create(
            question=private, text="Canary for the asker", given_by="Nathan", reach="asker",
            drafted_by=edna, published_at=published.published_at,
        )  # fmt: skip
        draft = floor.questions.get(number=2)
        WrittenAnswer.objects.create(
            question=draft, text="Canary draft", given_by="Nathan", reach="all", drafted_by=edna
        )
        for name in ("public-questions", "engagement"):
            page = read(client, name, engagement.slug)
            assert "Canary" not in page
        assert "Mine?" in read(client, "public-questions", engagement.slug)

    def test_questions_by_topic(self, client: Client, published: ReadoutVersion) -> None:
        engagement = published.readout.engagement
        label = Label.objects.create(engagement=engagement, name="Kiosks")
        foreign = Label.objects.create(engagement=held("other", "Other"), name="Foreign")
        engagement.floor.questions.filter(number=2).update(label=label)
        page = read(client, "public-questions", engagement.slug, label=label.pk)
        assert ("Who answers?" in page, "When does it open?" in page) == (True, False)
        for wrong in (foreign.pk, "x", -1):
            page = read(client, "public-questions", engagement.slug, label=wrong)
            assert "When does it open?" in page


class TestForMachines:
    def test_one_address_and_what_others_show_of_it(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        engagement = published.readout.engagement
        for name, args in (
            ("engagement", [engagement.slug]),
            ("readout", [engagement.slug]),
            ("archive", []),
            ("home", []),
        ):
            page = read(client, name, *args)
            address = urljoin(settings.PUBLIC_URL, reverse(name, args=args))
            assert f'<link rel="canonical" href="{address}">' in page, name
            assert f'<meta property="og:url" content="{address}">' in page, name
            assert page.count('property="og:title"') == page.count('name="description"') == 1
            assert 'name="robots"' not in page
        narrowed = read(client, "archive", q="premium")
        assert 'content="noindex, follow"' in narrowed
        assert 'rel="canonical"' not in narrowed

    def test_the_host_of_a_request_is_in_no_address(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        for name in ("sitemap", "robots", "archive-feed"):
            response = client.get(reverse(name), headers={"x-forwarded-host": "evil.example"})
            assert "evil.example" not in response.content.decode()

    def test_the_feed_tells_of_readouts_and_corrections(
        self, client: Client, published: ReadoutVersion, edna: User, paul: User, ada: User
    ) -> None:
        def entries() -> list[Any]:
            response = client.get(reverse("archive-feed"))
            return list(ET.fromstring(response.content).findall(f"{ATOM}entry"))

        [first] = entries()
        link = first.find(f"{ATOM}link")
        assert link.get("href") == urljoin(
            settings.PUBLIC_URL, "/engagements/contact-center/readout/"
        )
        assert "Officers explained premium fees" in first.findtext(f"{ATOM}summary")
        assert "<script>" not in first.findtext(f"{ATOM}summary")
        readout = published.readout
        publishing.correct(readout, by=edna, note="One figure")
        publishing.submit(readout, by=edna)
        publishing.publish(readout, by=paul)
        [second] = entries()
        assert second.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")
        assert second.findtext(f"{ATOM}published") == first.findtext(f"{ATOM}published")
        assert second.findtext(f"{ATOM}title").startswith("Corrected: ")
        publishing.withdraw(readout, by=ada, reason="Wrong figures")
        assert entries() == []

    def test_who_has_the_feed_is_not_sent_it_again(
        self, client: Client, published: ReadoutVersion
    ) -> None:
        address = reverse("archive-feed")
        mark = client.get(address)["ETag"]
        assert client.get(address, headers={"if-none-match": mark}).status_code == 304
        Office.objects.update(short_name="Another name")
        assert client.get(address, headers={"if-none-match": mark}).status_code == 200

    def test_the_map_names_what_is_public(
        self, client: Client, published: ReadoutVersion, cora: User, ada: User
    ) -> None:
        def paths() -> set[str]:
            response = client.get(reverse("sitemap"))
            assert response["Content-Type"] == "application/xml; charset=utf-8"
            found = [str(one.text) for one in ET.fromstring(response.content).iter(f"{MAP}loc")]
            start = settings.PUBLIC_URL
            assert all(one.startswith(start) for one in found)
            return {one.removeprefix(start) for one in found}

        own = "/engagements/contact-center/"
        live = "/engagements/live-session/"
        everything = {"/", "/archive/", live, own, f"{own}readout/", f"{own}questions/"}
        plan = factories.make_engagement("plan", state=Engagement.State.DRAFT)
        factories.make_member(cora, plan, "coordinator")
        assert paths() == everything
        running.schedule(plan, by=cora)
        assert paths() == everything | {"/engagements/plan/"}
        publishing.withdraw(published.readout, by=ada, reason="Wrong figures")
        assert paths() == {"/", "/archive/", live, own, "/engagements/plan/"}

    def test_a_long_map_is_in_parts(
        self,
        client: Client,
        published: ReadoutVersion,
        live_engagement: Engagement,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("readouts.views.feeds.IN_A_MAP", 2)
        index = ET.fromstring(client.get(reverse("sitemap")).content)
        parts = [str(one.text) for one in index.iter(f"{MAP}loc")]
        assert [part.rpartition("/")[2] for part in parts] == [
            f"sitemap-{number}.xml" for number in (1, 2, 3)
        ]
        sizes = [
            len(list(ET.fromstring(client.get(reverse("sitemap-part", args=[number])).content)))
            for number in (1, 2, 3)
        ]
        assert sizes == [2, 2, 2]
        for number in (0, 4):
            assert client.get(reverse("sitemap-part", args=[number])).status_code == 404

    def test_robots_are_told_where_not_to_look(self, client: Client) -> None:
        text = read(client, "robots")
        assert "Disallow: /office/\n" in text
        assert f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml\n" in text
