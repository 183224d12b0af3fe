"""The honest opponent: the same live path as the Channels tutorial would build it.

One AsyncJsonWebsocketConsumer per client, a session looked up by its cookie, `group_add` and
`group_send`, and `database_sync_to_async` around the ORM. It validates with the same form, numbers
questions under the same row lock, and runs with the settings of Openfloor: SQLite in WAL mode or
PostgreSQL with a pool, the in-memory layer or Redis pub/sub. It keeps no log, limits nobody and
audits nothing, which only makes it faster. Its database connection stays open between commands:
Django's default of a new one each time would cost it several times as much.
"""

from __future__ import annotations

import itertools
import os
from typing import Any, ClassVar

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
get_asgi_application()

# These need the settings that the line above has read.
from channels.db import database_sync_to_async  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.sessions import SessionMiddlewareStack  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.urls import re_path  # noqa: E402

from engagements.models import Registration  # noqa: E402
from qa import states  # noqa: E402
from qa.forms import AskForm  # noqa: E402
from qa.models import Floor, Question, Vote  # noqa: E402
from tests.load import examples  # noqa: E402

if "pool" not in connections.settings["default"]["OPTIONS"]:
    connections.settings["default"]["CONN_MAX_AGE"] = None
numbers = itertools.count(1)


class LiveConsumer(AsyncJsonWebsocketConsumer):
    GROUPS: ClassVar = {"room": "floor.room", "desk": "floor.desk"}

    async def connect(self) -> None:
        self.audience = self.scope["url_route"]["kwargs"]["audience"]
        snapshot = await self.enter()
        await self.channel_layer.group_add(self.GROUPS[self.audience], self.channel_name)
        await self.accept()
        await self.send_json(snapshot)

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.GROUPS[self.audience], self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if content["do"] == "event":
            await self.tell("room", examples.event(next(numbers)))
        elif content["do"] == "ask":
            await self.ask(content)
        elif content["do"] == "vote":
            votes = await self.store_vote(content["number"])
            await self.send_json({"re": content["id"], "ok": {"voted": True}})
            await self.tell("room", examples.count(content["number"], votes))

    async def ask(self, content: dict[str, Any]) -> None:
        question = await self.store_question(content)
        if question is None:
            await self.send_json({"re": content["id"], "error": {"code": "invalid"}})
            return
        await self.send_json({"re": content["id"], "ok": {"question": question}})
        await self.tell("desk", {"type": "question", "question": question})

    async def tell(self, audience: str, message: dict[str, Any]) -> None:
        await self.channel_layer.group_send(
            self.GROUPS[audience], {"type": "news", "message": message}
        )

    async def news(self, event: dict[str, Any]) -> None:
        await self.send_json(event["message"])

    @database_sync_to_async
    def enter(self) -> dict[str, Any]:
        """Who is it, and what is shown now?"""
        key = self.scope["session"]["registration"]
        self.registration = Registration.objects.select_related("category").get(pk=key)
        self.floor = Floor.objects.get(engagement=self.registration.engagement_id)
        shown = self.floor.questions.filter(state=states.SHOWN).order_by("number")
        questions = list(shown)
        views = [
            {
                "number": question.number,
                "text": question.text,
                "outcome": question.outcome,
                "shown_at": question.shown_at.isoformat() if question.shown_at else None,
            }
            for question in questions
        ]
        return examples.entered(views, {str(one.number): one.votes for one in questions})

    @database_sync_to_async
    def store_question(self, content: dict[str, Any]) -> dict[str, Any] | None:
        form = AskForm(content)
        if not form.is_valid():
            return None
        with transaction.atomic():
            floor = Floor.objects.select_for_update().get(pk=self.floor.pk)
            if floor.state != states.FLOOR_OPEN:
                return None
            floor.last_question_number += 1
            floor.save(update_fields=["last_question_number"])
            question = Question.objects.create(
                floor=floor,
                number=floor.last_question_number,
                asker=self.registration,
                category=self.registration.category,
                original_text=form.cleaned_data["text"],
                **form.cleaned_data,
            )
        return {
            "number": question.number,
            "text": question.text,
            "state": question.state,
            "asked_at": question.asked_at.isoformat(),
        }

    @database_sync_to_async
    def store_vote(self, number: int) -> int:
        question = Question.objects.get(floor=self.floor, number=number)
        Vote.objects.get_or_create(question=question, voter=self.registration, defaults={"mark": 0})
        return question.voters.count()


# Django's types know only views behind a path.
consumer: Any = LiveConsumer.as_asgi()
addresses: list[Any] = [re_path(r"^(?P<audience>room|desk)/$", consumer)]
application = ProtocolTypeRouter({"websocket": SessionMiddlewareStack(URLRouter(addresses))})
