"""The office's lists for its desks: words that are flagged, and reasons of dismissal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from engagements import audit
from engagements import states as engagement_states
from engagements.files.text import first_free
from engagements.models import Office, User
from engagements.refusals import NotAllowed, Refused
from qa import rules, wordlist
from qa.actions import gating
from qa.models import DismissalReason, FlaggedWord, Floor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

CODE_LENGTH = 28
"""Leaves room for a number within the 32 characters of the column."""


class ReasonWords(NamedTuple):
    """What may change about a reason. Its code never does."""

    label: str
    position: int
    is_told: bool
    is_active: bool


@transaction.atomic
def set_flagged_words(*, by: User, words: Iterable[str], seen: str) -> list[str]:
    """These are the list from now on, each once. `seen` is the digest of the list that was edited.

    Questions of engagements that are live or to come are marked anew.
    """
    _take_turn(by)
    before = gating.flagged_words()
    if list_digest(before) != seen:
        raise Refused("changed", _("Somebody else has changed the list. Please look at it again."))
    wanted = {wordlist.plain(word): word for word in words if wordlist.plain(word)}
    kept = {wordlist.plain(word) for word in before} & wanted.keys()
    gone = [word for word in before if wordlist.plain(word) not in kept]
    FlaggedWord.objects.filter(word__in=gone).delete()
    added = [word for plain, word in wanted.items() if plain not in kept]
    FlaggedWord.objects.bulk_create(FlaggedWord(word=word, added_by=by) for word in added)
    if gone or added:
        audit.record("flagged_words.changed", Office.current(), by=by, added=len(added),
                     removed=len(gone))  # fmt: skip
        _mark_anew()
    return gating.flagged_words()


def list_digest(words: Iterable[str]) -> str:
    """Names a list of words, to notice that it has changed."""
    return audit.digest("\n".join(words))


@transaction.atomic
def edit_reasons(
    *,
    by: User,
    words: Mapping[int, ReasonWords],
    removed: Collection[int] = (),
    added: ReasonWords | None = None,
) -> list[DismissalReason]:
    """Take over the table, all of it or nothing: `words` by reason id.

    What was dismissed keeps the words that its asker was told. At least one reason stays in use.
    """
    _take_turn(by)
    for reason in DismissalReason.objects.filter(pk__in=words):
        if reason.pk in removed:
            _remove(reason, by)
        else:
            _edit(reason, words[reason.pk], by)
    if added is not None:
        reason = DismissalReason.objects.create(code=_free_code(added.label), **added._asdict())
        audit.record("dismissal_reason.added", reason, by=by)
    if not DismissalReason.objects.filter(is_active=True).exists():
        raise Refused(
            "none_in_use", _("Please leave one reason in use. Without one nothing is dismissed.")
        )
    return list(DismissalReason.objects.all())


def _take_turn(by: User) -> None:
    """One change to the office's lists at a time, by somebody who may at that moment."""
    Office.objects.select_for_update().get()
    if not rules.may_keep_lists(User.objects.get(pk=by.pk)):
        raise NotAllowed("not_allowed", _("You do not keep the lists of the office."))


def _edit(reason: DismissalReason, words: ReasonWords, by: User) -> None:
    values = words._asdict()
    changed = sorted(name for name, value in values.items() if getattr(reason, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(reason, name, values[name])
    reason.save(update_fields=changed)
    audit.record("dismissal_reason.edited", reason, by=by, fields=changed)


def _remove(reason: DismissalReason, by: User) -> None:
    if reason.is_built_in:
        raise Refused(
            "built_in",
            _("“%(reason)s” is built in. It can be renamed or taken out of use.")
            % {"reason": reason.label},
        )
    audit.record("dismissal_reason.removed", reason, by=by)
    reason.delete()


def _free_code(label: str) -> str:
    stem = slugify(label)[:CODE_LENGTH].strip("-_") or "reason"
    taken = DismissalReason.objects.filter(code__startswith=stem).values_list("code", flat=True)
    return first_free(stem, set(taken))


def _mark_anew() -> None:
    current = [engagement_states.SCHEDULED, engagement_states.LIVE]
    for floor in Floor.objects.filter(engagement__state__in=current).order_by("pk"):
        gating.reexamine_list(floor)
