from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.urls import reverse

from engagements import queries, states
from engagements.actions import attending, declaring
from engagements.files.phones import phone_key
from engagements.models import (
    Attendance,
    AuditEntry,
    DeclaredAttendance,
    Engagement,
    Registration,
)
from engagements.queries import attendance
from engagements.refusals import NotAllowed, Refused
from tests import factories
from tests.engagements.test_counts import a_list, on

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

NUMBERS = ["+1 (202) 555-0101", "202-555-0101", "001 202 555 0102", "+49 30 1234567"]


def declare(engagement: Engagement, by: User, **fields: Any) -> DeclaredAttendance:
    given: dict[str, Any] = {
        "kind": "phone", "category": factories.category(), "source": "The operator's report",
    }  # fmt: skip
    return declaring.declare(engagement, by=by, **(given | fields))


def audited(engagement: Engagement) -> list[tuple[str, dict[str, Any]]]:
    entries = AuditEntry.objects.filter(engagement=engagement).order_by("pk")
    return [(entry.action, entry.detail) for entry in entries]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("+1 (202) 555-0101", "12025550101"),
        ("202.555.0101", "12025550101"),
        ("1-202-555-0101", "12025550101"),
        ("\uff12\uff10\uff12 555 0101", "12025550101"),
        ("0049 30 1234567", "49301234567"),
        ("+49 30 12345678", "493012345678"),
        ("+202 555 0101", "2025550101"),
        ("555\u20110101", "5550101"),
        ("911", ""),
        ("1***-***-0101", ""),
        ("1" * 16, ""),
        ("=1+1", ""),
        ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667", ""),
        ("", ""),
    ],
)
def test_spellings_of_a_number_have_one_key(written: str, key: str) -> None:
    assert phone_key(written) == key


def test_a_number_counts_once_and_is_not_kept(live_engagement: Engagement, cora: User) -> None:
    declared = declare(live_engagement, cora, numbers=NUMBERS)
    again = declare(live_engagement, cora, numbers=["12025550101", "2025550103"])

    assert (declared.people, again.people, queries.joined(live_engagement)) == (3, 1, 4)
    assert len({*declared.numbers, *again.numbers}) == 4
    kept = repr(list(DeclaredAttendance.objects.values())) + repr(audited(live_engagement))
    assert not [digits for digits in ("5550101", "5550102", "1234567") if digits in kept]
    assert audited(live_engagement) == [
        (
            "attendance.declared",
            {"kind": "phone", "category": "attorney", "people": people, "numbers": people},
        )
        for people in (3, 1)
    ]


def test_a_number_that_is_counted_otherwise_does_not_count_again(
    live_engagement: Engagement, cora: User
) -> None:
    there = factories.make_registration(live_engagement, phone="202 555 0101")
    attending.arrive(there)
    factories.make_registration(live_engagement, phone="202 555 0102")
    on(a_list(live_engagement), phone="+1 202-555-0103")
    on(a_list(live_engagement), phone="+1 202-555-0104", exclusion="absent")
    numbers = ["2025550101", "2025550103"]

    with pytest.raises(Refused, match="All of these numbers are counted already"):
        declare(live_engagement, cora, numbers=numbers)
    assert not DeclaredAttendance.objects.exists()
    assert (
        declare(live_engagement, cora, numbers=[*numbers, "2025550102", "2025550104"]).people == 2
    )


@pytest.mark.django_db(transaction=True)
def test_a_number_counts_once_whoever_says_so_at_the_same_time(
    live_engagement: Engagement, cora: User
) -> None:
    def say(_turn: int) -> int:
        try:
            return declare(live_engagement, cora, numbers=NUMBERS).people
        except Refused:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(say, range(12))) == [*[0] * 11, 3]
    assert queries.joined(live_engagement) == 3


def test_the_same_number_in_two_engagements_has_two_digests(
    live_engagement: Engagement, engagement: Engagement, cora: User
) -> None:
    Engagement.objects.update(state=states.ENDED)
    here = declare(live_engagement, cora, numbers=NUMBERS[:1])
    there = declare(engagement, cora, numbers=NUMBERS[:1])
    assert here.numbers != there.numbers


