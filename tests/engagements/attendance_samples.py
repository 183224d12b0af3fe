"""Attendance files as platforms write them, made up here row by row."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engagements.files.sheets import Column, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DATA: Final = Path(__file__).with_name("data")
START: Final = datetime(2021, 4, 14, 14, 0)  # noqa: DTZ001 - a wall clock in New York
ZOOM_TIME: Final = "%m/%d/%Y %I:%M:%S %p"
LONG_TIME: Final = "%b %d, %Y %H:%M:%S"

HOST_HEAD: Final = [
    "Attended", "User Name (Original Name)", "Email", "Join Time", "Leave Time",
    "Time in Session (minutes)", "Is Guest", "Country/Region Name",
]  # fmt: skip
ATTENDEE_HEAD: Final = [
    "Attended", "User Name (Original Name)", "First Name", "Last Name", "Email", "Phone",
    "Registration Time", "Approval Status", "Join Time", "Leave Time",
    "Time in Session (minutes)", "Is Guest", "Country/Region Name", "Which best describes you?",
]  # fmt: skip
OTHER_HEAD: Final = [
    "User Name", "Join Time", "Leave Time", "Time in Session (minutes)", "Country/Region Name",
]  # fmt: skip


def at(minute: float, form: str = ZOOM_TIME) -> str:
    """The wall clock so many minutes after the start."""
    return (START + timedelta(minutes=minute)).strftime(form)


def stay(first: float, last: float, form: str = ZOOM_TIME) -> list[str]:
    """Join time, leave time and the minutes as Zoom rounds them up."""
    return [at(first, form), at(last, form), str(int(-(-(last - first) // 1)))]


def attendee(
    name: str,
    email: str,
    first: float = 0,
    last: float = 60,
    *,
    category: str = "",
    is_again: bool = False,
) -> list[str]:
    given, _space, family = name.partition(" ")
    registered = ["NA", "NA"] if is_again else ["04/13/2021 10:00:00 AM", "approved"]
    return ["Yes", name, given, family, email, "", *registered, *stay(first, last), "Yes",
            "United States", category]  # fmt: skip


def absent(name: str, email: str, category: str = "") -> list[str]:
    given, _space, family = name.partition(" ")
    return ["No", name, given, family, email, "", "04/13/2021 10:00:00 AM", "approved", "--", "--",
            "--", "--", "--", category]  # fmt: skip


def panelist(name: str, email: str) -> list[str]:
    return ["Yes", name, email, *stay(-5, 61), "Yes", "United States"]


def zoom(
    attendees: Iterable[Sequence[str]],
    *,
    panelists: Iterable[Sequence[str]] = (),
    others: Iterable[Sequence[str]] = (),
    viewers: int = 0,
    users: int = 0,
) -> bytes:
    """A Zoom attendee report: tables one under the other, UTF-8 with a mark, CRLF."""
    rows: list[Sequence[Any]] = [
        ["Attendee Report", ""],
        ["Report Generated:", "04/14/2021 05:02:11 PM"],
        ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Registered",
         "# Cancelled", "Unique Viewers", "Total Users", "Max Concurrent Views"],
        ["The Contact Center", "912 3456 7890", at(-15), 78, 9, 1, viewers, users, 4],
        ["Host Details", ""],
        HOST_HEAD,
        ["Yes", "Office Host", "host@office.example", *stay(-15, 62), "No", "United States"],
        ["Panelist Details", ""],
        HOST_HEAD,
        *panelists,
        ["Attendee Details", ""],
        ATTENDEE_HEAD,
        *attendees,
    ]  # fmt: skip
    if others := list(others):
        rows += [["Other Attended", ""], OTHER_HEAD, *others]
    return as_csv(rows).encode("utf-8-sig")


def as_csv(rows: Iterable[Sequence[Any]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def as_workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    """One sheet; the first row has the headings."""
    head, *body = rows
    sheet = Sheet("People", [Column(str(title), 20) for title in head], body)
    return write_workbook(
        [sheet], title="People", creator="Office", at=datetime.fromisoformat("2021-04-14T18:00Z")
    )


def large_zoom() -> bytes:
    """The traits of a real report of 2020 (940 attendee rows, 455 addresses that came, of them 10
    panelists', 14 who did not come, four without a registration) with people of our own."""
    people = [f"person{number}@mail.example" for number in range(455)]
    rows: list[list[str]] = []
    for number, email in enumerate(people):
        rows.append(_long_row(number, email, 0, 200))
    again = 924 - len(rows)
    for turn in range(again):
        # Every third comes back while another device of the same person is still there.
        number = turn % 198
        first = 100 if turn % 3 == 0 else 210 + turn % 60
        rows.append(_long_row(number, people[number], first, first + 40, is_again=True))
    gone = [f"absent{number}@mail.example" for number in range(14)] + people[20:22]
    rows += [
        ["No", f"First{number}", f"Last{number}", email, "Mar 24, 2020 07:31:48", "approved",
         "--", "--", "--", "--"]
        for number, email in enumerate(gone)
    ]  # fmt: skip
    return _large(rows, people[:10])


def _large(attendees: list[list[str]], repeated: list[str]) -> bytes:
    short_head = ["Attended", "User Name", "Email", "Join Time", "Leave Time",
                  "Time in Session (minutes)", "Country/Region Name"]  # fmt: skip
    panel = [*repeated, *(f"panel{number}@office.example" for number in range(21))]
    parts = [
        as_csv([["Attendee Report", ""], ["Report Generated:", "Apr 09, 2020 8:50 PM"],
                ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)",
                 "# Registered", "# Cancelled", "Unique Viewers", "Total Users",
                 "Max Concurrent Views"],
                ["A long day", "328-972-509", "Mar 28, 2020 8:07 AM", " 548", " 461", " 0", 446,
                 991, 0],
                ["Host Details", ""], short_head,
                ["Yes", "host", "host@mail.example", *stay(0, 548, LONG_TIME), "USA"],
                ["Panelist Details", ""], short_head]),
        as_csv([["Yes", f"panelist {number}", email, *stay(0, 90, LONG_TIME), "USA"]
                for number, email in enumerate(panel)]),
        as_csv([["Attendee Details", ""],
                ["Attended", "First Name", "Last Name", "Email", "Registration Time",
                 "Approval Status", "Join Time", "Leave Time", "Time in Session (minutes)",
                 "Country/Region Name"], *attendees]),
        as_csv([["Other Attended", ""], OTHER_HEAD,
                *([f"other {number}", at(60, "%b %d, %Y %I:%M %p"), at(61, "%b %d, %Y %I:%M %p"),
                   "1", "India"] for number in range(4))]),
    ]  # fmt: skip
    return "".join(parts).replace("\r\n", "\n").encode()


