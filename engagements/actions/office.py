"""The office's own words: names, agencies, and the role categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from engagements import audit, rules
from engagements.files.text import first_free
from engagements.models import Agency, Office, RoleCategory, User
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_LENGTH = 50
"""Leaves room for a number within the 60 characters of the column."""


class CategoryWords(NamedTuple):
    """What may change about a role category. Its key and kind never do."""

    label: str
    noun_phrase: str
    verb: str
    position: int
    is_offered: bool


class OfficeWords(TypedDict, total=False):
    department: str
    department_short: str
    name: str
    short_name: str
    case_form_url: str
    case_form_name: str
    address: str
    email: str
    website: str
    seal: bytes
    seal_text: str


@transaction.atomic
def edit_categories(
    *, by: User, words: Mapping[int, CategoryWords], added: CategoryWords | None = None
) -> list[RoleCategory]:
    """Take over the table, all of it or nothing: `words` by category id, and one added category.

    At least one category stays offered, or nobody could register. Writes one audit row for each
    category that changed.
    """
    _take_turn(by)
    for category in RoleCategory.objects.filter(pk__in=words):
        _edit(category, words[category.pk], by=by)
    if added is not None:
        category = RoleCategory.objects.create(key=free_key(added.label), **added._asdict())
        audit.record("category.added", category, by=by)
    if not RoleCategory.objects.filter(is_offered=True).exists():
        raise Refused(
            "none_offered",
            _("Please offer at least one role category. Without one nobody can register."),
        )
    return list(RoleCategory.objects.all())


@transaction.atomic
def add_agency(*, by: User, name: str, short_name: str, clears_answers: bool = False) -> Agency:
    _take_turn(by)
    _check_agency_names(name, short_name)
    agency = Agency.objects.create(name=name, short_name=short_name, clears_answers=clears_answers)
    audit.record("agency.added", agency, by=by)
    return agency


@transaction.atomic
def rename_agency(
    agency: Agency, *, by: User, name: str, short_name: str, clears_answers: bool | None = None
) -> Agency:
    """Pages show the new name at once. What was published or forwarded keeps the old one.

    `clears_answers`: whether a second person of the agency clears each answer; None for as before.
    """
    _take_turn(by)
    _check_agency_names(name, short_name, but_not=agency)
    renamed = Agency.objects.get(pk=agency.pk)
    renamed.name, renamed.short_name = name, short_name
    if clears_answers is not None:
        renamed.clears_answers = clears_answers
    renamed.save(update_fields=["name", "short_name", "clears_answers"])
    audit.record("agency.renamed", renamed, by=by, clears_answers=renamed.clears_answers)
    return renamed


@transaction.atomic
def edit_office(*, by: User, **words: Unpack[OfficeWords]) -> Office:
    """Change what is given."""
    current = _take_turn(by)
    current.seal = bytes(current.seal)
    changed = sorted(name for name, value in words.items() if getattr(current, name) != value)
    for name in changed:
        setattr(current, name, words[name])  # type: ignore[literal-required]  # a key of the same type
    if changed:
        current.save()
        audit.record("office.edited", current, by=by, fields=changed)
    return current


def _take_turn(by: User) -> Office:
    """The office, locked: one change to its words at a time, by an administrator of that moment."""
    office = Office.objects.select_for_update().get()
    if not rules.may_manage_people(User.objects.get(pk=by.pk)):
        raise NotAllowed("not_allowed", _("You may not change the words of the office."))
    return office


def _edit(category: RoleCategory, words: CategoryWords, *, by: User) -> None:
    values = words._asdict()
    changed = sorted(name for name, value in values.items() if getattr(category, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(category, name, values[name])
    category.save(update_fields=changed)
    audit.record("category.edited", category, by=by, fields=changed)


def free_key(label: str) -> str:
    """A key that no role category has yet."""
    stem = slugify(label)[:KEY_LENGTH].strip("-_") or "category"
    taken = set(RoleCategory.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return first_free(stem, taken)


def _check_agency_names(name: str, short_name: str, *, but_not: Agency | None = None) -> None:
    others = Agency.objects.exclude(pk=but_not.pk) if but_not else Agency.objects.all()
    if others.filter(name__iexact=name).exists():
        raise Refused("name_taken", _("Another agency has this name already."))
    if others.filter(short_name__iexact=short_name).exists():
        raise Refused("short_name_taken", _("Another agency has this short name already."))
