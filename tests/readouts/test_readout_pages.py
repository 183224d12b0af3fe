from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from qa.models import Question
from readouts.actions import editing, publishing, sampling
from readouts.actions.importing import import_engagement
from readouts.document import Document, SampleGroup
from readouts.models import Readout, ReadoutVersion
from tests import factories
from tests.readouts.conftest import checksum_of, pdf_of
from tests.readouts.test_archive import PAST, as_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Engagement, User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

PUBLIC = [("readout",), ("readout-file", "pdf"), ("readout-file", "docx")]
READ = [
    ("readout-edit",),
    ("readout-samples",),
    ("readout-preview",),
    ("readout-preview-file", "pdf"),
]


def address(name: str, *more: object) -> str:
    return reverse(name, args=["contact-center", *more])


def body(response: Any) -> str:
    return str(response.content.decode())


def words(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages
    )


@pytest.fixture
def published(
    readout: Readout, questions: list[Question], edna: User, paul: User
) -> ReadoutVersion:
    editing.edit(readout, by=edna, revision=1, summary="What was **said**.")
    for question in questions[:2]:
        sampling.choose(readout, question, by=edna, reason="Many ask this")
    publishing.submit(readout, by=edna)
    return publishing.publish(readout, by=paul)


def correct(readout: Readout, edna: User, paul: User) -> ReadoutVersion:
    publishing.correct(readout, by=paul, note="A name")
    publishing.submit(readout, by=edna, without_summary=True)
    return publishing.publish(readout, by=edna)


def test_everybody_reads_what_is_published(client: Client, published: ReadoutVersion) -> None:
    response = client.get(address("readout"))
    page = body(response)
    assert response.status_code == 200
    assert "<p>What was <strong>said</strong>.</p>" in page
    assert "A total of 828 stakeholders joined this webinar. Forty-three percent of" in page
    assert page.index("When does it open?") < page.index("Who answers?")
    assert "What about time zones?" not in page
    assert address("readout-version-file", 1, "pdf") in page
    assert "no-cache" in response["Cache-Control"]
    assert body(client.get(address("readout-version", 1))).count("<article") == 1


def test_file_is_the_frozen_one_and_is_not_sent_twice(
    client: Client, published: ReadoutVersion
) -> None:
    response = client.get(address("readout-file", "pdf"))
    assert (response.status_code, response.content) == (200, pdf_of(published))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'inline; filename="contact-center-readout-version-1.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{checksum_of(published)}"'
    again = client.get(address("readout-file", "pdf"), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address("readout-version-file", 1, "pdf")).content == response.content


def test_every_format_is_the_frozen_one(client: Client, published: ReadoutVersion) -> None:
    page = body(client.get(address("readout")))
    sent = {}
    for file in published.files.all():
        response = client.get(address("readout-file", file.format))
        assert (response.status_code, response.content) == (200, bytes(file.content))
        assert response["ETag"] == f'"{file.sha256}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert address("readout-version-file", 1, file.format) in page
        assert file.sha256 in page
        sent[file.format] = response["Content-Disposition"].split(";")[0]
    assert sent == {
        "pdf": "inline",
        "docx": "attachment",
        "md": "attachment",
        "txt": "inline",
        "json": "inline",
    }
    never = client.get(reverse("readout", args=["never-was"]))
    for ending in ("exe", "pdf.exe", ""):
        unknown = client.get(f"/engagements/contact-center/readout.{ending}")
        assert (unknown.status_code, unknown.content) == (404, never.content)


@pytest.mark.parametrize("state", ["none", "draft", "in_review"])
def test_draft_is_as_unknown_as_a_page_that_never_was(
    client: Client, over: Engagement, edna: User, state: str, request: pytest.FixtureRequest
) -> None:
    if state != "none":
        readout: Readout = request.getfixturevalue("readout")
        if state == "in_review":
            publishing.submit(readout, by=edna, without_summary=True)
    never = client.get(reverse("readout", args=["never-was"]))
    for found in [client.get(address(*name)) for name in PUBLIC]:
        assert (found.status_code, found.content) == (404, never.content)
    for name in (("readout-version", 1), ("readout-version-file", 1, "pdf")):
        assert client.get(address(*name)).status_code == 404


