"""Bytes to tables and people: every platform, encoding and language, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from config.env import BASE_DIR
from engagements.files import attendance
from engagements.files.attendance import Choices, Unreadable, moments
from engagements.files.attendance.entries import moments_in
from tests.engagements import attendance_samples as samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.files.attendance import Document, Person, Problem

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2021, 4, 14)
END = datetime(2021, 4, 14, 19, tzinfo=UTC)
REAL = BASE_DIR.parent / "shared/reference/formats/zoom_attendee_report_real_anonymized_2020.csv"


def read(content: bytes, *, day: date = DAY) -> tuple[Document, list[Person], list[Problem]]:
    document = attendance.recognize(content)
    columns = [table.meanings for table in document.tables]
    choices = Choices(
        kinds=[table.kind for table in document.tables],
        columns=columns,
        zone=ZoneInfo(document.zone) if document.zone else NEW_YORK,
        day=day,
        end=END,
        order=moments.order_of(moments_in(document, columns), day),
    )
    entries, problems = attendance.entries_of(document, choices)
    return document, attendance.people_of(entries), problems


def told(people: Sequence[Person]) -> list[tuple[str, str, int]]:
    return [(person.name, person.why, person.presence) for person in people]


ZOOM_ROWS = [
    samples.attendee("Jane Roe", "jane@mail.example", 0, 30.5, category="Attorney"),
    samples.attendee("Luis Ortega", "luis@mail.example", 0, 30, category="Employer"),
    samples.attendee("Luis Ortega (phone)", "LUIS@mail.example", 20, 50, is_again=True),
    samples.attendee("Pia Panel", "pia@office.example", 0, 5),
    samples.absent("Ann Absent", "ann@mail.example", "Employer"),
]
ZOOM = samples.zoom(
    ZOOM_ROWS,
    panelists=[samples.panelist("Pia Panel", "pia@office.example")],
    others=[
        ["1240*****23", *samples.stay(0, 10), "United States"],
        ["1240*****23", *samples.stay(20, 30), "United States"],
        ["1240*****24", *samples.stay(20, 21), "United States"],
    ],
)


def test_a_zoom_report_with_its_stacked_tables() -> None:
    document, people, problems = read(ZOOM)
    assert (document.platform, document.confidence) == ("zoom", "sure")
    assert [(table.kind, len(table.lines)) for table in document.tables] == [
        ("hosts", 1),
        ("panelists", 1),
        ("attendees", 5),
        ("others", 3),
    ]
    assert ("Unique Viewers", "0") in document.facts
    assert told(people) == [
        ("Office Host", "host", 77 * 60),
        ("Pia Panel", "panelist", 66 * 60),
        ("Jane Roe", "", 1830),
        ("Luis Ortega", "", 3000),
        ("Ann Absent", "absent", 0),
        ("1240*****23", "", 1200),
        ("1240*****24", "", 60),
    ]
    assert [person.stated for person in people[2:5]] == ["Attorney", "Employer", "Employer"]
    assert problems == []


def test_the_traits_of_a_real_report() -> None:
    """455 addresses among its attendees came, whatever its header says; 10 are panelists'."""
    document, people, _problems = read(samples.large_zoom(), day=date(2020, 3, 28))
    assert ("Unique Viewers", "446") in document.facts
    assert [len(table.lines) for table in document.tables] == [1, 31, 940, 4]
    assert len({person.email_key for person in people if person.is_attendee}) - 1 == 455
    assert Counter(person.why for person in people) == {
        "": 449,
        "panelist": 31,
        "absent": 14,
        "host": 1,
    }


if REAL.exists():

    def test_the_real_report() -> None:
        """Anonymized by its authors (beemyfriend/ZoomReports, MIT), read where it lies."""
        document, people, problems = read(REAL.read_bytes(), day=date(2020, 3, 28))
        assert ("Unique Viewers", "446") in document.facts
        assert [len(table.lines) for table in document.tables] == [1, 73, 940, 4]
        came = [person for person in people if person.is_attendee and person.email_key]
        assert (len(came), sum(person.why == "panelist" for person in came)) == (455, 10)
        assert Counter(person.why for person in people) == {
            "": 449,
            "panelist": 31,
            "absent": 14,
            "host": 1,
        }
        assert problems == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_a_teams_report_in_any_encoding(encoding: str) -> None:
    document, people, problems = read(samples.TEAMS.encode(encoding))
    assert (document.platform, document.confidence) == ("teams", "sure")
    assert told(people) == [
        ("Office Host", "host", 4653),
        ("Jane Roe", "", 179),
        ("Ortega, Luis", "", 3000),
        ("Smith, John", "", 8),
        ("Poppy Presents", "panelist", 3900),
    ]
    assert problems == []


