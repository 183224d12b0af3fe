from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from engagements import clock
from engagements.models import AuditEntry, Engagement, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import drafting, hooks, sealing
from qa.files.agency import outputs
from qa.models import (
    Delivery,
    ForwardedQuestion,
    Forwarding,
    ForwardingFile,
    Translation,
    Webhook,
)
from qa.models.question import digest_of
from qa.queries.agency import compiling, frozen, outgoing
from tests import factories
from tests.factories import category, forward_list, list_file

if TYPE_CHECKING:
    from qa.models import Floor

pytestmark = pytest.mark.django_db

ATTORNEY = "Attorney or legal representative"


def cells(file: bytes, sheet: str = "Questions") -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(file))[sheet].iter_rows(values_only=True))


def rows_of(sent: Forwarding) -> list[tuple[object, ...]]:
    columns = ("number", "text", "category", "status", "reason", "merged_into", "times_asked")
    return list(sent.questions.values_list(*columns))


def merge(floor: Floor, number: int, into: int, people: int) -> None:
    floor.questions.filter(number=number).update(
        state=states.MERGED, merged_into=floor.questions.get(number=into)
    )
    floor.questions.filter(number=into).update(people=people)


def test_the_list_is_frozen_numbered_and_without_attribution(
    ended: Engagement, edna: User, uma: User
) -> None:
    sent = forward_list(ended, by=edna, cover_note="Please read.")

    assert (sent.number, sent.state, sent.question_count) == (1, "sent", 5)
    assert rows_of(sent) == [
        (1, "Question 0?", ATTORNEY, "answered_live", "", None, 1),
        (2, "Question 1?", ATTORNEY, "dismissed", "off topic", None, 1),
        (3, "", "", "withdrawn", "", None, 1),
        (4, "Question 3?", ATTORNEY, "waiting", "", None, 1),
        (5, "Question 4?", ATTORNEY, "waiting", "", None, 1),
        (6, "Question 5?", "", "waiting", "", None, 1),
    ]
    assert (sent.facts["received"], sent.facts["questions"], sent.facts["withdrawn"]) == (5, 5, 1)
    assert (sent.facts["merged_categories"], sent.facts["cover_note"]) == (1, "Please read.")
    stored = {file.format: file for file in sent.files.all()}
    assert stored.keys() == {"xlsx", "csv", "json"}
    for kind, file in stored.items():
        assert file.sha256 == hashlib.sha256(list_file(sent, kind)).hexdigest()
        assert file.size == len(list_file(sent, kind))
        assert b"Person" not in list_file(sent, kind)
    entry = AuditEntry.objects.get(action="forwarding.sent")
    assert entry.detail == {
        "number": 1,
        "digest": sent.digest,
        "questions": 5,
        "due_on": str(sent.due_on),
        "supersedes": None,
        "files": {kind: file.sha256 for kind, file in stored.items()},
    }
    mail = OutgoingMail.objects.get()
    assert mail.to == uma.email
    assert f"/agency/forwardings/{sent.pk}/" in mail.body
    assert "Please read." in mail.body


def test_the_digest_is_that_of_what_is_stored_and_of_every_file(
    ended: Engagement, edna: User
) -> None:
    sent = Forwarding.objects.get(pk=forward_list(ended, by=edna).pk)

    assert frozen.stated_digest(sent) == sent.digest
    assert sent.digest.encode() in list_file(sent, "csv")
    assert sent.digest.encode() in list_file(sent, "json")
    assert any(
        sent.digest in str(cell) for row in cells(list_file(sent), "Read me") for cell in row
    )

    ForwardedQuestion.objects.filter(number=1).update(text="Something else?")
    assert frozen.stated_digest(sent) != sent.digest


