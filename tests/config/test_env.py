from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from config import env
from config.env import BASE_DIR, MailServer, WrongEnvironment

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTION = {
    "OPENFLOOR_ENV": "production",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "PUBLIC_URL": "https://Floor.Example.gov:443/",
    "DATABASE_URL": "postgresql://floor:p%40ss@db.example.gov:5433/floor",
    "MAIL_URL": "smtp+tls://mailer:secret@mail.example.gov:587",
}
ORIGIN = "it must be an origin such as https://openfloor.example.gov."

MAIL_FROM = "MAIL_FROM must be an address such as Office <no-reply@example.gov>."


def faults(variables: dict[str, str]) -> list[str]:
    with pytest.raises(WrongEnvironment) as caught:
        env.read(variables)
    return caught.value.faults


def test_the_demonstration_needs_nothing(tmp_path: Path) -> None:
    found = env.read({"OPENFLOOR_VAR": str(tmp_path / "var"), "PORT": "8123"})

    assert found.name == "demo"
    assert found.public_url == "http://127.0.0.1:8123"
    assert found.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert found.database == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "var" / "db.sqlite3"),
    }
    assert found.redis_url == ""
    assert found.mail_server is None
    assert found.mfa_required is False


def test_the_demonstration_keeps_its_secret_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = env.read({"OPENFLOOR_VAR": str(tmp_path / "var")})
    again = env.read({"OPENFLOOR_VAR": str(tmp_path / "var")})

    assert len(first.secret_key) == 80
    assert again.secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_processes_that_start_together_make_one_secret(tmp_path: Path) -> None:
    def read(_: int) -> str:
        return env.read({"OPENFLOOR_VAR": str(tmp_path)}).secret_key

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(read, range(64)))) == 1


def test_production_with_all_that_it_needs() -> None:
    found = env.read(PRODUCTION)

    assert found.is_production
    assert found.public_url == "https://floor.example.gov"
    assert found.allowed_hosts == ("floor.example.gov",)
    assert found.database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "floor",
        "USER": "floor",
        "PASSWORD": "p@ss",
        "HOST": "db.example.gov",
        "PORT": 5433,
    }
    assert found.mail_server == MailServer(
        host="mail.example.gov",
        port=587,
        user="mailer",
        password="secret",
        use_tls=True,
        use_ssl=False,
    )
    assert found.mail_from == "no-reply@floor.example.gov"
    assert found.mfa_required is True


def test_production_tells_all_that_is_missing_at_once() -> None:
    assert faults({"OPENFLOOR_ENV": "production"}) == [
        f"{key} is missing: OPENFLOOR_ENV=production needs it."
        for key in ("PUBLIC_URL", "SECRET_KEY", "DATABASE_URL", "MAIL_URL")
    ]


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("OPENFLOOR_ENV", "prod", "OPENFLOOR_ENV is 'prod'; it must be one of: demo, production."),
        (
            "SECRET_KEY",
            "short",
            "SECRET_KEY is too weak: it needs 50 characters or more, made at random.",
        ),
        (
            "SECRET_KEY",
            "x" * 60,
            "SECRET_KEY is too weak: it needs 50 characters or more, made at random.",
        ),
        ("PUBLIC_URL", "https://[::::]", f"PUBLIC_URL is 'https://[::::]'; {ORIGIN}"),
        ("PUBLIC_URL", "https://..", f"PUBLIC_URL is 'https://..'; {ORIGIN}"),
        ("PUBLIC_URL", "https://a:99999", f"PUBLIC_URL is 'https://a:99999'; {ORIGIN}"),
        ("MAIL_FROM", "no address", MAIL_FROM),
        ("MAIL_FROM", "a@b.example\nBcc: x@y.example", MAIL_FROM),
        (
            "PUBLIC_URL",
            "http://floor.example.gov",
            f"PUBLIC_URL is 'http://floor.example.gov'; {ORIGIN}",
        ),
        (
            "PUBLIC_URL",
            "https://floor.example.gov/path",
            f"PUBLIC_URL is 'https://floor.example.gov/path'; {ORIGIN}",
        ),
        (
            "DATABASE_URL",
            "mysql://u:secret@db/floor",
            "DATABASE_URL must begin with sqlite:// or postgres:// or postgresql://.",
        ),
        (
            "DATABASE_URL",
            "sqlite://",
            "DATABASE_URL names no database: it ends before the name or file.",
        ),
        (
            "DATABASE_URL",
            "postgresql://u:secret@db:port/floor",
            "DATABASE_URL cannot be read as an address.",
        ),
        ("REDIS_URL", "localhost", "REDIS_URL must begin with redis:// or rediss:// or unix://."),
        (
            "MAIL_URL",
            "smtp://",
            "MAIL_URL names no mail server, as in smtp+tls://user:password@host:587.",
        ),
        ("WORKERS", "0", "WORKERS is '0'; it must be a whole number from 1 to 256."),
        (
            "WORKERS",
            "2",
            "REDIS_URL is missing: 2 workers hear of each other only through Redis.",
        ),
        (
            "WEB_CONCURRENCY",
            "4",
            "REDIS_URL is missing: 4 workers hear of each other only through Redis.",
        ),
        ("PORT", "99999", "PORT is '99999'; it must be a whole number from 1 to 65535."),
        ("MFA_REQUIRED", "yes", "MFA_REQUIRED is 'yes'; it must be one of: true, false."),
        (
            "SECRET_KEY_FILE",
            "/nowhere/key",
            "SECRET_KEY_FILE names a file that cannot be read.",
        ),
    ],
)
def test_a_wrong_value_is_named(key: str, value: str, fault: str) -> None:
    assert faults({**PRODUCTION, key: value})[0] == fault


def test_no_fault_repeats_a_password() -> None:
    wrong = {
        "DATABASE_URL": "mysql://u:hunter2hunter2@db/x",
        "REDIS_URL": "http://:hunter2hunter2@cache",
        "MAIL_URL": "ftp://u:hunter2hunter2@mail",
        "SECRET_KEY": "hunter2hunter2",
    }

    assert [fault for fault in faults({**PRODUCTION, **wrong}) if "hunter2" in fault] == []


def test_a_value_may_stand_in_a_file_and_may_begin_with_a_dollar(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"${PRODUCTION['SECRET_KEY']}\n")
    given = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}

    assert env.read({**given, "SECRET_KEY_FILE": str(secret)}).secret_key == (
        f"${PRODUCTION['SECRET_KEY']}"
    )


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "var"

    assert faults({"OPENFLOOR_VAR": str(inside)}) == [
        f"{inside} cannot be written (Not a directory); the demonstration needs it."
    ]


@pytest.mark.parametrize(
    "arguments", [["manage.py", "check"], ["-m", "daphne", "config.asgi:application"]]
)
def test_a_wrong_environment_stops_every_start_without_a_traceback(arguments: list[str]) -> None:
    stopped = subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=os.environ | {"OPENFLOOR_ENV": "staging"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert stopped.returncode == 2
    assert stopped.stderr == (
        "Openfloor does not start:\n"
        "- OPENFLOOR_ENV is 'staging'; it must be one of: demo, production.\n"
    )