@pytest.mark.parametrize("language", samples.TEAMS_IN)
def test_a_teams_report_in_other_languages(language: str) -> None:
    document, people, problems = read(samples.teams_in(language))
    assert document.platform == "teams"
    assert told(people) == [
        ("Host", "host", 3000),
        ("Jane Roe", "", 3000),
        ("Ortega, Luis", "", 2400),
    ]
    assert problems == []


def test_a_teams_report_without_activities_keeps_the_gaps_out() -> None:
    summary = samples.TEAMS.partition("3. In-Meeting")[0]
    _document, people, _problems = read(summary.encode("utf-16"))
    assert told(people)[2] == ("Ortega, Luis", "", 3000)


def test_a_teams_live_event_pairs_joining_and_leaving() -> None:
    document, people, problems = read(samples.TEAMS_LIVE.encode())
    assert (document.platform, document.zone) == ("teams_live", "UTC")
    assert told(people) == [
        ("Jane Roe", "", 1800),
        ("anonymous", "", 59 * 60),
        ("anonymous", "", 600),
    ]
    assert [problem.code for problem in problems] == ["open"]


def test_adobe_connect_has_its_offset_in_the_times() -> None:
    document, people, problems = read(samples.ADOBE.encode())
    assert document.platform == "adobe_connect"
    assert told(people) == [("Jane Roe", "", 3000), ("Luis", "", 59 * 60)]
    assert people[0].intervals[0][0] == datetime(2021, 4, 14, 18, tzinfo=UTC)
    assert [(problem.row, problem.code) for problem in problems] == [(3, "open")]


