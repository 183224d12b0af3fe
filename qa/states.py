"""The lives of a floor, a question and a forwarding: which state may follow which."""

from __future__ import annotations

from typing import Final

FLOOR_CLOSED: Final = "closed"
FLOOR_VOTING_ONLY: Final = "voting_only"
FLOOR_OPEN: Final = "open"

VOTES_PUBLIC: Final = "public"
VOTES_STAFF: Final = "staff"
VOTES_OFF: Final = "off"

ANONYMOUS: Final = "anonymous"
OWN_CHOICE: Final = "choice"
NAMED: Final = "name"

WAITING: Final = "waiting"
SHOWN: Final = "shown"
HELD: Final = "held"
DISMISSED: Final = "dismissed"
MERGED: Final = "merged"
WITHDRAWN: Final = "withdrawn"

# move -> (states it may start from, state it leads to)
MODERATION: Final[dict[str, tuple[frozenset[str], str]]] = {
    "show": (frozenset({WAITING, HELD, DISMISSED}), SHOWN),
    "hold": (frozenset({WAITING, SHOWN, DISMISSED}), HELD),
    "dismiss": (frozenset({WAITING, SHOWN, HELD}), DISMISSED),
    "divert": (frozenset({WAITING, SHOWN, HELD}), DISMISSED),
}

NO_OUTCOME: Final = "none"
ANSWERING: Final = "answering"
ANSWERED_LIVE: Final = "answered_live"
ANSWERED_IN_WRITING: Final = "answered_in_writing"
FOLLOW_UP: Final = "follow_up"

# outcome -> outcomes it may follow; all of them for shown questions only
OUTCOMES: Final[dict[str, frozenset[str]]] = {
    ANSWERING: frozenset({NO_OUTCOME, FOLLOW_UP}),
    ANSWERED_LIVE: frozenset({NO_OUTCOME, ANSWERING, FOLLOW_UP, ANSWERED_IN_WRITING}),
    FOLLOW_UP: frozenset({NO_OUTCOME, ANSWERING}),
    NO_OUTCOME: frozenset({ANSWERING, ANSWERED_LIVE, FOLLOW_UP}),
}

BEFORE_WRITTEN: Final = frozenset({NO_OUTCOME, ANSWERING, FOLLOW_UP})
"""Outcomes that publishing a written answer makes ANSWERED_IN_WRITING, which
nobody marks by hand; taking the answer back leaves none. Answered live stays what it is."""

ANSWERABLE: Final = frozenset({WAITING, SHOWN, HELD})
"""States in which a published answer is the outcome. What is dismissed or merged counts as that,
and what is withdrawn does not count."""

MERGEABLE: Final = frozenset({WAITING, SHOWN, HELD, DISMISSED})
"""States in which a question may be joined with another."""

TAKES_OTHERS: Final = frozenset({WAITING, SHOWN, HELD})
"""States in which others may be joined with it."""

CASE_SPECIFIC: Final = "case_specific"
"""Code of the dismissal that sends a question about one case to the case-assistance form."""

FINDING_OPEN: Final = "open"
FINDING_NO_IDENTIFIER: Final = "not_identifier"
FINDING_REDACTED: Final = "redacted"
FINDING_KEPT: Final = "kept"

FORWARDED: Final = "forwarded"
OPEN: Final = "open"
UNSTATED: Final = "unstated"
"""Stands for the reason of a dismissal that kept none."""

ANSWERED_BY_AGENCY: Final = "answered_by_agency"
DECLINED_BY_AGENCY: Final = "declined_by_agency"
"""Declined with a reason, or answered to the office alone: the public has no answer and waits for
none."""

DISPOSITIONS: Final = (
    ANSWERED_LIVE,
    ANSWERED_IN_WRITING,
    ANSWERED_BY_AGENCY,
    DECLINED_BY_AGENCY,
    FORWARDED,
    OPEN,
    MERGED,
)
"""What can become of a written question, but for the dismissals, which have their reasons."""

WENT_TO_AGENCY: Final = frozenset({FORWARDED, ANSWERED_BY_AGENCY, DECLINED_BY_AGENCY})
"""Lines between which a question moves by its agency's answer, also after the readout."""


