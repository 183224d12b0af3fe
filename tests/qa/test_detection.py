"""Which language a question is in: what the model says, who says it, and who is believed."""

from __future__ import annotations

import importlib
import uuid
from typing import TYPE_CHECKING

import pytest

from qa import detection
from qa.actions import asking, changing, editing, entering, undoing
from tests import factories
from tests.qa.test_entering import entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import Registration, User
    from qa.models import Floor, Question

SENTENCES = [
    ("en", "How do I get an appointment at the field office in Dallas?"),
    ("es", "¿Cuánto tiempo tarda la renovación del permiso de trabajo?"),
    ("es", "Mi caso está pendiente desde 2019, ¿a quién puedo llamar?"),
    ("zh", "联系中心星期六什么时候开门\uff1f"),
    ("zh", "我應該向哪裡查詢我的案件狀態\uff1f"),
    ("ar", "كم من الوقت يستغرق تجديد تصريح العمل؟"),
    ("fr", "Pourquoi ma demande est-elle toujours en attente ?"),
    ("ru", "Сколько времени занимает продление разрешения на работу?"),
    ("uk", "Скільки часу займає продовження дозволу на роботу?"),
    ("ht", "Konbyen tan sa pran pou renouvle pèmi travay mwen?"),
    ("ko", "고객 센터는 토요일에 언제 문을 엽니까?"),
    ("vi", "Gia hạn giấy phép lao động mất bao lâu?"),
    ("tl", "Gaano katagal ang pag-renew ng work permit?"),
]
UNSURE = ["Hi", "Fees?", "I-130?", "EAC2190012345", "???", "", "1 + 1 = 2", "\u202e\u202d"]


@pytest.fixture(scope="module")
def model() -> detection.Detector:
    found: detection.Detector = detection._model()
    return found


@pytest.fixture
def _detecting(model: detection.Detector) -> Iterator[None]:
    detection.use(model)
    yield
    detection.use(None)


pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("_detecting")
def test_real_sentences_are_told_apart() -> None:
    assert [(detection.language_of(text), text) for _code, text in SENTENCES] == SENTENCES


@pytest.mark.usefixtures("_detecting")
@pytest.mark.parametrize("text", UNSURE)
def test_what_is_too_short_to_say_is_not_said(text: str) -> None:
    assert detection.language_of(text) == ""


def test_without_the_extra_nothing_is_told() -> None:
    assert [detection.language_of(text) for _code, text in SENTENCES] == [""] * len(SENTENCES)


def test_the_package_is_what_its_name_says() -> None:
    assert importlib.import_module(detection.PACKAGE).__name__ == detection.PACKAGE


def said(question: Question) -> tuple[str, str]:
    question.refresh_from_db()
    return question.language, question.language_from


def ask(floor: Floor, by: Registration, text: str, **more: str) -> Question:
    return asking.ask(floor, by=by, text=text, client_id=uuid.uuid4(), **more)


@pytest.mark.usefixtures("_detecting")
def test_the_asker_is_believed_before_the_model(floor: Floor, ana: Registration) -> None:
    french = SENTENCES[6][1]

    assert said(ask(floor, ana, french)) == ("fr", "detected")
    assert said(ask(floor, ana, french, language="ht")) == ("ht", "asker")
    assert said(ask(floor, ana, "Hi")) == ("", "")


@pytest.mark.usefixtures("_detecting")
def test_what_was_detected_follows_the_words_and_what_was_named_does_not(
    floor: Floor, ana: Registration
) -> None:
    detected = ask(floor, ana, SENTENCES[6][1])
    named = ask(floor, ana, SENTENCES[6][1], language="ht")

    for question in (detected, named):
        changing.change(floor, by=ana, number=question.number, text=SENTENCES[1][1])

    assert said(detected) == ("es", "detected")
    assert said(named) == ("ht", "asker")


@pytest.mark.usefixtures("_detecting")
def test_the_desk_corrects_it_and_takes_that_back(
    floor: Floor, ana: Registration, omar: User
) -> None:
    question = ask(floor, ana, SENTENCES[6][1])

    editing.set_language(floor, by=omar, number=1, seen=1, language="ht")
    assert said(question) == ("ht", "office")

    undoing.undo(floor, by=omar, questions=[(1, 2)])
    assert said(question) == ("fr", "detected")


@pytest.mark.usefixtures("_detecting")
def test_the_office_names_the_language_of_what_it_types_in(floor: Floor, omar: User) -> None:
    named = entering.enter(floor, entry(SENTENCES[6][1], language="ht"), by=omar)
    detected = entering.enter(floor, entry(SENTENCES[1][1]), by=omar)

    assert said(named) == ("ht", "office")
    assert said(detected) == ("es", "detected")


def test_the_log_says_who_named_it(floor: Floor, ana: Registration) -> None:
    factories.make_question(floor)
    ask(floor, ana, "¿Cuándo?", language="es")

    told = floor.events.order_by("number").last()
    assert told is not None
    assert told.payload["question"]["language_from"] == "asker"
