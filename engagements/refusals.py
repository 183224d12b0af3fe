"""What an action says when it will not do a thing. Views and sockets hand the sentence on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refused(Exception):
    """The action did nothing. `code` is for machines, `message` is a sentence for the person.

    `retry_after`: seconds after which the same may be tried again; 0 when waiting does not help.
    """

    def __init__(self, code: str, message: str | _StrPromise, *, retry_after: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refused):
    """Refused for who asks. Shown as a thing that does not exist (404)."""
