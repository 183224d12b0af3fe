"""What an agency has answered in public, as the next edition would say it, and the editions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from engagements.models import Office
from qa import states
from qa.models import ForwardedQuestion, PublishedAnswer, Question
from qa.queries.agency.promises import answer_counts
from readouts import follow_up
from readouts.follow_up import Entry, FollowUpDocument
from readouts.models import FollowUpEdition, FollowUpFile
from readouts.queries.given import given_to
from readouts.queries.posted import posted_questions
from readouts.queries.redacted import telling
from readouts.queries.stored import readout_of
from readouts.queries.wording import house, house_of, usual

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from engagements.models import Engagement
    from readouts.queries.given import Given
    from readouts.wording import House

GIVEN: Final = {
    states.ANSWERED: follow_up.ANSWERED,
    states.DECLINED: follow_up.DECLINED,
    states.SEE_PAGE: follow_up.SEE_PAGE,
    states.SAME_AS: follow_up.SAME_AS,
}


def next_document(engagement: Engagement, *, correction_note: str = "") -> FollowUpDocument:
    """All that may be public by now. Words in the language of the site, dates as the house has
    them."""
    with override(settings.LANGUAGE_CODE):
        return _document(engagement, correction_note, dates_of(engagement))


def dates_of(engagement: Engagement) -> House:
    """How this engagement's papers write dates and pages."""
    readout = readout_of(engagement)
    return house_of(readout) if readout else house(usual())


def editions_of(engagement: Engagement) -> list[FollowUpEdition]:
    """The latest first, with their files but for the bytes of these."""
    files = Prefetch("files", FollowUpFile.objects.defer("content"))
    found = FollowUpEdition.objects.filter(engagement=engagement)
    return list(found.select_related("engagement", "published_by").prefetch_related(files))


def latest_edition(engagement: Engagement) -> FollowUpEdition | None:
    return FollowUpEdition.objects.filter(engagement=engagement).first()


def next_number(engagement: Engagement) -> int:
    latest = latest_edition(engagement)
    return 1 + (latest.number if latest else 0)


def no_more_public(edition: FollowUpEdition) -> set[int]:
    """Numbers of entries whose question was taken from the public since, or that tell words which
    are redacted now."""
    shown = FollowUpDocument.from_json(edition.document)
    posted = set(posted_questions(edition.engagement).values_list("number", flat=True))
    gone = {entry.number for entry in shown.entries} - posted
    texts = {entry.number: _texts(entry) for entry in shown.entries}
    return gone | telling(edition.engagement, texts)


def shown_document(edition: FollowUpEdition) -> tuple[FollowUpDocument, set[int]]:
    """What the public reads of an edition: without the entries in the set."""
    document = FollowUpDocument.from_json(edition.document)
    gone = no_more_public(edition)
    kept = tuple(entry for entry in document.entries if entry.number not in gone)
    return replace(document, entries=kept), gone


def entries_by_number(edition: FollowUpEdition) -> dict[int, Entry]:
    document = FollowUpDocument.from_json(edition.document)
    return {entry.number: entry for entry in document.entries}


def groups_on(
    document: FollowUpDocument, entries: Iterable[Entry]
) -> list[tuple[str, list[Entry]]]:
    """The groups of a document as far as they reach one of its pages."""
    wanted = {entry.number for entry in entries}
    found = [
        (heading, [entry for entry in group if entry.number in wanted])
        for heading, group in document.groups
    ]
    return [(heading, group) for heading, group in found if group]


def searched(engagement: Engagement) -> Iterator[str]:
    """The words of the latest edition by which the archive finds its engagement."""
    latest = latest_edition(engagement)
    if latest is None:
        return
    for entry in shown_document(latest)[0].entries:
        yield from (entry.question, entry.translation, entry.answer)


