"""What a token opens over HTTP. That no session opens anything there is in tests/test_access.py."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
from tests.qa.agency.programs import ANSWER, Program, body, program, told

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = pytest.mark.django_db


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
