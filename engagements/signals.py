"""The only news that this app sends upward. Sent inside the transaction of the change."""

from __future__ import annotations

from django.dispatch import Signal

engagement_created = Signal()
"""engagement: Engagement"""

engagement_started = Signal()
"""engagement: Engagement"""

engagement_closed = Signal()
"""engagement: Engagement, by: User. It has ended or was cancelled."""

engagement_moved = Signal()
"""engagement: Engagement, former: tuple[datetime, datetime], its start and end before. A receiver
may answer with a sentence for the person who moved it: what else has moved."""

engagement_cloned = Signal()
"""engagement: Engagement, the new one; of: Engagement, parts: Collection[str], what was to be taken
along; by: User"""

rights_ended = Signal()
"""What somebody could open may not open any more. One of them: registration: int (its id),
account: int (its id)"""
