from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from engagements.actions import accounts
from engagements.models import Agency, AuditEntry, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa import queries, states
from qa.actions.agency import assigning, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, AnswerVersion, Directorate, Forwarding
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db


def given() -> dict[int, tuple[str, str]]:
    return {
        one.question.number: (str(one.directorate or ""), str(one.assigned_to or ""))
        for one in AgencyAnswer.objects.select_related("question", "directorate", "assigned_to")
    }


def test_directorates_are_kept_by_the_liaisons(
    agency: Agency, uma: User, carl: User, otto: User, ada: User
) -> None:
    part = assigning.add_directorate(agency, by=uma, name=" Contact  Center ")
    assert part.name == "Contact Center"
    for stranger in (carl, otto, ada):
        with pytest.raises(NotAllowed):
            assigning.add_directorate(agency, by=stranger, name="Mine")
        with pytest.raises(NotAllowed):
            assigning.remove_directorate(part, by=stranger)
    for name, code in (("contact center", "taken"), ("\x00", "no_name"), ("x" * 201, "too_long")):
        with pytest.raises(Refused) as refusal:
            assigning.add_directorate(agency, by=uma, name=name)
        assert refusal.value.code == code
    assert assigning.rename_directorate(part, by=uma, name="Contact center").name == (
        "Contact center"
    )
    assert list(Directorate.objects.values_list("name", flat=True)) == ["Contact center"]


def test_a_directorate_is_removed_once(agency: Agency, uma: User) -> None:
    part = assigning.add_directorate(agency, by=uma, name="Calls")
    seen_by_another = Directorate.objects.get(pk=part.pk)
    assigning.remove_directorate(part, by=uma)
    assigning.remove_directorate(seen_by_another, by=uma)
    entry = AuditEntry.objects.get(action="directorate.removed")
    assert entry.subject == f"qa.directorate:{seen_by_another.pk}"
    assert not Directorate.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer anyway")
def test_two_who_add_the_same_directorate_at_once_have_it_once(agency: Agency, uma: User) -> None:
    both_here = threading.Barrier(2)

    def add() -> str:
        try:
            person = type(uma).objects.get(pk=uma.pk)
            both_here.wait(10)
            assigning.add_directorate(agency, by=person, name="Calls")
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "added"

    with ThreadPoolExecutor(2) as pool:
        told = [one.result(30) for one in [pool.submit(add), pool.submit(add)]]
    assert sorted(told) == ["added", "taken"]
    assert Directorate.objects.count() == 1


def test_questions_are_given_to_directorates_and_colleagues(
    sent: Forwarding, agency: Agency, uma: User, carl: User
) -> None:
    part = assigning.add_directorate(agency, by=uma, name="Contact Center")
    writing.write(sent, number=1, content=Content(text="Soon."), by=uma)

    assigning.give_to_directorate(sent, numbers=[1, 2], by=uma, directorate=part)
    assert assigning.give_to_colleague(sent, numbers=[2, 4], by=uma, colleague=carl) == 2
    assert given() == {
        1: ("Contact Center", ""),
        2: ("Contact Center", "Carl"),
        4: ("", "Carl"),
    }
    assert AgencyAnswer.objects.get(question__number=1).text == "Soon."
    assert AgencyAnswer.objects.get(question__number=2).revision == 0
    mail = OutgoingMail.objects.get()
    assert mail.to == carl.email
    assert "2 questions" in mail.subject
    assert f"/agency/forwardings/{sent.pk}/" in mail.body

    assert assigning.give_to_colleague(sent, numbers=[1, 2], by=uma, colleague=carl) == 1
    assert assigning.give_to_colleague(sent, numbers=[1, 2], by=uma, colleague=carl) == 0
    assert assigning.give_to_colleague(sent, numbers=[5], by=uma, colleague=uma) == 1
    assert OutgoingMail.objects.count() == 2
    assigning.give_to_colleague(sent, numbers=[1, 2, 4], by=uma, colleague=None)
    assigning.remove_directorate(part, by=uma)
    assert given() == {1: ("", ""), 2: ("", ""), 4: ("", ""), 5: ("", "Uma")}
    entries = AuditEntry.objects.filter(action="answers.assigned").order_by("pk")
    assert [one.detail for one in entries][:4] == [
        {"number": 1, "directorate": part.pk},
        {"number": 2, "directorate": part.pk},
        {"number": 2, "account": carl.pk},
        {"number": 4, "account": carl.pk},
    ]
    assert not AuditEntry.objects.filter(detail__icontains="Carl").exists()


