"""Requests of the interface, read as hostile, and refusals as RFC 9457 has them."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from ninja import NinjaAPI

PROBLEM_TYPE: Final = "application/problem+json"
DEEPEST: Final = 8
OF_CODE: Final = {"too_fast": 429, "scope": 403, "changed": 412}
"""Statuses of refusals; those that are not here are conflicts with how things stand."""


class StrictParser(Parser):
    """JSON only, and of that only what has one meaning: no key twice, no NaN, not deep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if request.content_type != "application/json":
            raise Refused("not_json", _("Send JSON, with the type application/json."))
        data = json.loads(request.body.decode(), parse_constant=_refuse, object_pairs_hook=_unique)
        if not isinstance(data, dict) or _depth(data) > DEEPEST:
            raise ValueError("not an object, or too deep")
        return data


class WrongRows(Exception):
    """What is wrong with each answer that was put: number, code, field and words."""

    def __init__(self, found: Sequence[dict[str, Any]]) -> None:
        super().__init__(len(found))
        self.found = found


def problem(
    status: int, code: str, detail: str = "", *, headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """`code` is for programs; `detail` a sentence for the person who reads their log."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        **({"detail": detail} if detail else {}),
        **more,
    }
    return HttpResponse(
        json.dumps(told), status=status, content_type=PROBLEM_TYPE, headers=headers or {}
    )


def refuse_in_words(api: NinjaAPI) -> None:
    """Whatever an operation raises is answered as a problem; what nobody foresaw is not caught."""
    api.exception_handler(Refused)(_refused)
    api.exception_handler(WrongRows)(_wrong_rows)
    api.exception_handler(ValidationError)(_not_valid)
    api.exception_handler(AuthenticationError)(_unknown_token)
    api.exception_handler(HttpError)(_not_read)
    api.exception_handler(RequestDataTooBig)(_too_large)
    for missing in (Http404, NotAllowed):
        api.exception_handler(missing)(_not_found)


def _refused(_request: HttpRequest, error: Refused) -> HttpResponse:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    return problem(OF_CODE.get(error.code, 409), error.code, str(error), headers=headers)


def _wrong_rows(_request: HttpRequest, error: WrongRows) -> HttpResponse:
    return problem(422, "answers", _("Nothing was stored."), problems=list(error.found))


def _not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    # What was sent is not repeated: it may be anything.
    found = [
        {"at": "/".join(map(str, one["loc"][1:])), "code": one["type"]} for one in error.errors
    ]
    return problem(422, "not_valid", _("Nothing was stored."), problems=found[:100])


def _unknown_token(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return problem(
        401,
        "unknown_token",
        _("There is no such token, or it opens nothing any more."),
        headers={"WWW-Authenticate": 'Bearer realm="Openfloor"'},
    )


def _not_found(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(404, "not_found")


def _not_read(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refused):
        return problem(415, error.__cause__.code, str(error.__cause__))
    return problem(error.status_code, "not_read", _("The request cannot be read."))


def _too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "too_large", _("This is too much at once. Send it in parts."))


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found
