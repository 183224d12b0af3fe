"""Askers who want it are mailed the agency's answer: whom, what, once, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import outbox
from engagements.actions import reviewing
from engagements.models import AuditEntry, Engagement, OutgoingMail, Registration
from engagements.refusals import Refused
from engagements.tasks.mail import message_of
from qa import states
from qa.actions import asking, merging, wishes
from qa.actions.agency import telling
from qa.models import AnswerTold
from qa.queries.wishes import token_of
from tests import factories
from tests.qa.agency.askers import asked, mailed, person, publish

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor

pytestmark = pytest.mark.django_db


def test_the_asker_reads_the_own_words_and_the_answer(
    floor: Floor, ana: Registration, edna: User
) -> None:
    question = asked(floor, ana, "When does it open?", state=states.SHOWN)
    question.text = "When does the Contact Center open?"
    question.save()

    assert telling.tell([publish(question, edna)]) == 1

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.registration, mail.engagement) == (ana.email, ana, floor.engagement)
    assert mail.subject == f"An answer to your question: {floor.engagement.full_title}"
    page = reverse("follow-up-question", args=[floor.engagement.slug, 1])
    for words in ("When does it open?", "opens at 8 a.m.", "On Saturdays at nine.", "Office", page):
        assert words in mail.body
        assert words in mail.html
    link = reverse("answer-mails", args=[token_of(ana)])
    assert mail.unsubscribe.endswith(link)
    assert message_of(mail).extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert AnswerTold.objects.get(told_at__isnull=False).question == question
    [entry] = AuditEntry.objects.filter(action="answer.told")
    assert entry.detail == {"questions": [1]}


def test_what_the_public_is_not_shown_is_answered_without_a_page(
    floor: Floor, ana: Registration, edna: User
) -> None:
    telling.tell([publish(asked(floor, ana, state=states.HELD), edna)])

    mail = OutgoingMail.objects.get()
    assert "opens at 8 a.m." in mail.body
    assert "follow-up" not in mail.body + mail.html


def test_once_however_often_it_is_said(floor: Floor, ana: Registration, edna: User) -> None:
    published = publish(asked(floor, ana), edna)

    assert [telling.tell([published]) for _each in range(3)] == [1, 0, 0]
    assert telling.lay_all() == 0

    assert mailed() == [ana.email]


def test_everybody_who_asked_the_same_and_nobody_else(
    floor: Floor, ana: Registration, omar: User, edna: User
) -> None:
    ben, cleo, dora = (person(floor, name) for name in ("Ben", "Cleo", "Dora"))
    first = asked(floor, ana, "Ana's words?", state=states.SHOWN)
    for by, words in ((ben, "Ben's words?"), (cleo, "Cleo's words?")):
        asked(floor, by, words)
    asked(floor, dora, "Dora's words?", wants_answer=False)
    merging.merge(floor, by=omar, number=3, seen=1, into=2)
    merging.merge(floor, by=omar, number=2, seen=2, into=1)
    merging.merge(floor, by=omar, number=4, seen=1, into=1)

    assert telling.tell([publish(first, edna)]) == 3

    bodies = {mail.to: mail.body for mail in OutgoingMail.objects.all()}
    assert bodies.keys() == {ana.email, ben.email, cleo.email}
    for name in ("Ana", "Ben", "Cleo"):
        others = {"Ana", "Ben", "Cleo", "Dora"} - {name}
        body = bodies[f"{name.lower()}@public.example"]
        assert f"{name}'s words?" in body
        assert [other for other in others if f"{other}'s" in body or f"{other} " in body] == []
    joined = "It was joined with question 1"
    assert [joined in bodies[one.email] for one in (ana, ben, cleo)] == [False, True, True]


def test_two_own_questions_with_one_answer_make_one_mail(
    floor: Floor, ana: Registration, omar: User, edna: User
) -> None:
    first = asked(floor, ana, "First?")
    asked(floor, ana, "Second?")
    merging.merge(floor, by=omar, number=2, seen=1, into=1)

    assert telling.tell([publish(first, edna)]) == 2

    [mail] = OutgoingMail.objects.all()
    assert "First?" in mail.body
    assert "Second?" in mail.body


def test_the_same_answer_by_reference_has_the_words(
    floor: Floor, ana: Registration, edna: User
) -> None:
    ben = person(floor, "Ben")
    first, second = asked(floor, ana, "First?"), asked(floor, ben, "Second?")
    reference = publish(second, edna, text="", status=states.SAME_AS, same_as=first.number)

    assert telling.tell([reference]) == 0
    assert mailed() == []

    answer = publish(first, edna)
    assert telling.tell([answer]) == 2
    assert telling.tell([reference]) == 0
    assert sorted(mailed()) == [ana.email, ben.email]
    assert all("opens at 8 a.m." in mail.body for mail in OutgoingMail.objects.all())


def test_a_reference_to_an_answer_that_was_public_before_has_its_words(
    floor: Floor, ana: Registration, edna: User
) -> None:
    ben = person(floor, "Ben")
    first, second = asked(floor, ana, "First?"), asked(floor, ben, "Second?")
    assert telling.tell([publish(first, edna)]) == 1

    reference = publish(second, edna, text="", status=states.SAME_AS, same_as=first.number)
    assert telling.tell([reference]) == 1
    assert telling.tell([reference]) == 0

    assert mailed() == [ana.email, ben.email]
    told = OutgoingMail.objects.get(to=ben.email).body
    assert ("Second?" in told, "opens at 8 a.m." in told, "First?" in told) == (True, True, False)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": states.DECLINED, "text": "Too soon."}, ["does not answer", "Too soon."]),
        (
            {"status": states.SEE_PAGE, "text": "", "page_url": "https://agency.example/hours"},
            ["answers on this page", "https://agency.example/hours"],
        ),
        ({"is_withheld": True, "text": ""}, ["does not publish the answer"]),
    ],
)
def test_an_answer_without_an_answer_is_told_as_such(
    floor: Floor, ana: Registration, edna: User, fields: dict[str, Any], words: list[str]
) -> None:
    telling.tell([publish(asked(floor, ana), edna, **fields)])

    mail = OutgoingMail.objects.get()
    assert [word for word in words if word not in mail.body or word not in mail.html] == []


def test_a_correction_says_what_was_corrected_to_who_knew_the_former(
    floor: Floor, ana: Registration, edna: User
) -> None:
    ben = person(floor, "Ben")
    question = asked(floor, ana)
    late = asked(floor, ben, wants_answer=False, state=states.MERGED, merged_into=question)
    telling.tell([publish(question, edna)])
    late.wants_answer = True
    late.save()

    corrected = publish(question, edna, "At nine.", correction_note="The hour was wrong.")
    telling.tell([corrected])

    mails = {
        mail.to: mail for mail in OutgoingMail.objects.filter(pk__gt=1) if "At nine" in mail.body
    }
    assert mails.keys() == {ana.email, ben.email}
    assert mails[ana.email].subject.startswith("A corrected answer")
    assert "The hour was wrong." in mails[ana.email].body
    assert mails[ben.email].subject.startswith("An answer")
    assert "The hour was wrong." not in mails[ben.email].body


@pytest.mark.parametrize(
    "change",
    [
        {"state": Registration.State.CANCELLED},
        {"state": Registration.State.UNCONFIRMED},
        {"removed_at": factories.START},
        {"email": "", "email_key": None},
    ],
)
def test_whoever_cannot_be_written_to_is_not(
    floor: Floor, ana: Registration, edna: User, change: dict[str, Any]
) -> None:
    ben = person(floor, "Ben")
    mine, other = asked(floor, ana), asked(floor, ben)
    Registration.objects.filter(pk=ana.pk).update(**change)

    telling.tell([publish(mine, edna), publish(other, edna)])

    assert mailed() == [ben.email]
    assert not AnswerTold.objects.filter(question=mine).exists()


def test_a_question_that_was_cut_from_its_asker_or_withdrawn_tells_nobody(
    floor: Floor, ana: Registration, edna: User
) -> None:
    cut = asked(floor, None)
    withdrawn = asked(floor, ana)
    asking.withdraw(floor, by=ana, number=withdrawn.number)

    assert telling.tell([publish(cut, edna), publish(withdrawn, edna)]) == 0
    assert mailed() == []


def test_a_rehearsal_writes_to_nobody(edna: User) -> None:
    made_up = factories.make_engagement(
        "made-up", is_rehearsal=True, state=Engagement.State.LIVE, started_at=factories.START
    )
    mina = person(made_up.floor, "Mina")

    assert telling.tell([publish(asked(made_up.floor, mina), edna)]) == 0
    assert mailed() == []


def test_hundreds_are_laid_in_pieces_with_the_same_few_queries(floor: Floor, edna: User) -> None:
    first = asked(floor, person(floor, "First"))
    few = [
        asked(floor, person(floor, f"Few {n}"), state=states.MERGED, merged_into=first)
        for n in range(10)
    ]
    with CaptureQueriesContext(
        connection,
    ) as small:
        telling.tell([publish(first, edna)])
    many = asked(floor, person(floor, "Many"))
    for n in range(200):
        asked(floor, person(floor, f"Person {n}"), state=states.MERGED, merged_into=many)
    with CaptureQueriesContext(connection) as large:
        assert telling.tell([publish(many, edna)]) == 201

    assert len(few) == 10
    assert len(large) <= len(small)
    assert len(mailed()) == 11 + telling.PIECE - 1
    assert telling.lay_all(stop=lambda: True) == 0
    assert telling.lay_all() == 201 - (telling.PIECE - 1)
    assert len(mailed()) == len(set(mailed())) == 212
    assert not AnswerTold.objects.filter(told_at=None).exists()


def test_who_ends_the_mails_before_they_are_laid_gets_none(
    floor: Floor, ana: Registration, edna: User
) -> None:
    question = asked(floor, ana)
    # As of one among thousands: the worker has not come to it.
    AnswerTold.objects.create(published=publish(question, edna), question=question)

    wishes.end(ana)

    assert telling.lay_all() == 0
    assert mailed() == []
    assert AnswerTold.objects.count() == 0
    wishes.resume(ana)
    assert mailed() == [ana.email]


def test_whose_question_is_no_longer_answered_by_it_gets_none(
    floor: Floor, ana: Registration, omar: User, edna: User
) -> None:
    asked(floor, ana, "Where?", state=states.SHOWN)
    second = asked(floor, person(floor, "Ben"), "When?")
    merged = merging.merge(floor, by=omar, number=2, seen=1, into=1)
    published = publish(floor.questions.get(number=1), edna)
    AnswerTold.objects.bulk_create(
        AnswerTold(published=published, question=one) for one in floor.questions.all()
    )

    merging.unmerge(floor, by=omar, number=2, seen=merged.revision)

    assert telling.lay_all() == 1
    assert mailed() == [ana.email]
    assert not AnswerTold.objects.filter(question=second).exists()


def test_the_outbox_does_not_tell_who_asked_what(
    floor: Floor, ana: Registration, edna: User, ada: User, settings: Any
) -> None:
    telling.tell([publish(asked(floor, ana, "My very own words?"), edna)])
    mail = OutgoingMail.objects.get()
    in_the_demonstration = outbox.readable(mail)
    settings.MAIL_DELIVERY = True

    assert "My very own words?" in in_the_demonstration
    assert "My very own words?" not in outbox.readable(mail) + outbox.readable_page(mail)
    with pytest.raises(Refused, match="reader's alone"):
        reviewing.edit(mail, by=ada, subject="Other", body="Other", seen=1)
    assert reviewing.decide(mail, by=ada, move="hold").state == OutgoingMail.State.HELD
    mail.refresh_from_db()
    assert "My very own words?" in message_of(mail).body