def test_later_changes_do_not_reach_the_public(
    client: Client, published: ReadoutVersion, over: Engagement, edna: User
) -> None:
    before = body(client.get(address("readout")))
    publishing.correct(published.readout, by=edna, note="Other figures")
    readout = Readout.objects.get()
    editing.edit(readout, by=edna, revision=readout.revision, summary="Not yet public")
    Question.objects.update(text="Changed")
    over.declared_attendance.update(people=7)
    after = body(client.get(address("readout")))
    assert "What was <strong>said</strong>." in after
    assert after == before


def test_corrected_version_is_shown_and_the_old_one_says_so(
    client: Client, published: ReadoutVersion, edna: User, paul: User
) -> None:
    correct(published.readout, edna, paul)
    latest = body(client.get(address("readout")))
    assert "Corrected: A name" in latest
    assert "It was corrected since" not in latest
    old = client.get(address("readout-version", 1))
    assert old.status_code == 200
    assert "This is version 1. It was corrected since." in body(old)
    assert '<meta name="robots" content="noindex">' in body(old)
    assert client.get(address("readout-version", 3)).status_code == 404
    assert client.get(address("readout-file", "pdf"))["Content-Disposition"].endswith(
        '-version-2.pdf"'
    )


def test_withdrawn_gives_the_reason_and_no_text(
    client: Client, published: ReadoutVersion, ada: User
) -> None:
    publishing.withdraw(published.readout, by=ada, reason="The figures <b>were</b> wrong.")
    for name in (address("readout"), address("readout-version", 1)):
        gone = client.get(name)
        assert gone.status_code == 410
        assert "The figures &lt;b&gt;were&lt;/b&gt; wrong." in body(gone)
        assert "828" not in body(gone)
    for name in (address("readout-file", "pdf"), address("readout-version-file", 1, "pdf")):
        assert client.get(name).status_code == 404


def test_hostile_words_are_inert(
    client: Client, readout: Readout, questions: list[Question], edna: User, paul: User
) -> None:
    hostile = '<script>alert(1)</script> {{ 7|add:7 }} #read("/etc/passwd")'
    link = "[here](javascript:alert(1)) ![x](http://169.254.169.254/) <img src=x onerror=alert(1)>"
    questions[0].text = hostile
    questions[0].save()
    summary = hostile.replace("{{", r"\{{") + f"\n\n{link}"
    editing.edit(readout, by=edna, revision=1, summary=summary)
    sampling.choose(readout, questions[0], by=edna, reason="Many ask this")
    publishing.submit(readout, by=edna, without_summary=True)
    version = publishing.publish(readout, by=paul)
    page = body(client.get(address("readout")))
    article = page[page.index("<article") : page.index("</article>")]
    assert article.count("&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}") == 2
    assert "<script" not in article
    assert "<img" not in article
    assert "javascript:" not in article
    pdf = pdf_of(version)
    assert 'alert(1)</script> {{ 7|add:7 }} #read("/etc/passwd")' in words(pdf)
    assert "root:" not in words(pdf)
    assert b"169.254.169.254" not in pdf


def test_imported_readout_says_where_its_figures_come_from(client: Client) -> None:
    import_engagement(as_bytes(PAST), source_name="2021.json", by="operator")
    page = body(client.get(reverse("readout", args=["contact-center-2021"])))
    assert "Imported from the office&#x27;s archive; figures as declared there" in page


@pytest.mark.parametrize("viewer", ["omar", "cora", "edna", "ada"])
def test_draft_is_read_by_who_works_on_it(
    readout: Readout, viewer: str, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(viewer))
    assert [client.get(address(*name)).status_code for name in READ] == [200] * 4
    can_edit = f'action="{address("readout-save")}"' in body(client.get(address("readout-edit")))
    assert can_edit == (viewer == "edna")


