from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from engagements import clock, states
from engagements.actions import inviting, registering
from engagements.files import tables
from engagements.files.invitee_list import Line, read_invitee_list
from engagements.files.sheets import Column, Sheet, write_workbook
from engagements.models import (
    AuditEntry,
    Engagement,
    Invitee,
    OutgoingMail,
    Registration,
)
from engagements.queries.invitations import review
from engagements.refusals import NotAllowed, Refused
from engagements.tasks.invitations import lay_invitations
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User
    from engagements.queries.invitations import Candidate, Review

pytestmark = pytest.mark.django_db

HEADER = "Name;E-Mail;Organisation;Role;Language\n"


def line(row: int, email: str, **more: str) -> Line:
    return Line(row, email, **more)


def candidates(engagement: Engagement, *emails: str) -> list[Candidate]:
    lines = [line(row, email) for row, email in enumerate(emails, start=2)]
    return review(engagement, lines).candidates


def people_of(engagement: Engagement) -> list[tuple[str, str]]:
    return list(engagement.invitees.values_list("email", "state"))


def mailed() -> list[str]:
    return list(
        OutgoingMail.objects.filter(template="engagements/invitee")
        .order_by("pk")
        .values_list("to", flat=True)
    )


# Reading a file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_list_is_read_in_any_encoding_and_with_any_separator(
    encoding: str, separator: str
) -> None:
    text = "\n".join(
        [
            separator.join(["Vorname", "Nachname", "E-Mail", "Organización", "Extra"]),
            separator.join(["Zoé", "Étoile", "zoe@x.example", f'"A{separator} ""B"""', "1"]),
            "",
            separator.join(["", "", "ben@x.example", "", ""]),
        ]
    )
    found = read_invitee_list(text.encode(encoding))

    assert found.lines == [
        line(2, "zoe@x.example", name="Zoé Étoile", organization=_as_line(f'A{separator} "B"')),
        line(4, "ben@x.example"),
    ]
    assert found.columns == {
        "email": "E-Mail",
        "first_name": "Vorname",
        "last_name": "Nachname",
        "organization": "Organización",
    }
    assert found.ignored == ["Extra"]


def _as_line(text: str) -> str:
    return " ".join(text.split())


def test_a_workbook_is_read_with_its_first_sheet_that_has_something() -> None:
    columns = [Column(name, 10) for name in ("Email address", "Full name", "Role category")]
    content = write_workbook(
        [Sheet("People", columns, [["=1+1@x.example", "=Ann", "Employer"], ["", "", ""]])],
        title="T",
        creator="Office",
        at=clock.now(),
    )
    assert read_invitee_list(content).lines == [
        line(2, "=1+1@x.example", name="=Ann", category="Employer")
    ]


def test_a_list_without_headings_is_a_list_of_addresses() -> None:
    found = read_invitee_list(b"ann@x.example\nben@x.example\n")
    assert [one.email for one in found.lines] == ["ann@x.example", "ben@x.example"]
    assert [one.row for one in found.lines] == [1, 2]


def test_the_surest_heading_wins() -> None:
    found = read_invitee_list(b"Address,E-mail\nMain Street 1,ann@x.example\n")
    assert found.lines == [line(2, "ann@x.example")]


def workbook(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part)
    return file.getvalue()


PLAIN = [["E-mail"], ["ann@x.example"]]
SHEET = "xl/worksheets/sheet1.xml"
FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>E-mail</t></is></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"
)


