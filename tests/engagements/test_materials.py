from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import states
from engagements.actions import materials
from engagements.files import documents
from engagements.models import AuditEntry, Engagement, Material, StoredFile, User
from engagements.refusals import NotAllowed, Refused
from tests import factories
from tests.engagements import papers
from tests.engagements.papers import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

SLIDES = documents.read("Slides.pdf", papers.pdf(47))


def sent(name: str = "", content: bytes = b"", **fields: Any) -> dict[str, Any]:
    files = {"file": SimpleUploadedFile(name, content)} if name else {}
    return {"title": "Slides", "url": ""} | files | fields


def titles(engagement: Engagement) -> list[str]:
    return [material.title for material in engagement.materials.all()]


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


@pytest.fixture
def slides(engagement: Engagement, cora: User) -> Material:
    return materials.add(engagement, by=cora, title="Slides", document=SLIDES)


def test_a_file_is_kept_with_its_checksum(engagement: Engagement, cora: User) -> None:
    added = materials.add(engagement, by=cora, title="Slides", document=SLIDES)
    file = StoredFile.objects.get()
    assert (added.file, added.pages, added.position, added.stage) == (file, 47, 1, "before")
    assert (file.name, file.content_type, file.size, bytes(file.content), file.stored_by) == (
        "Slides.pdf",
        "application/pdf",
        len(SLIDES.content),
        SLIDES.content,
        cora,
    )
    assert file.sha256 == hashlib.sha256(SLIDES.content).hexdigest()
    entry = AuditEntry.objects.get(action="material.added")
    assert (entry.actor, entry.detail) == (
        cora,
        {"stage": "before", "sha256": file.sha256, "bytes": file.size},
    )


@pytest.mark.parametrize(
    ("given", "codes"),
    [({}, "one_of_two"), ({"url": "https://a.example", "document": TEXT}, "one_of_two")],
)
def test_a_material_is_a_file_or_a_link(
    engagement: Engagement, cora: User, given: Any, codes: str
) -> None:
    with pytest.raises(Refused) as refused:
        materials.add(engagement, by=cora, title="A", **given)
    assert (refused.value.code, Material.objects.count()) == (codes, 0)
    materials.add(engagement, by=cora, title="A", url="https://a.example")
    assert titles(engagement) == ["A"]


def test_what_is_over_takes_only_what_is_posted_after_it(
    engagement: Engagement, cora: User, slides: Material
) -> None:
    for state in (states.ENDED, states.ARCHIVED):
        Engagement.objects.filter(pk=engagement.pk).update(state=state)
        engagement.refresh_from_db()
        posted = materials.add(engagement, by=cora, title=state, url="https://a.example")
        assert posted.stage == "after"
    with pytest.raises(Refused) as refused:
        materials.remove(slides, by=cora)
    assert refused.value.code == "wrong_state"
    materials.remove(posted, by=cora)
    assert set(titles(engagement)) == {"Slides", "ended"}


def test_what_is_cancelled_takes_nothing(
    engagement: Engagement, cora: User, slides: Material
) -> None:
    Engagement.objects.update(state=states.CANCELLED)
    engagement.refresh_from_db()
    with pytest.raises(Refused):
        materials.add(engagement, by=cora, title="B", url="https://a.example")
    with pytest.raises(Refused):
        materials.edit(slides, by=cora, title="B")
    assert titles(engagement) == ["Slides"]


def test_an_edit_keeps_the_file_or_takes_another_in_its_place(
    engagement: Engagement, cora: User, slides: Material
) -> None:
    assert materials.edit(slides, by=cora, title="Better").file == slides.file
    materials.edit(slides, by=cora, title="Better", document=TEXT)
    slides.refresh_from_db()
    assert (slides.title, slides.pages, StoredFile.objects.get().name) == (
        "Better",
        None,
        "notes.txt",
    )
    materials.edit(slides, by=cora, title="A link", url="https://a.example")
    slides.refresh_from_db()
    assert (slides.url, slides.file, StoredFile.objects.count()) == ("https://a.example", None, 0)


