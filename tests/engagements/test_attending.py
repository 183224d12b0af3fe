"""Presence and attendance; removing somebody and letting the person in again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements import clock, queries
from engagements.actions import attending
from engagements.models import SILENCE, Attendance, AttendanceInterval, AuditEntry, Registration
from engagements.refusals import NotAllowed, Refused
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db


def test_many_arrive_at_once_each_person_once_each_device_with_an_interval(
    live_engagement: Engagement, engagement: Engagement, ana: Registration
) -> None:
    ben = factories.make_registration(live_engagement, "Ben")
    too_early = factories.make_registration(engagement, "Wanda")

    intervals = attending.arrive_all([ana.pk, ben.pk, too_early.pk, ana.pk])

    assert [interval is None for interval in intervals] == [False, False, True, False]
    assert len(set(intervals)) == 4
    assert set(Attendance.objects.values_list("registration", flat=True)) == {ana.pk, ben.pk}
    joined = AuditEntry.objects.filter(action="attendance.joined")
    assert sorted(joined.values_list("actor_label", flat=True)) == [
        f"registration:{ana.pk}",
        f"registration:{ben.pk}",
    ]
    assert queries.present(live_engagement.pk) == 2


def test_who_gives_no_sign_of_life_is_gone_from_presence_and_not_from_attendance(
    live_engagement: Engagement, ana: Registration
) -> None:
    ben = factories.make_registration(live_engagement, "Ben")
    with clock.set_to(START):
        silent, lively = attending.arrive_all([ana.pk, ben.pk])
        assert queries.present(live_engagement.pk) == 2
    with clock.set_to(START + SILENCE):
        assert attending.stay([lively or 0]) == {lively}
        assert queries.present(live_engagement.pk) == 1
    with clock.set_to(START + SILENCE + timedelta(seconds=1)):
        assert attending.close_silent() == 1
        assert attending.stay([silent or 0, lively or 0]) == {lively}

    assert AttendanceInterval.objects.get(pk=silent or 0).closed_at == START
    assert queries.joined(live_engagement) == 2


def test_a_person_is_removed_and_readmitted_and_counts_all_the_same(
    live_engagement: Engagement, ana: Registration, omar: User
) -> None:
    attending.arrive(ana)

    assert attending.remove(ana, by=omar).removed_at is not None
    with pytest.raises(Refused, match="removed already"):
        attending.remove(ana, by=omar)
    assert queries.joined(live_engagement) == 1

    assert attending.readmit(ana, by=omar).removed_at is None
    with pytest.raises(Refused, match="admitted already"):
        attending.readmit(ana, by=omar)
    entries = AuditEntry.objects.filter(subject=f"engagements.registration:{ana.pk}")
    assert list(entries.order_by("pk").values_list("action", flat=True)) == [
        "registration.removed",
        "registration.readmitted",
    ]


def test_only_who_sees_the_registrants_removes_them(
    ana: Registration, edna: User, omar: User
) -> None:
    with pytest.raises(NotAllowed):
        attending.remove(ana, by=edna)
    assert Registration.objects.get(pk=ana.pk).removed_at is None
    attending.remove(ana, by=omar)
    assert Registration.objects.get(pk=ana.pk).removed_at is not None


def test_the_page_of_registrants_removes_and_readmits(
    ana: Registration, omar: User, sign_in: Callable[[User], Client]
) -> None:
    office = sign_in(omar)
    slug = ana.engagement.slug

    removed = office.post(reverse("registrant-remove", args=[slug, ana.pk]), follow=True)
    assert "Ana is removed from the room." in removed.content.decode()
    readmitted = office.post(reverse("registrant-readmit", args=[slug, ana.pk]), follow=True)
    assert "Ana may enter again." in readmitted.content.decode()

    elsewhere = factories.make_registration(factories.make_engagement("elsewhere"))
    assert office.post(reverse("registrant-remove", args=[slug, elsewhere.pk])).status_code == 404
    assert Registration.objects.get(pk=elsewhere.pk).removed_at is None
