"""The office's letterhead: what it takes, what it refuses, and that a seal can be printed."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements.files import pictures
from engagements.models import AuditEntry, Office
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]


def png(width: int, height: int, *, packed: bytes | None = None) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)

    rows = (b"\0" + b"\x16\x2e\x51" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", packed or zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


SEAL = png(40, 30)


def test_a_seal_stays_as_it_came() -> None:
    assert pictures.read_seal(SEAL) == SEAL
    assert pictures.content_type(SEAL) == "image/png"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "seal_type"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
         "seal_type"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "seal_type"),
        (SEAL[:30], "seal_type"),
        (png(40, 30, packed=b"not packed"), "seal_type"),
        (png(0, 30), "seal_type"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "seal_type"),
        (png(2_001, 1_000, packed=b"x"), "seal_pixels"),
        (png(100, 20), "seal_flat"),
        (SEAL + b"\0" * pictures.MOST_BYTES, "seal_large"),
    ],
)  # fmt: skip
def test_what_is_no_seal_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        pictures.read_seal(content)
    assert refused.value.code == code


@pytest.mark.django_db
def test_the_letterhead_is_kept_and_its_words_are_not_in_the_log(
    ada: User, sign_in: SignIn
) -> None:
    client, page = sign_in(ada), reverse("letterhead")
    given = {
        "address": "Mail Stop 1225\nWashington, DC",
        "website": "https://office.example/",
        "email": "office@dhs.example",
        "seal_text": "Seal of the office",
    }
    sent = client.post(page, given | {"seal": SimpleUploadedFile("a.png", SEAL)})
    assert sent.status_code == 302
    office = Office.current()
    assert {name: getattr(office, name) for name in given} == given
    assert bytes(office.seal) == SEAL
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.detail["fields"]) == ("office.edited", sorted([*given, "seal"]))
    assert 'alt="Seal of the office"' in client.get(page).content.decode()

    again = client.post(page, given | {"address": "1 Main Street"})
    assert again.status_code == 302
    office.refresh_from_db()
    assert (office.address, bytes(office.seal)) == ("1 Main Street", SEAL)

    gone = client.post(page, given | {"drops_seal": "on"})
    assert gone.status_code == 302
    office.refresh_from_db()
    assert bytes(office.seal) == b""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"website": "javascript:alert(1)"},
        {"website": "http://office.example/"},
        {"email": "nobody"},
        {"seal": SimpleUploadedFile("a.png", b"<svg/>"), "seal_text": "Seal"},
        {"seal": SimpleUploadedFile("a.png", SEAL), "seal_text": ""},
    ],
)
def test_a_wrong_letterhead_changes_nothing(
    wrong: dict[str, object], ada: User, sign_in: SignIn
) -> None:
    before = Office.objects.values().get()
    assert sign_in(ada).post(reverse("letterhead"), wrong).status_code == 400
    assert Office.objects.values().get() == before
