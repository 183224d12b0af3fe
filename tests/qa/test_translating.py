"""Translations beside the question: who made them, and what a change of its words does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import queries, states
from qa.actions import asking, changing, editing, gating, redacting, translating
from qa.models import Translation
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor, Question

pytestmark = pytest.mark.django_db

SPANISH = "¿Cuándo abre la oficina de Ana Quiroga? Mi recibo es EAC2190012345."
ENGLISH = "When does the office of Ana Quiroga open? My receipt is EAC2190012345."


@pytest.fixture
def question(floor: Floor, ana: Registration) -> Question:
    return factories.make_question(floor, SPANISH, language="es", asker=ana, category=ana.category)


def translate(floor: Floor, by: User, seen: int = 1, **more: str) -> Question:
    said = {"language": "en", "text": ENGLISH, "kind": "human"} | more
    return translating.translate(floor, by=by, number=1, seen=seen, **said)


def standing(floor: Floor) -> dict[int, tuple[str, str]]:
    found = queries.translations_of(floor)
    return {pk: (one.text, one.kind) for pk, one in found.items()}


def test_one_for_each_language_that_says_who_made_it(
    floor: Floor, omar: User, question: Question
) -> None:
    translate(floor, omar, text="When?", kind="machine")
    translate(floor, omar, seen=2)
    translate(floor, omar, seen=3, language="fr", text="Quand ?")

    kept = question.translations.values_list("language", "text", "kind", "made_by")
    assert list(kept) == [("en", ENGLISH, "human", omar.pk), ("fr", "Quand ?", "human", omar.pk)]
    assert standing(floor) == {question.pk: (ENGLISH, "human")}
    question.refresh_from_db()
    assert (question.text, question.original_text, question.revision) == (SPANISH, SPANISH, 4)
    wrote = AuditEntry.objects.filter(action="translation.written")
    assert [set(entry.detail) for entry in wrote] == [{"language", "digest"}] * 3
    assert [ENGLISH in str(entry.detail) for entry in AuditEntry.objects.all()].count(True) == 0


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("invalid", {"language": "es"}),
        ("invalid", {"kind": "oracle"}),
        ("invalid", {"text": ""}),
        ("invalid", {"text": "x" * (translating.MOST + 1)}),
        ("already", {}),
        ("decided", {"seen": 1}),
    ],
)
def test_what_is_refused_changes_nothing(
    floor: Floor, omar: User, question: Question, code: str, more: dict[str, str]
) -> None:
    translate(floor, omar)
    seen = int(more.pop("seen", 2))

    with pytest.raises(Refused) as refusal:
        translate(floor, omar, seen, **more)

    assert refusal.value.code == code
    assert standing(floor) == {question.pk: (ENGLISH, "human")}


def test_only_the_desk_translates(floor: Floor, omar: User, edna: User, mia: User) -> None:
    factories.make_question(floor, SPANISH)
    for stranger in (edna, mia):
        with pytest.raises(NotAllowed):
            translate(floor, stranger)
    assert standing(floor) == {}

    translate(floor, omar)
    with pytest.raises(NotAllowed):
        translating.remove(floor, by=omar, number=1, seen=2, language="fr")
    translating.remove(floor, by=omar, number=1, seen=2, language="en")
    assert standing(floor) == {}
    assert Translation.objects.count() == 0


def test_after_an_edit_it_waits_until_somebody_has_looked_at_it(
    floor: Floor, omar: User, question: Question
) -> None:
    translate(floor, omar)

    editing.edit(floor, by=omar, number=1, seen=2, text="¿Cuándo abre la oficina?")
    assert standing(floor) == {}
    assert [one.is_current for one in queries.translated(question)] == [False]

    translate(floor, omar, seen=3, text="When does the office open?")
    assert standing(floor) == {question.pk: ("When does the office open?", "human")}

    editing.restore(floor, by=omar, number=1, seen=4)
    assert standing(floor) == {}


def test_identifiers_in_a_translation_wait_for_a_decision_like_others(
    floor: Floor, omar: User
) -> None:
    question = factories.make_question(floor, "¿Cuándo?")
    assert gating.undecided(floor) == []

    translate(floor, omar, text="When? My number is A012345678.")

    question.refresh_from_db()
    assert question.open_findings == ["a_number"]
    assert gating.undecided(floor) == [1]
    assert [one.number for one in gating.reexamine_list(floor)] == [1]


def test_a_redaction_takes_the_same_words_out_of_a_translation_that_has_them(
    floor: Floor, omar: User, question: Question
) -> None:
    translate(floor, omar)

    redacting.redact(floor, by=omar, number=1, seen=2, reason="identifier", words=["EAC2190012345"])

    [(text, kind)] = standing(floor).values()
    assert "EAC2190012345" not in text
    assert text.startswith("When does the office of Ana Quiroga open?")
    assert kind == "human"
    with pytest.raises(Refused, match="redacted"):
        translate(floor, omar, seen=3)
    with pytest.raises(Refused, match="redacted"):
        translate(floor, omar, seen=3, language="fr", text="Quand ? eac 2190012345")
    [(again, _kind)] = standing(floor).values()
    assert again == text


def test_a_translation_that_may_say_it_otherwise_goes(
    floor: Floor, omar: User, question: Question
) -> None:
    translate(floor, omar)

    redacting.redact(
        floor, by=omar, number=1, seen=2, reason="person", words=["oficina de Ana Quiroga"]
    )

    assert Translation.objects.count() == 0
    redaction = question.redactions.get()
    redacting.undo(floor, by=omar, number=1, seen=3, redaction=redaction.pk)
    assert Translation.objects.count() == 0


def test_words_that_the_asker_takes_back_are_taken_back_in_every_language(
    floor: Floor, omar: User, ana: Registration
) -> None:
    for _each in range(2):
        factories.make_question(floor, "¿Cuándo?", asker=ana, category=ana.category)
    for number in (1, 2):
        translating.translate(
            floor, by=omar, number=number, seen=1, language="en", text="When?", kind="human"
        )

    changing.change(floor, by=ana, number=1, text="¿Dónde?")
    asking.withdraw(floor, by=ana, number=2)

    assert Translation.objects.count() == 0
    assert floor.questions.get(number=2).state == states.WITHDRAWN