def test_what_was_given_and_not_begun_is_begun_without_a_conflict(
    sent: Forwarding, uma: User, carl: User
) -> None:
    assigning.give_to_colleague(sent, numbers=[2], by=uma, colleague=carl)
    written = writing.write(sent, number=2, content=Content(text="I"), by=carl, revision=0)

    assert (written.revision, written.text, written.assigned_to) == (1, "I", carl)
    assert AnswerVersion.objects.count() == 1


def test_nobody_gives_what_is_not_theirs(
    sent: Forwarding, uma: User, carl: User, otto: User, edna: User
) -> None:
    elsewhere = Directorate.objects.create(agency=factories.make_agency("EOIR"), name="Courts")
    for by in (carl, otto, edna):
        with pytest.raises(NotAllowed):
            assigning.give_to_colleague(sent, numbers=[1], by=by, colleague=carl)
    carl.is_active = False
    carl.save()
    for colleague in (carl, otto, edna):
        with pytest.raises(NotAllowed):
            assigning.give_to_colleague(sent, numbers=[1], by=uma, colleague=colleague)
    with pytest.raises(NotAllowed):
        assigning.give_to_directorate(sent, numbers=[1], by=uma, directorate=elsewhere)
    for numbers, code in (([], "nothing"), ([1, 3], "no_such")):
        with pytest.raises(Refused) as refusal:
            assigning.give_to_directorate(sent, numbers=numbers, by=uma, directorate=None)
        assert refusal.value.code == code
    assert given() == {}
    assert not OutgoingMail.objects.exists()


def test_a_note_stays_inside_the_agency(sent: Forwarding, uma: User, otto: User) -> None:
    with pytest.raises(NotAllowed):
        assigning.note(sent, number=1, by=otto, text="Mine")
    assigning.note(sent, number=1, by=uma, text="Ask\r\ncounsel.")

    assert AgencyAnswer.objects.get().note == "Ask\ncounsel."
    assert "counsel" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("leaves", ["deactivated", "moved"])
def test_who_leaves_the_agency_has_no_question_of_it(
    sent: Forwarding, uma: User, carl: User, ada: User, leaves: str
) -> None:
    assigning.give_to_colleague(sent, numbers=[1, 2], by=uma, colleague=carl)
    assert list(queries.forwardings_for(carl)) == [sent]
    if leaves == "deactivated":
        accounts.deactivate(carl, by=uma)
    else:
        accounts.move_liaison(carl, by=ada, agency=factories.make_agency("EOIR"))

    assert given() == {1: ("", ""), 2: ("", "")}
    carl.refresh_from_db()
    with pytest.raises(NotAllowed):
        writing.write(sent, number=1, content=Content(text="I"), by=carl)


def test_a_contributor_has_the_lists_with_questions_of_theirs(
    sent: Forwarding, uma: User, carl: User
) -> None:
    assert list(queries.forwardings_for(uma)) == [sent]
    assert list(queries.forwardings_for(carl)) == []
    assigning.give_to_colleague(sent, numbers=[1, 2], by=uma, colleague=carl)
    assert list(queries.forwardings_for(carl)) == [sent]
    Forwarding.objects.update(state=states.FORWARDING_RECALLED)
    assert list(queries.forwardings_for(carl)) == []