def test_gotowebinar_with_its_block_and_zones() -> None:
    document, people, _problems = read(samples.GOTO.encode())
    assert document.platform == "gotowebinar"
    assert ("Total Attended", "2") in document.facts
    assert told(people) == [
        ("Jane Roe", "", 3000),
        ("Luis Ortega", "", 600),
        ("Ann Absent", "absent", 0),
    ]
    assert people[1].intervals[0][0] == datetime(2021, 4, 14, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_table_with_names(delimiter: str) -> None:
    rows = [["Nom", "Courriel", "Minutes"], ["Zoé", "zoe@mail.example", "50"]]
    document, people, _problems = read(samples.as_csv(rows, delimiter).encode("cp1252"))
    assert document.platform == "other"
    assert told(people) == [("Zoé", "", 3000)]


def test_a_workbook_with_dates_as_numbers() -> None:
    rows: list[list[object]] = [
        ["Name", "E-mail", "Join time", "Leave time"],
        ["Jane", "jane@mail.example", samples.START, datetime(2021, 4, 14, 14, 30)],  # noqa: DTZ001
        ["Luis", "luis@mail.example", "44300.5833333333", "44300.625"],
    ]
    _document, people, problems = read(samples.as_workbook(rows))
    assert told(people) == [("Jane", "", 1800), ("Luis", "", 3600)]
    assert problems == []


def test_names_that_several_may_go_by_stay_apart() -> None:
    rows = [["Name", "Minutes"], ["iPhone", "5"], ["iPhone", "6"], ["Jane Roe", "1"]]
    rows += [["Roe, Jane", "2"], ["Anonymous", "3"], ["guest", "4"], ["test 2", "9"]]
    _document, people, _problems = read(samples.as_csv(rows).encode())
    assert told(people) == [
        ("iPhone", "", 300),
        ("iPhone", "", 360),
        ("Jane Roe", "", 180),
        ("Anonymous", "", 180),
        ("guest", "", 240),
        ("test 2", "test", 540),
    ]


def test_a_name_without_address_is_who_alone_has_it() -> None:
    rows = [["Name", "Email", "Minutes"], ["Jane Roe", "a@mail.example", "1"]]
    rows += [["Jane Roe", "", "2"], ["Li Wei", "b@mail.example", "1"]]
    rows += [["Li Wei", "c@mail.example", "1"], ["Wei Li", "", "4"]]
    _document, people, _problems = read(samples.as_csv(rows).encode())
    assert [(person.email, person.presence) for person in people] == [
        ("a@mail.example", 180),
        ("b@mail.example", 60),
        ("c@mail.example", 60),
        ("", 240),
    ]


def test_staff_and_speakers_are_told_apart() -> None:
    rows = [["Name", "Email"], ["Omar", "omar@office.example"], ["Doe, Sam", "sam@mail.example"]]
    document = attendance.recognize(samples.as_csv([*rows, ["Ann", "a@b.example"]]).encode())
    entries, _problems = attendance.entries_of(
        document, Choices(["attendees"], [document.tables[0].meanings], NEW_YORK, DAY, END)
    )
    people = attendance.people_of(entries, staff={"omar@office.example"}, speakers={"doe sam"})
    assert [person.why for person in people] == ["staff", "speaker", ""]


def test_problems_name_the_row() -> None:
    rows = [
        ["Name", "Email", "Join time", "Leave time", "Duration"],
        ["Jane", "j@mail.example", "soon", "14:30", "a while"],
        ["", "", "14:00", "14:30", "30"],
        ["Luis", "l@mail.example", "14:30", "14:00", ""],
        ["Ann", "", "14:00", "", "--"],
        ["Bob", "", "14:00", "14:20", "20"],
    ]
    _document, people, problems = read(samples.as_csv(rows).encode())
    assert [(problem.row, problem.code) for problem in problems] == [
        (2, "duration"),
        (2, "time"),
        (3, "nobody"),
        (4, "backwards"),
        (5, "open"),
    ]
    assert told(people) == [("Jane", "", 0), ("Luis", "", 0), ("Ann", "", 3600), ("Bob", "", 1200)]


def archive(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return packed.getvalue()


def lying_workbook() -> bytes:
    """Far more unpacked than a list has."""
    return archive(xl__workbook_xml=b"<a/>", xl__worksheets__a_xml=b" " * (201 * 1024 * 1024))


def far_corner() -> bytes:
    cell = (
        b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    )
    return archive(xl__workbook_xml=b"<a/>", xl__worksheets__a_xml=cell)


def with_macros() -> bytes:
    return archive(**{"xl__workbook_xml": b"<a/>", "xl__vbaProject.bin": b"x"})


def encrypted() -> bytes:
    content = bytearray(archive(xl__workbook_xml=b"<a/>"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><results><row>&b;</row></results>'


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("empty", b""),
        ("empty", b" \r\n"),
        ("too_large", b"a" * (25 * 1024 * 1024 + 1)),
        ("html", b"  <!DOCTYPE html><html><table></table></html>"),
        ("html", b"<table><tr><td>Name</td></tr></table>"),
        ("binary", b"%PDF-1.7\x00\x01\x02"),
        ("binary", bytes(range(256))),
        ("old_office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100),
        ("not_xlsx", archive(a=b"b")),
        ("macros", with_macros()),
        ("encrypted", encrypted()),
        ("bomb", lying_workbook()),
        ("too_many_rows", far_corner()),
        ("damaged", archive(xl__workbook_xml=b"<broken")),
        ("damaged", b"PK\x03\x04 and no more"),
        ("xml", BOMB),
        ("xml", b"<?xml version='1.0'?><broken"),
        ("xml", b"<?xml version='1.0'?><other/>"),
        ("wrong_report", b"Q&A Report,\n#,Question\n1,Why?\n"),
        ("wrong_report", b"Registration Report,\nFirst Name,Email\nA,a@b.example\n"),
        ("no_rows", b"Name,Email\n"),
        ("too_many_columns", b",".join([b"a"] * 300) + b"\n1\n"),
        ("too_many_rows", b"Name,Email\n" + b"a,\n" * 100_400),
        ("csv", b'Name,Email\n"' + b"a" * 200_000 + b'",b\n'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_in_words(code: str, content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        attendance.recognize(content)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_hostile_names_stay_the_text_they_are() -> None:
    hostile = ["<img src=x onerror=alert(1)>", "{{7*7}}", "=1+1", "\u202eevil", "مرحبا بالعالم"]
    rows = [["Name", "Minutes"], *([name, "1"] for name in hostile)]
    _document, people, _problems = read(samples.as_csv(rows).encode())
    assert [person.name for person in people] == [*hostile[:3], "evil", hostile[4]]


def test_every_sample_of_the_reference_is_read() -> None:
    folder = Path(REAL).parent
    for name, counted in {
        "adobe_connect_attendance_constructed.xml": 2,
        "teams_attendance_constructed.csv": 3,
        "teams_live_event_AttendeeReport_constructed.csv": 2,
        "zoom_attendee_2021_constructed.csv": 6,
    }.items():
        if (folder / name).exists():
            _document, people, _problems = read((folder / name).read_bytes())
            assert sum(not person.why for person in people) == counted, name
