"""The only reader of the environment: typed, and it refuses a wrong value with a sentence.

Every variable may also be given as a file: `SECRET_KEY_FILE=/run/secrets/key` is read in place of
`SECRET_KEY`. An empty value counts as none.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn
from urllib.parse import urlsplit

import environ
from environ.fileaware_mapping import FileAwareMapping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BASE_DIR: Final = Path(__file__).resolve().parent.parent
DEMO_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
VIDEO_HOSTS: Final = "https://www.youtube-nocookie.com https://player.vimeo.com"
ORIGIN: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?/?",
    re.IGNORECASE,
)
USUAL_PORTS: Final = {"http": ":80", "https": ":443"}
SHORTEST_SECRET: Final = 50
FEWEST_CHARACTERS: Final = 5  # as Django's own deploy check counts them
MOST: Final = 1_000_000  # of what is counted for one person
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASE_SCHEMES: Final = ("sqlite", "postgres", "postgresql")
REDIS_SCHEMES: Final = ("redis", "rediss", "unix")
MAIL_SCHEMES: Final = ("smtp", "smtp+tls", "smtp+ssl")


class WrongEnvironment(Exception):
    """The environment cannot be used. The text is one sentence per fault, each naming its value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    host: str
    port: int
    user: str
    password: str
    use_tls: bool
    use_ssl: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    name: Literal["demo", "production"]
    var: Path
    secret_key: str
    former_secret_keys: tuple[str, ...]
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    database: dict[str, Any]
    redis_url: str
    redis_prefix: str
    mail_server: MailServer | None
    mail_from: str
    workers: int
    questions_a_minute: int
    messages_a_minute: int
    sockets_each: int
    registrations_a_minute: int
    proxies: int
    mfa_required: bool
    gov_banner: bool
    video_hosts: tuple[str, ...]
    log_level: str

    @property
    def is_production(self) -> bool:
        return self.name == "production"


def read(variables: Mapping[str, str]) -> Environment:
    """The whole environment, checked. Raises WrongEnvironment with every fault found.

    In the demonstration this also makes `var/` and the secret kept there.
    """
    return _Reader(variables).environment()


def read_or_stop() -> Environment:
    """The process's environment; a wrong one ends the process with status 2 and its sentences."""
    try:
        return read(os.environ)
    except WrongEnvironment as wrong:
        _stop(wrong)


def _stop(wrong: WrongEnvironment) -> NoReturn:
    sys.stderr.write("Openfloor does not start:\n")
    sys.stderr.writelines(f"- {fault}\n" for fault in wrong.faults)
    raise SystemExit(2) from None


