"""What the kinds of personal identifiers are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from qa import identifiers

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NAMES: Final[dict[str, _StrPromise]] = {
    identifiers.RECEIPT: _("receipt number"),
    identifiers.A_NUMBER: _("A-Number"),
    identifiers.NVC: _("visa case number"),
    identifiers.SEVIS: _("SEVIS number"),
    identifiers.ONLINE_ACCOUNT: _("online account number"),
    identifiers.SSN: _("Social Security number"),
    identifiers.ITIN: _("taxpayer number"),
    identifiers.I94: _("I-94 number"),
    identifiers.PASSPORT: _("passport number"),
    identifiers.ETA: _("labor certification number"),
    identifiers.FEIN: _("employer identification number"),
    identifiers.CARD: _("payment card number"),
    identifiers.BIRTH: _("date of birth"),
    identifiers.PHONE: _("phone number"),
    identifiers.EMAIL: _("e-mail address"),
    identifiers.LONG_NUMBER: _("long number"),
}


def name_of(kind: str) -> str:
    """For people, within a sentence, in the language of the moment."""
    return str(NAMES.get(kind, kind))


def kind_names() -> dict[str, str]:
    """All of them, for a page whose script says them."""
    return {kind: str(name) for kind, name in NAMES.items()}
