"""The pages that anybody may read and that stay, for feed and map of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import F, Max, Min, OuterRef, Subquery
from django.urls import reverse

from engagements import states
from engagements.queries import announced
from readouts.models import FollowUpEdition, ReadoutVersion

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

MOST_IN_FEED: Final = 50


class Page(NamedTuple):
    path: str
    changed_at: datetime | None


def in_force() -> QuerySet[ReadoutVersion]:
    """The latest version of each readout that the public reads."""
    newest = ReadoutVersion.objects.filter(readout=OuterRef("readout")).order_by("-number")
    return ReadoutVersion.objects.filter(
        pk=Subquery(newest.values("pk")[:1]),
        number__gt=F("readout__withdrawn_through"),
        readout__engagement__in=announced().order_by().values("pk"),
    ).order_by("-published_at", "-pk")


def latest_versions() -> list[ReadoutVersion]:
    """With `first_published_at`, when the public first read anything of the readout."""
    first = Min("readout__versions__published_at")
    found = in_force().select_related("readout__engagement__agency", "readout__engagement__series")
    return list(found.annotate(first_published_at=first)[:MOST_IN_FEED])


def marks_of_versions() -> list[tuple[object, ...]]:
    """Another readout, another version or another name of it: another mark."""
    return list(
        in_force().values_list(
            "pk",
            "readout__engagement__slug",
            "readout__engagement__series__name",
            "readout__engagement__agency__short_name",
        )[:MOST_IN_FEED]
    )


def mark_of_pages() -> str:
    """Changes with whatever changes the map."""
    found = announced().order_by().aggregate(last=Max("changed_at"), newest=Max("pk"))
    versions = in_force().order_by().aggregate(last=Max("pk"), latest=Max("published_at"))
    number = in_force().count()
    edition = FollowUpEdition.objects.order_by().aggregate(last=Max("pk"))["last"]
    marks = (found["last"], found["newest"], versions["last"], number, edition)
    return ":".join(map(str, marks)).replace(" ", "-")


def pages() -> list[Page]:
    """All of them, the calendar and the archive first."""
    published = dict(in_force().values_list("readout__engagement", "published_at"))
    answered = dict(
        FollowUpEdition.objects.order_by("number").values_list("engagement", "published_at")
    )
    found = [Page(reverse("home"), None), Page(reverse("archive"), None)]
    rows = announced().exclude(state=states.CANCELLED).order_by("-starts_at", "-pk")
    for pk, slug, changed_at in rows.values_list("pk", "slug", "changed_at"):
        at = published.get(pk)
        found.append(Page(reverse("engagement", args=[slug]), max(changed_at, at or changed_at)))
        if at is not None:
            found.append(Page(reverse("readout", args=[slug]), at))
            found.append(Page(reverse("public-questions", args=[slug]), None))
        if pk in answered:
            found.append(Page(reverse("follow-up", args=[slug]), answered[pk]))
    return found