def test_nothing_that_is_read_for_a_list_names_who_asked(ended: Engagement, edna: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = outgoing.outgoing_questions(ended)

    assert len(found) == 6
    [query] = queries.captured_queries
    assert "asker" not in query["sql"]
    assert "registration" not in query["sql"]
    withdrawn = found[2]
    assert (withdrawn.text, withdrawn.original_text, withdrawn.reason) == ("", "", "")


def test_a_sent_list_does_not_follow_the_questions(ended: Engagement, edna: User) -> None:
    sent = forward_list(ended, by=edna)
    before = {kind: list_file(sent, kind) for kind in ForwardingFile.Format.values}

    ended.floor.questions.update(text="Changed", original_text="Changed")

    assert {kind: list_file(sent, kind) for kind in before} == before
    assert not ForwardedQuestion.objects.filter(text="Changed").exists()


def test_a_second_list_supersedes_the_first_and_says_what_is_different(
    ended: Engagement, edna: User, uma: User
) -> None:
    hooks.add(by=uma, url="https://hooks.agency.example/", events=Webhook.Event.values)
    first = forward_list(ended, by=edna)
    ended.floor.questions.filter(number=1).update(text="Question nought?")
    ended.floor.questions.filter(number=4).update(state=states.WITHDRAWN)
    factories.make_question(ended.floor, "One more?")

    second = forward_list(ended, by=edna)

    first.refresh_from_db()
    assert (first.state, second.state, second.number, second.supersedes) == (
        "superseded",
        "sent",
        2,
        first,
    )
    assert [(one["number"], one["kind"], one["column"]) for one in second.changes] == [
        (1, "changed", "text"),
        (1, "changed", "original_text"),
        (4, "removed", ""),
        (7, "added", ""),
    ]
    assert "Changes" in load_workbook(io.BytesIO(list_file(second))).sheetnames
    assert list(Delivery.objects.order_by("pk").values_list("event", flat=True)) == [
        "forwarding.sent",
        "forwarding.superseded",
        "forwarding.sent",
    ]


def test_merged_questions_stay_with_their_originals_and_the_count(
    ended: Engagement, edna: User
) -> None:
    merge(ended.floor, 5, into=4, people=2)
    merge(ended.floor, 4, into=6, people=3)

    sent = forward_list(ended, by=edna)

    assert rows_of(sent)[3:] == [
        (4, "Question 3?", ATTORNEY, "merged", "", 6, 2),
        (5, "Question 4?", ATTORNEY, "merged", "", 6, 1),
        (6, "Question 5?", "", "waiting", "", None, 3),
    ]


def test_a_choice_takes_merged_ones_along_and_the_counts_add_up(
    ended: Engagement, edna: User
) -> None:
    fees = ended.labels.create(name="Fees")
    ended.floor.questions.filter(number__in=[2, 6]).update(label=fees)
    merge(ended.floor, 5, into=6, people=2)

    sent = forward_list(ended, by=edna, labels=[fees.pk], chosen_states=["waiting"])

    assert [row[0] for row in rows_of(sent)] == [5, 6]
    facts = sent.facts
    assert (facts["received"], facts["questions"], facts["withdrawn"]) == (5, 2, 0)
    assert (facts["chosen_labels"], facts["chosen_states"]) == (["Fees"], ["waiting"])
    rest = forward_list(ended, by=edna, labels=[outgoing.NO_LABEL])
    assert [row[0] for row in rows_of(rest)] == [1, 4]


def test_a_small_category_does_not_travel_and_a_larger_one_does(
    ended: Engagement, edna: User
) -> None:
    for number in range(4):
        person = factories.make_registration(
            ended, f"Employer {number}", category=category("employer")
        )
        factories.make_attendance(person)

    sent = forward_list(ended, by=edna)

    assert sent.questions.get(number=6).category == "Employer"
    assert sent.facts["merged_categories"] == 0


def test_as_asked_and_translated_go_beside_what_is_read_now(ended: Engagement, edna: User) -> None:
    question = ended.floor.questions.get(number=4)
    ended.floor.questions.filter(pk=question.pk).update(text="¿Cuándo abre?", language="es")
    translation = Translation.objects.create(
        question=question, language="en", text="When does it open?",
        kind="human", made_by=edna, made_of=digest_of("¿Cuándo abre?"),
    )  # fmt: skip
    row = forward_list(ended, by=edna).questions.get(number=4)
    assert (row.text, row.original_text, row.language) == ("¿Cuándo abre?", "Question 3?", "es")
    assert (row.translation, row.translation_kind) == ("When does it open?", "human")

    translation.made_of = digest_of("Something else")
    translation.save()
    assert forward_list(ended, by=edna).questions.get(number=4).translation == ""


def test_a_second_click_finds_the_list_sent(ended: Engagement, edna: User) -> None:
    draft = drafting.begin(ended, by=edna)
    again = Forwarding.objects.get(pk=draft.pk)
    sealing.seal(draft, by=edna)

    with pytest.raises(Refused) as refused:
        sealing.seal(again, by=edna)

    assert (refused.value.code, str(refused.value)) == ("already", "List 1 was sent already.")
    assert list(Forwarding.objects.values_list("number", "state")) == [(1, "sent")]
    assert OutgoingMail.objects.count() == 0


def test_what_was_looked_at_is_what_is_sent(ended: Engagement, edna: User) -> None:
    draft = drafting.begin(ended, by=edna)
    seen = compiling.next_list(draft, at=clock.now()).mark
    ended.floor.questions.filter(number=1).update(text="Edited?")

    with pytest.raises(Refused) as refused:
        sealing.seal(draft, by=edna, seen=seen)
    assert refused.value.code == "changed"
    assert Forwarding.objects.get().state == "draft"

    again = compiling.next_list(draft, at=clock.now()).mark
    assert sealing.seal(draft, by=edna, seen=again).number == 1


def test_a_question_that_changes_while_the_files_are_written_is_in_all_of_them(
    ended: Engagement, edna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafting.begin(ended, by=edna)
    write = outputs.write_all
    written: list[object] = []

    def write_slowly(*args: object, **options: object) -> object:
        """The first time, somebody edits a question before the files are stored."""
        files = write(*args, **options)  # type: ignore[arg-type]
        if not written:
            ended.floor.questions.filter(number=1).update(text="Edited?")
        written.append(files)
        return files

    monkeypatch.setattr(sealing, "write_all", write_slowly)
    sent = sealing.seal(draft, by=edna)

    assert len(written) == 2
    assert sent.questions.get(number=1).text == "Edited?"
    questions = json.loads(list_file(sent, "json"))["questions"]
    assert questions[0]["text"] == "Edited?"
    assert frozen.stated_digest(sent) == sent.digest


def test_nothing_is_forwarded_before_the_end_or_by_others(
    ended: Engagement, edna: User, omar: User
) -> None:
    with pytest.raises(NotAllowed):
        forward_list(ended, by=omar)
    Engagement.objects.update(state=Engagement.State.LIVE)
    ended.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        forward_list(ended, by=edna)

    assert refusal.value.code == "not_over"
    assert not Forwarding.objects.exists()


def test_a_list_without_questions_is_not_sent(ended: Engagement, edna: User) -> None:
    with pytest.raises(Refused) as chosen:
        forward_list(ended, by=edna, chosen_states=["held"])
    ended.floor.questions.all().delete()
    with pytest.raises(Refused) as empty:
        forward_list(ended, by=edna)

    assert (chosen.value.code, empty.value.code) == ("nothing", "nothing")
    assert str(chosen.value) != str(empty.value)
    assert not Forwarding.objects.exists()


def test_an_identifier_holds_back_the_list_that_its_question_is_on(
    ended: Engagement, edna: User
) -> None:
    ended.floor.questions.filter(number=4).update(original_text="Why does A123-456-789 wait?")

    with pytest.raises(Refused) as refused:
        forward_list(ended, by=edna)
    assert refused.value.code == "undecided"

    assert forward_list(ended, by=edna, chosen_states=["answered_live"]).question_count == 1


def test_a_draft_for_the_agency_of_before_is_not_sent(ended: Engagement, edna: User) -> None:
    first = forward_list(ended, by=edna)
    draft = drafting.begin(ended, by=edna)
    Engagement.objects.filter(pk=ended.pk).update(agency=factories.make_agency("EOIR"))
    draft = Forwarding.objects.get(pk=draft.pk)

    with pytest.raises(Refused) as refused:
        sealing.seal(draft, by=edna)
    assert refused.value.code == "agency"

    ended.refresh_from_db()
    second = forward_list(ended, by=edna)
    first.refresh_from_db()
    assert (first.state, first.agency.short_name) == ("sent", "USCIS")
    assert (second.number, second.agency.short_name, second.supersedes) == (2, "EOIR", None)
    assert second.changes == []


def test_a_date_that_passed_meanwhile_is_not_sent(ended: Engagement, edna: User) -> None:
    draft = drafting.begin(ended, by=edna)
    with clock.set_to(clock.now() + timedelta(days=60)), pytest.raises(Refused) as refused:
        sealing.seal(draft, by=edna)
    assert refused.value.code == "due_on"
    assert sealing.seal(draft, by=edna).first_due_on == draft.due_on


def test_a_long_list_costs_no_more_queries_than_a_short_one(ended: Engagement, edna: User) -> None:
    draft = drafting.begin(ended, by=edna)
    with CaptureQueriesContext(connection) as few:
        compiling.next_list(draft, at=clock.now())
    for _number in range(20):
        factories.make_question(ended.floor)
    with CaptureQueriesContext(connection) as many:
        compiled = compiling.next_list(draft, at=clock.now())

    assert len(compiled.rows) == 26
    assert len(few) == len(many)
    assert asdict(compiled.rows[-1])["text"] == "When does it open?"