def _document(engagement: Engagement, correction_note: str, dates: House) -> FollowUpDocument:
    given = given_to(engagement)
    listed = _listed(engagement, given)
    numbered = {question.number: question for question in listed}
    entries = _Writer(engagement, given, numbered, dates).entries()
    counts = answer_counts([engagement.pk]).get(engagement.pk, [])
    agencies = list(dict.fromkeys(one.forwarding.agency.name for one in counts))
    agency = ", ".join(agencies) or engagement.agency.name
    answered = sum(one.count.answered for one in counts)
    asked = sum(one.count.asked for one in counts)
    return FollowUpDocument(
        label=_("Follow-up questions and answers"),
        title=engagement.full_title,
        opening=_(
            "These questions were asked in writing at “%(title)s” on %(date)s. The %(office)s"
            " forwarded them to %(agency)s without saying who asked. The answers are those of the"
            " agency."
        )
        % {
            "title": engagement.title,
            "date": dates.dated(engagement.held_on),
            "office": Office.current().short_name,
            "agency": agency,
        },
        counted=_counted(
            answered,
            asked,
            declined=sum(one.count.declined for one in counts),
            settled=sum(one.count.settled for one in counts),
        ),
        unlisted=_unlisted(engagement, listed),
        other_questions=_("Other questions"),
        correction=(
            _("Corrected: %(note)s") % {"note": correction_note} if correction_note else ""
        ),
        language=settings.LANGUAGE_CODE.partition("-")[0],
        agency=agency,
        answered=answered,
        questions=asked,
        entries=follow_up.ordered(
            entries, engagement.labels.order_by("position", "pk").values_list("name", flat=True)
        ),
    )


def _counted(answered: int, asked: int, *, declined: int, settled: int) -> str:
    if not asked:
        return ""
    told = ngettext(
        "So far %(answered)d of %(asked)d question is answered.",
        "So far %(answered)d of %(asked)d questions are answered.",
        asked,
    ) % {"answered": answered, "asked": asked}
    if answered == asked:
        told = ngettext(
            "The one question is answered.", "All %(asked)d questions are answered.", asked
        ) % {"asked": asked}
    if declined:
        told += " " + ngettext(
            "The agency gives no public answer to %(declined)d of them.",
            "The agency gives no public answer to %(declined)d of them.",
            declined,
        ) % {"declined": declined}
    if settled:
        told += " " + ngettext(
            "One more was answered or set aside by the office itself.",
            "%(settled)d more were answered or set aside by the office itself.",
            settled,
        ) % {"settled": settled}
    return told


def _unlisted(engagement: Engagement, listed: list[Question]) -> str:
    on_lists = ForwardedQuestion.objects.filter(
        forwarding__engagement=engagement, forwarding__state=states.FORWARDING_SENT
    ).exclude(question__state=states.WITHDRAWN)
    numbers = set(on_lists.values_list("question", flat=True)) - {one.pk for one in listed}
    if not numbers:
        return ""
    return ngettext(
        "%(number)d more question that the agency got is not listed here: it asks the same as"
        " another one, or was not shown to everybody.",
        "%(number)d more questions that the agency got are not listed here: they ask the same as"
        " another one, or were not shown to everybody.",
        len(numbers),
    ) % {"number": len(numbers)}


def _listed(engagement: Engagement, given: Given) -> list[Question]:
    """Those that everybody may read, and that an agency got or answered."""
    concerned = Q(pk__in=given.published) | Q(
        Exists(
            ForwardedQuestion.objects.filter(
                question=OuterRef("pk"), forwarding__state__in=states.REACHED_AGENCY
            )
        )
    )
    return list(posted_questions(engagement).filter(concerned))