def hostile() -> dict[str, tuple[bytes, str]]:
    plain = workbook(PLAIN)
    return {
        "nothing": (b"", "empty"),
        "blank": (b"\n\n ;;\n", "empty"),
        "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        "program": (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", "binary"),
        "locked": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "locked"),
        "large": (b"a" * (tables.MOST_BYTES + 1), "too_large"),
        "macros": (with_part(plain, "xl/vbaProject.bin", b"x"), "macros"),
        "bomb": (with_part(plain, "xl/media/a.bin", bytes(61 * 1024 * 1024)), "bomb"),
        "far cell": (with_part(plain, SHEET, FAR), "too_wide"),
        "entities": (with_part(plain, SHEET, ENTITIES), "damaged"),
        "cut off": (plain[: len(plain) // 2], "damaged"),
        "document": (
            with_part(b"PK\x05\x06" + bytes(18), "word/document.xml", b"x"),
            "no_workbook",
        ),
        "long": (b"E-mail\n" + b"a@x.example\n" * 10_001, "too_long"),
        "wide": (b"E-mail," + b"a," * 200 + b"\n", "too_wide"),
        "no addresses": (b"Name,Phone\nAnn,1\n", "no_addresses"),
    }


@pytest.mark.parametrize("kind", hostile())
def test_what_is_no_list_is_refused_in_words(kind: str) -> None:
    content, code = hostile()[kind]
    with pytest.raises(Refused) as refusal:
        read_invitee_list(content)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")
    assert read_invitee_list(workbook(PLAIN)).lines == [line(2, "ann@x.example")]


def test_ten_thousand_rows_are_not_too_many() -> None:
    content = b"E-mail\n" + b"".join(b"a%d@x.example\n" % number for number in range(10_000))
    assert len(read_invitee_list(content).lines) == 10_000


# Looking it through


def reviewed(engagement: Engagement, *lines: Line) -> Review:
    return review(engagement, lines)


def test_every_row_is_a_candidate_or_has_a_problem_in_words(engagement: Engagement) -> None:
    factories.make_invitee(engagement, "Invited")
    factories.make_registration(engagement, "Registered")
    factories.make_registration(engagement, "Cancelled", cancelled_at=factories.START)
    found = reviewed(
        engagement,
        line(2, "new@x.example", name="N", category="employers", language="English"),
        line(3, "NEW@x.example"),
        line(4, ""),
        line(5, "nobody"),
        line(6, "Invited@public.example"),
        line(7, "registered@public.example"),
        line(8, "cancelled@public.example"),
        line(9, "other@x.example", category="king"),
        line(10, "long@x.example", name="x" * 129),
        line(11, "l" * 250 + "@x.example"),
        line(12, "ünï@bücher.example"),
    )
    assert [(one.row, one.email, one.category) for one in found.candidates] == [
        (2, "new@x.example", factories.category("employer").pk),
        (8, "cancelled@public.example", None),
    ]
    assert [(one.row, one.code) for one in found.problems] == [
        (3, "doubled"),
        (4, "no_address"),
        (5, "bad_address"),
        (6, "invited"),
        (7, "registered"),
        (9, "category"),
        (10, "too_long"),
        (11, "email_too_long"),
        (12, "bad_address"),
    ]
    assert "row 2" in found.problems[0].text


# Inviting


def test_everybody_new_is_invited_and_written_to_once(engagement: Engagement, cora: User) -> None:
    listed = candidates(engagement, "ann@x.example", "ben@x.example")
    assert inviting.invite(engagement, people=listed, by=cora) == 2
    # The same list again, as it was looked through before.
    assert inviting.invite(engagement, people=listed, by=cora) == 0

    assert people_of(engagement) == [("ann@x.example", "pending"), ("ben@x.example", "pending")]
    assert mailed() == ["ann@x.example", "ben@x.example"]
    invitee = Invitee.objects.get(email="ann@x.example")
    assert f"/invited/{invitee.token()}/" in OutgoingMail.objects.get(to="ann@x.example").body
    assert AuditEntry.objects.get(action="invitees.added").detail == {"people": 2}


def test_who_registered_meanwhile_is_passed_by(engagement: Engagement, cora: User) -> None:
    listed = candidates(engagement, "ann@x.example", "ben@x.example")
    factories.make_registration(engagement, "Ann", email="ann@x.example")
    assert inviting.invite(engagement, people=listed, by=cora) == 1
    assert mailed() == ["ben@x.example"]


def test_a_long_list_is_written_to_by_the_worker(engagement: Engagement, cora: User) -> None:
    emails = [f"a{number:03}@x.example" for number in range(inviting.AT_ONCE + 130)]
    inviting.invite(engagement, people=candidates(engagement, *emails), by=cora)
    assert mailed() == emails[: inviting.AT_ONCE]

    lay_invitations.func(engagement.pk)
    assert mailed() == emails
    # A task that runs twice writes to nobody twice.
    assert lay_invitations.func(engagement.pk) == 0
    assert not Invitee.objects.filter(mailed_at=None).exists()


@pytest.mark.parametrize("state", [states.DRAFT, states.ENDED, states.CANCELLED])
def test_nobody_is_invited_to_what_cannot_be_come_to(
    engagement: Engagement, cora: User, state: str
) -> None:
    listed = candidates(engagement, "ann@x.example")
    Engagement.objects.update(state=state)
    with pytest.raises(Refused, match="scheduled or live"):
        inviting.invite(engagement, people=listed, by=cora)
    assert (people_of(engagement), mailed()) == ([], [])
    Engagement.objects.update(state=states.SCHEDULED)
    assert inviting.invite(engagement, people=listed, by=cora) == 1


def test_only_who_sets_the_engagement_up_invites(
    engagement: Engagement, cora: User, omar: User
) -> None:
    listed = candidates(engagement, "ann@x.example")
    with pytest.raises(NotAllowed):
        inviting.invite(engagement, people=listed, by=omar)
    inviting.invite(engagement, people=listed, by=cora)
    for action in (inviting.send_again, inviting.withdraw):
        with pytest.raises(NotAllowed):
            action(Invitee.objects.get(), by=omar)
    assert (people_of(engagement), len(mailed())) == ([("ann@x.example", "pending")], 1)


def test_an_invitation_is_sent_again_and_withdrawn(engagement: Engagement, cora: User) -> None:
    inviting.invite(engagement, people=candidates(engagement, "ann@x.example"), by=cora)
    invitee = Invitee.objects.get()
    inviting.send_again(invitee, by=cora)
    assert mailed() == ["ann@x.example"] * 2

    token = invitee.token()
    inviting.withdraw(invitee, by=cora)
    assert people_of(engagement) == []
    assert Invitee.from_token(token) is None
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"discarded"}


