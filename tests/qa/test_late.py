"""Questions after the end, by the personal link, without scripts."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from engagements import clock
from engagements.models import Engagement
from engagements.refusals import Refused
from qa import queries, states
from qa.actions import late
from qa.models import Floor, FloorEvent, Question
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from engagements.models import Registration

pytestmark = pytest.mark.django_db

END = START + timedelta(hours=1)
UNTIL = END + timedelta(days=2)


@pytest.fixture
def over(live_engagement: Engagement) -> Engagement:
    """Ended; late questions are taken for two days."""
    Engagement.objects.filter(pk=live_engagement.pk).update(
        state=Engagement.State.ENDED, ended_at=END
    )
    Floor.objects.filter(engagement=live_engagement).update(
        state=states.FLOOR_CLOSED, late_until=UNTIL
    )
    live_engagement.refresh_from_db()
    return live_engagement


def typed(text: str = "What was left?") -> dict[str, str]:
    return {"text": text, "client_id": str(uuid.uuid4())}


def test_the_link_leads_to_a_form_and_the_question_is_counted(
    over: Engagement, ana: Registration
) -> None:
    client = Client()
    with clock.set_to(UNTIL - timedelta(seconds=1)):
        entered = client.get(reverse("late-link", args=[ana.token()]))
        assert entered["Referrer-Policy"] == "no-referrer"
        assert entered.headers["Location"] == reverse("late", args=[over.slug])
        answer = client.post(entered.headers["Location"], typed(), follow=True)

    assert "Saved as question 1." in answer.content.decode()
    question = Question.objects.get()
    assert (question.source, question.asker, question.state) == ("late", ana, states.WAITING)
    assert queries.written_questions(over) == 1
    assert sum(number for _state, _outcome, number in queries.dispositions(over)) == 1
    assert FloorEvent.objects.get().payload["question"]["source"] == "late"


def test_after_the_window_the_page_says_so_and_nothing_is_stored(
    over: Engagement, ana: Registration
) -> None:
    client = Client()
    with clock.set_to(UNTIL):
        page = client.get(reverse("late-link", args=[ana.token()]), follow=True)
        refused = client.post(reverse("late", args=[over.slug]), typed("Too late?"))

    assert "Questions were taken until Friday, April 16, 2021, 3 p.m. EDT." in page.content.decode()
    assert refused.status_code == 409
    assert "Too late?" in refused.content.decode()
    assert Question.objects.count() == 0


def test_a_personal_identifier_is_told_once_before_it_is_stored(
    over: Engagement, ana: Registration
) -> None:
    client, address = Client(), reverse("late", args=[over.slug])
    sent = typed("Where is EAC2190012345?")
    with clock.set_to(END):
        client.get(reverse("late-link", args=[ana.token()]))
        held = client.post(address, sent)
        assert Question.objects.count() == 0
        client.post(address, sent | {"hinted": held.context["hinted"]})

    assert "receipt number" in held.content.decode()
    assert Question.objects.get().open_findings == ["receipt_number"]


def test_limits_hold_and_the_same_sent_again_is_one(over: Engagement, ana: Registration) -> None:
    Floor.objects.update(most_each=1)
    floor, client_id = queries.floor_of(over), uuid.uuid4()
    with clock.set_to(END):
        first = late.ask(floor, by=ana, text="One?", client_id=client_id)
        again = late.ask(floor, by=ana, text="One?", client_id=client_id)
        with pytest.raises(Refused) as refusal:
            late.ask(floor, by=ana, text="Two?", client_id=uuid.uuid4())
    assert first == again
    assert refusal.value.code == "enough"


@pytest.mark.parametrize("state", ["scheduled", "live", "archived", "cancelled"])
def test_it_is_for_after_the_end_only(over: Engagement, ana: Registration, state: str) -> None:
    Engagement.objects.update(state=state)
    with clock.set_to(END), pytest.raises(Refused) as refusal:
        late.ask(over.floor, by=ana, text="Now?", client_id=uuid.uuid4())
    assert refusal.value.code == "late_closed"
    Engagement.objects.update(state="ended")
    with clock.set_to(END):
        late.ask(over.floor, by=ana, text="Now?", client_id=uuid.uuid4())


def test_a_stranger_and_somebody_who_was_removed_find_nothing(
    over: Engagement, ana: Registration
) -> None:
    removed = factories.make_registration(over, "Xa", removed_at=START)
    for token in ("edited" + ana.token(), removed.token()):
        assert Client().get(reverse("late-link", args=[token])).status_code == 404
    assert Client().get(reverse("late", args=[over.slug])).status_code == 404
