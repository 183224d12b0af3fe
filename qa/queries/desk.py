"""What moderators choose from."""

from __future__ import annotations

from qa.models import DismissalReason


def dismissal_reasons() -> list[tuple[str, str]]:
    """The office's reasons in use, as (code, label)."""
    return list(DismissalReason.objects.filter(is_active=True).values_list("code", "label"))
