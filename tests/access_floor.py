"""The floor's settings, labels and late questions for the access matrix."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qa.actions import floor_settings
from qa.models import Floor, Label
from tests.access_situation import DECIDED, MAILING, PAST, QUESTION, TOLD, Situation

if TYPE_CHECKING:
    from engagements.models import Engagement

ROWS = """
# who holds the personal link asks after the end too, while the office takes late questions
  late-link                            +                 x
  late-link: removed                   -                 x
  late                                 -+--- ---- ---    -+--- ---- ---
# who runs the hour sets its floor and its agenda; AD decides nothing there
  floor-settings                       sssss ++-- ---    sssss ++-- ---
# mail is the coordinator's
  late-mail                            x                 sssss +--- ---
  labels                               sssss ++-- ---    sssss ++-- ---
  label-rename                         x                 sssss ++-- ---
  label-move                           x                 sssss ++-- ---
  label-remove                         x                 sssss ++-- ---
  desk-topic                           x                 sssss ++-- ---
"""

TOPIC = Situation(sent={"label": 0}, wrote=("floor.topic",), changes=set(TOLD))
A_LABEL = {"pk": "@label"}
LABELS = {"qa.label"}

ADDRESSES = {
    "late-link": Situation(at={"token": "@late-link"}, lands="/engagements/past/late/"),
    "late-link: removed": Situation(at={"token": "@removed-link"}),
    "late": Situation(at=PAST, sent=QUESTION, wrote=("question.asked",), changes=DECIDED),
    "floor-settings": Situation(
        sent={
            "attribution": "name",
            "voting": "public",
            "seconds_between": 30,
            "before": "@floor-seen",
        },
        wrote=("floor.settings",),
        changes=set(TOLD),
    ),
    "late-mail": Situation(
        at=PAST, sent={"to": "registered"}, wrote=("mailing.late",), changes={MAILING}
    ),
    "labels": Situation(sent={"name": "Evidence"}, wrote=("label.added",), changes=LABELS),
    "label-rename": Situation(
        at=A_LABEL, sent={"name": "Evidence"}, wrote=("label.renamed",), changes=LABELS
    ),
    "label-move": Situation(
        at=A_LABEL, sent={"direction": "up"}, wrote=("label.moved",), changes=LABELS
    ),
    "label-remove": Situation(at=A_LABEL, wrote=("label.removed",), changes=LABELS),
    "desk-topic": TOPIC,
}


def lay(*, now: Engagement, past: Engagement) -> dict[str, Any]:
    """Labels of the live engagement; the one that is over still takes questions."""
    up = Label.objects.create(engagement=now, name="Forms", position=1)
    Floor.objects.filter(engagement=now).update(current_label=up)
    label = Label.objects.create(engagement=now, name="Fees", position=2)
    until = timezone.now() + timedelta(days=1)
    Floor.objects.filter(engagement=past).update(late_until=until)
    return {
        "label": label.pk,
        "floor-seen": floor_settings.seen(Floor.objects.get(engagement=now)),
        "late-link": past.registrations.get(name="RA").token(),
    }
