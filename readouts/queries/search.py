"""The archive's search: which words an engagement is found by, and what a query finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection

from readouts import searching
from readouts.document import Document
from readouts.files import markup
from readouts.queries.follow_up import latest_edition, searched
from readouts.queries.posted import posted_answer, posted_questions
from readouts.queries.published import version_in_force
from readouts.queries.redacted import without_redacted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from engagements.models import Engagement
    from readouts.models import ReadoutVersion
    from readouts.searching import Piece, Query, Term

# An entry with words of questions is not searched once the floor has gone on: see SearchEntry.
_ENTRIES: Final = """
    FROM readouts_searchentry entry
    JOIN qa_floor floor ON floor.engagement_id = entry.engagement_id
    {join}
    WHERE {met}
    AND (entry.public_head IS NULL OR entry.public_head = floor.public_head)"""
_SQLITE: Final = _ENTRIES.format(
    join="JOIN readouts_searchindex ON readouts_searchindex.rowid = entry.id",
    met="readouts_searchindex MATCH %s",
)
_POSTGRESQL: Final = _ENTRIES.format(join="", met="entry.found_by @@ to_tsquery('openfloor', %s)")
_BRACKETS: Final = "StartSel=[, StopSel=], HighlightAll=true"
TEASER: Final = 400
"""Characters of the body that stand for it where nothing was searched for."""


class Words(NamedTuple):
    """What anybody may read of an engagement now. `public_head`: see `SearchEntry`."""

    title: str
    body: str
    public_head: int | None


class Excerpt(NamedTuple):
    title: list[Piece]
    body: list[Piece]


def words_of(engagement: Engagement) -> Words | None:
    """None where the public does not know of it."""
    if not engagement.is_public:
        return None
    version = version_in_force(engagement)
    parts = [
        *(_published(engagement, version) if version else []),
        *_set_up(engagement),
        *(_questions(engagement) if version else []),
        *searched(engagement),
    ]
    body = "\n".join(part for part in parts if part)
    has_questions = version is not None or latest_edition(engagement) is not None
    head = engagement.floor.public_head if has_questions else None
    return Words(engagement.full_title, body, head)


def ranked(query: Query) -> list[int]:
    """Ids of the engagements that a query finds, the best first."""
    if not query.has_words:
        return []
    is_lite = connection.vendor == "sqlite"
    if is_lite:
        # A word of the title counts for eight.
        order = "bm25(readouts_searchindex, 8.0, 1.0)"
        values = [_for_sqlite(query)]
    else:
        order = "ts_rank(entry.found_by, to_tsquery('openfloor', %s)) DESC"
        values = [_for_postgresql(query.terms)] * 2
    found = _SQLITE if is_lite else _POSTGRESQL
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT entry.engagement_id {found} ORDER BY {order}, entry.engagement_id DESC",
            values,
        )
        return [pk for (pk,) in cursor.fetchall()]


def excerpts(engagements: Collection[int], query: Query) -> dict[int, Excerpt]:
    """Of each of these engagements that the query finds: the title, and where most was found."""
    if not query.has_words or not engagements:
        return {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = "highlight(readouts_searchindex, {}, '[', ']')"
            columns, found = f"{marks.format(0)}, {marks.format(1)}", _SQLITE
            values: list[str | int] = [_for_sqlite(query), *engagements]
        else:
            marks = "ts_headline('openfloor', entry.{}, to_tsquery('openfloor', %s), %s)"
            columns = f"{marks.format('title_words')}, {marks.format('body_words')}"
            wanted = _for_postgresql([one for one in query.terms if not one.is_excluded])
            found = _POSTGRESQL
            values = [*[wanted, _BRACKETS] * 2, _for_postgresql(query.terms), *engagements]
        places = ", ".join(["%s"] * len(engagements))
        cursor.execute(
            f"SELECT entry.engagement_id, entry.title, entry.body, {columns} {found}"
            f" AND entry.engagement_id IN ({places})",
            values,
        )
        return {
            pk: Excerpt(
                searching.excerpt(title, searching.marked(title_marks), most=60),
                searching.excerpt(body, searching.marked(body_marks)),
            )
            for pk, title, body, title_marks, body_marks in cursor.fetchall()
        }


def _published(engagement: Engagement, version: ReadoutVersion) -> Iterator[str]:
    """What was redacted after the publication is not found, though the version keeps it."""
    return without_redacted(engagement, _readout(Document.from_json(version.document)))


def _readout(shown: Document) -> Iterator[str]:
    """The summary first: it also stands for the whole where nothing was searched for."""
    yield markup.to_plain(shown.summary)
    yield shown.opening
    yield markup.to_plain(shown.attendance)
    for group in shown.samples:
        yield group.heading
        yield from group.questions
    for answer in shown.answers:
        yield answer.question
        yield markup.to_plain(answer.answer)
    yield markup.to_plain(shown.closing)
    yield from shown.speakers


def _set_up(engagement: Engagement) -> Iterator[str]:
    yield engagement.description
    yield engagement.about
    yield engagement.agency.name
    yield engagement.agency.short_name
    yield from map(str, engagement.speakers.all())
    yield from engagement.materials.values_list("title", flat=True)


def _questions(engagement: Engagement) -> Iterator[str]:
    for question in posted_questions(engagement):
        yield question.label.name if question.label else ""
        yield question.text
        if answer := posted_answer(question):
            yield answer.text


def _for_sqlite(query: Query) -> str:
    """Each term a string of FTS5: nothing that was typed is read as an operator."""
    wanted = " AND ".join(_as_string(one) for one in query.terms if not one.is_excluded)
    unwanted = (f" NOT {_as_string(one)}" for one in query.terms if one.is_excluded)
    return f"({wanted}){''.join(unwanted)}"


def _as_string(term: Term) -> str:
    return f'"{" ".join(term.words)}"'


def _for_postgresql(terms: Collection[Term]) -> str:
    return " & ".join(
        ("!" if one.is_excluded else "")
        + "("
        + " <-> ".join(f"'{word}'" for word in one.words)
        + ")"
        for one in terms
    )