def test_a_group_is_declared_corrected_and_removed(live_engagement: Engagement, cora: User) -> None:
    group = declare(live_engagement, cora, kind="group", people=12)
    assert attendance.summary(live_engagement).sources.groups == 12

    employer = factories.category("employer")
    declaring.edit(group, by=cora, category=employer, source="A letter", people=14)
    group.refresh_from_db()
    assert (group.people, group.category, group.source) == (14, employer, "A letter")
    assert queries.joined_by_category(live_engagement) == [(employer, 14)]

    declaring.remove(group, by=cora)
    assert queries.joined(live_engagement) == 0
    assert [action for action, _detail in audited(live_engagement)] == [
        "attendance.declared",
        "attendance.declared_again",
        "attendance.declaration_removed",
    ]
    with pytest.raises(Refused, match="Somebody has removed this"):
        declaring.remove(group, by=cora)
    with pytest.raises(Refused, match="Somebody has removed this"):
        declaring.edit(group, by=cora, category=employer, source="x", people=1)


def test_what_was_counted_by_number_keeps_its_figure(
    live_engagement: Engagement, cora: User
) -> None:
    declared = declare(live_engagement, cora, numbers=NUMBERS)
    declaring.edit(declared, by=cora, category=declared.category, source="Other", people=99)
    declared.refresh_from_db()
    assert (declared.people, declared.source) == (3, "Other")


def test_who_may_not_declare(
    live_engagement: Engagement, omar: User, edna: User, mia: User, uma: User, cora: User, ada: User
) -> None:
    declared = declare(live_engagement, cora, people=3)
    for stranger in (omar, edna, mia, uma):
        for act in (
            lambda by: declare(live_engagement, by, people=3),
            lambda by: declaring.remove(declared, by=by),
            lambda by: declaring.edit(
                declared, by=by, category=declared.category, source="x", people=9
            ),
            lambda by: declaring.show_small_figures(live_engagement, by=by, reason="x"),
        ):
            with pytest.raises(NotAllowed):
                act(stranger)
    assert queries.joined(live_engagement) == 3
    assert declare(live_engagement, ada, people=2).people == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": states.SCHEDULED}, "not_now"),
        ({"state": states.ARCHIVED}, "not_now"),
        ({"state": states.CANCELLED}, "not_now"),
        ({"is_rehearsal": True}, "rehearsal"),
        ({"imported_from": "a file"}, "imported"),
    ],
)
def test_when_nothing_is_declared(
    live_engagement: Engagement, cora: User, changes: dict[str, Any], code: str
) -> None:
    declared = declare(live_engagement, cora, people=3)
    Engagement.objects.update(**changes)
    with pytest.raises(Refused) as refused:
        declare(live_engagement, cora, people=3)
    assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        declaring.remove(declared, by=cora)
    assert refused.value.code == code
    assert list(DeclaredAttendance.objects.all()) == [declared]


def test_what_an_archive_file_told_is_not_touched(live_engagement: Engagement, cora: User) -> None:
    archived = DeclaredAttendance.objects.create(
        engagement=live_engagement, category=factories.category(), people=30, source="x"
    )
    with pytest.raises(Refused):
        declaring.remove(archived, by=cora)
    assert queries.joined(live_engagement) == 30


class TestCompanions:
    def test_the_last_figure_is_right(self, ana: Registration) -> None:
        for people in (3, 2, 2):
            attending.declare_companions(ana, people=people, by=ana)
        engagement = ana.engagement
        assert attendance.summary(engagement).sources.companions == 2
        told = [entry for entry in audited(engagement) if entry[0] == "attendance.companions"]
        assert [detail for _action, detail in told] == [{"people": 3}, {"people": 2}]
        assert Attendance.objects.get().intervals.count() == 3

    def test_only_while_it_is_live(self, ana: Registration) -> None:
        attending.declare_companions(ana, people=3, by=ana)
        Engagement.objects.update(state=states.ENDED)
        ended = Registration.objects.get(pk=ana.pk)
        with pytest.raises(Refused) as refused:
            attending.declare_companions(ended, people=9, by=ended)
        assert (refused.value.code, Attendance.objects.get().companions) == ("not_live", 3)

    @pytest.mark.parametrize("people", [-1, 100])
    def test_from_none_to_ninety_nine(self, ana: Registration, people: int) -> None:
        with pytest.raises(Refused):
            attending.declare_companions(ana, people=people, by=ana)
        attending.declare_companions(ana, people=99, by=ana)
        assert queries.joined(ana.engagement) == 100

    def test_of_oneself_and_only_while_admitted(self, ana: Registration, omar: User) -> None:
        eve = factories.make_registration(ana.engagement)
        with pytest.raises(NotAllowed):
            attending.declare_companions(ana, people=5, by=eve)
        attending.remove(ana, by=omar)
        with pytest.raises(NotAllowed):
            attending.declare_companions(ana, people=5, by=ana)
        assert queries.joined(ana.engagement) == 0


