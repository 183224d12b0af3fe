"""Polls and survey as a workbook: each answer with its figures, and those by role category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagements import clock
from engagements.files.sheets import Column, Cover, Section, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engagements.files.sheets import Value
    from engagements.models import Engagement
    from qa.queries.poll_pages import OfficePoll


def poll_workbook(engagement: Engagement, polls: Sequence[OfficePoll], *, office: str) -> bytes:
    """Of polls that are closed. It holds figures only, and nobody who answered."""
    now = clock.now()
    return write_workbook(
        [
            _cover(engagement),
            Sheet(
                title=_("Results"),
                columns=[
                    Column(_("No."), 6), Column(_("Asked"), 24), Column(_("Question"), 60),
                    Column(_("Answer"), 40), Column(_("People"), 10), Column(_("Percent"), 10),
                    Column(_("Answered by"), 14),
                ],
                rows=list(_rows(polls)),
            ),
            Sheet(
                title=_("By role category"),
                columns=[
                    Column(_("No."), 6), Column(_("Question"), 60),
                    Column(_("Role category"), 40), Column(_("Answer"), 40),
                    Column(_("People"), 10), Column(_("Percent"), 10),
                    Column(_("Answered by"), 14),
                ],
                rows=list(_rows_by_category(polls)),
            ),
        ],
        title=engagement.full_title,
        creator=office,
        at=now,
    )  # fmt: skip


def _cover(engagement: Engagement) -> Cover:
    notes = [
        (_("Percent"), _("Of the people who answered this question.")),
        (
            _("Role categories"),
            _(
                "Told only where at least 20 people answered. Categories with fewer than 5 answers "
                "are told within “other”."
            ),
        ),
    ]
    return Cover(
        title=_("About"),
        heading=engagement.full_title,
        sections=[Section(_("Polls and survey"), notes)],
    )


def _rows(polls: Sequence[OfficePoll]) -> Iterator[Sequence[Value]]:
    for one in polls:
        for choice in one.shown.choices:
            yield (
                one.place, capfirst(one.poll.get_moment_display()), one.poll.text,
                _words(one, choice.place, choice.text), choice.count, choice.percent,
                one.shown.answers,
            )  # fmt: skip


def _rows_by_category(polls: Sequence[OfficePoll]) -> Iterator[Sequence[Value]]:
    for one in polls:
        for label, answers, choices in one.categories or []:
            for choice in choices:
                yield (
                    one.place, one.poll.text, label,
                    _words(one, choice.place, choice.text), choice.count, choice.percent, answers,
                )  # fmt: skip


def _words(one: OfficePoll, place: int, text: str) -> str:
    """A step of a scale with what its end means."""
    label = {1: one.poll.low_label, 5: one.poll.high_label}.get(place, "")
    return f"{text} ({label})" if one.shown.is_scale and label else text
