"""Questions of a platform's report, looked through against what is here. Stores nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from engagements import clock
from engagements.files.addresses import email_key
from engagements.files.attendance import headings, moments
from engagements.models import Registration, RoleCategory
from engagements.refusals import Refused
from engagements.rules import ADMITTED
from qa import identifiers, likeness, states
from qa.files import question_reports as reports
from qa.models import LONGEST_NOTE, MAX_LENGTH, Question, QuestionImport
from qa.queries.kinds import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import Engagement
    from qa.files.question_reports import Report, ReportedQuestion
    from qa.models import Floor

MOST_LIKE: Final = 2
NEAR: Final = 20
_BATCH: Final = 500


@dataclass(slots=True)
class Candidate:
    """A question of the report. `at` is its place among them, from 1 on, `row` that in the file.

    One with a `problem` cannot be taken, and one with `taken_as` was taken before, under that
    number; `same_as` is a question here with the same words. The remarks hinder nothing.
    """

    at: int
    row: int
    text: str
    note: str
    key: UUID
    asked_at: datetime
    asker: Registration | None = None
    category: RoleCategory | None = None
    problem: str = ""
    taken_as: int | None = None
    same_as: int | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        return not self.problem and self.taken_as is None


def candidates(floor: Floor, report: Report, meanings: Sequence[str]) -> list[Candidate]:
    """Every question of the report, in its order; the same for the same file and floor."""
    found = reports.questions_of(report, meanings)
    context = _Context(floor, report, meanings, found)
    return [context.candidate(at, one) for at, one in enumerate(found, start=1)]


def alike(floor: Floor, shown: Iterable[Candidate]) -> dict[int, list[tuple[int, str, int]]]:
    """For those on a page: by `at`, the questions here most like it: number, words, percent."""
    here = dict(_asked(floor).values_list("number", "text"))
    plain = {number: default_process(text) for number, text in here.items()}
    return {
        one.at: [
            (number, here[number], round(score * 100))
            for number, score in likeness.likely(
                one.text, _near(one.text, here, plain), most=MOST_LIKE
            )
        ]
        for one in shown
        if one.is_possible
    }


def _near(text: str, here: dict[int, str], plain: dict[int, str]) -> list[tuple[int, str]]:
    """The few that are worth an exact look: fifty rows beside thousands of questions are many
    pairs, and these two scorers go through them without coming back to Python."""
    words = default_process(text)
    near = {
        number
        for scorer in (fuzz.ratio, fuzz.token_set_ratio)
        for _words, _score, number in process.extract(
            words, plain, scorer=scorer, score_cutoff=100 * likeness.LEAST, limit=NEAR
        )
    }
    return [(number, here[number]) for number in sorted(near)]


def found_in(text: str) -> list[str]:
    """What looks like an identifier in the words, named for people; each kind once."""
    kinds = dict.fromkeys(found.kind for found in identifiers.find(text))
    return [name_of(kind) for kind in kinds]


def imports_of(floor: Floor) -> list[tuple[QuestionImport, dict[str, int]]]:
    """The latest first, each with its questions: all, withdrawn, still waiting."""
    listed = floor.question_imports.select_related("imported_by", "undone_by").defer("file")
    counts: dict[int, Counter[str]] = {}
    pairs = floor.questions.exclude(question_import=None).values_list("question_import", "state")
    for pk, state in pairs.order_by():
        counts.setdefault(pk, Counter())[state] += 1
    return [(one, _told(counts.get(one.pk, Counter()))) for one in listed]


def _told(states_of: Counter[str]) -> dict[str, int]:
    total, withdrawn = states_of.total(), states_of[states.WITHDRAWN]
    waiting = states_of[states.WAITING]
    return {
        "all": total,
        "withdrawn": withdrawn,
        "waiting": waiting,
        "decided": total - withdrawn - waiting,
    }


def _asked(floor: Floor) -> QuerySet[Question]:
    return floor.questions.exclude(state=states.WITHDRAWN).order_by()


class _Context:
    """What is looked up once for all rows."""

    def __init__(
        self,
        floor: Floor,
        report: Report,
        meanings: Sequence[str],
        found: Sequence[ReportedQuestion],
    ) -> None:
        self.now = clock.now()
        self.engagement: Engagement = floor.engagement
        self.namespace = uuid5(NAMESPACE_URL, f"openfloor/floors/{floor.pk}/reports")
        self.zone = zone_of(report, meanings) or self.engagement.zone
        self.order = moments.order_of((one.asked for one in found), self.engagement.held_on)
        self.people = _people(self.engagement, {_key(one.email) for one in found if one.email})
        self.categories = {headings.plain(one.label): one for one in RoleCategory.objects.all()}
        self.not_stated = RoleCategory.objects.get(kind=RoleCategory.Kind.NOT_STATED)
        pairs = floor.questions.exclude(question_import=None).exclude(client_id=None)
        self.taken = dict(pairs.order_by().values_list("client_id", "number"))
        texts = _asked(floor).values_list("original_text", "number")
        self.same = {default_process(text): number for text, number in texts}
        self.same.pop("", None)
        self.seen: Counter[str] = Counter()

    def candidate(self, at: int, one: ReportedQuestion) -> Candidate:
        self.seen[one.text] += 1
        key = uuid5(self.namespace, f"{self.seen[one.text]}\n{one.text}")
        asker = self.people.get(_key(one.email)) if one.email else None
        asked_at, doubt = self._moment(one.asked)
        note, is_cut = note_of(one.answers)
        candidate = Candidate(
            at=at,
            row=one.row,
            text=one.text,
            note=note,
            key=key,
            asked_at=asked_at,
            asker=asker,
            category=asker.category if asker else self._category(one.category),
            problem=problem_of(one.text),
            taken_as=self.taken.get(key),
        )
        if candidate.is_possible:
            candidate.same_as = self.same.get(default_process(one.text))
            candidate.remarks = [doubt] if doubt else []
            if is_cut:
                candidate.remarks.append(
                    _("The answer is longer than a note can be; the rest stays in the file.")
                )
        return candidate

    def _category(self, stated: str) -> RoleCategory:
        return self.categories.get(headings.plain(stated), self.not_stated)

    def _moment(self, text: str) -> tuple[datetime, str]:
        """When it was asked; where that is not known, the time of the import and a remark."""
        if moments.is_nothing(text):
            return self.now, ""
        day = self.engagement.held_on
        at = moments.moment(text, order=self.order, zone=self.zone, day=day)
        if at is None:
            return self.now, _("Its time cannot be read; the time of the import stands for it.")
        if at > self.now:
            return self.now, _("Its time lies ahead; the time of the import stands for it.")
        return at, ""


def problem_of(text: str) -> str:
    """Why the words cannot be a question here; nothing is ever cut."""
    if not text:
        return _("There is no question in this row.")
    if len(text) > MAX_LENGTH:
        return _("The question has %(length)s characters; %(most)s are possible.") % {
            "length": f"{len(text):,}",
            "most": f"{MAX_LENGTH:,}",
        }
    return ""


def note_of(answers: Sequence[str]) -> tuple[str, bool]:
    """The answers of the platform as a private note for the desk, and whether some were cut."""
    if not answers:
        return "", False
    note = _("On the platform: %(answers)s") % {"answers": "\n".join(answers)}
    if len(note) <= LONGEST_NOTE:
        return note, False
    end = " " + _("… (the rest is in the file)")
    return note[: LONGEST_NOTE - len(end)] + end, True


def zone_of(report: Report, meanings: Sequence[str]) -> ZoneInfo | None:
    """UTC where the heading of the times says so."""
    for meaning, name in zip(meanings, report.headings, strict=False):
        if meaning == reports.ASKED and "utc" in name.casefold():
            return ZoneInfo("UTC")
    return None


def _key(email: str) -> str:
    with suppress(Refused):
        return email_key(email)
    return ""


def _people(engagement: Engagement, keys: set[str]) -> dict[str, Registration]:
    """Those whose address is exactly one of these, by its key."""
    wanted = sorted(keys - {""})
    found: dict[str, Registration] = {}
    for start in range(0, len(wanted), _BATCH):
        people = Registration.objects.select_related("category").filter(
            ADMITTED, engagement=engagement, email_key__in=wanted[start : start + _BATCH]
        )
        found |= {person.email_key: person for person in people if person.email_key}
    return found
