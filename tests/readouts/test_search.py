"""The archive's search: the same on both databases, whatever is typed into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from engagements.actions import running
from engagements.files.text import clean_line, clean_text
from engagements.models import Engagement
from qa import states
from qa.actions import redacting
from qa.models import Question, WrittenAnswer
from readouts import queries, searching
from readouts.actions import editing, indexing, publishing, sampling
from readouts.models import SearchEntry
from readouts.queries.search import excerpts, ranked
from readouts.searching import Piece, Term, asked, indexed, words
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.models import Readout

HOSTILE = [
    '"', '""', '"unbalanced', "'", "*", "**", "-", "--", "^", ":", "(", ")", "NEAR(a b, 2)",
    "a AND OR NOT", "title_words: a", "a:*", "a & | ! b", "<->", "\\", "%", "_", "%s", "{0}",
    "\x00", "a\x00b", "\ud800", "\u202egnp.exe", "مرحبا", "שלום \u200f", "'); DROP TABLE x; --",
    "a" * 2_000, "a " * 1_000, "-a", "- a", '-"a b"', "🙂", "½ ﬁ ㎏ İ", "e\u0301\u0301", "\u0301",
    "{title_words body_words}: a", "a + b", "'a':*", "a* *b", "1e5 0x1f 1.2.3 -1 10,000",
    "http://a.b/c?d=e a@b.example", "移民局", "हिन्दी", "ภาษาไทย", "한국어", "\ufdd0", "\U0010ffff",
]  # fmt: skip


def found(text: str) -> set[str]:
    return set(Engagement.objects.filter(pk__in=ranked(asked(text))).values_list("slug", flat=True))


def enter(slug: str, title: str, body: str = "") -> Engagement:
    engagement = factories.make_engagement(slug, title=title, description=body)
    indexing.renew(engagement)
    return engagement


@pytest.fixture
def published(readout: Readout, edna: User, paul: User) -> Readout:
    editing.edit(readout, by=edna, revision=1, summary="Officers explained **premium** fees.")
    publishing.submit(readout, by=edna)
    publishing.publish(readout, by=paul)
    return readout


def test_words_of_a_text() -> None:
    text = "Ärger: I-485 (10,000), naïve œuvre; 移民局 כתב हिन्दी"
    assert indexed(text) == "arger i 485 10 000 naive œuvre 移 民 局 כתב हिनदी"
    assert [text[word.start : word.end] for word in words(text)][:3] == ["Ärger", "I", "485"]


def test_what_is_asked() -> None:
    assert asked('visa "the fee" -form I-485 petit').terms == (
        Term(("visa",)),
        Term(("the", "fee")),
        Term(("form",), is_excluded=True),
        Term(("i", "485")),
        Term(("petit",)),
    )
    assert not asked("-visa *").has_words


@given(st.text())
def test_any_text_is_a_query_and_can_be_indexed(text: str) -> None:
    for term in asked(text).terms:
        assert all(word and " " not in word for word in term.words)
    folded = indexed(text).split(" ") if indexed(text) else []
    assert folded == [word.folded for word in words(text)][: len(folded)]
    pieces = searching.excerpt(text, [True] * len(folded))
    assert "".join(piece.text for piece in pieces).strip("… ") in text


def test_an_index_has_an_end() -> None:
    long = indexed(" ".join(f"{number:x}" for number in range(200_000)))
    assert len(long.encode()) <= searching.MOST_BYTES


@pytest.mark.django_db
class TestFinding:
    def test_words_in_any_form_and_order(self) -> None:
        enter(
            "fees", "Fees of naturalization", "What the Bürgeramt charges. Form I-485, visa H-1B."
        )
        enter("visas", "Visas", "Charging for a naïve visa petition.")
        for text, slugs in {
            "charge": {"fees", "visas"},
            "CHARGES visa": {"fees", "visas"},
            "burgeramt": {"fees"},
            "Bürgeramt": {"fees"},
            "naive": {"visas"},
            "i-485": {"fees"},
            "485 i": {"fees"},
            "485-i": set(),
            '"visa petition"': {"visas"},
            '"petition visa"': set(),
            "pet": set(),
            "visa -petition": {"fees"},
            "what": {"fees"},
            "-visa": set(),
            "fees visas": {"fees"},
        }.items():
            assert found(text) == slugs, text

    def test_scripts_without_spaces_and_from_right_to_left(self) -> None:
        enter("zh", "移民局的网络研讨会", "")
        enter("ar", "ندوة عن المواطنة", "")
        enter("hi", "हिन्दी में सवाल", "")
        assert found("研讨会") == {"zh"}
        assert found("会讨研") == set()
        assert found("المواطنة") == {"ar"}
        assert found("सवाल") == {"hi"}

    def test_a_word_of_the_title_counts_for_more(self) -> None:
        body = enter("body", "Another topic", "On premium processing, premium in every way.")
        title = enter("title", "Premium processing", "")
        assert ranked(asked("premium")) == [title.pk, body.pk]

    @pytest.mark.parametrize("text", HOSTILE)
    def test_whatever_is_typed_is_answered(self, text: str) -> None:
        kept = clean_text(text)
        engagement = enter("hostile", clean_line(text)[:200], f"{kept} {kept}")
        for query in (asked(kept), asked(text)):
            pks = ranked(query)
            assert set(excerpts(pks, query)) == set(pks)
        is_found = asked(kept).has_words and not any(one.is_excluded for one in asked(kept).terms)
        assert ranked(asked(kept)) == ([engagement.pk] if is_found else [])

    def test_longest_texts_are_indexed(self) -> None:
        enter("long", "Long", " ".join(f"{number:x}" for number in range(100_000)))
        assert found("long") == {"long"}
        assert found("abc") == {"long"}

    def test_excerpts_stand_as_in_the_text(self) -> None:
        body = "Before. " * 40 + "The <b>Bürgeramt</b> charges fees & more. " + "After. " * 40
        engagement = enter("fees", "Charges & fees", body)
        shown = excerpts([engagement.pk], asked("charge"))[engagement.pk]
        assert shown.title == [Piece("Charges", True), Piece(" & fees")]
        assert [piece.text for piece in shown.body if piece.is_hit] == ["charges"]
        assert "<b>Bürgeramt</b> charges fees & more." in "".join(p.text for p in shown.body)


@pytest.mark.django_db
class TestWhatIsFound:
    def test_nothing_before_publication_and_nothing_after_a_withdrawal(
        self, readout: Readout, edna: User, paul: User, ada: User
    ) -> None:
        assert found("premium") == found("zones") == set()
        editing.edit(readout, by=edna, revision=1, summary="Officers explained **premium** fees.")
        publishing.submit(readout, by=edna)
        assert found("premium") == found("zones") == set()
        publishing.publish(readout, by=paul)
        assert found("premium") == found("zones") == {"contact-center"}
        publishing.withdraw(readout, by=ada, reason="Wrong figures")
        assert found("premium") == found("zones") == set()
        assert found("contact") == {"contact-center"}

    def test_what_only_the_desk_knows_is_not_found(self, published: Readout, edna: User) -> None:
        floor = published.engagement.floor
        for state in set(Question.State.values) - {states.SHOWN}:
            factories.make_question(floor, f"Canary {state}", state=state)
        suspect = factories.make_question(floor, "Canary finding", state=states.SHOWN)
        Question.objects.filter(pk=suspect.pk).update(open_findings=["phone"])
        for reach, is_out in (("all", False), ("asker", True)):
            question = factories.make_question(floor, f"Why {reach}?", state=states.SHOWN)
            WrittenAnswer.objects.create(
                question=question,
                text=f"Canary answer {reach}",
                given_by="Nathan",
                reach=reach,
                drafted_by=edna,
                published_at=published.edited_at if is_out else None,
            )
        indexing.renew(published.engagement)
        assert found("why") == {"contact-center"}
        assert found("canary") == set()

    def test_redacted_words_are_not_found_for_a_moment(
        self, published: Readout, omar: User
    ) -> None:
        floor = published.engagement.floor
        question = factories.make_question(floor, "Call Nightingale?", state=states.SHOWN)
        indexing.renew(published.engagement)
        assert found("nightingale") == {"contact-center"}
        redacting.redact(
            floor, by=omar, number=question.number, seen=question.revision,
            words=["Nightingale"], reason="person",
        )  # fmt: skip
        assert found("nightingale") == found("premium") == set()
        assert indexing.look() > 0
        assert found("nightingale") == set()
        assert found("premium") == {"contact-center"}
        assert indexing.look() == 0

    def test_redacted_words_of_a_published_sample_are_not_found(
        self, readout: Readout, questions: list[Question], edna: User, paul: User, omar: User
    ) -> None:
        question = questions[2]
        words = {"text": "What about Nightingale?", "original_text": "What about Nightingale?"}
        type(question).objects.filter(pk=question.pk).update(**words)
        sampling.choose(readout, question, by=edna, reason="asked most")
        editing.edit(readout, by=edna, revision=readout.revision, summary="About premium fees.")
        publishing.submit(readout, by=edna)
        version = publishing.publish(readout, by=paul)
        assert found("nightingale") == {"contact-center"}
        redacting.redact(
            question.floor, by=omar, number=question.number, seen=1, words=["Nightingale"],
            reason="person",
        )  # fmt: skip
        indexing.look()
        assert (found("nightingale"), found("premium")) == (set(), {"contact-center"})
        assert [one.key for one in queries.find_drift(version)] == [f"redacted.{question.number}"]

    def test_an_engagement_is_found_from_the_moment_it_is_public(self, cora: User) -> None:
        draft = factories.make_engagement(
            "plan", title="Premium processing", state=Engagement.State.DRAFT
        )
        factories.make_member(cora, draft, "coordinator")
        indexing.look()
        assert found("premium") == set()
        running.schedule(draft, by=cora)
        assert found("premium") == {"plan"}
        running.edit(draft, by=cora, title="Another name")
        assert (found("premium"), found("another")) == (set(), {"plan"})
        running.cancel(draft, by=cora)
        assert found("another") == {"plan"}

    def test_rehearsals_are_never_found(self) -> None:
        rehearsal = factories.make_engagement("try", title="Premium", is_rehearsal=True)
        indexing.renew(rehearsal)
        assert not SearchEntry.objects.exists()

    def test_the_look_brings_back_what_was_lost(self, published: Readout) -> None:
        SearchEntry.objects.all().delete()
        assert found("premium") == set()
        assert indexing.look() > 0
        assert found("premium") == {"contact-center"}

    def test_the_command_makes_all_anew(self, published: Readout) -> None:
        SearchEntry.objects.update(title_words="nonsense", body_words="nonsense")
        assert found("nonsense") == {"contact-center"}
        call_command("reindex")
        assert (found("nonsense"), found("premium")) == (set(), {"contact-center"})

    def test_a_look_without_news_asks_little(self, published: Readout) -> None:
        indexing.look()
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            assert indexing.look() == 0
        assert len(asked_for) <= 5

    def test_a_look_without_news_writes_nothing(self, published: Readout) -> None:
        indexing.look()
        with CaptureQueriesContext(connection) as asked_for:
            assert indexing.look() == 0
        assert [one["sql"] for one in asked_for if not one["sql"].startswith("SELECT")] == []

    def test_a_look_before_anything_is_public_runs_through_nothing(self) -> None:
        cleo = factories.make_user("Cleo")
        for number in range(3):
            slug = f"plan-{number}"
            draft = factories.make_engagement(slug, state=Engagement.State.DRAFT)
            factories.make_member(cleo, draft, "coordinator")
            running.edit(draft, by=cleo, title=f"Another name {number}")
        SearchEntry.objects.all().delete()
        with CaptureQueriesContext(connection) as asked_for:
            assert indexing.look() == 0
        assert len(asked_for) <= 4
        running.schedule(draft, by=cleo)
        assert indexing.look() > 0
        assert indexing.look() == 0
