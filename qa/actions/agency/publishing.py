"""Accepted answers become public: frozen, and corrected only by the next number.

The page on which the public reads them is the affair of `readouts`, which publishes by this.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import Refused
from qa import events, identifiers, states
from qa.actions.agency import hooks, telling
from qa.actions.agency.accepting import check_may_accept, locked
from qa.models import AgencyAnswer, PublishedAnswer, Webhook
from qa.queries import floor_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from engagements.models import Engagement, User

LONGEST_SIGNATURE: Final = PublishedAnswer._meta.get_field("answered_by").max_length or 0
LONGEST_NOTE: Final = PublishedAnswer._meta.get_field("correction_note").max_length or 0


class Hindrance(NamedTuple):
    """Why the answer to a question cannot be published as it is."""

    number: int
    code: str
    words: str


class Noticed(NamedTuple):
    """Words that an answer makes public and that look like a personal identifier. `key` names
    exactly these words."""

    number: int
    key: str
    found: tuple[identifiers.Found, ...]


@dataclass(frozen=True)
class Prospect:
    """What a publication would be. Nothing of it is stored."""

    published: list[PublishedAnswer] = field(default_factory=list)
    hindrances: list[Hindrance] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)
    corrected: list[int] = field(default_factory=list)
    """Numbers of the questions whose published answer it would correct."""


@transaction.atomic
def publish(
    engagement: Engagement,
    *,
    answers: Iterable[AgencyAnswer],
    by: User,
    correction_note: str = "",
    confirmed: Collection[str] = (),
) -> list[PublishedAnswer]:
    """Publish accepted answers in the revision that `answers` have loaded, all or none of them.

    `confirmed` are keys of what was noticed and looked at (`Noticed`). What the agency does not
    publish is published as withheld, without its text. Who corrects says what is corrected.
    """
    held = _held(engagement, answers, by=by)
    seen = prospect(engagement, answers=held, by=by, correction_note=correction_note)
    _check(seen)
    _check_words(seen, correction_note=correction_note, confirmed=confirmed)
    published = _freeze(seen)
    _tell(engagement, published, by=by)
    return published


@contextmanager
def as_if_published(
    engagement: Engagement, *, answers: Iterable[AgencyAnswer], by: User, correction_note: str = ""
) -> Iterator[Prospect]:
    """Inside, everything reads as it will after `publish`; at the end nothing has happened.

    Nobody is told, and neither what was noticed nor a missing note is an obstacle yet.
    """
    with transaction.atomic():
        held = _held(engagement, answers, by=by)
        seen = prospect(engagement, answers=held, by=by, correction_note=correction_note)
        _check(seen)
        _freeze(seen)
        yield seen
        transaction.set_rollback(True)


def prospect(
    engagement: Engagement,
    *,
    answers: Iterable[AgencyAnswer],
    by: User,
    correction_note: str = "",
) -> Prospect:
    """What `publish` would do now with these answers, which are read with their questions."""
    chosen = list(answers)
    numbers = _last_numbers(chosen)
    now = clock.now()
    note = clean_line(correction_note)
    seen = Prospect()
    batch = {(one.agency_id, one.question.number) for one in chosen}
    out = _published_numbers(engagement) | batch
    for answer in chosen:
        last = numbers.get(answer.pk, 0)
        if last:
            seen.corrected.append(answer.question.number)
        seen.hindrances.extend(_hindrances(answer, out))
        found = _found(answer)
        if found:
            seen.noticed.append(Noticed(answer.question.number, _key(answer), found))
        seen.published.append(
            _frozen(answer, number=last + 1, by=by, note=note if last else "", at=now)
        )
    return seen


def _held(
    engagement: Engagement, answers: Iterable[AgencyAnswer], *, by: User
) -> list[AgencyAnswer]:
    check_may_accept(engagement, by)
    events.lock(floor_of(engagement).pk)
    held, changed = locked(engagement, answers)
    if changed:
        raise Refused("overtaken", _overtaken(changed))
    if not held:
        raise Refused("none", _("Choose at least one answer."))
    return held


def _freeze(seen: Prospect) -> list[PublishedAnswer]:
    published = PublishedAnswer.objects.bulk_create(seen.published)
    before, after = states.ANSWERING_MOVES["publish"]
    answers = [one.answer_id for one in published]
    AgencyAnswer.objects.filter(pk__in=answers, state__in=before).update(
        state=after, revision=F("revision") + 1
    )
    return published


def _frozen(
    answer: AgencyAnswer, *, number: int, by: User, note: str, at: datetime
) -> PublishedAnswer:
    withheld = _is_withheld(answer)
    of = clean_line(answer.directorate_name)
    return PublishedAnswer(
        answer=answer,
        number=number,
        status=answer.status,
        text="" if withheld else answer.text,
        page_url="" if withheld else answer.page_url,
        same_as=None if withheld else answer.same_as,
        is_withheld=withheld,
        answered_by=_signed(of, answer.agency.name),
        answered_on=answer.answered_on,
        correction_note=note,
        published_by=by,
        published_at=at,
    )


def _signed(directorate: str, agency: str) -> str:
    signed = f"{directorate}, {agency}" if directorate else agency
    return signed if len(signed) <= LONGEST_SIGNATURE else agency[:LONGEST_SIGNATURE]


def _hindrances(answer: AgencyAnswer, out: Collection[tuple[int, int]]) -> Iterator[Hindrance]:
    question = answer.question
    number = question.number
    if answer.state not in states.ANSWERING_MOVES["publish"][0]:
        yield Hindrance(
            number,
            "state",
            _("The answer to question %(number)d is not accepted.") % {"number": number},
        )
    if answer.is_publishable is None or answer.status == states.IN_PROGRESS:
        yield Hindrance(
            number,
            "unsaid",
            _("Question %(number)d: the agency has not said whether this may be published.")
            % {"number": number},
        )
    if question.state == states.WITHDRAWN:
        yield Hindrance(
            number,
            "withdrawn",
            _("Question %(number)d was withdrawn by whoever asked it.") % {"number": number},
        )
    if question.state == states.SHOWN and question.open_findings:
        yield Hindrance(
            number,
            "undecided",
            _("Question %(number)d may hold a personal identifier. Decide about it first.")
            % {"number": number},
        )
    if (
        not _is_withheld(answer)
        and answer.status == states.SAME_AS
        and (answer.agency_id, answer.same_as) not in out
    ):
        yield Hindrance(
            number,
            "same_as",
            _(
                "Question %(number)d is answered like question %(other)d, whose answer is not"
                " published. Publish that one too."
            )
            % {"number": number, "other": answer.same_as or 0},
        )


def _check(seen: Prospect) -> None:
    if seen.hindrances:
        raise Refused(seen.hindrances[0].code, " ".join(one.words for one in seen.hindrances[:5]))


def _check_words(seen: Prospect, *, correction_note: str, confirmed: Collection[str]) -> None:
    note = clean_line(correction_note)
    if seen.corrected and not note:
        raise Refused("no_note", _("Please say what is corrected; the public reads it."))
    if len(note) > LONGEST_NOTE:
        raise Refused(
            "too_long", _("A note has at most %(most)d characters.") % {"most": LONGEST_NOTE}
        )
    open_ones = [one.number for one in seen.noticed if one.key not in confirmed]
    if open_ones:
        raise Refused(
            "noticed",
            _(
                "Words in the answers to %(numbers)s look like a personal identifier. Look at them"
                " and confirm that they may be public, or return the answers."
            )
            % {"numbers": ", ".join(map(str, open_ones[:12]))},
        )


def _tell(engagement: Engagement, published: Sequence[PublishedAnswer], *, by: User) -> None:
    audit.record_all(
        "answer.published",
        [
            (
                one.answer,
                by,
                {
                    "version": one.number,
                    "digest": audit.digest(one.text),
                    "is_withheld": one.is_withheld,
                },
            )
            for one in published
        ],
        engagement=engagement,
    )
    by_agency: dict[int, list[PublishedAnswer]] = {}
    for one in published:
        by_agency.setdefault(one.answer.agency_id, []).append(one)
    telling.tell(published)
    for group in by_agency.values():
        hooks.lay(group[0].answer.agency, Webhook.Event.ANSWERED, answers=group)


def _is_withheld(answer: AgencyAnswer) -> bool:
    return answer.is_publishable is False


def _last_numbers(answers: Sequence[AgencyAnswer]) -> Mapping[int, int]:
    found = PublishedAnswer.objects.filter(answer__in=[one.pk for one in answers])
    return dict(found.order_by().values_list("answer").annotate(last=Max("number")))


def _published_numbers(engagement: Engagement) -> set[tuple[int, int]]:
    """Agency and number of each question with a published answer."""
    found = PublishedAnswer.objects.filter(answer__question__floor__engagement=engagement)
    return set(found.order_by().values_list("answer__agency", "answer__question__number"))


def _public_words(answer: AgencyAnswer) -> tuple[str, ...]:
    """What somebody of the agency wrote and everybody reads."""
    said = () if _is_withheld(answer) else (answer.text, answer.page_url)
    return (*said, clean_line(answer.directorate_name))


def _found(answer: AgencyAnswer) -> tuple[identifiers.Found, ...]:
    return tuple(one for words in _public_words(answer) for one in identifiers.find(words))


def _key(answer: AgencyAnswer) -> str:
    words = "\0".join((str(answer.pk), *_public_words(answer)))
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _overtaken(numbers: Sequence[int]) -> str:
    return _("The answers to %(numbers)s were changed meanwhile. Look at them again.") % {
        "numbers": ", ".join(map(str, numbers[:12]))
    }