def test_steps_up_and_down(engagement: Engagement, cora: User) -> None:
    for title in "ABC":
        materials.add(engagement, by=cora, title=title, url="https://a.example")
    a, _b, c = engagement.materials.all()
    materials.move(c, by=cora, up=True)
    assert titles(engagement) == ["A", "C", "B"]
    materials.move(a, by=cora, up=True)
    assert titles(engagement) == ["A", "C", "B"]
    materials.move(a, by=cora, up=False)
    assert titles(engagement) == ["C", "A", "B"]
    assert [one.position for one in engagement.materials.all()] == [1, 2, 3]
    assert AuditEntry.objects.filter(action="material.moved").count() == 2


def test_what_somebody_else_removed_is_said_to_be_gone(slides: Material, cora: User) -> None:
    again = Material.objects.get(pk=slides.pk)
    materials.remove(slides, by=cora)
    assert StoredFile.objects.count() == 0
    for act in (
        lambda: materials.edit(again, by=cora, title="B"),
        lambda: materials.move(again, by=cora, up=True),
        lambda: materials.remove(again, by=cora),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "gone"


def test_only_who_sets_up_changes_materials(
    engagement: Engagement, slides: Material, omar: User, mia: User, uma: User, ada: User
) -> None:
    for user in (omar, mia, uma):
        with pytest.raises(NotAllowed):
            materials.add(engagement, by=user, title="B", url="https://a.example")
        with pytest.raises(NotAllowed):
            materials.edit(slides, by=user, title="B")
        with pytest.raises(NotAllowed):
            materials.remove(slides, by=user)
    assert titles(engagement) == ["Slides"]
    materials.edit(slides, by=ada, title="B")
    assert titles(engagement) == ["B"]


def test_there_are_so_many_and_no_more(
    engagement: Engagement, cora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "MOST_MATERIALS", 1)
    materials.add(engagement, by=cora, title="A", url="https://a.example")
    with pytest.raises(Refused) as refused:
        materials.add(engagement, by=cora, title="B", url="https://a.example")
    assert (refused.value.code, titles(engagement)) == ("too_many", ["A"])


def test_a_file_goes_in_by_the_page_and_out_to_the_public(
    office: Client, engagement: Engagement
) -> None:
    address = reverse("materials", args=[engagement.slug])
    assert "There are no materials here yet" in office.get(address).content.decode()
    response = office.post(address, sent("Slides.pdf", SLIDES.content))
    assert response["Location"] == address
    added = engagement.materials.get()
    link = reverse("material", args=[engagement.slug, added.pk])
    public = Client().get(reverse("engagement", args=[engagement.slug])).content.decode()
    assert f'href="{link}"' in public
    assert "(PDF, " in public
    assert ", 47 pages)" in public
    file = Client().get(link)
    assert (file.status_code, file.content) == (200, SLIDES.content)
    assert {
        name: file[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
            "ETag",
        )
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="Slides.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "Cache-Control": "public, no-cache",
        "ETag": f'"{hashlib.sha256(SLIDES.content).hexdigest()}"',
    }


def test_who_has_the_file_is_not_sent_it_again(engagement: Engagement, slides: Material) -> None:
    link = reverse("material", args=[engagement.slug, slides.pk])
    with CaptureQueriesContext(connection) as queries:
        again = Client().get(link, headers={"if-none-match": Client().head(link)["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert [one for one in queries.captured_queries[-2:] if '"content"' in one["sql"]] == []


@pytest.mark.parametrize("state", [states.DRAFT, states.CANCELLED])
def test_a_draft_s_file_is_for_its_members_only(
    office: Client, engagement: Engagement, slides: Material, state: str
) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(state=state, scheduled_at=None)
    link = reverse("material", args=[engagement.slug, slides.pk])
    nowhere = reverse("material", args=[engagement.slug, 10**9])
    hidden, absent = Client().get(link), Client().get(nowhere)
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    own = office.get(link)
    assert (own.status_code, own["Cache-Control"]) == (200, "private, no-store")


def test_a_file_has_one_address(
    engagement: Engagement, live_engagement: Engagement, cora: User, slides: Material
) -> None:
    elsewhere = reverse("material", args=[live_engagement.slug, slides.pk])
    assert Client().get(elsewhere).status_code == 404
    link = materials.add(engagement, by=cora, title="A", url="https://a.example")
    assert Client().get(reverse("material", args=[engagement.slug, link.pk])).status_code == 404


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (sent(), "Please choose a file, or give a link."),
        (sent("a.txt", b"a", url="https://a.example"), "either a link or a file, not both"),
        (sent("a.txt", b"a", title=""), "This field is required."),
        (sent(url="http://a.example"), "The link must begin with https://."),
        (sent(url="javascript:alert(1)"), "Enter a valid URL."),
        (sent("a.exe", b"MZ"), "Please choose a file of one of these types"),
        (sent("a.txt", b""), "The file is empty."),
        (sent("a.docx", papers.bomb(40)), "unpacks to far more than a document has"),
        (sent("a.pdf", papers.pdf(password="x")), "locked with a password"),
        (sent("a.txt", b"a" * (documents.MOST_BYTES + 1)), "The file is too large: 25 MB at most."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_upload_is_told_in_words_and_stores_nothing(
    office: Client, engagement: Engagement, given: dict[str, Any], says: str
) -> None:
    address = reverse("materials", args=[engagement.slug])
    for upload in given.values():
        if isinstance(upload, SimpleUploadedFile):
            upload.seek(0)
    response = office.post(address, given)
    assert response.status_code == 400
    assert says in response.content.decode()
    assert (Material.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_hostile_words_stay_words(office: Client, engagement: Engagement) -> None:
    hostile = "<img src=x onerror=alert(1)> {{7*7}} =1+1"
    office.post(
        reverse("materials", args=[engagement.slug]),
        sent("<img onerror=1>.txt", b"<script>alert(1)</script>", title=hostile),
    )
    pages = [
        Client().get(reverse("engagement", args=[engagement.slug])).content.decode(),
        office.get(reverse("materials", args=[engagement.slug])).content.decode(),
    ]
    for page in pages:
        assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} =1+1" in page
        assert "<img src=x" not in page
    link = reverse("material", args=[engagement.slug, engagement.materials.get().pk])
    file = Client().get(link)
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert file["Content-Disposition"].startswith("attachment;")


def test_the_pages_change_order_and_remove(office: Client, engagement: Engagement) -> None:
    address = reverse("materials", args=[engagement.slug])
    for title in ("A", "B"):
        office.post(address, sent(title=title, url="https://a.example"))
    first, second = engagement.materials.all()
    at = {"slug": engagement.slug, "pk": second.pk}
    office.post(reverse("material-move", kwargs=at), {"direction": "up"})
    assert titles(engagement) == ["B", "A"]
    edit = reverse("material-edit", kwargs=at)
    assert 'value="B"' in office.get(edit).content.decode()
    assert office.post(edit, sent(title="C", url="https://b.example"))["Location"] == address
    assert office.post(edit, sent(title="")).status_code == 400
    office.post(reverse("material-remove", kwargs=at | {"pk": first.pk}))
    assert titles(engagement) == ["C"]


def test_the_pages_ask_as_much_for_three_as_for_one(
    office: Client, engagement: Engagement, cora: User
) -> None:
    counts = []
    for number in range(3):
        materials.add(engagement, by=cora, title=f"M{number}", document=TEXT)
        for name in ("materials", "engagement"):
            with CaptureQueriesContext(connection) as queries:
                office.get(reverse(name, args=[engagement.slug]))
            counts.append(len(queries))
    assert counts == counts[:2] * 3


def test_what_is_posted_after_the_event_stands_under_its_own_head(
    office: Client, engagement: Engagement
) -> None:
    Engagement.objects.update(state=states.ARCHIVED, started_at=factories.START)
    address = reverse("materials", args=[engagement.slug])
    text = office.get(address).content.decode()
    assert ("Post a document" in text, "For the engagement" in text) == (True, False)
    office.post(address, sent("a.txt", b"What was said."))
    public = Client().get(reverse("engagement", args=[engagement.slug])).content.decode()
    assert "Posted after the engagement" in public