def disposition(
    state: str, outcome: str, *, dismissal: str, is_forwarded: bool, agency_says: str = ""
) -> str:
    """The one line of the accounts in which a written question stands.

    Dismissed and merged ones count as that, whatever was done before; then comes what the office
    answered, then what an agency said in public (`agency_says`: one of the two lines, or ""), also
    when its list was recalled since. Else a question is forwarded when an agency got it, and open
    otherwise. Raises ValueError for a withdrawn one, which does not count.
    """
    if state == DISMISSED:
        return f"{DISMISSED}.{dismissal or UNSTATED}"
    if state == MERGED:
        return MERGED
    if state not in ANSWERABLE:
        raise ValueError(f"a question that is {state!r} stands in no account")
    if outcome in {ANSWERED_LIVE, ANSWERED_IN_WRITING}:
        return outcome
    if agency_says:
        return agency_says
    return FORWARDED if is_forwarded else OPEN


SETTLED: Final = "settled"
"""Of a question on a list of an agency: the office answered or dismissed it itself."""


def promise(state: str, outcome: str, *, agency_says: str) -> str:
    """How a question on a list in force stands between its agency and the public.

    One of the agency's two lines, OPEN, SETTLED, or WITHDRAWN. A merged question is asked about
    with the state and outcome of the one that it is answered with.
    """
    if state == WITHDRAWN:
        return WITHDRAWN
    if agency_says:
        return agency_says
    if state == DISMISSED or outcome in {ANSWERED_LIVE, ANSWERED_IN_WRITING}:
        return SETTLED
    return OPEN


POLL_DRAFT: Final = "draft"
POLL_OPEN: Final = "open"
POLL_CLOSED: Final = "closed"
POLL_GONE: Final = "gone"
"""Of a draft that was deleted; only the log has it."""

ONE_CHOICE: Final = "choice"
SEVERAL_CHOICES: Final = "several"
SCALE: Final = "scale"

FORWARDING_DRAFT: Final = "draft"
FORWARDING_SENT: Final = "sent"
FORWARDING_SUPERSEDED: Final = "superseded"
FORWARDING_RECALLED: Final = "recalled"

IN_PROGRESS: Final = "in_progress"
ANSWERED: Final = "answered"
SEE_PAGE: Final = "see_page"
SAME_AS: Final = "same_as"
DECLINED: Final = "declined"

ANSWER_DRAFT: Final = "draft"
ANSWER_CLEARING: Final = "clearing"
ANSWER_CLEARED: Final = "cleared"
ANSWER_SUBMITTED: Final = "submitted"
ANSWER_RETURNED: Final = "returned"
ANSWER_ACCEPTED: Final = "accepted"
ANSWER_PUBLISHED: Final = "published"

# move -> (states it may start from, state it leads to)
ANSWERING_MOVES: Final[dict[str, tuple[frozenset[str], str]]] = {
    "ask_clearance": (frozenset({ANSWER_DRAFT, ANSWER_RETURNED}), ANSWER_CLEARING),
    "clear": (frozenset({ANSWER_CLEARING}), ANSWER_CLEARED),
    "send_back": (frozenset({ANSWER_CLEARING, ANSWER_CLEARED}), ANSWER_DRAFT),
    "submit": (frozenset({ANSWER_DRAFT, ANSWER_RETURNED, ANSWER_CLEARED}), ANSWER_SUBMITTED),
    "take_back": (frozenset({ANSWER_SUBMITTED}), ANSWER_DRAFT),
    "accept": (frozenset({ANSWER_SUBMITTED}), ANSWER_ACCEPTED),
    "return": (frozenset({ANSWER_SUBMITTED, ANSWER_ACCEPTED}), ANSWER_RETURNED),
    "publish": (frozenset({ANSWER_ACCEPTED}), ANSWER_PUBLISHED),
}

EDITABLE: Final = frozenset(
    {ANSWER_DRAFT, ANSWER_CLEARING, ANSWER_CLEARED, ANSWER_RETURNED, ANSWER_PUBLISHED}
)
"""States in which an agency may write its answer anew, which makes it a draft again. What it has
submitted it takes back first; what was published stays published until the correction is."""

REACHED_AGENCY: Final = frozenset({FORWARDING_SENT, FORWARDING_SUPERSEDED})
"""States of a list that its agency got and has, the former one of two lists too."""