def test_whole_way_by_plain_forms(
    over: Engagement, questions: list[Question], edna: User, paul: User, sign_in: SignIn
) -> None:
    editor, publisher = sign_in(edna), sign_in(paul)
    assert "Draft the readout" in body(editor.get(address("readout-edit")))
    editor.post(address("readout-draft"))
    readout = Readout.objects.get()
    text = {"revision": 1, "summary": "Said.", "posts_presentation": "on", "then": "samples"}
    saved = editor.post(address("readout-save"), text)
    assert saved["Location"] == address("readout-samples")
    for question in (questions[2], questions[0]):
        readout.refresh_from_db()
        press = {"revision": readout.revision, "do": "add", "choose-pick": question.pk}
        editor.post(address("readout-samples-save"), press | {"choose-why": "people"})
    first, second = readout.samples.all()
    readout.refresh_from_db()
    editor.post(
        address("readout-samples-save"),
        {
            "revision": readout.revision,
            f"sample-{first.pk}-text": "What about other time zones?",
            f"sample-{first.pk}-reason": first.reason,
            f"sample-{first.pk}-position": 1,
            f"sample-{second.pk}-text": second.text,
            f"sample-{second.pk}-reason": second.reason,
            f"sample-{second.pk}-position": 2,
            "do": f"up-{second.pk}",
        },
    )
    editor.post(address("readout-submit"), {"without_summary": "on"})
    preview = body(publisher.get(address("readout-preview")))
    assert "What about other time zones?" in preview
    readout.refresh_from_db()
    publisher.post(address("readout-publish"), {"revision": readout.revision})
    document = Document.from_json(ReadoutVersion.objects.get().document)
    assert document.samples == (
        SampleGroup(("When does it open?", "What about other time zones?")),
    )
    assert (document.summary, document.facts.posts_presentation) == ("Said.", True)


def test_conflict_shows_both_texts_and_saves_neither_away(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="Edna's words")
    client = sign_in(paul)
    late = client.post(address("readout-save"), {"revision": 1, "summary": "Paul's words"})
    assert late.status_code == 409
    assert body(late).count("Paul&#x27;s words") == 2
    assert body(late).count("Edna&#x27;s words") == 1
    assert 'name="revision" value="2"' in body(late)
    readout.refresh_from_db()
    assert readout.summary == "Edna's words"
    both = {"revision": 2, "summary": "Words of both"}
    assert client.post(address("readout-save"), both).status_code == 302
    readout.refresh_from_db()
    assert readout.summary == "Words of both"


@pytest.mark.parametrize(("then", "state"), [("submit", "in_review"), ("refresh", "draft")])
def test_button_beside_the_text_saves_it_first(
    readout: Readout, edna: User, sign_in: SignIn, then: str, state: str
) -> None:
    factories.make_question(readout.engagement.floor)
    client = sign_in(edna)
    client.post(address("readout-save"), {"revision": 1, "summary": "Typed", "then": then})
    readout.refresh_from_db()
    assert (readout.summary, readout.state) == ("Typed", state)
    assert readout.facts["questions"] == (4 if then == "refresh" else 3)


def test_text_for_a_readout_that_closed_meanwhile_is_given_back(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    publishing.submit(readout, by=edna, without_summary=True)
    late = sign_in(paul).post(address("readout-save"), {"revision": 1, "summary": "Paul's words"})
    assert late.status_code == 409
    assert "Paul&#x27;s words" in body(late)
    assert "Return it to draft to change it." in body(late)


def test_changed_numbers_are_shown_to_the_office(
    published: ReadoutVersion, edna: User, sign_in: SignIn
) -> None:
    factories.make_question(published.readout.engagement.floor)
    page = body(sign_in(edna).get(address("readout-edit")))
    assert "Written questions: 3 → 4" in page
    assert "The published version keeps its figures." in page
