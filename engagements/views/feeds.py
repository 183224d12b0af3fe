"""The calendar for other programs: calendar files and a feed of news. None holds a secret."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from engagements import access, outbox, queries
from engagements.files import calendar_file
from engagements.files.text import clean_line, clean_text
from engagements.models import Engagement, Office
from engagements.templatetags.times import when

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

KEPT_FOR = timedelta(minutes=15)


@require_safe
def engagement_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One calendar entry to add by hand. It says PUBLISH, or CANCEL once it is cancelled."""
    found = access.public_engagement(slug)
    text = calendar_file.invitation(found, link=calendar_file.page_of(found))
    response = _file(text, f"{found.slug}.ics")
    # Whoever takes it out of the calendar must not be given the copy that put it in.
    patch_cache_control(response, no_cache=True)
    return response


def _calendar_mark(request: HttpRequest) -> str:
    return _mark(queries.in_feed())


def _calendar_changed_at(request: HttpRequest) -> datetime | None:
    return _changed_at(queries.in_feed())


@require_safe
@condition(etag_func=_calendar_mark, last_modified_func=_calendar_changed_at)
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """What a calendar program subscribes to: the past year and all that is ahead."""
    mark = _calendar_mark(request)
    # Writing a thousand entries takes seconds, and anybody may ask for them.
    text = cache.get_or_set(f"calendar-feed:{mark}", _calendar_text, KEPT_FOR.total_seconds())
    response = _file(str(text), "calendar.ics")
    _keep(response)
    return response


def _calendar_text() -> str:
    name = _("Public engagements: %(office)s") % {"office": Office.current().short_name}
    return calendar_file.feed(queries.in_feed(), name=name)


class _News(Feed[Engagement, Any]):
    """The engagements that changed last, each under an id that stays the same for ever."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Public engagements: %(office)s") % {"office": clean_line(_office().short_name)}

    def subtitle(self) -> str:
        return _("What is scheduled, moved, held or cancelled.")

    def link(self) -> str:
        return outbox.absolute(reverse("home"))

    def feed_url(self) -> str:
        return outbox.absolute(reverse("news-feed"))

    feed_guid = feed_url

    def author_name(self) -> str:
        return clean_line(_office().name)

    def items(self) -> QuerySet[Engagement]:
        return queries.news()

    def item_title(self, item: Engagement) -> str:
        title = clean_line(item.full_title)
        if item.state == Engagement.State.CANCELLED:
            return _("Cancelled: %(title)s") % {"title": title}
        return title

    def item_description(self, item: Engagement) -> str:
        """As HTML, which is what the type of its element says."""
        lines = [when(item), *clean_text(item.description).split("\n")]
        return "".join(f"<p>{escape(line)}</p>" for line in lines if line)

    def item_link(self, item: Engagement) -> str:
        return calendar_file.page_of(item)

    def item_guid(self, item: Engagement) -> str:
        return uuid.uuid5(uuid.NAMESPACE_URL, item.calendar_uid).urn

    def item_pubdate(self, item: Engagement) -> datetime:
        return item.scheduled_at or item.created_at

    def item_updateddate(self, item: Engagement) -> datetime:
        return item.changed_at

    def item_categories(self, item: Engagement) -> list[str]:
        return [clean_line(item.series.name)] if item.series else []


def _news_mark(request: HttpRequest) -> str:
    return _mark(queries.news())


def _news_changed_at(request: HttpRequest) -> datetime | None:
    return _changed_at(queries.news())


_news = _News()


@require_safe
@condition(etag_func=_news_mark, last_modified_func=_news_changed_at)
def news_feed(request: HttpRequest) -> HttpResponse:
    response = _news(request)
    _keep(response)
    return response


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=calendar_file.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _keep(response: HttpResponse) -> None:
    patch_cache_control(response, public=True, max_age=int(KEPT_FOR.total_seconds()))


def _office() -> Office:
    return Office.current()


def _mark(found: QuerySet[Engagement]) -> str:
    """Names what is found, in this language: another row, another change, another name of it."""
    office = Office.current()
    rows = list(found.values_list("pk", "changed_at", "state", "series__name"))
    named = repr((rows, office.name, office.short_name, get_language()))
    return f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'


def _changed_at(found: QuerySet[Engagement]) -> datetime | None:
    return max(found.values_list("changed_at", flat=True), default=None)
