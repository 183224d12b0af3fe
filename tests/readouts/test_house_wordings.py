"""The office's wordings: set by administrators, read by editors, tried without a trace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements.models import AuditEntry, Role
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules
from readouts.actions import editing, publishing, sampling
from readouts.actions import wording as actions
from readouts.forms.wording import WordingForm, languages
from readouts.models import HouseWording, Readout
from readouts.queries.trying import triable, tryout
from readouts.wording import HOUSE, House, KindWords
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from engagements.models import Engagement, User
    from qa.models import Question

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

TOTAL = House(attendance_by="total", label="Summary of the Engagement")


@pytest.fixture
def wording(ada: User) -> HouseWording:
    return actions.add(by=ada, name="Ours", language="en")


def edited(wording: HouseWording, by: User, house: House = TOTAL, **more: Any) -> list[str]:
    given: dict[str, Any] = {"revision": wording.revision, "name": wording.name} | more
    return actions.edit(wording, by=by, house=house, **given)


def stored(wording: HouseWording) -> tuple[str, str, dict[str, Any], int, bool]:
    now = HouseWording.objects.get(pk=wording.pk)
    return now.name, now.language, now.phrases, now.revision, now.is_usual


class TestActions:
    def test_a_wording_keeps_what_differs_from_the_original(
        self, wording: HouseWording, ada: User
    ) -> None:
        assert stored(wording) == ("Ours", "en", {}, 1, False)
        assert edited(wording, ada) == ["attendance_by", "label"]
        assert stored(wording) == (
            "Ours",
            "en",
            {"attendance_by": "total", "label": "Summary of the Engagement"},
            2,
            False,
        )
        assert queries.house(wording) == TOTAL
        entry = AuditEntry.objects.get(action="wording.edited")
        assert entry.detail["fields"] == ["attendance_by", "label"]
        assert "Summary" not in str(entry.detail)
        assert edited(wording, ada) == []
        assert stored(wording)[3] == 2

    def test_two_administrators_do_not_overwrite_each_other(
        self, wording: HouseWording, ada: User
    ) -> None:
        rights = factories.make_user("Rhea", is_administrator=True)
        edited(wording, ada)
        before = stored(wording)
        with pytest.raises(actions.WordingOvertaken) as refusal:
            edited(wording, rights, replace(HOUSE, label="Recap"), revision=1)
        assert str(ada) in str(refusal.value)
        assert (refusal.value.wording.revision, stored(wording)) == (2, before)
        edited(wording, rights, replace(HOUSE, label="Recap"), revision=2)
        assert stored(wording)[2:4] == ({"label": "Recap"}, 3)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"joined": "Stakeholders joined $this_kind."}, "Please put $people into this phrase."),
            ({"joined": "$people came, $who."}, "This phrase cannot have $who."),
            ({"joined": "$people of them joined."}, "A sentence never begins with a figure."),
            ({"joined": "All 828 of $people joined."}, "Please take out the digits."),
            ({"opening": "$date, $office: $about $"}, "A $ has to be followed by"),
            ({"opening": " "}, "Please write this phrase."),
            ({"opening": "$date $office $about\n"}, "This must be one line"),
            ({"label": "Read\u202eout"}, "This must be one line"),
            ({"months": ("January",)}, "This needs 12 lines, and has 1."),
            ({"months": ("May",) * 12}, "Two lines are the same."),
            ({"attendance_by": "all"}, "Please choose one of these."),
            ({"kinds": {"webinar": KindWords("webinar", "", "")}}, "all the words of a row"),
            ({"language": "klingon"}, "by its code"),
        ],
    )
    def test_what_could_not_word_every_readout_is_refused(
        self, wording: HouseWording, ada: User, change: dict[str, Any], words: str
    ) -> None:
        before = stored(wording)
        with pytest.raises(Refused) as refusal:
            edited(wording, ada, replace(TOTAL, **change))
        assert words in str(refusal.value)
        assert stored(wording) == before
        edited(wording, ada)
        assert stored(wording) != before

    def test_only_administrators_set_it(
        self, wording: HouseWording, ada: User, edna: User, omar: User
    ) -> None:
        before = [stored(wording), AuditEntry.objects.count()]
        tries: list[Callable[[User], object]] = [
            lambda by: actions.add(by=by, name="Other", language="en"),
            lambda by: edited(wording, by),
            lambda by: actions.restore(wording, by=by, revision=1),
            lambda by: actions.make_usual(wording, by=by),
            lambda by: actions.remove(wording, by=by),
        ]
        for person in (edna, omar):
            for attempt in tries:
                with pytest.raises(NotAllowed):
                    attempt(person)
        assert [stored(wording), AuditEntry.objects.count()] == before
        for attempt in (tries[0], tries[1], tries[3]):
            attempt(ada)
        assert stored(wording)[3:] == (2, True)

    def test_names_are_taken_once(self, wording: HouseWording, ada: User) -> None:
        other = actions.add(by=ada, name="Other", language="es", like=wording)
        for name in ("ours", " ", "\u200b"):
            with pytest.raises(Refused):
                edited(other, ada, name=name)
            with pytest.raises(Refused):
                actions.add(by=ada, name=name, language="en")
        assert stored(other)[0] == "Other"
        assert HouseWording.objects.count() == 2

    def test_back_to_the_original(self, wording: HouseWording, ada: User) -> None:
        edited(wording, ada, replace(TOTAL, language="es"))
        with pytest.raises(actions.WordingOvertaken):
            actions.restore(wording, by=ada, revision=1)
        assert queries.house(wording).attendance_by == "total"
        actions.restore(wording, by=ada, revision=2)
        assert stored(wording) == ("Ours", "es", {}, 3, False)

    def test_what_is_used_stays(self, wording: HouseWording, readout: Readout, ada: User) -> None:
        pk = wording.pk
        actions.make_usual(wording, by=ada)
        with pytest.raises(Refused) as refusal:
            actions.remove(wording, by=ada)
        assert refusal.value.code == "usual"
        actions.make_usual(None, by=ada)
        Readout.objects.update(wording=wording)
        with pytest.raises(Refused) as refusal:
            actions.remove(wording, by=ada)
        assert refusal.value.code == "chosen"
        Readout.objects.update(wording=None)
        actions.remove(wording, by=ada)
        assert not HouseWording.objects.exists()
        entries = AuditEntry.objects.filter(action="wording.made_usual").order_by("pk")
        assert [entry.detail["now"] for entry in entries] == [pk, None]


class TestReadouts:
    def test_a_readout_is_written_in_its_wording_or_the_usual_one(
        self, wording: HouseWording, readout: Readout, ada: User
    ) -> None:
        edited(wording, ada)
        assert queries.house_of(readout) == HOUSE
        actions.make_usual(wording, by=ada)
        assert queries.house_of(readout) == TOTAL
        other = actions.add(by=ada, name="Other", language="en")
        readout.wording = other
        assert queries.house_of(readout) == HOUSE

    def test_what_is_published_keeps_its_words(
        self,
        wording: HouseWording,
        readout: Readout,
        questions: list[Question],
        edna: User,
        paul: User,
        ada: User,
    ) -> None:
        editing.edit(readout, by=edna, revision=1, summary="Said.")
        sampling.choose(readout, questions[0], by=edna, reason="Many ask this")
        publishing.submit(readout, by=edna)
        version = publishing.publish(readout, by=paul)
        words = version.document["attendance"]
        edited(wording, ada)
        actions.make_usual(wording, by=ada)
        version.refresh_from_db()
        assert version.document["attendance"] == words
        assert "Forty-three percent" in words
        assert "percent" not in queries.document_of(readout).attendance
        tried = tryout(TOTAL, readout)
        assert (tried.is_published, tried.before[1]) == (True, words)
        assert tried.after[1].startswith("A total of 828 stakeholders joined this webinar. Part")
        assert HouseWording.objects.get().phrases == TOTAL.to_json()


def test_who_changed_the_house_words_of_a_readout_does_not_publish_it_alone(
    wording: HouseWording, readout: Readout, edna: User, paul: User, ada: User
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="Said.")
    publishing.submit(readout, by=edna)
    edited(wording, ada)
    assert rules.may_publish(ada, readout)
    actions.make_usual(wording, by=ada)
    with pytest.raises(Refused) as refusal:
        publishing.publish(readout, by=ada)
    assert (refusal.value.code, readout.versions.count()) == ("last_editor", 0)
    publishing.publish(readout, by=paul)
    assert readout.versions.get().document["label"] == TOTAL.label


def test_who_may_know_which_facts(
    readout: Readout, over: Engagement, edna: User, ada: User, mia: User
) -> None:
    """An editor of another engagement tries wordings on what is published only."""
    elsewhere = factories.make_engagement("another-day")
    factories.make_member(mia, elsewhere, Role.EDITOR)
    assert [list(map(str, triable(user))) for user in (edna, ada, mia)] == [
        [str(readout)],
        [str(readout)],
        [],
    ]


class TestForm:
    def test_every_phrase_is_on_the_page_once(self, wording: HouseWording) -> None:
        form = WordingForm(wording=wording, house=HOUSE)
        names = [field.name for _title, _lead, fields in form.sections() for field, _ in fields]
        rows = {name for name in form.fields if name.startswith(("kind-", "category-"))}
        assert len(names) == len(set(names))
        assert {*names, *rows, "name", "language", "revision"} == set(form.fields)
        assert {name for name, _label in languages()} >= {"en", "es", "ar", "zh-Hans", "pt-BR"}

    def test_an_empty_field_stands_for_the_original(self, wording: HouseWording) -> None:
        form = WordingForm(sent(wording, joined="", label="Recap"), wording=wording, house=HOUSE)
        assert form.is_valid(), form.errors
        assert form.house() == replace(HOUSE, label="Recap")


def sent(wording: HouseWording, **changes: object) -> dict[str, Any]:
    """The form as a browser sends it."""
    form = WordingForm(wording=wording, house=queries.house(wording))
    found = {name: form[name].value() for name in form.fields}
    lines = {name: "\n".join(value) for name, value in found.items() if isinstance(value, tuple)}
    return {name: value or "" for name, value in (found | lines | changes).items()}


def text(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


class TestPages:
    def test_saved_and_tried(
        self, sign_in: SignIn, wording: HouseWording, readout: Readout, ada: User
    ) -> None:
        client = sign_in(ada)
        address = reverse("wording", args=[wording.pk])
        page = text(client.get(address))
        assert "Word for word the same." in page
        before = stored(wording)
        tried = text(client.post(address, sent(wording, then="preview", attendance_by="total")))
        assert stored(wording) == before
        assert "[removed:" in tried
        part = client.post(reverse("wording-preview"), sent(wording, attendance_by="names"))
        assert "government employees, employers, petitioners or applicants" in text(part)
        assert stored(wording) == before
        faulty = client.post(address, sent(wording, joined="Some joined."))
        assert (faulty.status_code, stored(wording)) == (400, before)
        assert "Please put $people into this phrase." in text(faulty)
        assert client.post(address, sent(wording, attendance_by="total")).status_code == 302
        assert stored(wording)[2] == {"attendance_by": "total"}

    def test_what_is_refused_is_told(
        self, sign_in: SignIn, wording: HouseWording, readout: Readout, ada: User
    ) -> None:
        page = text(sign_in(ada).get(reverse("wording", args=[wording.pk])))
        assert "Not said:</span>" not in page
        assert "Not said: No question is noted as answered live." in page
        assert "Participants submitted 3 written questions." in page

    def test_a_conflict_shows_both(self, sign_in: SignIn, wording: HouseWording, ada: User) -> None:
        late = sent(wording, label="Recap of the day")
        edited(wording, ada)
        client = sign_in(ada)
        address = reverse("wording", args=[wording.pk])
        response = client.post(address, late)
        assert response.status_code == 409
        assert "Recap of the day" in text(response)
        assert '<td class="wrap" dir="auto">Summary of the Engagement</td>' in text(response)
        assert stored(wording)[2] == TOTAL.to_json()
        again = late | {"revision": 2}
        assert client.post(address, again).status_code == 302
        assert stored(wording)[2] == {"label": "Recap of the day"}

    def test_editors_read_and_administrators_edit(
        self, sign_in: SignIn, wording: HouseWording, readout: Readout, edna: User, omar: User
    ) -> None:
        address = reverse("wording", args=[wording.pk])
        client, before = sign_in(edna), stored(wording)
        page = text(client.get(address))
        assert "Administrators change the office" in page
        assert '<button class="usa-button" type="submit">Save' not in page
        assert client.post(address, sent(wording, label="Recap")).status_code == 404
        assert client.get(reverse("wordings")).status_code == 200
        assert client.get(reverse("wording-original")).status_code == 200
        assert sign_in(omar).get(address).status_code == 404
        assert stored(wording) == before

    def test_listed_added_and_made_the_usual_one(
        self, sign_in: SignIn, wording: HouseWording, ada: User
    ) -> None:
        client = sign_in(ada)
        address = reverse("wordings")
        sent = {"name": "Sesiones", "language": "es", "like": wording.pk}
        assert client.post(address, sent).status_code == 302
        assert client.post(address, sent).status_code == 409
        added = HouseWording.objects.get(name="Sesiones")
        client.post(reverse("wording-usual"), {"wording": added.pk})
        assert stored(added) == ("Sesiones", "es", {}, 1, True)
        page = text(client.get(reverse("wording", args=[added.pk])))
        assert "phrases of this wording are still the English originals" in page
        client.post(reverse("wording-usual"), {"wording": ""})
        client.post(reverse("wording-remove", args=[added.pk]))
        assert list(HouseWording.objects.all()) == [wording]

    def test_queries_do_not_grow(
        self,
        sign_in: SignIn,
        wording: HouseWording,
        readout: Readout,
        ada: User,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = sign_in(ada)
        with django_assert_max_num_queries(20):
            client.get(reverse("wording", args=[wording.pk]))
