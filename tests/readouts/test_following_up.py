from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest
from pypdf import PdfReader

from engagements.models import AuditEntry, Engagement, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions import redacting
from qa.actions.agency import accepting, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, Forwarding, PublishedAnswer, Question
from readouts.actions import following_up
from readouts.models import FollowUpEdition, SearchEntry
from readouts.queries import follow_up as editions
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

pytestmark = pytest.mark.django_db

PUBLIC: dict[str, Any] = {"is_publishable": True}
CONTENTS = {
    1: Content(status=states.ANSWERED, text="At nine.\n\nOn weekdays.", **PUBLIC),
    2: Content(status=states.SAME_AS, same_as=1, **PUBLIC),
    3: Content(status=states.SEE_PAGE, page_url="https://www.uscis.gov/hours", **PUBLIC),
    4: Content(status=states.DECLINED, text="It is before a court.", **PUBLIC),
    5: Content(status=states.ANSWERED, text="For the office alone.", is_publishable=False),
    6: Content(status=states.ANSWERED, text="Of a question nobody saw.", **PUBLIC),
}


@pytest.fixture
def sent(live_engagement: Engagement, edna: User) -> Forwarding:
    """Eight questions: 6 was dismissed, 7 is held; all but 8 are answered and accepted."""
    floor = live_engagement.floor
    label = live_engagement.labels.create(name="Hours", position=1)
    for number in range(1, 9):
        state = {6: states.DISMISSED, 7: states.HELD}.get(number, states.SHOWN)
        factories.make_question(
            floor, f"Secret question {number}?" if number in {6, 7} else f"Question {number}?",
            state=state, label=label if number in {3, 4} else None,
        )  # fmt: skip
    live_engagement.state = Engagement.State.ENDED
    live_engagement.save()
    return factories.make_forwarding(live_engagement, sent_by=edna)


@pytest.fixture
def accepted(sent: Forwarding, uma: User, edna: User) -> Forwarding:
    accept(sent, CONTENTS, by=uma, accepts=edna)
    return sent


def accept(sent: Forwarding, contents: dict[int, Content], *, by: User, accepts: User) -> None:
    writing.write_all(sent, contents=contents, by=by, via="page", submit=True)
    accepting.accept(sent.engagement, answers=answers(*contents), by=accepts)


def answers(*numbers: int) -> list[AgencyAnswer]:
    return list(AgencyAnswer.objects.filter(question__number__in=numbers))


def publish(sent: Forwarding, *numbers: int, by: User, **more: Any) -> FollowUpEdition:
    return following_up.publish(sent.engagement, answers=answers(*numbers), by=by, **more)


