from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from readouts.files import archive
from readouts.files.archive import Archive, ArchivedSpeaker

PAST: dict[str, Any] = {
    "slug": "contact-center-2021",
    "kind": "webinar",
    "series": "The CIS Ombudsman's Webinar Series",
    "title": "The USCIS Contact Center",
    "about": "the USCIS Contact Center",
    "date": "2021-04-14",
    "agency": "USCIS",
    "attendance": {"employers": 66, "other": 174},
    "questions": ["When does it open?", "Who answers the line?\r\nAnd when?"],
    "sample": [2],
    "summary": "First.\n\n**Second.**",
    "speakers": [{"name": "Nathan Stiefel", "title": "Deputy Ombudsman", "organization": "DHS"}],
    "presentation_posted": True,
}


def as_bytes(content: Any) -> bytes:
    return json.dumps(content).encode()


def faults(content: Any) -> list[str]:
    data = content if isinstance(content, bytes) else as_bytes(content)
    return [str(fault) for fault in archive.read(data).faults]


def test_whole_file_is_read() -> None:
    reading = archive.read(as_bytes(PAST))
    assert reading.faults == ()
    assert reading.archive == Archive(
        slug="contact-center-2021",
        kind="webinar",
        series="The CIS Ombudsman's Webinar Series",
        title="The USCIS Contact Center",
        about="the USCIS Contact Center",
        held_on=date(2021, 4, 14),
        agency="USCIS",
        attendance=(("employers", 66), ("other", 174)),
        questions=("When does it open?", "Who answers the line?\nAnd when?"),
        sample=(2,),
        summary="First.\n\n**Second.**",
        speakers=(ArchivedSpeaker("Nathan Stiefel", "Deputy Ombudsman", "DHS"),),
        presentation_posted=True,
    )


def test_required_keys_are_enough_and_null_means_absent() -> None:
    least = {key: PAST[key] for key in archive.REQUIRED}
    expected = Archive(
        slug="contact-center-2021",
        kind="webinar",
        title="The USCIS Contact Center",
        about="the USCIS Contact Center",
        held_on=date(2021, 4, 14),
        agency="USCIS",
    )
    optional = dict.fromkeys(set(archive.KEYS) - set(archive.REQUIRED))
    assert archive.read(as_bytes(least)) == archive.Reading(expected)
    assert archive.read(as_bytes(least | optional)) == archive.Reading(expected)


def test_byte_order_mark_is_tolerated() -> None:
    assert archive.read(b"\xef\xbb\xbf" + as_bytes(PAST)) == archive.read(as_bytes(PAST))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Webinar", "webinar"),
        ("LISTENING SESSION", "listening_session"),
        ("listening-session", "listening_session"),
        ("town_hall", "town_hall"),
    ],
)
def test_kind_is_its_value_or_label_in_any_case(written: str, kind: str) -> None:
    assert archive.read(as_bytes(PAST | {"kind": written})).archive.kind == kind


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"slug": None}, ["slug: is missing"]),
        ({"slug": 7}, ["slug: is a number; it should be text"]),
        (
            {"slug": "a b"},
            ['slug: "a b" is no short name; use letters a to z, digits, hyphens, underscores'],
        ),
        ({"slug": "x" * 81}, ["slug: has 81 characters; 80 are possible"]),
        ({"title": " \u200b"}, ["title: is empty"]),
        ({"title": "x" * 201}, ["title: has 201 characters; 200 are possible"]),
        ({"about": ["x"]}, ["about: is a list; it should be text"]),
        ({"date": "14 April 2021"}, ['date: "14 April 2021" is not written as YYYY-MM-DD']),
        ({"date": "20210414"}, ['date: "20210414" is not written as YYYY-MM-DD']),
        ({"date": "2021-02-29"}, ['date: "2021-02-29" is not in the calendar']),
        (
            {"kind": "rally"},
            [
                ('kind: "rally" is not a known kind; known are webinar, listening_session, '
                "teleconference, town_hall, fireside_chat, stakeholder_meeting, conference")
            ],
        ),
        ({"attendance": [1]}, ["attendance: is a list; it should be an object"]),
        (
            {"attendance": {"employers": -3}},
            ['attendance["employers"]: -3 is not a whole number of people'],
        ),
        (
            {"attendance": {"employers": True}},
            ['attendance["employers"]: true is not a whole number of people'],
        ),
        (
            {"attendance": {"employers": 2.5}},
            ['attendance["employers"]: 2.5 is not a whole number of people'],
        ),
        (
            {"attendance": {"employers": float("nan")}},
            ['attendance["employers"]: NaN is not a whole number of people'],
        ),
        (
            {"attendance": {"employers": "66"}},
            ['attendance["employers"]: "66" is not a whole number of people'],
        ),
        (
            {"attendance": {"employers": 10**18}},
            ['attendance["employers"]: is more than 2147483647 people'],
        ),
        ({"attendance": {"": 1}}, ['attendance[""]: is empty']),
        ({"questions": "Why?", "sample": []}, ["questions: is text; it should be a list"]),
        ({"questions": ["Why?", "\n", 3], "sample": []}, [
            "questions[1]: is empty",
            "questions[2]: is a number; it should be text",
        ]),
        ({"questions": ["x" * 2001], "sample": []}, [
            "questions[0]: has 2001 characters; 2000 are possible",
        ]),
        ({"sample": [0]}, ["sample[0]: 0 is no position; positions count from 1 to 2"]),
        ({"sample": [1, 3]}, ["sample[1]: 3 is no position; positions count from 1 to 2"]),
        ({"sample": [True]}, ["sample[0]: true is no position; positions count from 1 to 2"]),
        ({"sample": [2, 2]}, ["sample[1]: 2 stands in the sample already"]),
        ({"sample": [1], "questions": []}, [
            "sample[0]: 1 is no position; the file has no questions",
        ]),
        ({"summary": {}}, ["summary: is an object; it should be text"]),
        ({"speakers": ["Nathan"]}, ["speakers[0]: is text; it should be an object"]),
        ({"speakers": [{"title": "Chief"}]}, ["speakers[0].name: is missing"]),
        ({"speakers": [{"name": ""}]}, ["speakers[0].name: is empty"]),
        ({"speakers": [{"name": "N", "phone": 1}]}, [
            "speakers[0].phone: is not a known key; known are name, title, organization",
        ]),
        ({"presentation_posted": "yes"}, [
            "presentation_posted: is text; it should be true or false",
        ]),
    ],
)  # fmt: skip
def test_fault_is_named_with_its_place(changes: dict[str, Any], expected: list[str]) -> None:
    assert faults(PAST) == []
    assert faults(PAST | changes) == expected


