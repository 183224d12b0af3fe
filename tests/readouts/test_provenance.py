"""Every number with where it comes from; what became of the questions always adds up."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.figures import shares
from engagements.models import AttendanceInterval, Registration
from engagements.queries import attendance, joined_by_category
from engagements.queries.counts import joined_rows
from engagements.refusals import Refused
from qa import states
from qa.models import DismissalReason, ForwardedQuestion, Forwarding, Label
from qa.queries import accounts, by_label, received_questions, written_questions
from readouts import provenance, queries, tokens
from readouts.actions import drafting
from readouts.facts import DispositionCount, Facts, LabelCount
from readouts.provenance import Provenance
from tests import factories
from tests.readouts.contact_center import FACTS
from tests.readouts.test_figure_pages import put_on_a_list

if TYPE_CHECKING:
    from engagements.models import Engagement, User

STATES = (states.WAITING, states.SHOWN, states.HELD, states.DISMISSED, states.MERGED)
OUTCOMES = (
    states.NO_OUTCOME,
    states.ANSWERING,
    states.FOLLOW_UP,
    states.ANSWERED_LIVE,
    states.ANSWERED_IN_WRITING,
)


class TestPure:
    def test_survives_json(self) -> None:
        entry = Provenance(
            key="share.attorney",
            label="Share",
            value=43,
            definition="What it means",
            counted_from="Rows",
            rows=356,
            counted_at="2021-04-14T19:00:00+00:00",
            digest="ab",
            exclusions=(provenance.Exclusion("staff", 2),),
            sources=(provenance.Source("list.csv", "cd", "2021-04-14T19:00:00+00:00", "list", 7),),
            share=provenance.share(356, 828, 43),
            stated=True,
        )
        assert Provenance.from_json(json.loads(json.dumps(entry.to_json()))) == entry
        assert entry.share == provenance.Share(356, 828, "42.9951", 43)

    def test_rounding_shows_each_step_of_the_worked_example(self) -> None:
        steps = provenance.rounding([356, 157, 66, 58, 17, 174])
        assert [(one.exact, one.whole, one.remainder, one.has_point) for one in steps] == [
            ("42.9951", 42, "0.9951", True),
            ("18.9613", 18, "0.9613", True),
            ("7.9710", 7, "0.9710", True),
            ("7.0048", 7, "0.0048", False),
            ("2.0531", 2, "0.0531", False),
            ("21.0144", 21, "0.0144", False),
        ]
        assert [one.percent for one in steps] == [43, 19, 8, 7, 2, 21]
        assert provenance.rounding([0, 0])[0].exact == "0.0000"

    @given(st.lists(st.integers(0, 5_000), max_size=9))
    def test_rounding_tells_what_shares_does(self, people: list[int]) -> None:
        steps = provenance.rounding(people)
        assert [one.percent for one in steps] == shares(people)
        assert all(one.percent == one.whole + one.has_point for one in steps)
        with_point = [Fraction(one.remainder) for one in steps if one.has_point]
        without = [Fraction(one.remainder) for one in steps if not one.has_point]
        assert not with_point or not without or min(with_point) >= max(without)

    def test_a_digest_stands_for_these_rows_in_this_order(self) -> None:
        assert provenance.digest_of([1, 23]) != provenance.digest_of([12, 3])
        assert provenance.digest_of([1, 2]) != provenance.digest_of([2, 1])


@pytest.mark.parametrize(
    "changes",
    [
        {"registered": 5, "no_shows": 6},
        {"no_shows": 1},
        {"peak": 829},
        {"mean_minutes": 4},
        {"registered": -1},
        {"dispositions": (DispositionCount("open", 162),)},
        {"dispositions": (DispositionCount("open", 100), DispositionCount("open", 63))},
        {"labels": (LabelCount("Fees", 1),)},
        {"categories": (*FACTS.categories, FACTS.categories[-1]), "joined": None},
    ],
)
def test_facts_refuse_what_contradicts(changes: dict[str, object]) -> None:
    given_keys = {"categories": tuple(FACTS.categories)} | changes
    with pytest.raises(ValueError, match=r"."):
        Facts(**(vars(FACTS) | given_keys))
    assert Facts(**vars(FACTS)) == FACTS


def test_no_part_is_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="-1 questions"):
        DispositionCount("open", -1)
    with pytest.raises(ValueError, match="-1 questions"):
        LabelCount("Fees", -1)


@given(
    st.sampled_from(STATES),
    st.sampled_from(OUTCOMES),
    st.booleans(),
    st.sampled_from(["", "x"]),
    st.sampled_from(["", states.ANSWERED_BY_AGENCY, states.DECLINED_BY_AGENCY]),
)
def test_every_written_question_stands_in_one_line(
    state: str, outcome: str, is_forwarded: bool, dismissal: str, says: str
) -> None:
    key = states.disposition(
        state, outcome, dismissal=dismissal, is_forwarded=is_forwarded, agency_says=says
    )
    assert key in states.DISPOSITIONS or key in {"dismissed.x", "dismissed.unstated"}


def test_a_withdrawn_question_stands_in_none() -> None:
    with pytest.raises(ValueError, match="withdrawn"):
        states.disposition(states.WITHDRAWN, "none", dismissal="", is_forwarded=True)


def forward(engagement: Engagement, questions: list[int], state: str, by: User) -> Forwarding:
    forwarding = Forwarding.objects.create(
        engagement=engagement, agency=engagement.agency, state=state, sent_by=by,
        number=1 + engagement.forwardings.count(), question_count=len(questions),
        sent_at=factories.START,
    )  # fmt: skip
    for number, pk in enumerate(questions, 1):
        ForwardedQuestion.objects.create(forwarding=forwarding, question_id=pk, number=number)
    return forwarding


@pytest.mark.django_db
def test_what_became_of_the_questions_adds_up_however_they_stand(
    over: Engagement, edna: User
) -> None:
    """Every state with every outcome, forwarded, recalled or on no list: never one too many."""
    over.floor.questions.all().delete()
    codes = [*DismissalReason.objects.values_list("code", flat=True)[:2], "gone", ""]
    made = [
        factories.make_question(over.floor, state=state, outcome=outcome, dismissal=code)
        for state in (*STATES, states.WITHDRAWN)
        for outcome in OUTCOMES
        for code in (codes if state == states.DISMISSED else ("",))
    ]
    for turn, state in enumerate(("superseded", "sent", "recalled", "draft")):
        if state != "draft":
            forward(over, [one.pk for one in made[turn::5]], state, edna)
        found = accounts(over)
        assert sum(line.questions for line in found) == written_questions(over)
        assert len({line.key for line in found}) == len(found)
        facts, entries = queries.traced(over)
        assert facts.questions == written_questions(over)
        told = [one for one in entries if one.key.startswith("disposition.")]
        assert [(one.key, one.value) for one in told] == [
            (f"disposition.{line.key}", line.questions) for line in found
        ]
    by_line = {line.key: line for line in accounts(over)}
    assert by_line["dismissed.unstated"].questions == len(OUTCOMES)
    assert by_line["dismissed.gone"].words == "gone"
    assert (
        by_line[f"dismissed.{codes[0]}"].words == DismissalReason.objects.get(code=codes[0]).label
    )
    received = {one.pk: one for one in received_questions(over)}
    assert {received[one.pk].is_forwarded for one in made[0::5]} == {True}
    assert {received[one.pk].is_forwarded for one in made[2::5]} == {False}


@pytest.mark.django_db
def test_all_numbers_of_an_engagement_and_their_rows(over: Engagement, edna: User) -> None:
    start = over.starts_at
    people = [factories.make_registration(over, f"Person {number}") for number in range(6)]
    factories.make_registration(over, "Gone", cancelled_at=start)
    factories.make_registration(over, "Staff", counted=Registration.Counted.STAFF)
    for number, person in enumerate(people[:4]):
        came = factories.make_attendance(person, companions=number % 2)
        AttendanceInterval.objects.create(
            attendance=came,
            opened_at=start + timedelta(minutes=10 * number),
            last_seen_at=start + timedelta(minutes=40),
            closed_at=start + timedelta(minutes=40),
        )
    put_on_a_list(over, 3, host=2)
    fees = Label.objects.create(engagement=over, name="Fees", position=1)
    forms = Label.objects.create(engagement=over, name="Forms", position=2)
    over.floor.questions.filter(number=1).update(label=fees)
    factories.make_question(over.floor, state=states.WITHDRAWN)
    facts, entries = queries.traced(over)
    found = provenance.by_key(entries)
    assert (facts.joined, facts.registered, facts.no_shows) == (828 + 4 + 2 + 3, 6, 2)
    assert (facts.peak, facts.mean_minutes, facts.median_minutes) == (4, 25, 25)
    assert facts.labels == (
        LabelCount("Fees", 1, str(fees.pk)),
        LabelCount("Forms", 0, str(forms.pk)),
        LabelCount("", 2, "none"),
    )
    assert [(one.name, one.questions) for one in facts.labels] == by_label(over)
    assert {key: entry.value for key, entry in found.items() if not entry.share} == {
        "joined": 837,
        "registered": 6,
        "no_shows": 2,
        "peak": 4,
        "mean_minutes": 25,
        "median_minutes": 25,
        "questions": 3,
        "disposition.answered_live": 0,
        "disposition.answered_in_writing": 0,
        "disposition.answered_by_agency": 0,
        "disposition.declined_by_agency": 0,
        "disposition.forwarded": 0,
        "disposition.open": 3,
        "disposition.merged": 0,
        f"label.{fees.pk}": 1,
        f"label.{forms.pk}": 0,
        "label.none": 2,
    }
    # 6 declarations, 4 in the room, 2 with companions, 3 on the list.
    assert found["joined"].rows == 6 + 4 + 2 + 3
    assert [(one.reason, one.count) for one in found["joined"].exclusions] == [
        ("host of the platform, on an attendance list", 2)
    ]
    assert [(one.reason, one.count) for one in found["registered"].exclusions] == [
        ("office staff", 1),
        ("cancelled", 1),
    ]
    assert [(one.reason, one.count) for one in found["no_shows"].exclusions] == [
        ("in our room, or noted by the office", 4)
    ]
    assert [(one.reason, one.count) for one in found["peak"].exclusions] == [
        ("no time is known of them", 833)
    ]
    assert found["questions"].exclusions[0].count == 1
    sources = found["joined"].sources
    assert [source.kind for source in sources] == ["list"]
    assert sources[0].sha256 == over.attendance_lists.get().file.sha256


@pytest.mark.django_db
def test_every_token_has_its_provenance_with_the_same_number(over: Engagement) -> None:
    person = factories.make_registration(over)
    came = factories.make_attendance(person)
    AttendanceInterval.objects.create(
        attendance=came, opened_at=over.starts_at, closed_at=over.starts_at + timedelta(minutes=9)
    )
    Label.objects.create(engagement=over, name="Fees", position=1)
    facts, entries = queries.traced(over)
    figures = {key for key in tokens.values(facts) if not key.endswith(tokens.IN_WORDS)}
    assert figures == set(provenance.by_key(entries))


@pytest.mark.django_db
def test_rows_make_the_number_by_category_that_other_pages_tell(over: Engagement) -> None:
    for number in range(5):
        person = factories.make_registration(
            over,
            f"P{number}",
            category=factories.category("employer" if number % 2 else "attorney"),
        )
        factories.make_attendance(person, companions=number)
    put_on_a_list(over, 4, absent=1)
    rows = joined_rows(over)
    assert sum(row.people for row in rows) == attendance.summary(over).joined
    for category, people in joined_by_category(over):
        assert sum(row.people for row in rows if row.category == category.pk) == people


@pytest.mark.django_db
def test_a_recount_of_the_same_rows_has_the_same_digests(over: Engagement) -> None:
    _facts, first = queries.traced(over)
    _facts, second = queries.traced(over)
    assert [one.digest for one in first] == [one.digest for one in second]
    over.floor.questions.filter(number=2).update(outcome=states.ANSWERED_LIVE)
    _facts, third = queries.traced(over)
    before, after = provenance.by_key(first), provenance.by_key(third)
    changed = {key for key in before if before[key].digest != after[key].digest}
    assert changed == {"disposition.open", "disposition.answered_live"}


@pytest.mark.django_db
def test_an_archive_names_its_file_and_knows_no_registrants(over: Engagement) -> None:
    over.imported_from = f"old.json sha256:{'0f' * 32}"
    facts, entries = queries.traced(over)
    found = provenance.by_key(entries)
    assert (facts.registered, facts.no_shows, "registered" in found) == (None, None, False)
    for key in ("joined", "questions"):
        source = found[key].sources[-1]
        assert (source.kind, source.name, source.sha256) == ("archive", "old.json", "0f" * 32)


@pytest.mark.django_db
def test_figures_that_contradict_are_refused_in_words(over: Engagement, edna: User) -> None:
    with pytest.raises(Refused) as refusal:
        drafting._agreeing(lambda: (Facts(**(vars(FACTS) | {"joined": 5})), []))
    assert refusal.value.code == "contradiction"
    assert "5 people joined, 828 are in categories" in str(refusal.value)
    readout = drafting.draft(over, by=edna)
    assert readout.provenance[0]["key"] == "joined"
    assert readout.counted_at is not None
    drafting.refresh_facts(readout, by=edna)
    assert queries.provenance_of(readout)[0].value == 828


@pytest.mark.django_db
def test_an_agenda_in_another_order_changes_no_figure_of_a_text(over: Engagement) -> None:
    fees = Label.objects.create(engagement=over, name="Fees", position=1)
    forms = Label.objects.create(engagement=over, name="Forms", position=2)
    over.floor.questions.filter(number=1).update(label=fees)
    text = f"{tokens.token(f'label.{fees.pk}')} of fees, {tokens.token('label.none')} of nothing"
    before = tokens.filled(text, tokens.values(queries.gather(over)))
    fees.position, forms.position = 2, 1
    fees.save()
    forms.save()
    assert [one.name for one in queries.gather(over).labels] == ["Forms", "Fees", ""]
    assert (
        tokens.filled(text, tokens.values(queries.gather(over)))
        == before
        == "1 of fees, 2 of nothing"
    )
