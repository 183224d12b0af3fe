"""What is no answer, or no request at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.models import AgencyAnswer
from tests.qa.agency.programs import ANSWER, Program, body, told

if TYPE_CHECKING:
    from qa.models import Forwarding

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sent_body",
    [
        "",
        "null",
        "[]",
        "7",
        '"a"',
        "{",
        '{"status":"answered","status":"declined"}',
        '{"status":"answered","same_as":NaN}',
        '{"status":"answered","same_as":Infinity}',
        '{"status":"answered","text":"\\ud800","publishable":true}',
        '{"status":"answered","text":7}',
        '{"status":"answered","text":"a","publishable":"yes"}',
        '{"status":"answered","text":"a","state":"published"}',
        '{"status":"published","text":"a"}',
        '{"status":"same_as","same_as":1e400}',
        '{"status":"same_as","same_as":99999999999999999999}',
        '{"status":"same_as","same_as":' + "9" * 5000 + "}",
        '{"status":"answered","text":"a","answered_on":"2021-02-30"}',
        "[" * 5000 + "]" * 5000,
        '{"a":' * 900 + "1" + "}" * 900,
        b"\xff\xfe",
        b'\xef\xbb\xbf{"status":"answered"}',
        b'{"status":"answered","text":"\xc3\x28"}',
    ],
)
def test_what_is_no_answer_is_refused_in_words(
    system: Program, sent: Forwarding, sent_body: str | bytes
) -> None:
    answer = system.put(f"/forwardings/{sent.pk}/answers/1", sent_body)
    assert answer.status_code in {400, 422}
    assert told(answer)[1] in {"not_read", "not_valid"}
    assert not AgencyAnswer.objects.exists()


def test_only_json_is_read_and_not_more_than_fits(system: Program, sent: Forwarding) -> None:
    path = f"/api/v1/forwardings/{sent.pk}/answers/1"
    headers = {"Authorization": f"Bearer {system.text}"}
    plain = system.client.put(path, "status=answered", content_type="text/plain", headers=headers)
    form = system.client.put(
        path, "status=answered", content_type="application/x-www-form-urlencoded", headers=headers
    )
    assert told(plain)[0] == told(form)[0] == 415
    large = system.put(f"/forwardings/{sent.pk}/answers/1", ANSWER | {"text": "a" * 1_100_000})
    assert told(large) == (413, "too_large")
    many = [ANSWER | {"number": number} for number in range(1, 1002)]
    assert told(system.put(f"/forwardings/{sent.pk}/answers", {"answers": many}))[0] == 422
    assert not AgencyAnswer.objects.exists()


def test_text_is_stored_as_any_other(system: Program, sent: Forwarding) -> None:
    path = f"/forwardings/{sent.pk}/answers/1"
    for text, stored in (
        ("a\x00b\r\nc", "ab\nc"),
        ("=1+1", "=1+1"),
        ("<b>شكرا</b>", "<b>شكرا</b>"),
    ):
        assert body(system.put(path, ANSWER | {"text": text}))["text"] == stored


@pytest.mark.parametrize(
    "path",
    [
        "/forwardings?limit=0",
        "/forwardings?limit=1001",
        "/forwardings?offset=-1",
        "/forwardings?limit=9999999999999999999999",
        "/forwardings?limit=a&limit=b",
        "/forwardings?limit=%00",
    ],
)
def test_pages_have_bounds(system: Program, path: str) -> None:
    assert told(system.get(path)) == (422, "not_valid")


def test_absurd_numbers_are_unknown(system: Program, sent: Forwarding) -> None:
    for number in (0, 2**31, 2**63, 10**40):
        assert system.get(f"/forwardings/{number}").status_code == 404
        answer = f"/forwardings/{sent.pk}/answers/{number}"
        assert system.get(answer).status_code == 404
        assert system.put(answer, ANSWER).status_code in {404, 409, 422}
    assert not AgencyAnswer.objects.exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
KEYS = ("status", "text", "page_url", "same_as", "directorate", "contact", "answered_on")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from([*KEYS, "publishable", "submit", "x"]),
        JSON | st.sampled_from(["answered", "declined", "same_as", "see_page", "2021-04-14"]),
    ),
    number=st.integers(min_value=0, max_value=2**70),
)
def test_whatever_is_put_is_answered_and_only_answers_are_stored(
    system: Program, sent: Forwarding, values: dict[str, Any], number: int
) -> None:
    answer = system.put(f"/forwardings/{sent.pk}/answers/{number}", json.dumps(values))
    assert answer.status_code in {200, 400, 404, 409, 422, 429}
    stored = AgencyAnswer.objects.values_list("question__number", flat=True)
    assert set(stored) <= {1, 2, 4, 5}
