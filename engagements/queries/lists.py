"""Attendance lists as the office reads them: what counts, what does not, and why it differs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Count, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from engagements.files.attendance.headings import plain
from engagements.files.attendance.names import name_key, phone_key
from engagements.models import AttendanceList, ListedInterval, ListedPerson, RoleCategory

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement

Exclusion = ListedPerson.Exclusion
State = AttendanceList.State

DOUBTFUL: Final = "doubtful"
ROWS_NAMED: Final = 12
MOST_SHOWN: Final = 200
"""Differences that are told one by one."""


class Fact(NamedTuple):
    """A figure of the file's own header, beside ours where there is one, and why they differ."""

    label: str
    value: str
    ours: int | None = None
    why: str = ""


class Remark(NamedTuple):
    """A sentence about so many rows, the first of them by number."""

    sentence: str
    rows: list[int]
    number: int

    @property
    def more(self) -> int:
        return self.number - len(self.rows) if self.rows else 0


class Step(NamedTuple):
    """One line of the way from the file to the count; `people` may be negative."""

    label: str
    people: int


@dataclass(frozen=True)
class Figures:
    people: int
    counted: int
    left_out: list[tuple[str, str, int]]
    """Exclusion, its words, people."""
    by_category: list[tuple[RoleCategory, int]]
    doubtful: int
    matched: int


class Presence(NamedTuple):
    """Somebody as one list has them."""

    name: str
    category: str
    minutes: int | None
    exclusion: str

    @property
    def words(self) -> str:
        no = _("no: %(why)s") % {"why": Exclusion(self.exclusion).label}
        return no if self.exclusion else _("yes")


@dataclass(frozen=True)
class Difference:
    """What a later file changes. Each list is cut at `MOST_SHOWN`; `numbers` are whole."""

    added: list[Presence]
    gone: list[Presence]
    changed: list[tuple[Presence, Presence]]
    numbers: dict[str, int]


def lists_of(engagement: Engagement) -> QuerySet[AttendanceList]:
    """The latest first, with files but without their bytes, and with how many count."""
    return (
        AttendanceList.objects.filter(engagement=engagement)
        .select_related("file", "uploaded_by", "corrects")
        .defer("file__content", "problems", "header")
        .annotate(counted=Count("people", filter=Q(people__exclusion="")))
        .order_by("-pk")
    )


def one_list(engagement: Engagement, pk: int) -> AttendanceList | None:
    found = AttendanceList.objects.select_related(
        "engagement", "file", "uploaded_by", "applied_by", "corrects__file"
    ).defer("file__content", "corrects__file__content")
    return found.filter(engagement=engagement, pk=pk).first()


def left_out(listed: AttendanceList) -> list[tuple[str, str]]:
    """The reasons for which people of the list are not counted: their keys and words."""
    found = ListedPerson.objects.filter(list=listed).order_by().values_list("exclusion")
    met = {why for (why,) in found.distinct()}
    return [(why, str(Exclusion(why).label)) for why in Exclusion.values if why and why in met]


def figures(listed: AttendanceList) -> Figures:
    people = ListedPerson.objects.filter(list=listed).order_by()
    by_exclusion = dict(
        people.values_list("exclusion")
        .annotate(people=Count("pk"))
        .values_list("exclusion", "people")
    )
    counted = people.filter(exclusion="")
    by_category = dict(
        counted.values_list("category")
        .annotate(people=Count("pk"))
        .values_list("category", "people")
    )
    return Figures(
        people=sum(by_exclusion.values()),
        counted=by_exclusion.get("", 0),
        left_out=[
            (why, str(Exclusion(why).label), by_exclusion[why])
            for why in Exclusion.values
            if why and by_exclusion.get(why)
        ],
        by_category=[
            (category, by_category[category.pk])
            for category in RoleCategory.objects.filter(pk__in=by_category)
        ],
        doubtful=people.filter(is_doubtful=True, exclusion="").count(),
        matched=counted.exclude(registration=None).count(),
    )


def facts(listed: AttendanceList, counted: Figures) -> list[Fact]:
    """The header of the file, with our figure beside each that tells of people."""
    ours: dict[str, Any] = listed.header.get("ours", {})
    return [_fact(label, value, ours, counted) for label, value in listed.header["facts"]]