def test_who_is_withdrawn_while_filling_in_the_form_does_not_come_in(
    engagement: Engagement, cora: User
) -> None:
    Engagement.objects.update(invitation_only=True)
    ann, ben = (factories.make_invitee(engagement, name) for name in ("Ann", "Ben"))
    inviting.withdraw(Invitee.objects.get(pk=ben.pk), by=cora)

    def accept(invitee: Invitee) -> None:
        registering.register(
            engagement,
            by="invitee",
            invitee=invitee,
            name=invitee.name,
            email=invitee.email,
            organization="",
            category=factories.category(),
        )

    accept(ann)
    with pytest.raises(Refused, match="invitation"):
        accept(ben)
    assert [one.name for one in engagement.registrations.all()] == ["Ann"]


def test_who_has_accepted_is_neither_written_to_nor_withdrawn(
    engagement: Engagement, cora: User
) -> None:
    one = factories.make_invitee(engagement, "Ann", state=Invitee.State.ACCEPTED)
    for action in (inviting.send_again, inviting.withdraw):
        with pytest.raises(Refused, match="accepted already"):
            action(one, by=cora)
    with pytest.raises(Refused, match="registered already"):
        inviting.decline(one)
    assert (people_of(engagement), mailed()) == ([("ann@public.example", "accepted")], [])


def test_declining_and_thinking_again(engagement: Engagement) -> None:
    one = factories.make_invitee(engagement, "Ann")
    assert inviting.decline(one).answered_at is not None
    assert inviting.decline(one).state == Invitee.State.DECLINED
    reopened = inviting.reopen(one)
    assert (reopened.state, reopened.answered_at) == (Invitee.State.PENDING, None)
    log = AuditEntry.objects.filter(engagement=engagement).order_by("pk")
    assert [(entry.action, entry.actor_label) for entry in log] == [
        ("invitee.declined", "invitee"),
        ("invitee.reopened", "invitee"),
    ]


def test_a_token_of_a_registration_is_none_of_an_invitee(engagement: Engagement) -> None:
    one = factories.make_invitee(engagement, "Ann")
    own = factories.make_registration(engagement, "Ben")
    assert Invitee.from_token(own.token()) is None
    assert Registration.from_token(one.token()) is None
    assert Invitee.from_token(one.token()[:-1]) is None
    found = Invitee.from_token(one.token())
    assert found is not None and found.pk == one.pk
    assert clock.now() - found.invited_at < timedelta(minutes=5)