def _long_row(
    number: int, email: str, first: int, last: int, *, is_again: bool = False
) -> list[str]:
    registered = ["NA", "NA"] if is_again else ["Mar 28, 2020 09:07:11", "approved"]
    return ["Yes", f"First{number}", f"Last{number}", email, *registered,
            *stay(first, last, LONG_TIME), "United States of America"]  # fmt: skip


TEAMS: Final = (DATA / "teams.tsv").read_text(encoding="utf-8").replace("\n", "\r\n")

TEAMS_IN = {
    "German": (
        ["1. Zusammenfassung", "2. Teilnehmer", "3. Aktivitäten in der Besprechung"],
        ["Name", "Erster Beitritt", "Letzter Austritt", "Dauer in der Besprechung", "E-Mail",
         "Teilnehmer-ID (UPN)", "Rolle"],
        ["Name", "Beitrittszeit", "Verlassenszeit", "Dauer", "E-Mail", "Rolle"],
        ["14.04.21, 14:00:00", "14.04.21, 14:50:00", "Organisator", "Teilnehmer", " (Extern)"],
    ),
    "Spanish": (
        ["1. Resumen", "2. Participantes", "3. Actividades en la reunión"],
        ["Nombre", "Primera unión", "Última salida", "Duración en la reunión",
         "Correo electrónico", "Id. de participante (UPN)", "Rol"],
        ["Nombre", "Hora de unión", "Hora de salida", "Duración", "Correo electrónico", "Rol"],
        ["14/4/21, 14:00:00", "14/4/21, 14:50:00", "Organizador", "Asistente", " (Externo)"],
    ),
    "French": (
        ["1. Synthèse", "2. Participants", "3. Activités dans la réunion"],
        ["Nom", "Première connexion", "Dernier départ", "Durée dans la réunion",
         "Adresse e-mail", "ID du participant (UPN)", "Rôle"],
        ["Nom", "Heure d'arrivée", "Heure de départ", "Durée", "Adresse e-mail", "Rôle"],
        ["14/04/2021 14:00:00", "14/04/2021 14:50:00", "Organisateur", "Participant", " (Externe)"],
    ),
    "Portuguese": (
        ["1. Resumo", "2. Participantes", "3. Atividades na reunião"],
        ["Nome", "Primeira entrada", "Última saída", "Duração na reunião", "E-mail",
         "ID do participante (UPN)", "Função"],
        ["Nome", "Hora de entrada", "Hora de saída", "Duração", "E-mail", "Função"],
        ["14/04/2021 14:00:00", "14/04/2021 14:50:00", "Organizador", "Participante", " (Externo)"],
    ),
}  # fmt: skip


def teams_in(language: str) -> bytes:
    """Three people, one the organizer, one twice among the activities with a gap of ten minutes."""
    titles, people, activities, (first, last, organizer, role, ending) = TEAMS_IN[language]
    later, sooner = first.replace("14:00:00", "14:30:00"), last.replace("14:50:00", "14:20:00")
    rows = [
        [titles[0]], ["X", "Y"], [], [titles[1]], people,
        ["Host", first, last, "50m", "host@office.example", "host@office.example", organizer],
        ["Jane Roe" + ending, first, last, "50m", "jane@mail.example", "", role],
        ["Ortega, Luis" + ending, first, last, "40m", "", "", role],
        [], [titles[2]], activities,
        ["Ortega, Luis" + ending, first, sooner, "20m", "", role],
        ["Ortega, Luis" + ending, later, last, "20m", "", role],
    ]  # fmt: skip
    return as_csv(rows, "\t").encode("utf-16")


TEAMS_LIVE: Final = (DATA / "teams_live.csv").read_text(encoding="utf-8")

ADOBE: Final = (DATA / "adobe_connect.xml").read_text(encoding="utf-8")

GOTO: Final = (DATA / "gotowebinar.csv").read_text(encoding="utf-8")