def steps(listed: AttendanceList, counted: Figures) -> list[Step]:
    """From the addresses among the attendees to the count. The figures add up to it."""
    ours: dict[str, Any] = listed.header.get("ours", {})
    if not ours:
        return []
    left_out = {why: people for why, _words, people in counted.left_out}
    found = [
        Step(_("distinct e-mail addresses among attendees who came"), ours["addresses"]),
        Step(_("people among them without an e-mail address, each once"), ours["without_address"]),
        Step(_("of these, hosts of the platform"), -ours["hosts_among_attendees"]),
        Step(_("of these, listed as panelists too"), -ours["panelists_among_attendees"]),
    ]
    later = (
        Exclusion.STAFF, Exclusion.SPEAKER, Exclusion.TEST, Exclusion.ELSEWHERE, Exclusion.LEFT_OUT,
    )  # fmt: skip
    found += [Step(str(Exclusion(why).label), -left_out.get(why, 0)) for why in later]
    rest = counted.counted - sum(step.people for step in found)
    found.append(Step(_("counted by a decision of the office"), rest))
    return [found[0], *(step for step in found[1:] if step.people)]


def counting_beside(engagement: Engagement, listed: AttendanceList) -> QuerySet[AttendanceList]:
    """The other lists of the engagement that count now."""
    return (
        AttendanceList.objects.filter(engagement=engagement, state=State.APPLIED)
        .exclude(pk=listed.pk)
        .select_related("file")
        .defer("file__content")
    )


def remarks(listed: AttendanceList) -> list[Remark]:
    """What was odd, each sentence once with the rows that it is about."""
    rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row, code, sentence in listed.problems:
        rows[code, sentence].append(row)
    numbers: dict[str, int] = listed.header.get("ours", {}).get("problems", {})
    told = Counter(code for code, _sentence in rows)
    return [
        Remark(
            sentence,
            [row for row in found[:ROWS_NAMED] if row],
            # Of a code with one sentence the whole number is known, beyond what is kept of it.
            numbers.get(code, len(found)) if told[code] == 1 else len(found),
        )
        for (code, sentence), found in rows.items()
    ]


def is_of_another_time(listed: AttendanceList) -> bool:
    """Half of the people or more were there at another time: a wrong time zone, or a wrong file."""
    ours: dict[str, Any] = listed.header.get("ours", {})
    outside: int = ours.get("outside", 0)
    return outside > 0 and outside * 2 >= ours["timed"]


def counted_until(listed: AttendanceList) -> datetime | None:
    """When a list that was replaced or undone stopped counting; None for others."""
    if listed.state == State.UNDONE:
        return datetime.fromisoformat(listed.choices["undone"]["at"])
    if listed.state != State.SUPERSEDED:
        return None
    replacing = listed.corrections.filter(state__in=[State.APPLIED, State.SUPERSEDED])
    return replacing.order_by("-applied_at").values_list("applied_at", flat=True).first()


def people_of(listed: AttendanceList, show: str) -> QuerySet[ListedPerson]:
    """In the order of the file; all, or those with one exclusion, or who count, or are doubtful."""
    people = (
        ListedPerson.objects.filter(list=listed)
        .select_related("category", "registration")
        .prefetch_related("intervals")
        .order_by("position", "pk")
    )
    if show == "counted":
        return people.filter(exclusion="")
    if show == DOUBTFUL:
        return people.filter(exclusion="", is_doubtful=True)
    return people.filter(exclusion=show) if show in Exclusion.values and show else people


def found_by_address(listed: AttendanceList) -> set[int]:
    """Registrations that an e-mail address of the list has found, or the office."""
    people = ListedPerson.objects.filter(
        list=listed, match__in=[ListedPerson.Match.EMAIL, ListedPerson.Match.STAFF]
    )
    return {pk for pk in people.values_list("registration", flat=True) if pk}


def difference(listed: AttendanceList) -> Difference:
    """What the list changes in the one that it corrects."""
    assert listed.corrects is not None
    former, later = _presences(listed.corrects), _presences(listed)
    added = [later[key] for key in later.keys() - former.keys()]
    gone = [former[key] for key in former.keys() - later.keys()]
    changed = [
        (former[key], later[key])
        for key in former.keys() & later.keys()
        if former[key][1:] != later[key][1:]
    ]
    return Difference(
        added=sorted(added, key=_by_name)[:MOST_SHOWN],
        gone=sorted(gone, key=_by_name)[:MOST_SHOWN],
        changed=sorted(changed, key=lambda pair: _by_name(pair[1]))[:MOST_SHOWN],
        numbers={"added": len(added), "gone": len(gone), "changed": len(changed)},
    )


