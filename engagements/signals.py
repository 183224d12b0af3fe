"""The only news that this app sends upward. Sent inside the transaction of the change."""

from __future__ import annotations

from django.dispatch import Signal

engagement_created = Signal()
"""engagement: Engagement"""

engagement_started = Signal()
"""engagement: Engagement"""

engagement_closed = Signal()
"""engagement: Engagement, by: User. It has ended or was cancelled."""

rights_ended = Signal()
"""What somebody could open may not open any more. One of them: registration: int (its id),
account: int (its id)"""