def pdf_words(edition: FollowUpEdition) -> str:
    reader = PdfReader(io.BytesIO(bytes(edition.files.get(format="pdf").content)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def word_words(edition: FollowUpEdition) -> str:
    word = docx.Document(io.BytesIO(bytes(edition.files.get(format="docx").content)))
    return "\n".join(paragraph.text for paragraph in word.paragraphs)


def test_an_edition_says_what_was_answered_and_what_was_not(
    accepted: Forwarding, edna: User
) -> None:
    edition = publish(accepted, 1, 2, 3, 4, 5, 6, by=edna)

    document, gone = editions.shown_document(edition)
    assert gone == set()
    assert [(one.number, one.status, one.label) for one in document.entries] == [
        (3, "see_page", "Hours"),
        (4, "declined", "Hours"),
        (1, "answered", ""),
        (2, "same_as", ""),
        (5, "withheld", ""),
        (8, "open", ""),
    ]
    said = {one.number: (one.said, one.answer, one.page_url) for one in document.entries}
    assert said[2] == ("The same answer as to question 1.", "", "")
    assert said[3] == ("See this page:", "", "https://www.uscis.gov/hours")
    assert said[4] == ("The agency declines to answer.", "It is before a court.", "")
    assert said[8] == ("Not answered yet.", "", "")
    assert [heading for heading, _entries in document.groups] == ["Hours", "Other questions"]
    declined = "The agency gives no public answer to 2 of them."
    assert document.counted == f"So far 4 of 8 questions are answered. {declined}"
    assert (edition.number, edition.answered, edition.questions) == (
        1, document.answered, document.questions,
    )  # fmt: skip
    assert PublishedAnswer.objects.count() == 6
    entry = AuditEntry.objects.get(action="follow_up.published")
    assert entry.detail["files"] == {one.format: one.sha256 for one in edition.files.all()}


def test_page_and_files_say_the_same_and_nothing_that_is_not_public(
    accepted: Forwarding, edna: User, client: Client
) -> None:
    edition = publish(accepted, 1, 2, 3, 4, 5, 6, by=edna)
    slug = accepted.engagement.slug

    page = client.get(f"/engagements/{slug}/follow-up/").content.decode()
    told = ("Q1.", "A1.", "Question 1?", "At nine.", "On weekdays.", "It is before a court.",
            "https://www.uscis.gov/hours", "Not answered yet.")  # fmt: skip
    for words in (page, pdf_words(edition), word_words(edition)):
        for one in told:
            assert one in words
        for secret in ("Secret question", "For the office alone", "nobody saw", "Question 6?"):
            assert secret not in words
    for file in edition.files.all():
        response = client.get(f"/engagements/{slug}/follow-up.{file.format}")
        assert response.content == bytes(file.content)
        numbered = client.get(f"/engagements/{slug}/follow-up/1.{file.format}")
        assert numbered.content == response.content
        again = client.get(
            f"/engagements/{slug}/follow-up.{file.format}", HTTP_IF_NONE_MATCH=response["ETag"]
        )
        assert again.status_code == 304
    assert client.get(f"/engagements/{slug}/follow-up/questions/4/")["Location"] == (
        f"/engagements/{slug}/follow-up/#q4"
    )
    for unlisted in (6, 900):
        led = client.get(f"/engagements/{slug}/follow-up/questions/{unlisted}/")
        assert led["Location"] == f"/engagements/{slug}/follow-up/"
    assert "court" in SearchEntry.objects.get(engagement=accepted.engagement).body


def test_before_the_first_edition_there_is_no_page(
    accepted: Forwarding, edna: User, client: Client
) -> None:
    addresses = [
        f"/engagements/{accepted.engagement.slug}/{end}"
        for end in ("follow-up/", "follow-up/1/", "follow-up.pdf", "follow-up/1.docx")
    ]
    assert [client.get(one).status_code for one in addresses] == [404] * 4
    publish(accepted, 1, by=edna)
    assert [client.get(one).status_code for one in addresses] == [200] * 4


def test_only_what_was_read_is_published(accepted: Forwarding, edna: User, omar: User) -> None:
    engagement = accepted.engagement
    ahead = following_up.ahead(engagement, answers=answers(1), by=edna)
    assert PublishedAnswer.objects.count() == 0
    with pytest.raises(NotAllowed):
        following_up.publish(engagement, answers=answers(1), by=omar)
    Question.objects.filter(number=8).update(text="Question eight?")
    with pytest.raises(Refused) as refusal:
        publish(accepted, 1, by=edna, digest=ahead.document.digest)
    assert refusal.value.code == "overtaken"
    assert (PublishedAnswer.objects.count(), FollowUpEdition.objects.count()) == (0, 0)
    assert not OutgoingMail.objects.filter(template="qa/answered").exists()
    ahead = following_up.ahead(engagement, answers=answers(1), by=edna)
    edition = publish(accepted, 1, by=edna, digest=ahead.document.digest)
    assert edition.digest == ahead.document.digest


def test_what_the_office_did_itself_is_not_asked_of_the_agency(
    accepted: Forwarding, edna: User
) -> None:
    publish(accepted, 1, 2, by=edna)
    answered = {"state": states.SHOWN, "outcome": states.ANSWERED_LIVE}
    Question.objects.filter(number__in=[7, 8]).update(**answered)

    document = editions.next_document(accepted.engagement, correction_note="")

    assert (document.answered, document.questions) == (2, 5)
    own = "3 more were answered or set aside by the office itself."
    assert document.counted == f"So far 2 of 5 questions are answered. {own}"


def test_parts_make_editions_and_a_correction_says_so(
    accepted: Forwarding, edna: User, uma: User, client: Client
) -> None:
    slug = accepted.engagement.slug
    publish(accepted, 1, 2, by=edna)
    publish(accepted, 3, 4, by=edna)
    with pytest.raises(Refused) as refusal:
        following_up.publish(accepted.engagement, by=edna)
    assert refusal.value.code == "nothing_new"
    again = {1: Content(status=states.ANSWERED, text="At ten.", is_publishable=True)}
    accept(accepted, again, by=uma, accepts=edna)
    with pytest.raises(Refused) as refusal:
        publish(accepted, 1, by=edna)
    assert refusal.value.code == "no_note"
    assert FollowUpEdition.objects.count() == 2

    publish(accepted, 1, by=edna, correction_note="The hour")

    page = client.get(f"/engagements/{slug}/follow-up/").content.decode()
    assert "At ten." in page
    assert "At nine." not in page
    assert page.count("Corrected: The hour") == 3
    former = client.get(f"/engagements/{slug}/follow-up/1/").content.decode()
    assert "At nine." in former
    assert "There is a later one." in former


@pytest.mark.parametrize("state", [states.WITHDRAWN, states.DISMISSED, states.HELD])
def test_what_is_taken_from_the_public_is_left_out_and_the_files_are_withheld(
    accepted: Forwarding, edna: User, client: Client, state: str
) -> None:
    slug = accepted.engagement.slug
    edition = publish(accepted, 1, 4, by=edna)
    assert "Question 4?" in client.get(f"/engagements/{slug}/follow-up/").content.decode()

    Question.objects.filter(number=4).update(state=state)

    page = client.get(f"/engagements/{slug}/follow-up/").content.decode()
    assert "Question 4?" not in page
    assert "before a court" not in page
    assert "Question 4 was taken from this page" in page
    assert client.get(f"/engagements/{slug}/follow-up.pdf").status_code == 410
    following_up.publish(accepted.engagement, by=edna, correction_note="One was taken back")
    assert client.get(f"/engagements/{slug}/follow-up.pdf").status_code == 200
    latest = editions.latest_edition(accepted.engagement)
    assert latest is not None
    assert "Question 4?" not in pdf_words(latest)
    with pytest.raises(TypeError):
        edition.save()


def test_redacted_words_are_told_by_no_page_and_no_file(
    accepted: Forwarding, edna: User, omar: User, client: Client
) -> None:
    question = Question.objects.get(number=1)
    Question.objects.filter(pk=question.pk).update(
        text="Where is Harold?", original_text="Where is Harold?"
    )
    slug = accepted.engagement.slug
    publish(accepted, 1, by=edna)
    assert "Harold" in client.get(f"/engagements/{slug}/follow-up/").content.decode()
    redacting.redact(
        accepted.engagement.floor,
        by=omar,
        number=1,
        seen=question.revision,
        words=["Harold"],
        reason="person",
    )
    assert "Harold" not in client.get(f"/engagements/{slug}/follow-up/").content.decode()
    assert client.get(f"/engagements/{slug}/follow-up.pdf").status_code == 410


def test_a_redacted_name_in_the_signature_of_another_answer_is_told_by_no_page(
    accepted: Forwarding, edna: User, omar: User, client: Client
) -> None:
    question = Question.objects.get(number=1)
    Question.objects.filter(pk=question.pk).update(
        text="Where is Harold?", original_text="Where is Harold?"
    )
    AgencyAnswer.objects.filter(question__number=3).update(directorate_name="Office of Harold")
    slug = accepted.engagement.slug
    publish(accepted, 3, by=edna)
    redacting.redact(
        accepted.engagement.floor,
        by=omar,
        number=1,
        seen=question.revision,
        words=["Harold"],
        reason="person",
    )
    page = client.get(f"/engagements/{slug}/follow-up/").content.decode()
    assert ("Harold" in page, "https://www.uscis.gov/hours" in page) == (False, False)
    assert client.get(f"/engagements/{slug}/follow-up.pdf").status_code == 410


def test_text_of_an_agency_is_text_everywhere(
    sent: Forwarding, edna: User, uma: User, client: Client
) -> None:
    hostile = "<img src=x onerror=alert(1)> {{7*7}} #let x = 1 $x$ https://a.example/?q=<b>\n=1+1"
    arabic = "نعم، يفتح المكتب"
    contents = {
        1: Content(status=states.ANSWERED, text=hostile, is_publishable=True),
        2: Content(status=states.ANSWERED, text=arabic, is_publishable=True),
    }
    accept(sent, contents, by=uma, accepts=edna)
    edition = publish(sent, 1, 2, by=edna)
    page = client.get(f"/engagements/{sent.engagement.slug}/follow-up/").content.decode()
    assert "<img src=x" not in page
    assert "{{7*7}} #let x = 1 $x$" in page
    assert "#let x = 1 $x$" in pdf_words(edition)
    assert hostile.split("\n", maxsplit=1)[0] in word_words(edition)
    assert arabic in word_words(edition)


def test_the_office_reads_it_over_and_publishes_on_its_pages(
    accepted: Forwarding, edna: User, sign_in: Callable[[User], Client]
) -> None:
    AgencyAnswer.objects.filter(question__number=1).update(text="Call Ann at 202-555-0147.")
    office = sign_in(edna)
    address = f"/office/engagements/{accepted.engagement.slug}/follow-up/"
    chosen = [f"{one.pk}:{one.revision}" for one in answers(1, 4)]
    assert "6 accepted answers" in office.get(address).content.decode()

    read = office.post(f"{address}preview/", {"answers": chosen})

    assert "Call Ann" in read.content.decode()
    assert "202-555-0147" in read.content.decode()
    assert FollowUpEdition.objects.count() == 0
    sent = {"answers": chosen, "digest": read.context["document"].digest, "correction_note": ""}
    refused = office.post(f"{address}publish/", sent)
    assert refused.status_code == 409
    assert FollowUpEdition.objects.count() == 0
    key = read.context["ahead"].prospect.noticed[0].key
    done = office.post(f"{address}publish/", sent | {"confirmed": [key]})
    assert (done.status_code, done["Location"]) == (302, address)
    assert PublishedAnswer.objects.count() == 2