def minutes(seconds: int | None) -> int | None:
    """Whole minutes, rounded as people round."""
    return None if seconds is None else (seconds + 30) // 60


def minutes_of(person: ListedPerson) -> int | None:
    """None where the file does not tell how long. Reads the intervals."""
    if person.seconds is not None:
        return minutes(person.seconds)
    lengths = [stay.left_at - stay.joined_at for stay in person.intervals.all()]
    if not lengths:
        return None
    return minutes(round(sum(length.total_seconds() for length in lengths)))


def _presences(listed: AttendanceList) -> dict[tuple[str, str], Presence]:
    """By what tells a person apart; several of the same name by their order."""
    lengths = _lengths(listed)
    found: dict[tuple[str, str], Presence] = {}
    met: Counter[tuple[str, str]] = Counter()
    people = ListedPerson.objects.filter(list=listed).select_related("category")
    for person in people.order_by("position", "pk"):
        key = person_key(person)
        met[key] += 1
        length = person.seconds if person.seconds is not None else lengths.get(person.pk)
        found[key[0], f"{key[1]}#{met[key]}"] = Presence(
            person.name,
            str(person.category),
            minutes(length),
            "" if person.exclusion == Exclusion.ELSEWHERE else person.exclusion,
        )
    return found


def _by_name(person: Presence) -> tuple[str, str, int]:
    return person.name.casefold(), person.category, person.minutes or 0


def _lengths(listed: AttendanceList) -> dict[int, int]:
    lengths: defaultdict[int, int] = defaultdict(int)
    intervals = ListedInterval.objects.filter(person__list=listed).order_by()
    for person, joined, left in intervals.values_list("person", "joined_at", "left_at"):
        lengths[person] += round((left - joined).total_seconds())
    return lengths


def person_key(person: ListedPerson) -> tuple[str, str]:
    """What tells the same person in two lists: address, else number, else name."""
    if person.email_key:
        return "email", person.email_key
    if phone := phone_key(person.phone):
        return "phone", phone
    return "name", name_key(person.name)


def _fact(label: str, value: str, ours: dict[str, Any], counted: Figures) -> Fact:
    told = _FIGURES.get(plain(label))
    if told is None or not ours:
        return Fact(label, value)
    if told == "addresses":
        return _viewers(label, value, ours)
    absent = {why: people for why, _words, people in counted.left_out}.get(Exclusion.ABSENT, 0)
    came = ours["people"] - absent
    if told == "entries":
        return _entries(label, value, ours, came)
    why = _("Hosts and panelists are among them in both figures.") if str(came) != value else ""
    return Fact(label, value, came, why)


def _viewers(label: str, value: str, ours: dict[str, Any]) -> Fact:
    if value == str(ours["addresses"]):
        return Fact(label, value, ours["addresses"])
    why = _(
        "Among the attendee rows that are marked as attended, the file itself has %(addresses)s "
        "distinct e-mail addresses."
    ) % {"addresses": _number(ours["addresses"])}
    office = ours["panelists_among_attendees"] + ours["hosts_among_attendees"]
    if office:
        why += " " + _(
            "%(office)s of them are panelists' or hosts' too: without them %(rest)s."
        ) % {
            "office": _number(office),
            "rest": _number(ours["addresses"] - office),
        }
    why += " " + _(
        "The platform does not say how it gets to its figure. Here one address is one person."
    )
    return Fact(label, value, ours["addresses"], why)


def _number(figure: int) -> str:
    return number_format(figure, force_grouping=True)


def _entries(label: str, value: str, ours: dict[str, Any], came: int) -> Fact:
    why = _(
        "The platform counts entries, and counts whoever came back or used a second device again. "
        "The file has %(rows)s rows with a time of joining. Here they are %(people)s people."
    ) % {"rows": _number(ours["joining_rows"]), "people": _number(came)}
    return Fact(label, value, ours["joining_rows"], why)


_FIGURES: Final = {
    plain(label): told
    for told, labels in {
        "addresses": ["Unique Viewers", "Espectadores únicos", "Spectateurs uniques",
                      "Eindeutige Zuschauer", "Espectadores exclusivos"],
        "entries": ["Total Users", "Usuarios totales", "Total de usuarios", "Benutzer insgesamt",
                    "Total des utilisateurs", "Total de usuários"],
        "people": ["Attended participants", "Total Attended", "Participants attended",
                   "Participantes que asistieron", "Anwesende Teilnehmer",
                   "Participants présents", "Participantes presentes"],
    }.items()
    for label in labels
}  # fmt: skip