def test_unknown_key_is_a_fault() -> None:
    assert faults(PAST | {"attendence": {}}) == [
        f"attendence: is not a known key; known are {', '.join(archive.KEYS)}"
    ]


def test_every_fault_is_found_at_once() -> None:
    wrong = PAST | {"slug": "", "date": "yesterday", "sample": [9], "speakers": [{}]}
    assert faults(wrong) == [
        "slug: is empty",
        'date: "yesterday" is not written as YYYY-MM-DD',
        "sample[0]: 9 is no position; positions count from 1 to 2",
        "speakers[0].name: is missing",
    ]


def test_key_given_twice_is_a_fault_where_it_stands() -> None:
    data = as_bytes(PAST).replace(b'"employers": 66', b'"employers": 66, "employers": 67')
    data = data.replace(b'"kind"', b'"slug": "x", "kind"')
    assert faults(data) == [
        "slug: is given more than once",
        'attendance["employers"]: is given more than once',
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "The file is not JSON: line 1, column 1: Expecting value."),
        (
            b'{\n "slug": }',
            "The file is not JSON: line 2, column 10: Expecting value.",
        ),
        (b"[]", "The file holds a list; it should be an object."),
        (b"null", "The file holds null; it should be an object."),
        (b"[" * 100_000, "The file is nested too deeply."),
        (
            b'{"a": "\n\xff"}',
            "The file is not UTF-8 text: line 2 has a byte that does not belong there.",
        ),
        (
            b" " * 10_000_001,
            "The file has 10000001 bytes; 10000000 are possible.",
        ),
    ],
)
def test_what_is_no_archive_is_said_in_one_sentence(data: bytes, expected: str) -> None:
    assert faults(data) == [expected]


def test_thousands_of_digits_are_named_without_reading_them() -> None:
    data = as_bytes(PAST).replace(b"66", b"9" * 5_000).replace(b"174", b"-" + b"9" * 5_000)
    assert faults(data) == [
        'attendance["employers"]: is more than 2147483647 people',
        'attendance["other"]: -100000000000000000000 is not a whole number of people',
    ]


def test_text_is_cleaned_of_what_no_database_keeps() -> None:
    hostile = PAST | {"title": "A\u0000 \ud800title", "questions": ["One\u202e?"], "sample": []}
    reading = archive.read(as_bytes(hostile))
    assert (reading.archive.title, reading.archive.questions) == ("A title", ("One?",))
    assert reading.faults == ()
