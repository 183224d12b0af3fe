"""A question in another language, beside its original: by a person or by a machine, and says which.

A translation may say what a redaction takes out, in other words. So it goes where these words are
not found in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import NotAllowed, Refused
from qa import masking, states
from qa.actions import deciding, gating, sealing
from qa.models import MAX_LENGTH, Question, Translation, digest_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engagements.models import User
    from qa.masking import Hidden
    from qa.models import Floor

MOST: Final = 4 * MAX_LENGTH
AUDITED: Final = {
    "question.translated": "translation.written",
    "question.untranslated": "translation.removed",
}


@transaction.atomic
def translate(
    floor: Floor, *, by: User, number: int, seen: int, language: str, text: str, kind: str
) -> Question:
    """Keep this translation of the words that others read now; one for each language.

    Looked through for identifiers like the question itself. Refuses the language that the question
    is in, words that were redacted, and what stands there already.
    """
    locked, question = deciding.take(floor, by, number, seen)
    _check(question, language, text, kind)
    made_of = digest_of(question.text)
    known = question.translations.filter(language=language).first()
    if known and (known.text, known.kind, known.made_of) == (text, kind, made_of):
        raise Refused("already", _("This is the translation already."))
    Translation.objects.update_or_create(
        question=question,
        language=language,
        defaults={
            "text": text, "kind": kind, "made_of": made_of, "made_by": by, "made_at": clock.now(),
        },
    )  # fmt: skip
    digest = audit.digest(text)
    return _store(locked, question, by, "question.translated", language=language, digest=digest)


@transaction.atomic
def remove(floor: Floor, *, by: User, number: int, seen: int, language: str) -> Question:
    locked, question = deciding.take(floor, by, number, seen)
    if not question.translations.filter(language=language).delete()[0]:
        raise NotAllowed("unknown_translation", _("There is no such translation."))
    return _store(locked, question, by, "question.untranslated", language=language)


def without(question: Question, pieces: Collection[str]) -> list[Translation]:
    """Before these words are taken out of a question: the translations that can stay, which have
    all of them that it has. Others go, as do those of former words."""
    standing = [words for words in pieces if masking.can_be_read(words, question.text)]
    kept = []
    for one in question.translations.all():
        is_whole = all(masking.can_be_read(words, one.text) for words in standing)
        if one.made_of == digest_of(question.text) and is_whole:
            kept.append(one)
        else:
            one.delete()
    return kept


def mask(question: Question, kept: Sequence[Translation], hidden: Sequence[Hidden]) -> None:
    """The same words out of those that stay, once they are out of the question."""
    for one in kept:
        one.text = masking.mask_told(one.text, hidden, most=MOST)
        one.made_of = digest_of(question.text)
        one.save(update_fields=["text", "made_of"])


def _check(question: Question, language: str, text: str, kind: str) -> None:
    if question.state == states.WITHDRAWN:
        raise Refused("withdrawn", _("The asker has withdrawn this question."))
    if not language or language == question.language:
        raise Refused("invalid", _("Please choose another language than that of the question."))
    if kind not in Translation.Kind.values:
        raise Refused("invalid", _("Please say whether a person or a machine translated it."))
    if not text or len(text) > MOST:
        raise Refused(
            "invalid", _("A translation has from 1 to %(most)d characters.") % {"most": MOST}
        )
    in_force = sealing.hidden_in(question) if question.is_redacted else []
    if any(masking.can_be_read(one.words, text) for one in in_force):
        raise Refused("redacted", _("Words that are redacted in the question would be read here."))


def _store(locked: Floor, question: Question, by: User, act: str, **told: str) -> Question:
    """`act` is that of the history; the audit has the digest of the translation beside it."""
    audit.record(AUDITED[act], question, by=by, engagement=locked.engagement, **told)
    changes = gating.reexamine(question)
    return deciding.store(locked, question, by, act, decides=False, **changes)
