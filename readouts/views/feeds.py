"""What machines read of the archive: a feed of readouts, the map of the site, what not to crawl."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.xmlreader import AttributesImpl

from django.contrib.syndication.views import Feed
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import condition, require_safe

from engagements import outbox
from engagements.files.text import clean_line
from engagements.models import Office
from readouts.document import Document
from readouts.files import markup
from readouts.models import ReadoutVersion
from readouts.queries import public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from readouts.queries.public import Page

KEPT_FOR: Final = timedelta(minutes=15)
IN_A_MAP: Final = 20_000
"""Addresses; a map may have 50,000 and 50 MB."""

SUMMARY_WORDS: Final = 120
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
NOT_FOR_CRAWLERS: Final = (
    "/office/", "/agency/", "/accounts/", "/join/", "/confirm/", "/invited/", "/invitations/",
    "/late/", "/news/", "/survey/", "/screen/",
)  # fmt: skip


class _Readouts(Feed[ReadoutVersion, Any]):
    """The readouts in force that were published last, each under an id that stays the same."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Readouts: %(office)s") % {"office": clean_line(_office().short_name)}

    def subtitle(self) -> str:
        return _("What was said, who joined and what was asked.")

    def link(self) -> str:
        return outbox.absolute(reverse("archive"))

    def feed_url(self) -> str:
        return outbox.absolute(reverse("archive-feed"))

    feed_guid = feed_url

    def author_name(self) -> str:
        return clean_line(_office().name)

    def items(self) -> list[ReadoutVersion]:
        return public.latest_versions()

    def item_title(self, item: ReadoutVersion) -> str:
        title = clean_line(str(item.document["title"]))
        if item.correction_note:
            return _("Corrected: %(title)s") % {"title": title}
        return title

    def item_description(self, item: ReadoutVersion) -> str:
        """As HTML, which is what the type of its element says."""
        shown = Document.from_json(item.document)
        summary = Truncator(markup.to_plain(shown.summary)).words(SUMMARY_WORDS)
        lines = [item.correction_note, shown.opening, *summary.split("\n")]
        return "".join(f"<p>{escape(clean_line(line))}</p>" for line in lines if line.strip())

    def item_link(self, item: ReadoutVersion) -> str:
        return outbox.absolute(reverse("readout", args=[item.readout.engagement.slug]))

    def item_guid(self, item: ReadoutVersion) -> str:
        named = f"{item.readout.engagement.calendar_uid}/readout"
        return uuid.uuid5(uuid.NAMESPACE_URL, named).urn

    def item_pubdate(self, item: ReadoutVersion) -> datetime:
        first: datetime = item.first_published_at  # type: ignore[attr-defined]  # annotated
        return first

    def item_updateddate(self, item: ReadoutVersion) -> datetime:
        return item.published_at

    def item_categories(self, item: ReadoutVersion) -> list[str]:
        engagement = item.readout.engagement
        names = [engagement.agency.short_name, engagement.series.name if engagement.series else ""]
        return [clean_line(name) for name in names if name]


_readouts = _Readouts()


def _readouts_mark(request: HttpRequest) -> str:
    office = _office()
    named = repr((public.marks_of_versions(), office.name, office.short_name, get_language()))
    return f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_readouts_mark)
def archive_feed(request: HttpRequest) -> HttpResponse:
    response = _readouts(request)
    _keep(response)
    return response


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page that stays; an index of maps where one would be too long."""
    pages = _pages()
    if len(pages) <= IN_A_MAP:
        return _map(pages)
    parts = range(1, -(-len(pages) // IN_A_MAP) + 1)
    addresses = [(outbox.absolute(reverse("sitemap-part", args=[part])), None) for part in parts]
    return _xml("sitemapindex", "sitemap", addresses)


@require_safe
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    pages = _pages()[(part - 1) * IN_A_MAP : part * IN_A_MAP] if part else []
    if not pages:
        raise Http404
    return _map(pages)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Personal links are in no page that anybody finds; who found one elsewhere leaves it alone."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {start}" for start in NOT_FOR_CRAWLERS),
        "",
        f"Sitemap: {outbox.absolute(reverse('sitemap'))}",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    _keep(response)
    return response


def _pages() -> list[Page]:
    """Anybody may ask for them, so they are not looked up each time."""
    key = f"sitemap:{public.mark_of_pages()}"
    found: list[Page] | None = cache.get(key)
    if found is None:
        found = public.pages()
        cache.set(key, found, KEPT_FOR.total_seconds())
    return found


def _map(pages: Iterable[Page]) -> HttpResponse:
    return _xml("urlset", "url", [(outbox.absolute(page.path), page.changed_at) for page in pages])


def _xml(root: str, element: str, addresses: Iterable[tuple[str, datetime | None]]) -> HttpResponse:
    text = StringIO()
    xml = SimplerXMLGenerator(text, "utf-8")
    xml.startDocument()
    xml.startElement(root, AttributesImpl({"xmlns": SITEMAP}))
    for address, changed_at in addresses:
        xml.startElement(element, AttributesImpl({}))
        xml.addQuickElement("loc", address)
        if changed_at is not None:
            xml.addQuickElement("lastmod", changed_at.isoformat(timespec="seconds"))
        xml.endElement(element)
    xml.endElement(root)
    xml.endDocument()
    response = HttpResponse(text.getvalue(), content_type="application/xml; charset=utf-8")
    _keep(response)
    return response


def _keep(response: HttpResponse) -> None:
    patch_cache_control(response, public=True, max_age=int(KEPT_FOR.total_seconds()))


def _office() -> Office:
    return Office.current()
