"""Personal identifiers in what somebody wrote. Pure, and quick where there are none.

Shapes and what is never flagged follow `personal_identifiers.json` of the reference; beyond it:
other spellings, digits of any script, invisible characters, international telephone numbers,
addresses spelled out, Spanish context, and any number of nine digits or more.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECEIPT: Final = "receipt_number"
A_NUMBER: Final = "a_number"
NVC: Final = "nvc_case_number"
SEVIS: Final = "sevis_id"
ONLINE_ACCOUNT: Final = "online_account_number"
SSN: Final = "ssn"
ITIN: Final = "itin"
I94: Final = "i94"
PASSPORT: Final = "passport"
ETA: Final = "eta_case"
FEIN: Final = "fein"
CARD: Final = "card"
BIRTH: Final = "dob"
PHONE: Final = "phone"
EMAIL: Final = "email"
LONG_NUMBER: Final = "long_number"

KINDS: Final = (
    EMAIL, RECEIPT, ETA, SEVIS, A_NUMBER, NVC, I94, SSN, ITIN, ONLINE_ACCOUNT, PASSPORT, FEIN,
    CARD, BIRTH, PHONE, LONG_NUMBER,
)  # fmt: skip
"""The most specific first: of kinds that fit the same words, the first one is found."""

AGENCY_PHONES: Final = frozenset({"2023578100", "8003755283", "8007671833", "8558828100"})
AGENCY_DOMAINS: Final = ("dhs.gov", "uscis.gov", "state.gov", "dol.gov")

_BEFORE: Final = 40
"""Characters that may stand between words such as "my passport number is" and the number."""

_LONGEST_LOCAL: Final = 64

_ENDINGS: Final = frozenset("com org net edu gov us mx in co uk ca info".split())

_RANK: Final = {kind: rank for rank, kind in enumerate(KINDS)}

_S: Final = r"[\s.\-]{0,3}"
_S1: Final = r"[\s.\-]{1,3}"
_GROUPS: Final = (
    rf"(?:(?:\d{{7,9}}|\d{{3}}{_S1}\d{{3}}{_S1}\d{{3}}|\d{{2}}{_S1}\d{{3}}{_S1}\d{{3}})"
    rf"(?![.\-]?\d)|\d(?:{_S1}\d){{6,8}}(?![\s.\-]?\d))"
)
_OFFICES: Final = "IOE|EAC|WAC|LIN|SRC|MSC|NBC|YSC|VSC|CSC|NSC|TSC"
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-zé]{0,8}\.?"
_DATE: Final = (
    r"(?:\d{1,2}\s?[/\-.]\s?\d{1,2}\s?[/\-.]\s?(?:(?:19|20)\d{2}|\d{2})"
    r"|(?:19|20)\d{2}\s?[/\-.]\s?\d{1,2}\s?[/\-.]\s?\d{1,2}"
    rf"|{_MONTH}\s?\d{{1,2}}(?:st|nd|rd|th)?,?\s?(?:19|20)\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s?(?:of\s|de\s|-)?{_MONTH}(?:\sde|,|-)?\s?(?:19|20)\d{{2}})(?!\d)"
)


class Found(NamedTuple):
    """`words` are the text from `start` to `end`, as they were written."""

    kind: str
    words: str
    start: int
    end: int


class _Shape(NamedTuple):
    """`before` or `after` must hold where given, and do not where `context` stands nowhere;
    `accept` has the last word."""

    kind: str
    pattern: re.Pattern[str]
    context: re.Pattern[str] | None = None
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    accept: Callable[[str], int] | None = None


def find(text: str) -> list[Found]:
    """Identifiers in order of their place, none overlapping. Linear in the text's length."""
    if not _MAYBE.search(text):
        return []
    plain, places = _plain(text)
    spans = sorted({*_numbers(plain), *_addresses(plain)})
    found: list[Found] = []
    for start, end, kind in _joined(spans):
        first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
        found.append(Found(kind, text[first:last], first, last))
    return found


