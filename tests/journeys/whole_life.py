"""One engagement from the first registration to the published answers, as everybody gets it."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from engagements.actions import attending, running
from engagements.models import AuditEntry, OutgoingMail, Registration, RoleCategory, User
from engagements.tasks.mail import message_of
from qa import projection, queries, states
from qa.actions import asking, linking, merging, moderating
from qa.actions.agency import accepting, hooks, moving, tokens
from qa.live import frames
from qa.models import (
    AgencyAnswer,
    ApiToken,
    Delivery,
    FloorEvent,
    Forwarding,
    Question,
    Webhook,
)
from readouts.actions import drafting, following_up, publishing, sampling
from tests import factories
from tests.journeys.canaries import Haul

if TYPE_CHECKING:
    from django.http import HttpResponse

    from engagements.models import Engagement

NAME, MAIL, ORGANIZATION = "Quorvantisk", "zephwrimble", "Sorquilbanex"
ANSWER, NEED, PHONE = "Jolmackryde", "Vantrobelish", "2025550198"
IDENTITY = (NAME, MAIL, ORGANIZATION, ANSWER, NEED, PHONE)
SHOWN, JOINED = "Wexlorimand", "Hexavundric"
WAITING, DISMISSED = "Brunqavelote", "Tyrvonixate"
WITHDRAWN = "Plozzeketine"
AGENT, ADDRESS = "Zwolfmarkian", "203.0.113.77"
RARE, COMMON = "Rarevocationer", "Commonvocationer"
STAFF = "Klompwurstel"
CONTACT, WITHHELD, REMARKED = "Gribnazzlete", "Dolvapritish", "Mumplequorth"


class Life:
    """What happens, and what everybody gets of it."""

    def __init__(self, engagement: Engagement, cast: dict[str, User]) -> None:
        self.engagement, self.cast, self.floor = engagement, cast, engagement.floor
        self.haul = Haul()
        self.secrets: list[str] = []
        self.ana = Client(REMOTE_ADDR=ADDRESS, headers={"User-Agent": f"{AGENT}/1.0"})
        self.visitor = Client()
        self.office = {name: self._signed_in(name) for name in cast}

    def run(self) -> None:
        self.come()
        self.ask()
        self.moderate()
        self.look_at_the_room()
        running.end(self.engagement, by=self.cast["Coordinator"])
        self.engagement.refresh_from_db()
        self.read_out()
        sent = self.forward()
        self.serve(sent)
        self.bring_back(sent)
        self.publish(sent)
        self.look_outside()
        self.collect_the_rest()

    def come(self) -> None:
        common, rare = RoleCategory.objects.order_by("pk")[:2]
        RoleCategory.objects.filter(pk=common.pk).update(label=COMMON)
        RoleCategory.objects.filter(pk=rare.pk).update(label=RARE)
        self.engagement.own_questions.create(label="Why do you come?", position=1)
        address = reverse("register", args=[self.engagement.slug])
        page = self.keep("asker", self.ana.get(address)).content.decode()
        own = re.search(r'name="(own[^"]*|question[^"]*|q[0-9]+[^"]*)"', page)
        notice = re.search(r'name="notice"[^>]*value="([0-9]+)"', page)
        assert notice is not None
        entry = {
            "name": f'Ana "{NAME}" <b>&amp;', "email": f"{MAIL}+a@public.example",
            "organization": f"{ORGANIZATION} & Co", "category": common.key, "consent": "on",
            "notice": notice[1], "needs": ["other"], "needs_other": NEED,
        }  # fmt: skip
        if own is not None:
            entry[own[1]] = ANSWER
        self.keep("asker", self.ana.post(address, entry, follow=True))
        self.person = Registration.objects.get(engagement=self.engagement)
        Registration.objects.filter(pk=self.person.pk).update(phone=f"+1{PHONE}")
        self.person.refresh_from_db()
        self.secrets.append(self.person.token())
        self.ana.get(reverse("join", args=[self.person.token()]))
        self.secrets.append(self.ana.cookies["openfloor_session"].value)
        self.others = [
            factories.make_registration(self.engagement, f"Person {number}", category=common)
            for number in range(5)
        ]
        self.rare = factories.make_registration(self.engagement, "Rare", category=rare)
        for somebody in (self.person, self.rare, *self.others):
            attending.arrive(somebody)
            factories.make_attendance(somebody) if not hasattr(somebody, "attendance") else None

    def ask(self) -> None:
        room = reverse("room", args=[self.engagement.slug])
        texts = (SHOWN, WAITING, DISMISSED, WITHDRAWN, JOINED)
        for word in texts:
            page = self.ana.get(room).content.decode()
            client_id = re.search(r'name="client_id"[^>]*value="([^"]+)"', page)
            assert client_id is not None
            sent = {"text": f"What about {word} & <i>?", "client_id": client_id[1]}
            answer = self.ana.post(
                reverse("ask", args=[self.engagement.slug]), sent | {"wants_answer": "on"}
            )
            if answer.status_code != 302:
                # What there is to tell comes first, and the same sent again is taken.
                page = answer.content.decode()
                held = re.findall(r'<input[^>]*name="(hinted|names)"[^>]*value="([^"]*)"', page)
                answer = self.ana.post(
                    reverse("ask", args=[self.engagement.slug]),
                    sent | {"wants_answer": "on"} | dict(held),
                )
            assert answer.status_code == 302, answer.content
        asking.ask(self.floor, by=self.rare, text="Is there parking?", client_id=UUID(int=7))
        asking.withdraw(self.floor, by=self.person, number=4)
        self.keep("asker", self.ana.get(room))
        self.keep("asker", self.ana.get(reverse("own-registration", args=[self.engagement.slug])))

    def moderate(self) -> None:
        by = self.cast["Moderator"]
        moderating.show(self.floor, by=by, number=1, seen=self._seen(1))
        moderating.show(self.floor, by=by, number=6, seen=self._seen(6))
        moderating.dismiss(self.floor, by=by, number=3, seen=self._seen(3), reason="off_topic")
        merging.merge(self.floor, by=by, number=5, seen=self._seen(5), into=1)
        slug = self.engagement.slug
        desk = self.office["Moderator"]
        for name in ("desk", "registrants"):
            self.keep("desk", desk.get(reverse(name, args=[slug])))
        for number in (1, 2, 3, 4, 5):
            self.keep("desk", desk.get(reverse("desk-question", args=[slug, number])))
        self.keep("desk", desk.post(reverse("desk-asker", args=[slug, 1])))
        registrant = reverse("registrant", args=[slug, self.person.pk])
        self.keep("desk", desk.get(registrant))

    def look_at_the_room(self) -> None:
        """As another attendee, and from the wall."""
        other = Client()
        other.get(reverse("join", args=[self.others[0].token()]))
        slug = self.engagement.slug
        self.keep("public", other.get(reverse("room", args=[slug])))
        _link, token = linking.make(
            self.floor, by=self.cast["Moderator"], name="Projector", speaker=None
        )
        self.secrets.append(token)
        wall = Client()
        wall.get(reverse("view-link", args=[token]))
        self.keep("public", wall.get(reverse("screen", args=[slug])))

        log = FloorEvent.objects.filter(floor=self.floor)
        for audience, place in (("room", "public"), ("screen", "public"), ("desk", "desk")):
            what = f"frame for the {audience}"
            self.haul.add(place, what, frames.write(queries.snapshot(self.floor.pk, audience)))
            for event in log:
                told = projection.for_audience(event.kind, event.payload, audience)
                self.haul.add(place, what, frames.write(told) if told else "")
        self.haul.add("asker", "frame", frames.write(queries.own(self.person.pk)))

    def read_out(self) -> None:
        editor = self.cast["Editor"]
        readout = drafting.draft(self.engagement, by=editor)
        question = self.floor.questions.get(number=1)
        sampling.choose(readout, question, by=editor, reason="plain")
        readout.refresh_from_db()
        publishing.submit(readout, by=editor, without_summary=True)
        readout.refresh_from_db()
        publishing.publish(readout, by=self.cast["Publisher"])
        slug = self.engagement.slug
        self.keep("readout", self.visitor.get(reverse("readout", args=[slug])))
        for kind in ("pdf", "docx", "txt", "json", "html", "csv", "xlsx"):
            answer = self.visitor.get(f"/engagements/{slug}/readout.{kind}")
            if answer.status_code == 200:
                self.keep("readout", answer)

    def forward(self) -> Forwarding:
        uma = self.cast["Uma"]
        hook = hooks.add(by=uma, url="https://hooks.agency.example/", events=Webhook.Event.values)
        self.hook_secret = hook.secret
        sent = factories.forward_list(
            self.engagement, by=self.cast["Editor"], cover_note="Please answer."
        )
        self.pages = [
            reverse("agency"),
            reverse("agency-integration"),
            reverse("agency-hook", args=[hook.pk]),
            reverse("agency-forwarding", args=[sent.pk]),
            reverse("agency-uploads", args=[sent.pk]),
            reverse("agency-people"),
        ]
        return sent

    def serve(self, sent: Forwarding) -> None:
        """The interface: everything that a token opens."""
        made = tokens.make(
            by=self.cast["Uma"], name="Case system", scopes=ApiToken.Scope.values, days=30
        )
        self.api_token = made.text
        root = f"/api/v1/forwardings/{sent.pk}"
        contents = {
            1: {"status": "answered", "text": "In May.", "publishable": True, "contact": CONTACT},
            2: {"status": "answered", "text": WITHHELD, "publishable": False},
        }
        answers = [{"number": number} | content for number, content in contents.items()]
        self.call("put", f"{root}/answers", {"answers": answers})
        for path in ("", "/questions", "/answers", "/answers/1"):
            self.call("get", f"{root}{path}")
        self.call("get", "/api/v1/forwardings")
        for kind in ("xlsx", "csv", "json"):
            answer = self.call("get", f"{root}/files/{kind}")
            self.haul.add("files", f"the list as {kind}", answer.content)

    def bring_back(self, sent: Forwarding) -> None:
        """The workbook, filled in and uploaded."""
        import_path = reverse("agency-uploads", args=[sent.pk])
        uma = self.office["Uma"]
        filled = filled_in(factories.list_file(sent), {5: "See No. 1.", 3: "It is off topic."})
        page = uma.post(import_path, {"file": named(filled, "answers.xlsx")}, follow=True)
        self.keep("agency", page)
        address = page.redirect_chain[-1][0]
        self.keep("agency", uma.get(f"{address}file/"))
        taken = uma.post(f"{address}take/", {}, follow=True)
        self.keep("agency", taken)
        moving.submit_ready(sent, by=self.cast["Uma"])

    def publish(self, sent: Forwarding) -> None:
        editor = self.cast["Editor"]
        chosen = AgencyAnswer.objects.filter(question__number=2)
        accepting.give_back(self.engagement, answers=chosen, by=editor, remark=REMARKED)
        moving.submit(sent, numbers=[2], by=self.cast["Uma"])
        waiting = AgencyAnswer.objects.filter(state=states.ANSWER_SUBMITTED)
        accepting.accept(self.engagement, answers=waiting, by=editor)
        accepted = AgencyAnswer.objects.filter(state=states.ANSWER_ACCEPTED)
        assert 1 in accepted.values_list("question__number", flat=True)
        following_up.publish(
            self.engagement, by=editor, answers=accepted.filter(question__number__in=[1, 2])
        )
        for address in self.pages:
            self.keep("agency", self.office["Uma"].get(address))
        for number in (1, 2, 3, 5):
            question = self.floor.questions.get(number=number)
            for answer in AgencyAnswer.objects.filter(question=question):
                address = reverse("agency-question", args=[sent.pk, number])
                self.keep("agency", self.office["Uma"].get(address))
                assert answer.agency_id == sent.agency_id

    def look_outside(self) -> None:
        slug = self.engagement.slug
        public = [
            reverse("home"), reverse("engagement", args=[slug]), reverse("archive"),
            reverse("public-questions", args=[slug]), f"{reverse('archive')}?q={SHOWN}",
            reverse("follow-up", args=[slug]), reverse("follow-up-edition", args=[slug, 1]),
            reverse("calendar-feed"), reverse("news-feed"), "/sitemap.xml",
        ]  # fmt: skip
        public += [reverse("follow-up-file", args=[slug, kind]) for kind in ("pdf", "docx")]
        for address in public:
            answer = self.visitor.get(address)
            assert answer.status_code in {200, 404}, address
            self.haul.add("public", address, whole(answer))
        room = self.ana.get(reverse("room", args=[slug]))
        self.haul.add("asker", "the room after the end", whole(room))

    def collect_the_rest(self) -> None:
        own = self.person.email
        agency = {self.cast["Uma"].email}
        office = {one.email for name, one in self.cast.items() if name != "Uma"}
        for mail in OutgoingMail.objects.all():
            to = {own: "asker"} | dict.fromkeys(agency, "agency") | dict.fromkeys(office, "desk")
            self.haul.add(
                to.get(mail.to, "public"),
                f"mail {mail.template}",
                message_of(mail).message().as_bytes(),
            )
        assert OutgoingMail.objects.filter(template="qa/answered", to=own).exists()
        for delivery in Delivery.objects.all():
            self.haul.add("agency", f"webhook {delivery.event}", delivery.body)
        events = set(Delivery.objects.values_list("event", flat=True))
        assert {"forwarding.sent", "answer.returned", "answer.published"} <= events
        rows = AuditEntry.objects.values_list("action", "actor_label", "subject", "detail")
        for row in rows:
            self.haul.add("audit", row[0], json.dumps(row, ensure_ascii=False))

    def keep(self, place: str, answer: Any) -> HttpResponse:
        assert answer.status_code == 200, (place, answer.request["PATH_INFO"], answer.status_code)
        self.haul.add(place, answer.request["PATH_INFO"], whole(answer))
        response: HttpResponse = answer
        return response

    def call(self, verb: str, path: str, body: Any = None) -> HttpResponse:
        more: dict[str, Any] = {"headers": {"Authorization": f"Bearer {self.api_token}"}}
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        return self.keep("agency", getattr(Client(), verb)(path, **more))

    def _seen(self, number: int) -> int:
        return Question.objects.get(floor=self.floor, number=number).revision

    def _signed_in(self, name: str) -> Client:
        client = Client()
        client.force_login(self.cast[name])
        self.secrets.append(client.session.session_key or "")
        return client


def whole(answer: Any) -> bytes:
    """Body and headers, but for the cookies that a browser gets for itself."""
    body = answer.getvalue() if hasattr(answer, "getvalue") else answer.content
    headers = "".join(f"{name}: {value}\n" for name, value in answer.items())
    return bytes(body) if bytes(body[:4]) in {b"%PDF", b"PK\x03\x04"} else body + headers.encode()


def without_token(answer: Any) -> bytes:
    """The page as it is for everybody: the form to sign out has another token each time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", answer.content)


def named(content: bytes, name: str) -> Any:
    file = io.BytesIO(content)
    file.name = name
    return file


def filled_in(workbook: bytes, answers: dict[int, str]) -> bytes:
    """As somebody at the agency fills it in."""
    book = load_workbook(io.BytesIO(workbook))
    sheet = book["Questions"]
    heads = [str(cell.value) for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(heads, row, strict=True))
        text = answers.get(int(str(cells["No."].value)))
        if text is not None:
            cells["Answer"].value = text
            cells["Answer status"].value = "Answered"
            cells["Publishable"].value = "Yes"
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()
