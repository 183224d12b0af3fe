"""A second language as data: what an office types into the page of a wording, and no code."""

from __future__ import annotations

from typing import Any, Final

_UNITS: Final = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve"
).split()
_TENS: Final = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()

PHRASES: Final[dict[str, Any]] = {
    "label": "Resumen de la actividad",
    "speakers": "Ponentes",
    "materials": "Materiales",
    "answers": "Preguntas y respuestas posteriores",
    "chart": "Quiénes participaron, por función",
    "chart_category": "Función",
    "chart_people": "Personas",
    "chart_share": "Porcentaje",
    "version": "Versión $version, publicada el $date",
    "page": "Página $page de $pages",
    "calendar_date": "$day de $month de $year",
    "months": [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
    ],
    "number_words": [
        *_UNITS,
        *(f"{tens} y {unit}" if unit != "cero" else tens for tens in _TENS for unit in _UNITS[:10]),
        "cien",
    ],
    "thousands": ".",
    "percent_in_words": "$number por ciento",
    "percent_in_figures": "$number\u00a0%",
    "exactly": "el $share",
    "less_than": "menos del $share",
    "more_than": "más del $share",
    "kinds": {
        "webinar": ["seminario web", "un seminario web", "este seminario web"],
        "listening_session": [
            "sesión de escucha", "una sesión de escucha", "esta sesión de escucha",
        ],
        "teleconference": ["teleconferencia", "una teleconferencia", "esta teleconferencia"],
        "town_hall": ["asamblea pública", "una asamblea pública", "esta asamblea pública"],
        "fireside_chat": ["charla informal", "una charla informal", "esta charla informal"],
        "stakeholder_meeting": [
            "reunión con el público", "una reunión con el público", "esta reunión con el público",
        ],
        "conference": ["conferencia", "una conferencia", "esta conferencia"],
    },
    "categories": {
        "attorney": ["abogados o representantes legales", "eran"],
        "government": ["empleados públicos", "se identificaron como"],
        "employer": ["empleadores", "eran"],
        "applicant": ["peticionarios o solicitantes", "eran"],
        "advocate": ["organizaciones de defensa", "representaban a"],
        "other": ["otros", "se identificaron como"],
        "not_stated": ["su función", "no indicaron"],
    },
    "opening": "El $date, la $office, del $department, organizó $a_kind sobre $about.",
    "joined": "Un total de $people personas participaron en $this_kind.",
    "joined_by_one": "Una persona participó en $this_kind.",
    "joined_by_nobody": "Nadie participó en $this_kind.",
    "rounded": "Más de $hundreds personas participaron en $this_kind.",
    "including": "Un total de $people personas participaron en $this_kind, entre ellas $names.",
    "including_uncounted": "En $this_kind participaron, entre otras personas, $names.",
    "others": "otras",
    "before_last_name": " y ",
    "first_share": "$share de los asistentes $verb $noun_phrase",
    "next_share": "$share $verb $noun_phrase",
    "before_last_share": "; y ",
    "questions": "Los participantes enviaron $questions preguntas por escrito$answered.",
    "questions_uncounted": "Los participantes enviaron preguntas por escrito$answered.",
    "one_question": "Los participantes enviaron una pregunta por escrito$answered.",
    "no_question": "No se recibieron preguntas por escrito.",
    "answered_could": "y los ponentes respondieron a todas las que pudieron durante la actividad",
    "answered_possible": "y los ponentes respondieron a tantas como fue posible",
    "answered_all": "y los ponentes respondieron a todas durante la actividad",
    "answered_one": "y los ponentes la respondieron durante la actividad",
    "feedback": "Los participantes enviaron $questions comentarios por escrito.",
    "feedback_uncounted": "Los participantes enviaron comentarios por escrito.",
    "one_feedback": "Los participantes enviaron un comentario por escrito.",
    "no_feedback": "No se recibieron comentarios por escrito.",
    "sample": "A continuación figura una muestra de las preguntas recibidas:",
    "whole_list": "A continuación figuran las preguntas recibidas:",
    "whole_list_of_one": "A continuación figura la pregunta recibida:",
    "feedback_sample": "A continuación figura una muestra de los comentarios recibidos:",
    "feedback_list": "A continuación figuran los comentarios recibidos:",
    "share_list": (
        "La oficina compartirá con $agency la lista completa de las consultas, para que la "
        "agencia pueda atender las inquietudes del público."
    ),
    "share_one": (
        "La oficina compartirá la consulta con $agency, para que la agencia pueda atender las "
        "inquietudes del público."
    ),
    "share_unattributed": (
        "La oficina compartirá con $agency lo que escribieron los participantes, sin atribución."
    ),
    "post": "La oficina publicará la presentación de la actividad en su sitio web.",
    "post_too": "Además, la oficina publicará la presentación de la actividad en su sitio web.",
}  # fmt: skip
