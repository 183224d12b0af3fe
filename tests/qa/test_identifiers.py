from __future__ import annotations

import pytest

from qa import identifiers
from qa.identifiers import find

FOUND = [
    ("receipt_number", "My case {} is stuck", "IOE0912345678"),
    ("receipt_number", "{} pending since 2019", "WAC-21-123-45678"),
    ("receipt_number", "{} no update", "eac 2190012345"),
    ("receipt_number", "copied: *{}*", "LIN 21 900 12345"),
    ("receipt_number", "{}", "msc*21*901*23456"),
    ("a_number", "{} is my number", "A123-456-789"),
    ("a_number", "it is {}.", "A 012 345 678"),
    ("a_number", "{} 2 years ago", "A123-456-789"),
    ("a_number", "{}\n2. When?", "A 123456789"),
    ("a_number", "alien number {} 30 days", "12345678"),
    ("a_number", "{}", "a#12345678"),
    ("a_number", "{}", "A# 123 456 789"),
    ("a_number", "my alien number is {}", "087654321"),
    ("a_number", "A-Number: {}", "123 456 789"),
    ("a_number", "USCIS# {}", "123-456-789"),
    ("a_number", "number {} here", "A\u200b123\u200b456\u200b789"),
    ("a_number", "a-number {}", "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"),
    ("a_number", "{}", "\N{CYRILLIC CAPITAL LETTER A}123456789"),
    ("nvc_case_number", "{} at NVC", "MNL2012706010"),
    ("sevis_id", "{} sevis", "N0012345678"),
    ("online_account_number", "online account number {}", "0123 4567 8901"),
    ("ssn", "ssn {}", "123-45-6789"),
    ("ssn", "social security {}", "123456789"),
    ("ssn", "{} is my SSN", "123456789"),
    ("ssn", "it is {}", "123 - 45 - 6789"),
    ("ssn", "it is {}", "123\N{EN DASH}45\N{EN DASH}6789"),
    ("itin", "ITIN {}", "912-70-1234"),
    ("i94", "I-94 {}", "123456789A1"),
    ("passport", "passport {} expires", "M1234567"),
    ("passport", "pasaporte: {}", "AB 123456"),
    ("eta_case", "{}", "G-100-12345-123456"),
    ("fein", "EIN {}", "12-3456789"),
    ("card", "card {}", "4111 1111 1111 1111"),
    ("dob", "dob {}", "04/14/1985"),
    ("dob", "born {}", "April 14, 1985"),
    ("dob", "nací el {}", "4 de abril de 1985"),
    ("phone", "call me {}", "240-555-0123"),
    ("phone", "{}", "(240) 555-0123"),
    ("phone", "{}", "+1 240.555.0123"),
    ("phone", "from London {}", "+44 20 7946 0958"),
    ("phone", "{}", "2405550123"),
    ("email", "mail {} pls", "juan.perez@gmail.com"),
    ("email", "mail {} pls", "juan at gmail dot com"),
    ("email", "mail {} pls", "juan (at) gmail (dot) com"),
    ("email", "mail {} pls", "josé\uff20correo.mx"),
    ("email", "mail {}", "x@uscis.gov.evil.example"),
    ("long_number", "my case is {}", "1234567890123"),
]  # fmt: skip

NOT_FOUND = [
    "call 800-375-5283 the Contact Center",
    "call 1 (800) 375-5283, or 8003755283",
    "Form I-485, I-765, G-28, N-400, I-129",
    "AILA Doc. No. 11040735",
    "8 C.F.R. § 245.23(c)(3)",
    "USCIS hired 1,600 officers in FY08",
    "On 12/14/2010 they called",
    "OMB control number 1601-0004 exp 9/30/2025",
    "EO 14012 and Public Law 107-296",
    "processing 90 days, 10,000 visas",
    "section 203(b)(5) of the INA, 8 U.S.C. 1153",
    "EB-3 priority date 01JAN2015",
    "A total of 828 stakeholders",
    "write to cisombudsman@hq.dhs.gov",
    "DHS/ALL/PIA-006",
    "20 Massachusetts Avenue, NW, Washington, D.C. 20529-2140",
    "FY 2020 11 million calls",
    "a 2019-2020 school year",
    "10,000,000 people and 1 000 000 000 dollars",
    "write to me at home dot the rest is silence",
    "RFE 2021-2022 and I-485, 2020 2021 2022",
    "https://www.uscis.gov/forms/12345678901",
    "",
]


@pytest.mark.parametrize(("kind", "sentence", "words"), FOUND)
def test_an_identifier_is_found_with_its_kind_and_place(
    kind: str, sentence: str, words: str
) -> None:
    text = sentence.format(words)
    start = text.index(words)

    assert find(text) == [identifiers.Found(kind, words, start, start + len(words))]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_one_is_not_flagged(text: str) -> None:
    assert find(text) == []


def test_several_are_found_in_their_order_and_each_once() -> None:
    text = "I am A123456789, call 240-555-0123 or (800) 375-5283, or mail a@b.example"

    assert [(one.kind, one.words) for one in find(text)] == [
        ("a_number", "A123456789"),
        ("phone", "240-555-0123"),
        ("email", "a@b.example"),
    ]


def test_words_that_two_patterns_share_are_one_finding_of_the_more_specific() -> None:
    assert [one.kind for one in find("my phone and SSN: 219-09-9999")] == ["ssn"]


@pytest.mark.parametrize(
    "piece", ["1 ", "a@", "@", "4111 ", "123-45-", "1/1/", "(at)", "a.", "born 1", "\uff11\u200b"]
)
def test_a_hostile_text_twenty_times_as_long_as_a_question_ends(piece: str) -> None:
    """What grew with the square of its length would not: the suite has its own time limit."""
    text = piece * (40_000 // len(piece))

    assert all(text[one.start : one.end] == one.words for one in find(text))