class TestPages:
    @pytest.fixture
    def office(self, cora: User, sign_in: SignIn) -> Client:
        return sign_in(cora)

    @pytest.fixture
    def address(self, live_engagement: Engagement) -> str:
        return reverse("declare", args=[live_engagement.slug])

    def test_an_empty_page(self, office: Client, address: str) -> None:
        assert "Nobody was declared" in office.get(address).content.decode()

    def test_by_numbers(self, office: Client, address: str, live_engagement: Engagement) -> None:
        sent = {
            "kind": "phone",
            "category": "attorney",
            "numbers": "\r\n".join(["", *NUMBERS, " "]),
            "source": "=1+1 <img src=x onerror=alert(1)>",
        }
        shown = office.post(address, sent, follow=True).content.decode()
        assert "3 people are counted." in shown
        assert "1 number was given twice or is counted already." in shown
        assert "&lt;img src=x onerror=alert(1)&gt;" in shown
        assert "<img src=x" not in shown

        again = office.post(address, sent)
        assert again.status_code == 409
        assert "All of these numbers are counted already." in again.content.decode()
        assert "202-555-0101" in again.content.decode()
        assert queries.joined(live_engagement) == 3

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"kind": ""}, "Please say who they are."),
            ({"kind": "archive"}, "Select a valid choice"),
            ({"category": ""}, "Please choose a role category."),
            ({"people": ""}, "Please say how many people they were."),
            ({"people": "0"}, "greater than or equal to 1"),
            ({"people": "-5"}, "greater than or equal to 1"),
            ({"people": "100001"}, "less than or equal to 100000"),
            ({"people": "2.5"}, "Enter a whole number"),
            ({"source": ""}, "Please say how the office knows."),
            ({"source": "x" * 301}, "at most 300 characters"),
            ({"numbers": "202 555 0101"}, "not both"),
            ({"people": "", "numbers": "202 555 0101\nwhat"}, "Line 2 is no phone number."),
            ({"kind": "group", "numbers": "2025550101"}, "for people by phone only"),
            ({"people": "", "numbers": "2025550101\n" * 2_001}, "At most 2000 numbers"),
        ],
    )
    def test_what_is_wrong_is_said_and_kept(
        self, office: Client, address: str, changes: dict[str, str], sentence: str
    ) -> None:
        sent = {"kind": "phone", "category": "attorney", "people": "7", "source": "A report"}
        response = office.post(address, sent | changes)
        assert response.status_code == 400
        assert sentence in response.content.decode()
        assert not DeclaredAttendance.objects.exists()
        assert office.post(address, sent).status_code == 302

    def test_correct_and_remove(
        self, office: Client, address: str, live_engagement: Engagement, cora: User
    ) -> None:
        group = declare(live_engagement, cora, kind="group", people=12)
        at = reverse("declaration", args=[live_engagement.slug, group.pk])
        assert 'value="12"' in office.get(at).content.decode()
        assert office.post(at, {"category": "attorney", "people": "x"}).status_code == 400
        sent = {"category": "other", "people": "13", "source": "A letter"}
        assert office.post(at, sent).headers["Location"] == address
        group.refresh_from_db()
        assert (group.people, group.source) == (13, "A letter")

        remove = reverse("declaration-remove", args=[live_engagement.slug, group.pk])
        assert office.get(remove).status_code == 405
        office.post(remove)
        assert not DeclaredAttendance.objects.exists()
        assert {office.get(at).status_code, office.post(remove).status_code} == {404}

    def test_one_of_another_engagement_is_not_found(
        self, office: Client, live_engagement: Engagement, engagement: Engagement, cora: User
    ) -> None:
        group = declare(live_engagement, cora, kind="group", people=12)
        for name in ("declaration", "declaration-remove"):
            assert office.post(reverse(name, args=[engagement.slug, group.pk])).status_code == 404
        assert DeclaredAttendance.objects.count() == 1

    def test_when_it_is_too_late_the_page_says_so(
        self, office: Client, address: str, live_engagement: Engagement, cora: User
    ) -> None:
        declare(live_engagement, cora, people=3)
        Engagement.objects.update(state=states.ARCHIVED)
        shown = office.get(address).content.decode()
        assert "until it is archived" in shown
        assert "Count these people" not in shown
        sent = {"kind": "phone", "category": "attorney", "people": "7", "source": "A report"}
        assert office.post(address, sent).status_code == 409