class _Reader:
    """Reads one variable after the other and keeps the faults, so that all are told at once."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = FileAwareMapping(dict(variables), cache=False)
        self._faults: list[str] = []

    def environment(self) -> Environment:
        name = self._name()
        production = name == "production"
        var = Path(self._text("OPENFLOOR_VAR") or BASE_DIR / "var")
        port = self._number("PORT", 8000, least=1, most=65535)
        public_url = self._public_url(production, port)
        host = urlsplit(public_url).hostname or ""
        environment = Environment(
            name="production" if production else "demo",
            var=var,
            secret_key=self._secret_key(production),
            former_secret_keys=self._words("FORMER_SECRET_KEYS"),
            port=port,
            public_url=public_url,
            allowed_hosts=(host,) if production else tuple(dict.fromkeys((*DEMO_HOSTS, host))),
            database=self._database(production, var),
            redis_url=self._url("REDIS_URL", REDIS_SCHEMES),
            redis_prefix=self._text("REDIS_PREFIX") or "openfloor",
            mail_server=self._mail_server(production),
            mail_from=self._mail_from(host),
            workers=self._workers(),
            questions_a_minute=self._number("QUESTIONS_A_MINUTE", 6, least=1, most=MOST),
            messages_a_minute=self._number("MESSAGES_A_MINUTE", 30, least=1, most=MOST),
            sockets_each=self._number("SOCKETS_EACH", 5, least=1, most=MOST),
            registrations_a_minute=self._number("REGISTRATIONS_A_MINUTE", 60, least=1, most=MOST),
            proxies=self._number("TRUSTED_PROXIES", 0, least=0, most=10),
            mfa_required=self._yes_or_no("MFA_REQUIRED", production),
            gov_banner=self._yes_or_no("GOV_BANNER", False),
            video_hosts=self._video_hosts(),
            log_level=self._one_of("LOG_LEVEL", LOG_LEVELS, "INFO"),
        )
        if self._faults:
            raise WrongEnvironment(self._faults)
        if production:
            return environment
        return _with_demo_secret(environment)

    def _name(self) -> str:
        return self._one_of("OPENFLOOR_ENV", ("demo", "production"), "demo")

    def _secret_key(self, production: bool) -> str:
        key = self._text("SECRET_KEY")
        if production and not key:
            self._required("SECRET_KEY")
        weak = len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_CHARACTERS
        if key and weak:
            self._fault(
                f"SECRET_KEY is too weak: it needs {SHORTEST_SECRET} characters or more, "
                "made at random."
            )
        return key

    def _public_url(self, production: bool, port: int) -> str:
        given = self._text("PUBLIC_URL")
        if production:
            return self._origin("PUBLIC_URL", given or self._required("PUBLIC_URL"), ("https",))
        default = f"http://{DEMO_HOSTS[0]}:{port}"
        return self._origin("PUBLIC_URL", given or default, ("http", "https"))

    def _database(self, production: bool, var: Path) -> dict[str, Any]:
        url = self._url("DATABASE_URL", DATABASE_SCHEMES)
        if not url and production:
            self._required("DATABASE_URL")
            return {}
        if not url:
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(var / "db.sqlite3")}
        found: dict[str, Any] | None = self._parsed("DATABASE_URL", url, environ.Env.db_url_config)
        if found is None:
            return {}
        if found["NAME"] in {"", ":memory:"}:
            self._fault("DATABASE_URL names no database: it ends before the name or file.")
        return found

    def _mail_server(self, production: bool) -> MailServer | None:
        url = self._url("MAIL_URL", MAIL_SCHEMES)
        if not url:
            if production:
                self._required("MAIL_URL")
            return None
        found = self._parsed("MAIL_URL", url, environ.Env.email_url_config)
        if found is None or not found["EMAIL_HOST"]:
            self._fault("MAIL_URL names no mail server, as in smtp+tls://user:password@host:587.")
            return None
        return MailServer(
            host=found["EMAIL_HOST"],
            port=found["EMAIL_PORT"] or 25,
            user=found["EMAIL_HOST_USER"] or "",
            password=found["EMAIL_HOST_PASSWORD"] or "",
            use_tls=found.get("EMAIL_USE_TLS", False),
            use_ssl=found.get("EMAIL_USE_SSL", False),
        )

    def _workers(self) -> int:
        # uvicorn starts WEB_CONCURRENCY processes when nobody tells it otherwise.
        workers = max(
            self._number("WORKERS", 1, least=1, most=256),
            self._number("WEB_CONCURRENCY", 1, least=1, most=256),
        )
        if workers > 1 and not self._text("REDIS_URL"):
            self._fault(
                f"REDIS_URL is missing: {workers} workers hear of each other only through Redis."
            )
        return workers

    def _video_hosts(self) -> tuple[str, ...]:
        given = (self._text("VIDEO_HOSTS") or VIDEO_HOSTS).split()
        return tuple(self._origin("VIDEO_HOSTS", host, ("https",)) for host in given)

    def _text(self, key: str) -> str:
        try:
            value: str = self._variables.get(key) or ""
        except (OSError, UnicodeDecodeError):
            self._fault(f"{key}_FILE names a file that cannot be read.")
            return ""
        return value.strip()

    def _words(self, key: str) -> tuple[str, ...]:
        return tuple(self._text(key).split())

    def _number(self, key: str, default: int, *, least: int, most: int) -> int:
        text = self._text(key)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and least <= int(text[:8]) <= most):
            self._fault(f"{key} is {text!r}; it must be a whole number from {least} to {most}.")
            return default
        return int(text)

    def _yes_or_no(self, key: str, default: bool) -> bool:
        text = self._one_of(key, ("true", "false"), "true" if default else "false")
        return text == "true"

    def _one_of(self, key: str, choices: tuple[str, ...], default: str) -> str:
        text = self._text(key) or default
        if text not in choices:
            self._fault(f"{key} is {text!r}; it must be one of: {', '.join(choices)}.")
            return default
        return text

    def _mail_from(self, host: str) -> str:
        text = self._text("MAIL_FROM")
        if not text:
            return f"no-reply@{host}"
        _name, address = parseaddr(text)
        if "@" not in address or not text.isprintable():
            self._fault("MAIL_FROM must be an address such as Office <no-reply@example.gov>.")
        return text

    def _url(self, key: str, schemes: tuple[str, ...]) -> str:
        """The address as given, or an empty text. It may hold a password and is never repeated."""
        text = self._text(key)
        scheme, colon, _ = text.partition("://")
        if text and (not colon or scheme not in schemes):
            self._fault(f"{key} must begin with {_alternatives(schemes)}.")
            return ""
        return text

    def _parsed(
        self, key: str, url: str, parse: Callable[[str], dict[str, Any]]
    ) -> dict[str, Any] | None:
        try:
            return parse(url)
        except (ValueError, KeyError):
            self._fault(f"{key} cannot be read as an address.")
            return None

    def _origin(self, key: str, text: str, schemes: tuple[str, ...]) -> str:
        """`scheme://host[:port]` as a browser's Origin header has it; anything else is a fault."""
        found = ORIGIN.fullmatch(text)
        if found is not None and found["scheme"].lower() in schemes:
            scheme = found["scheme"].lower()
            port = "" if found["port"] == USUAL_PORTS[scheme] else found["port"] or ""
            origin = f"{scheme}://{found['host'].lower()}{port}"
            if _has_real_host(origin):
                return origin
        if text:
            example = f"{schemes[0]}://openfloor.example.gov"
            self._fault(f"{key} is {text!r}; it must be an origin such as {example}.")
        return ""

    def _required(self, key: str) -> str:
        if not self._text(key):
            self._fault(f"{key} is missing: OPENFLOOR_ENV=production needs it.")
        return ""

    def _fault(self, sentence: str) -> None:
        if sentence not in self._faults:
            self._faults.append(sentence)


def _has_real_host(origin: str) -> bool:
    """An address in brackets and a port can look right and be none."""
    try:
        parts = urlsplit(origin)
        return bool(parts.hostname and parts.hostname.strip(".:")) and parts.port != 0
    except ValueError:
        return False


def _alternatives(schemes: tuple[str, ...]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)


def _with_demo_secret(environment: Environment) -> Environment:
    try:
        environment.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = environment.secret_key or _kept_secret(environment.var / "secret_key")
    except OSError as error:
        raise WrongEnvironment(
            [f"{environment.var} cannot be written ({error.strerror}); the demonstration needs it."]
        ) from error
    values = {name: getattr(environment, name) for name in Environment.__slots__}
    return Environment(**values | {"secret_key": key})


def _kept_secret(path: Path) -> str:
    """The secret in the file, made once: of two processes that start together, one makes it.

    It is written beside and linked into place, so that nobody ever reads half a secret.
    """
    if not path.exists():
        beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(60))
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return path.read_text().strip()
