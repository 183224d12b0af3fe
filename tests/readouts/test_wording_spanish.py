"""A second language is data that the office types in, and no code."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from readouts import wording
from readouts.document import compose, grouped
from readouts.facts import AgencyFacts, CategoryCount, OfficeFacts
from readouts.wording import House
from readouts.wording.phrases import left_in_english, problems
from tests.readouts.contact_center import (
    FACTS,
)
from tests.readouts.spanish import PHRASES as SPANISH

KEYS = "attorney government employer applicant advocate other not-stated".split()
KEYED = replace(
    FACTS,
    kind_key="webinar",
    categories=tuple(
        replace(one, key=key) for one, key in zip(FACTS.categories, KEYS, strict=True)
    ),
)


class TestSpanish:
    HOUSE = House.from_json("es", SPANISH)

    def test_every_phrase_is_there_and_right(self) -> None:
        assert list(problems(self.HOUSE)) == []
        assert left_in_english(self.HOUSE) == []
        assert House.from_json("es", self.HOUSE.to_json()) == self.HOUSE
        assert left_in_english(House.from_json("es", {}))[:2] == ["label", "speakers"]

    def test_the_worked_example(self) -> None:
        facts = replace(
            KEYED,
            office=OfficeFacts("Departamento de Seguridad Nacional", "DHS", "Oficina", ""),
            agency=AgencyFacts("Servicio de Ciudadanía e Inmigración", "USCIS"),
            about="el Centro de Contacto",
        )
        shown = compose(
            facts, summary="Dicho.", samples=grouped([("", "¿Cuándo?")]), house=self.HOUSE
        )
        assert shown.language == "es"
        assert shown.label == "Resumen de la actividad"
        assert shown.opening == (
            "El 14 de abril de 2021, la Oficina, del Departamento de Seguridad Nacional (DHS), "
            "organizó un seminario web sobre el Centro de Contacto."
        )
        assert shown.attendance == (
            "Un total de 828 personas participaron en este seminario web. El cuarenta y tres por "
            "ciento de los asistentes eran abogados o representantes legales; el 19\u00a0% se "
            "identificaron como empleados públicos; el 8\u00a0% eran empleadores; el 7\u00a0% "
            "eran peticionarios o solicitantes; el 2\u00a0% representaban a organizaciones de "
            "defensa; y el 21\u00a0% se identificaron como otros. Los participantes enviaron 163 "
            "preguntas por escrito y los ponentes respondieron a todas las que pudieron durante "
            "la actividad. A continuación figura una muestra de las preguntas recibidas:"
        )
        assert shown.closing == (
            "La oficina compartirá con USCIS la lista completa de las consultas, para que la "
            "agencia pueda atender las inquietudes del público. Además, la oficina publicará la "
            "presentación de la actividad en su sitio web."
        )

    def test_numbers_kinds_and_small_shares(self) -> None:
        facts = replace(
            KEYED,
            kind_key="listening_session",
            joined=12_345,
            questions=0,
            categories=(
                CategoryCount("employers", "were", 12_340, key="employer"),
                CategoryCount("attorneys", "were", 5, key="attorney"),
            ),
        )
        assert wording.attendance(facts, samples=0, house=self.HOUSE) == (
            "Un total de 12.345 personas participaron en esta sesión de escucha. Más del noventa "
            "y nueve por ciento de los asistentes eran empleadores; y menos del 1\u00a0% eran "
            "abogados o representantes legales. No se recibieron preguntas por escrito."
        )

    def test_a_category_that_was_merged_has_its_words_by_its_kind(self) -> None:
        merged = CategoryCount("other", "identified as", 30, "other")
        unsaid = CategoryCount("a role", "did not state", 10, "not_stated")
        facts = replace(FACTS, joined=40, categories=(merged, unsaid), questions=0)
        assert wording.attendance(facts, samples=0, house=self.HOUSE).split(". ")[1] == (
            "El setenta y cinco por ciento de los asistentes se identificaron como otros; y el "
            "25\u00a0% no indicaron su función"
        )

    def test_numbers_in_words_are_all_different_and_composed(self) -> None:
        numbers = self.HOUSE.number_words
        assert (len(numbers), len(set(numbers))) == (101, 101)
        assert (numbers[0], numbers[100]) == ("cero", "cien")
        assert (numbers[21], numbers[31], numbers[99]) == (
            "veintiuno",
            "treinta y uno",
            "noventa y nueve",
        )
        assert all(unicodedata.is_normalized("NFC", number) for number in numbers)