@dataclass(frozen=True)
class _Writer:
    """Writes the entries of one engagement."""

    engagement: Engagement
    given: Given
    listed: Mapping[int, Question]
    """By number."""
    dates: House

    def entries(self) -> list[Entry]:
        return [self._entry(question) for question in self.listed.values()]

    def _entry(self, question: Question) -> Entry:
        asked = self._asked(question)
        published = self.given.published.get(question.pk)
        if published is not None:
            return self._answered(asked, published)
        status, said = _without_answer(question)
        return replace(asked, status=status, said=said)

    def _asked(self, question: Question) -> Entry:
        translation = self.given.translations.get(question.pk)
        return Entry(
            number=question.number,
            question=question.text,
            status=follow_up.OPEN,
            label=question.label.name if question.label else "",
            language=question.language,
            translation=translation.text if translation else "",
            translation_language=translation.language if translation else "",
            translated=(
                _("Translation, made %(how)s") % {"how": translation.get_kind_display()}
                if translation
                else ""
            ),
            notes=tuple(self._notes(question)),
        )

    def _notes(self, question: Question) -> Iterator[str]:
        yield _("Received %(date)s") % {"date": self._day(question.asked_at)}
        if question.people > 1:
            yield _("Asked by %(people)d people") % {"people": question.people}
        sent = self.given.sent.get(question.pk)
        if sent is None:
            return
        yield _("Forwarded to %(agency)s %(date)s") % {
            "agency": sent.agency,
            "date": self._day(sent.at),
        }
        if sent.text != question.text and not question.is_redacted:
            yield _("The office edited this question after it was forwarded")

    def _answered(self, asked: Entry, published: PublishedAnswer) -> Entry:
        status = follow_up.WITHHELD if published.is_withheld else GIVEN[published.status]
        said, answer, address = self._words(published, status)
        on = published.answered_on
        day = self.dates.dated(on) if on else self._day(published.published_at)
        note = published.correction_note
        return replace(
            asked,
            status=status,
            said=said,
            answer=answer,
            page_url=address,
            same_as=published.same_as if status == follow_up.SAME_AS else None,
            answered_by=_("Answered by %(name)s") % {"name": published.answered_by},
            version=published.number,
            correction_note=_("Corrected: %(note)s") % {"note": note} if note else "",
            notes=(*asked.notes, _("Answered %(date)s") % {"date": day}),
        )

    def _words(self, published: PublishedAnswer, status: str) -> tuple[str, str, str]:
        """The sentence before the answer, its words, and the page that it leads to.

        Who is sent to a question that is not listed reads the answer to that one instead.
        """
        said = ""
        if status == follow_up.WITHHELD:
            said = _("The agency has answered the office and does not publish the answer.")
        elif status == follow_up.DECLINED:
            said = _("The agency declines to answer.")
        elif status == follow_up.SEE_PAGE and not published.text:
            said = _("See this page:")
        elif status == follow_up.SAME_AS and published.same_as in self.listed:
            said = _("The same answer as to question %(number)d.") % {"number": published.same_as}
        elif status == follow_up.SAME_AS:
            other = self._same(published)
            if other is not None:
                return "", other.text, other.page_url
        return said, published.text, published.page_url

    def _same(self, published: PublishedAnswer) -> PublishedAnswer | None:
        """The answer with the words to which a “same as” leads, if that is public."""
        by_number = {
            (one.answer.agency_id, one.answer.question.number): one
            for one in self.given.published.values()
        }
        agency = published.answer.agency_id
        found: PublishedAnswer | None = published
        for _step in by_number:
            if found is None or found.status != states.SAME_AS:
                break
            found = by_number.get((agency, found.same_as or 0))
        is_told = found is not None and found.status != states.SAME_AS and not found.is_withheld
        return found if is_told else None

    def _day(self, at: datetime) -> str:
        return self.dates.dated(self.engagement.local(at).date())


def _without_answer(question: Question) -> tuple[str, str]:
    """What stands for the answer that an agency has not given in public."""
    if question.outcome == states.ANSWERED_LIVE:
        return follow_up.LIVE, _("Answered live during the engagement.")
    if question.outcome == states.ANSWERED_IN_WRITING:
        return follow_up.WRITTEN, _("Answered in writing by the office.")
    return follow_up.OPEN, _("Not answered yet.")


def _texts(entry: Entry) -> tuple[str, ...]:
    """All that people typed."""
    words = (entry.question, entry.translation, entry.said, entry.answer, entry.page_url)
    return (*words, entry.answered_by, entry.correction_note, *entry.notes)
