"""What a token opens over HTTP. That no session opens anything there is in tests/test_access.py."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements import clock
from engagements.models import AuditEntry, Engagement, User
from qa import states
from qa.actions.agency import tokens
from qa.models import AgencyAnswer, AnswerVersion, ApiToken, Forwarding, Receipt
from tests.factories import (
    forward_list,
    list_file,
    make_agency,
    make_forwarding,
    make_question,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db

ANSWER = {"status": "answered", "text": "At nine.", "publishable": True}


class Program:
    """An agency's program with a token."""

    def __init__(self, text: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.text = text

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self._send("get", path, headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._send("put", path, headers, data=data, content_type="application/json")

    def _send(self, verb: str, path: str, headers: dict[str, str], **more: Any) -> HttpResponse:
        given = {"Authorization": f"Bearer {self.text}"} if self.text else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self.client, verb)
        answer: HttpResponse = send(f"/api/v1{path}", headers=given | named, **more)
        return answer


def program(by: User, *scopes: str, days: int = 30) -> Program:
    made = tokens.make(by=by, name="Case system", scopes=scopes or ApiToken.Scope.values, days=days)
    return Program(made.text)


@pytest.fixture
def system(uma: User) -> Program:
    cache.clear()
    return program(uma)


def told(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    return response.status_code, body["code"]


def body(response: HttpResponse) -> Any:
    assert response.status_code == 200, response.content
    assert "no-store" in response["Cache-Control"]
    return json.loads(response.content)


def test_a_program_lists_what_was_sent_to_its_agency(
    system: Program, sent: Forwarding, engagement: Engagement, ada: User
) -> None:
    engagement.agency = make_agency("EOIR")
    engagement.save()
    make_forwarding(engagement, sent_by=ada)

    listed = body(system.get("/forwardings"))

    assert listed["count"] == 1
    [item] = listed["items"]
    assert (item["id"], item["number"], item["state"]) == (sent.pk, 1, "sent")
    assert item["engagement"] == sent.engagement.slug
    assert body(system.get(f"/forwardings/{sent.pk}")) == item
    assert body(system.get("/forwardings?limit=1&offset=1")) == {"count": 1, "items": []}


def test_a_program_reads_the_questions_page_by_page(system: Program, sent: Forwarding) -> None:
    pages = [
        body(system.get(f"/forwardings/{sent.pk}/questions?limit=3&offset={offset}"))
        for offset in (0, 3)
    ]
    assert [page["count"] for page in pages] == [5, 5]
    items = [item for page in pages for item in page["items"]]
    assert [(item["number"], item["text"], item["status"]) for item in items] == [
        (1, "Question 1?", "shown"),
        (2, "Question 2?", "shown"),
        (3, "", "withdrawn"),
        (4, "Question 4?", "shown"),
        (5, "Question 5?", "shown"),
    ]


def test_a_program_gets_a_file_against_a_receipt(
    system: Program, live_engagement: Engagement, edna: User, uma: User
) -> None:
    make_question(live_engagement.floor, state=states.SHOWN)
    live_engagement.state = Engagement.State.ENDED
    live_engagement.save()
    sent = forward_list(live_engagement, by=edna)

    for kind in ("xlsx", "csv", "json"):
        answer = system.get(f"/forwardings/{sent.pk}/files/{kind}")
        assert (answer.status_code, answer.content) == (200, list_file(sent, kind))
        assert answer["X-Content-SHA256"] == sent.files.get(format=kind).sha256

    token = ApiToken.objects.get()
    taken = Receipt.objects.order_by("pk").values_list("format", "token", "taken_by")
    assert list(taken) == [(kind, token.pk, uma.pk) for kind in ("xlsx", "csv", "json")]
    assert told(system.get(f"/forwardings/{sent.pk}/files/exe")) == (404, "not_found")
    assert Receipt.objects.count() == 3


def test_a_program_puts_an_answer_and_the_same_again_changes_nothing(
    system: Program, sent: Forwarding, uma: User
) -> None:
    path = f"/forwardings/{sent.pk}/answers/1"
    assert told(system.get(path)) == (404, "not_found")

    first = system.put(path, ANSWER)
    again = system.put(path, ANSWER, If_Match=first["ETag"])

    assert first["ETag"] == again["ETag"] == '"1"'
    assert body(first) == body(again) == body(system.get(path))
    stored = AgencyAnswer.objects.get()
    assert (stored.text, stored.state, stored.edited_by) == ("At nine.", "draft", uma)
    version = AnswerVersion.objects.get()
    assert (version.via, version.token) == ("api", ApiToken.objects.get())
    entry = AuditEntry.objects.get(action="answers.written")
    assert (entry.actor, entry.detail["token"]) == (uma, version.token_id)
    assert "nine" not in json.dumps(entry.detail)


def test_a_colleagues_words_are_not_overwritten_unseen(system: Program, sent: Forwarding) -> None:
    path = f"/forwardings/{sent.pk}/answers/1"
    seen = system.put(path, ANSWER, If_None_Match="*")["ETag"]
    system.put(path, ANSWER | {"text": "At ten."}, If_Match=seen)

    for headers in ({"If_Match": seen}, {"If_None_Match": "*"}, {"If_Match": '"x"'}):
        assert told(system.put(path, ANSWER, **headers)) == (412, "changed")
    many = {"answers": [ANSWER | {"number": 1, "revision": 1}, ANSWER | {"number": 2}]}
    assert told(system.put(f"/forwardings/{sent.pk}/answers", many)) == (412, "changed")

    assert list(AgencyAnswer.objects.values_list("text", "revision")) == [("At ten.", 2)]


def test_many_answers_are_put_and_submitted_together_or_not_at_all(
    system: Program, sent: Forwarding
) -> None:
    path = f"/forwardings/{sent.pk}/answers"
    same = {"status": "same_as", "same_as": 1, "publishable": True}
    good = [ANSWER | {"number": 1}, same | {"number": 2}]
    bad = [ANSWER | {"number": 4, "text": " "}, same | {"number": 5, "same_as": 5}]

    refused = system.put(path, {"answers": good + bad, "submit": True})
    assert told(refused) == (422, "answers")
    found = json.loads(refused.content)["problems"]
    assert [one["number"] for one in found] == [4, 5]
    assert {"number", "field", "code", "detail"} == set(found[0])
    assert not AgencyAnswer.objects.exists()
    assert told(system.put(path, {"answers": [good[0], good[0]]})) == (409, "twice")
    assert told(system.put(path, {"answers": [ANSWER | {"number": 3}]}))[0] in {409, 422}

    put = body(system.put(path, {"answers": good, "submit": True}))
    assert put == {"changed": [1, 2], "unchanged": [], "submitted": [1, 2]}
    again = body(system.put(path, {"answers": good, "submit": True}))
    assert (again["changed"], again["unchanged"]) == ([], [1, 2])
    listed = body(system.get(path))
    assert [(one["number"], one["state"]) for one in listed["items"]] == [
        (1, "submitted"),
        (2, "submitted"),
    ]
    other = ANSWER | {"number": 1, "text": "At ten."}
    assert told(system.put(path, {"answers": [other]})) == (409, "with_office")


def test_a_list_that_is_gone_or_of_others_is_unknown(
    system: Program, sent: Forwarding, otto: User
) -> None:
    paths = ("", "/questions", "/files/xlsx", "/answers", "/answers/1")
    never = [system.get(f"/forwardings/999999{path}") for path in paths]
    foreign = [program(otto).get(f"/forwardings/{sent.pk}{path}") for path in paths]
    put = program(otto).put(f"/forwardings/{sent.pk}/answers/1", ANSWER)
    Forwarding.objects.update(state=states.FORWARDING_RECALLED)
    recalled = [system.get(f"/forwardings/{sent.pk}{path}") for path in paths]

    assert {one.content for one in (*never, *foreign, *recalled, put)} == {never[0].content}
    assert told(never[0]) == (404, "not_found")
    assert told(system.put(f"/forwardings/{sent.pk}/answers/1", ANSWER)) == (404, "not_found")
    assert body(system.get("/forwardings"))["count"] == 0
    assert not AgencyAnswer.objects.exists()


def test_a_list_that_was_superseded_is_read_and_not_answered(
    system: Program, sent: Forwarding
) -> None:
    Forwarding.objects.update(state=states.FORWARDING_SUPERSEDED)
    assert body(system.get(f"/forwardings/{sent.pk}"))["state"] == "superseded"
    assert told(system.put(f"/forwardings/{sent.pk}/answers/1", ANSWER)) == (409, "superseded")


def test_a_token_does_only_what_it_is_for(uma: User, sent: Forwarding) -> None:
    def statuses(scope: str) -> list[int]:
        system = program(uma, scope)
        return [
            system.get("/forwardings").status_code,
            system.get(f"/forwardings/{sent.pk}/questions").status_code,
            system.get(f"/forwardings/{sent.pk}/files/xlsx").status_code,
            system.get(f"/forwardings/{sent.pk}/answers").status_code,
            system.put(f"/forwardings/{sent.pk}/answers/1", ANSWER).status_code,
        ]

    # This list has no files, so who may ask for one is told that there is none.
    assert statuses(ApiToken.Scope.LIST) == [200, 200, 403, 200, 403]
    assert statuses(ApiToken.Scope.DOWNLOAD) == [403, 403, 404, 403, 403]
    assert statuses(ApiToken.Scope.ANSWER) == [403, 403, 403, 200, 200]


def test_no_token_opens_after_its_end_or_that_of_its_maker(
    uma: User, lee: User, otto: User, ada: User, sent: Forwarding
) -> None:
    cache.clear()
    programs = {name: program(lee) for name in ("revoked", "expired", "left", "contributes", "out")}
    path = f"/forwardings/{sent.pk}"
    wanted = program(uma).get(path).content
    assert all(one.get(path).content == wanted for one in programs.values())

    def end(name: str) -> HttpResponse:
        token = ApiToken.objects.get(digest=tokens._digest(programs[name].text))
        if name == "revoked":
            tokens.revoke(token, by=ada)
        elif name == "expired":
            ApiToken.objects.filter(pk=token.pk).update(expires_at=clock.now())
        else:
            User.objects.filter(pk=lee.pk).update(
                is_active=name != "out",
                is_contributor=name == "contributes",
                agency=otto.agency if name == "left" else uma.agency,
            )
        return programs[name].get(path)

    unknown = Program("ofl_" + "A" * 43).get(path)
    absent = Program("").get(path)
    garbage = Program("Bearer \x7f ofl_").get(path)
    ended = [end(name) for name in programs]

    assert told(unknown) == (401, "unknown_token")
    assert unknown["WWW-Authenticate"].startswith("Bearer")
    assert {one.content for one in (absent, garbage, *ended)} == {unknown.content}


def test_the_time_of_the_last_use_is_noted_once_a_minute(uma: User, system: Program) -> None:
    system.get("/forwardings")
    token = ApiToken.objects.get()
    assert token.used_at is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        system.get("/forwardings")
    assert not [one for one in queries if one["sql"].startswith("UPDATE")]
    ApiToken.objects.update(used_at=clock.now() - timedelta(minutes=2))
    system.get("/forwardings")
    token.refresh_from_db()
    assert token.used_at > clock.now() - timedelta(minutes=1)


def test_too_many_calls_are_told_when_to_try_again(
    system: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.pace.ACCOUNT", 3)
    answers = [system.get("/forwardings") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert told(answers[-1]) == (429, "too_fast")
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_who_tries_tokens_is_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("qa.api.door.REFUSED_A_MINUTE", 3)
    guesses = [Program(f"ofl_{number:043}").get("/forwardings") for number in range(5)]
    assert [one.status_code for one in guesses] == [401, 401, 401, 429, 429]


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


def test_a_session_is_no_token_and_no_other_origin_is_let_in(
    uma: User, sent: Forwarding, sign_in: Any
) -> None:
    browser = sign_in(uma)
    response = browser.get(
        f"/api/v1/forwardings/{sent.pk}", headers={"Origin": "https://evil.example"}
    )
    assert told(response) == (401, "unknown_token")
    assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert not response.cookies
    asked = browser.options("/api/v1/forwardings", headers={"Origin": "https://evil.example"})
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.lower().startswith("access-control")]


def test_a_page_of_a_list_costs_the_same_for_many(system: Program, sent: Forwarding) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            body(system.get(f"/forwardings/{sent.pk}/answers"))
        return len(queries)

    system.put(f"/forwardings/{sent.pk}/answers", {"answers": [ANSWER | {"number": 1}]})
    few = cost()
    many = [ANSWER | {"number": number} for number in (1, 2, 4, 5)]
    system.put(f"/forwardings/{sent.pk}/answers", {"answers": many})
    assert cost() == few


def test_the_description_names_every_operation_and_asks_for_a_token(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    operations = {
        (method, path): operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }
    root = "/api/v1/forwardings"
    one = f"{root}/{{pk}}"
    assert operations.keys() == {
        ("get", root),
        ("get", one),
        ("get", f"{one}/questions"),
        ("get", f"{one}/files/{{kind}}"),
        ("get", f"{one}/answers"),
        ("put", f"{one}/answers"),
        ("get", f"{one}/answers/{{number}}"),
        ("put", f"{one}/answers/{{number}}"),
    }
    assert all(operation["security"] for operation in operations.values())
    assert all(
        {"200", "401", "404"} <= operation["responses"].keys() for operation in operations.values()
    )


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
