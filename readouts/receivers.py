"""What readouts do when something happens below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from engagements.models import AuditEntry, Material
from qa.models import Redaction
from readouts.actions import indexing, promising, sampling

if TYPE_CHECKING:
    from django.db.models import Model


@receiver(post_save, sender=Material)
def see_what_was_posted(sender: type[Model], *, instance: Material, **_: Any) -> None:
    """A promise may be kept by it. What is removed later, the look by the clock finds."""
    promising.look(instance.engagement)


@receiver(post_save, sender=AuditEntry)
def see_what_was_sent(sender: type[Model], *, instance: AuditEntry, **_: Any) -> None:
    """A list went to the agency, in whose transaction this is: a promise may be kept by it. What is
    recalled later, the look by the clock finds."""
    if instance.engagement is not None and instance.action == "forwarding.sent":
        promising.look(instance.engagement)


@receiver(post_save, sender=AuditEntry)
def renew_search(sender: type[Model], *, instance: AuditEntry, **_: Any) -> None:
    """An engagement was scheduled, renamed, cancelled …, in whose transaction this is; whatever is
    written only after its audit entry, the look by the clock finds."""
    if instance.engagement is not None and instance.action.startswith(("engagement.", "material.")):
        indexing.renew(instance.engagement)


@receiver(post_save, sender=Redaction)
def mask_samples(sender: type[Model], *, instance: Redaction, created: bool, **_: Any) -> None:
    """Words are taken out of a question, in whose transaction this is."""
    if created:
        sampling.follow_redaction(instance.question, by=instance.made_by)