def _numbers(plain: str) -> Iterator[tuple[int, int, str]]:
    for shape in _SHAPES:
        if shape.context is not None and not shape.context.search(plain):
            continue
        for match in shape.pattern.finditer(plain):
            start, end = match.span()
            if not _has_context(shape, plain, start, end):
                continue
            if shape.accept is not None:
                end = start + shape.accept(match[0])
            if start < end:
                yield start, end, shape.kind


def _has_context(shape: _Shape, plain: str, start: int, end: int) -> bool:
    if shape.before is None:
        return True
    if shape.before.search(plain, max(0, start - _BEFORE - 30), start):
        return True
    return shape.after is not None and shape.after.match(plain, end) is not None


def _addresses(plain: str) -> Iterator[tuple[int, int, str]]:
    """From each "@" to both sides: to try every word for an address would cost its square."""
    for at in _AT.finditer(plain):
        end_of_local = at.start()
        start = end_of_local
        least = max(0, end_of_local - _LONGEST_LOCAL)
        while start > least and (plain[start - 1].isalnum() or plain[start - 1] in "._%+-'"):
            start -= 1
        domain = _DOMAIN.match(plain, at.end())
        if start == end_of_local or domain is None or not _is_private(domain[0]):
            continue
        yield start, domain.end(), EMAIL


def _is_private(domain: str) -> bool:
    """No agency's; and where its dots are spelled out, with an ending that is one."""
    name = _DOT.sub(".", domain).lower()
    if "." not in domain and name.rpartition(".")[2] not in _ENDINGS:
        return False
    return not any(name == agency or name.endswith(f".{agency}") for agency in AGENCY_DOMAINS)


