"""One record per event, on the standard error stream: JSON in production, else plain.

Two promises hold for every record, ours or a library's: no personal token is in it, and whatever a
client sent stays one record (line ends and terminal codes are written out).
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from typing import TYPE_CHECKING, Any, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

PERSONAL_ADDRESS: Final = re.compile(
    r"((?:^|[/'\"])(?:join|late|confirm|invited|news|invitations|answer-mails|demo/enter"
    r"|accounts/password/reset/key|accounts/confirm-email"
    # Other addresses of screen and survey have the same words; what follows them there is short.
    r"|(?<!/v1/)screen(?=/[\w-]{20})|survey(?=/[^\s/]{20}))/)"
    r"[^\s?#\"'<>]+",
    re.IGNORECASE,
)
# C0, DEL and C1 controls, the two Unicode line ends, and the marks that turn the reading direction
UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
UNSAFE_IN_TRACEBACK: Final = re.compile("(?!\n)" + UNSAFE.pattern)


def without_tokens(text: str) -> str:
    """The text with whatever follows the address of a personal link taken out."""
    return PERSONAL_ADDRESS.sub(r"\1[token]", text)


def safe(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last processor before rendering: it keeps the two promises."""
    for key, value in event.items():
        if value is None or isinstance(value, bool | int | float):
            continue
        unsafe = UNSAFE_IN_TRACEBACK if key == "exception" else UNSAFE
        event[key] = unsafe.sub(_written_out, without_tokens(str(value)))
    return event


def configure(*, level: str, as_json: bool) -> None:
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "record": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        safe,
                        _renderer(as_json),
                    ],
                }
            },
            "handlers": {"stderr": {"()": StandardError, "formatter": "record"}},
            "root": {"handlers": ["stderr"], "level": level},
        }
    )
    # An answer below 500 is in our own record already, with its number.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    # What a stranger sends is no error of ours, and no reason for a traceback.
    logging.getLogger("uvicorn.error").addFilter(_is_ours)
    # In full they would repeat what people typed: values of forms, and of statements.
    for telling in ("django.template", "django.db.backends"):
        logging.getLogger(telling).setLevel(max(logging.INFO, logging.getLevelName(level)))
    # They tell of every frame or connection, and their access logs would repeat personal links.
    for noisy in ("daphne", "asyncio", "twisted", "uvicorn.access", "websockets"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _is_ours(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("Invalid UTF-8 sequence received from client")


class StandardError(logging.Handler):
    """Writes to what is the standard error stream at that moment, which a test runner changes."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 -- as every handler: a record never stops the work
            self.handleError(record)


def _renderer(as_json: bool) -> Any:
    if as_json:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)


def _written_out(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode("ascii")