def _joined(spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Spans that overlap are one, of the most specific kind among them."""
    current: tuple[int, int, str] | None = None
    for start, end, kind in spans:
        if current is None or start >= current[1]:
            if current is not None:
                yield current
            current = start, end, kind
        else:
            better = min(current[2], kind, key=_RANK.__getitem__)
            current = current[0], max(current[1], end), better
    if current is not None:
        yield current


def _plain(text: str) -> tuple[str, list[int] | None]:
    """The text with ASCII digits, letters and signs where it had others that look or count alike,
    without what nobody sees; and the place of each character, where some were left out."""
    if text.isascii():
        return text, None
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        seen = character if character < "\x80" else _as_seen(character)
        if seen:
            plain.append(seen)
            places.append(place)
    return "".join(plain), places if len(plain) < len(text) else None


def _as_seen(character: str) -> str:
    """One character, or none for one that nobody sees."""
    alike = _ALIKE.get(character)
    if alike is not None:
        return alike
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _digits(words: str) -> str:
    return "".join(filter(str.isdigit, words))


def _is_round(words: str) -> bool:
    return _digits(words).endswith("000000")


def _unless_round(words: str) -> int:
    """A million visas are no A-Number."""
    return 0 if _is_round(words) else len(words)


def _unless_agency(words: str) -> int:
    digits = _digits(words)
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return 0 if digits in AGENCY_PHONES or _is_round(words) else len(words)


def _card(words: str) -> int:
    """How much of it is a card's number by its check digit (ISO/IEC 7812, Luhn)."""
    ends = [place + 1 for place, character in enumerate(words) if character.isdigit()]
    digits = _digits(words)
    for count in range(min(19, len(digits)), 12, -1):
        if _checks(digits[:count]):
            return ends[count - 1]
    return 0


def _checks(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) << (place & 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


def _shape(
    kind: str,
    pattern: str,
    context: str = "",
    *,
    also_after: bool = True,
    accept: Callable[[str], int] | None = None,
) -> _Shape:
    if not context:
        return _Shape(kind, _compile(pattern), accept=accept)
    before = _compile(rf"(?<![A-Z0-9])(?:{context})\D{{0,{_BEFORE}}}\Z")
    after = _compile(
        rf"[\s,(]{{1,3}}(?:(?:is|was|es)\s)?(?:(?:my|his|her|our|their|the|mi)\s)?(?:{context})"
    )
    return _Shape(
        kind,
        _compile(pattern),
        context=_compile(rf"(?<![A-Z0-9])(?:{context})"),
        before=before,
        after=after if also_after else None,
        accept=accept,
    )


_ALIKE: Final = dict(
    zip(
        "\N{CYRILLIC CAPITAL LETTER A}\N{CYRILLIC SMALL LETTER A}\N{GREEK CAPITAL LETTER ALPHA}"
        "\N{GREEK SMALL LETTER ALPHA}\N{GREEK CAPITAL LETTER NU}\N{CYRILLIC CAPITAL LETTER O}"
        "\N{CYRILLIC CAPITAL LETTER IE}\N{CYRILLIC CAPITAL LETTER ES}\N{MINUS SIGN}"
        "\N{HYPHEN BULLET}\N{MIDDLE DOT}",
        "AaAaNOEC--.",
        strict=True,
    )
)

_MAYBE: Final = re.compile(
    "[@\N{FULLWIDTH COMMERCIAL AT}\N{SMALL COMMERCIAL AT}]"
    r"|\d(?:[^\w,;]{0,4}\d){5}"
    r"|\bat\b[\s)\]}]{1,3}[\w\-]{2,30}(?:\.|[\s(\[]{1,2}dot\b)"
    r"|\b(?:d\.?o\.?b|born|birth|nac[i\u00ed])",
    re.IGNORECASE,
)
_AT: Final = re.compile(
    r"\s{0,2}@\s{0,2}"
    r"|\s?[(\[{]\s?at\s?[)\]}]\s?"
    r"|\s+at\s+(?=[\w\-]{2,30}\s+dot\s+\w)"
    r"|\s+at\s+(?=(?:gmail|yahoo|hotmail|outlook|icloud|aol|proton\w{0,5})\s?\.)",
    re.IGNORECASE,
)
_DOT: Final = re.compile(r"\s?[(\[{]?\s?(?:\.|\bdot\b)\s?[)\]}]?\s?", re.IGNORECASE)
_DOMAIN: Final = re.compile(
    r"(?:[\w\-]{1,63}(?:\.|\s\.\s?|\s?[(\[{]?\s?\bdot\b\s?[)\]}]?\s?)){1,8}[^\W\d_]{2,24}",
    re.IGNORECASE,
)

_SHAPES: Final = (
    _shape(
        RECEIPT,
        rf"(?<![A-Z0-9])(?:{_OFFICES})[\s.\-#:*]{{0,3}}\d(?:[\s.\-*]{{0,2}}\d){{9}}(?!\d)",
    ),
    _shape(NVC, rf"(?<![A-Z0-9])(?!{_OFFICES})[A-Z]{{3}}-?(?:19|20)\d{{2}}-?\d{{6}}(?!\d)"),
    _shape(SEVIS, rf"(?<![A-Z0-9])N[\s\-#:]{{0,3}}0{_S}0(?:{_S}\d){{8}}(?!\d)"),
    _shape(A_NUMBER, rf"(?<![A-Z0-9])A[\s#:.\-]{{0,3}}{_GROUPS}", accept=_unless_round),
    _shape(A_NUMBER, r"(?<![A-Z0-9])A\s?#[\s:]{0,2}\d(?:[\s.\-]?\d){6,8}(?!\d)"),
    _shape(
        A_NUMBER,
        rf"(?<![A-Z0-9]){_GROUPS}",
        r"a[\s\-]?(?:number|num|no|nbr|#)|alien\s(?:reg[a-z]*\.?\s)?(?:number|num|no|#)"
        r"|uscis\s?(?:#|number|no\b)|n.mero\s(?:de\s)?(?:a|alien|extranjero)\b",
    ),
    _shape(
        ONLINE_ACCOUNT,
        rf"(?<![A-Z0-9])\d{{4}}{_S}\d{{4}}{_S}\d{{4}}(?!\d)",
        r"online\saccount|oan|account\s?(?:number|no|#)|elis|my\s?uscis|cuenta",
    ),
    _shape(SSN, rf"(?<![A-Z0-9])(?!000|666|9\d\d)\d{{3}}{_S1}\d{{2}}{_S1}\d{{4}}(?!\d)"),
    _shape(
        SSN,
        rf"(?<![A-Z0-9])\d{{3}}{_S}\d{{2}}{_S}\d{{4}}(?!\d)",
        r"ssn|social\s?(?:security|#|no|number)|seguro\ssocial",
    ),
    _shape(ITIN, rf"(?<![A-Z0-9])9\d{{2}}{_S1}[5-9]\d{_S1}\d{{4}}(?!\d)"),
    _shape(ITIN, rf"(?<![A-Z0-9])9\d{{2}}{_S}[5-9]\d{_S}\d{{4}}(?!\d)", r"itin|taxpayer"),
    _shape(I94, r"(?<![A-Z0-9])\d(?:[\s\-]?\d){8}\s?[A-Z]\s?\d(?![A-Z0-9])"),
    _shape(
        I94,
        r"(?<![A-Z0-9])\d(?:[\s\-]?\d){10}(?!\d)",
        r"i[\s\-]?94|admission\s(?:number|no|record)",
    ),
    _shape(
        PASSPORT,
        r"(?<![A-Z0-9])[A-Z]{0,2}[\s\-]?\d{6,9}[A-Z]?(?![A-Z0-9])",
        r"passport|pasaporte",
    ),
    _shape(ETA, rf"(?<![A-Z0-9])[A-Z]{_S1}\d{{3}}{_S1}\d{{5}}{_S1}\d{{6}}(?!\d)"),
    _shape(ETA, rf"(?<![A-Z0-9])[A-Z]{_S}\d{{5}}{_S1}\d{{5}}(?!\d)"),
    _shape(FEIN, r"(?<![A-Z0-9\-])\d{2}\s?-\s?\d{7}(?!\d)"),
    _shape(FEIN, rf"(?<![A-Z0-9])\d{{2}}{_S}\d{{7}}(?!\d)", r"f?ein\b|employer\sid"),
    _shape(CARD, r"(?<![A-Z0-9])[2-6](?:[ \-]{0,2}\d){12,18}(?!\d)", accept=_card),
    _shape(
        BIRTH, rf"(?<![A-Z0-9]){_DATE}", r"d\.?o\.?b|born|birth|birthday|nac.(?:do|da|miento)?"
    ),
    _shape(
        PHONE,
        rf"(?<![\w+])(?:\+?1{_S})?(?:\(\d{{3}}\){_S}\d{{3}}{_S}|\d{{3}}{_S1}\d{{3}}{_S1})\d{{4}}(?!\d)",
        accept=_unless_agency,
    ),
    _shape(PHONE, r"(?<![\w+/])1?[2-9]\d{2}[2-9]\d{6}(?![A-Z0-9])", accept=_unless_agency),
    _shape(PHONE, r"(?<![\w+])\+\s?\d(?:[\s.\-()]{0,2}\d){7,14}(?!\d)", accept=_unless_agency),
    _shape(
        PHONE,
        r"(?<![\w+])\(?\d(?:[.\-() ]{0,2}\d){6,14}(?![\d/])",
        r"(?:tele)?phone|tel|cell|mobile|whats\s?app|call\sme(?:\s(?:at|on))?|text\sme"
        r"|tel.fono|celular|ll.me[mn]e",
        also_after=False,
        accept=_unless_agency,
    ),
    _shape(
        LONG_NUMBER, r"(?<![A-Z0-9.,$/])\d{9,20}(?![A-Z0-9]|[.,]\d)", accept=_unless_agency
    ),
)  # fmt: skip
