"""Set the office's house wordings. Published readouts keep their words; drafts follow at once."""

from __future__ import annotations

import json

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.models import Office, User
from engagements.refusals import NotAllowed, Refused
from readouts import rules
from readouts.models import HouseWording, Readout
from readouts.queries.wording import is_language, told
from readouts.wording import House
from readouts.wording.phrases import problems


class WordingOvertaken(Refused):
    """Somebody saved first. Nothing was written; `wording` is as it stands now."""

    def __init__(self, wording: HouseWording) -> None:
        super().__init__(
            "overtaken",
            _("%(name)s saved this wording on %(moment)s, while you were working on it.")
            % {
                "name": wording.changed_by or _("Somebody"),
                "moment": date_format(wording.changed_at, "F j, P T"),
            },
        )
        self.wording = wording


@transaction.atomic
def add(*, by: User, name: str, language: str, like: HouseWording | None = None) -> HouseWording:
    """A wording to edit, with the phrases of another one or the original's."""
    _take_turn(by)
    cleaned = _free_name(name)
    phrases = like.phrases if like else {}
    wording = HouseWording.objects.create(
        name=cleaned, language=_language(language), phrases=phrases, changed_by=by
    )
    audit.record("wording.added", wording, by=by, language=wording.language)
    return wording


@transaction.atomic
def edit(wording: HouseWording, *, by: User, revision: int, name: str, house: House) -> list[str]:
    """Take over name, language and all phrases; returns the names of what changed.

    Refuses a house that could not word every readout, and raises WordingOvertaken when `revision`
    is not the last one.
    """
    _take_turn(by)
    stored = HouseWording.objects.get(pk=wording.pk)
    cleaned = _free_name(name, but_not=stored)
    _language(house.language)
    if problem := next(problems(house), None):
        raise Refused("phrases", f"{problem.field}: {told(problem)}")
    phrases = house.to_json()
    both = stored.phrases | phrases
    changed = sorted(key for key in both if stored.phrases.get(key) != phrases.get(key))
    changed += ["language"] * (stored.language != house.language)
    changed += ["name"] * (stored.name != cleaned)
    if not changed and stored.revision == revision:
        return []
    _write(stored, by=by, revision=revision, name=cleaned, house=house, phrases=phrases)
    wording.refresh_from_db()
    audit.record("wording.edited", wording, by=by, fields=changed, phrases=_digest(wording))
    return changed


@transaction.atomic
def restore(wording: HouseWording, *, by: User, revision: int) -> None:
    """All phrases and habits are the original's again. Name and language stay."""
    _take_turn(by)
    stored = HouseWording.objects.get(pk=wording.pk)
    house = House.from_json(stored.language, {})
    _write(stored, by=by, revision=revision, name=stored.name, house=house, phrases={})
    wording.refresh_from_db()
    audit.record("wording.restored", wording, by=by, was=_digest(stored))


@transaction.atomic
def make_usual(wording: HouseWording | None, *, by: User) -> None:
    """For every readout that has not chosen one. None is the wording that comes with Openfloor."""
    office = _take_turn(by)
    was = HouseWording.objects.filter(is_usual=True).first()
    if was == wording:
        return
    HouseWording.objects.filter(is_usual=True).update(is_usual=False)
    if wording is not None:
        HouseWording.objects.filter(pk=wording.pk).update(is_usual=True)
    audit.record(
        "wording.made_usual",
        wording or office,
        by=by,
        was=was.pk if was else None,
        now=wording.pk if wording else None,
    )


@transaction.atomic
def remove(wording: HouseWording, *, by: User) -> None:
    """Refuses the usual one, and one that a readout was written in."""
    _take_turn(by)
    stored = HouseWording.objects.get(pk=wording.pk)
    if stored.is_usual:
        raise Refused("usual", _("This is the usual wording. Make another one the usual first."))
    if Readout.objects.filter(wording=stored).exists():
        raise Refused("chosen", _("Readouts are written in this wording, so it stays."))
    audit.record("wording.removed", stored, by=by, phrases=_digest(stored))
    stored.delete()


def _take_turn(by: User) -> Office:
    """The office, locked: one change to its words at a time."""
    office = Office.objects.select_for_update().get()
    if not rules.may_edit_wording(User.objects.get(pk=by.pk)):
        raise NotAllowed("not_allowed", _("You may not change the office's wording."))
    return office


def _write(
    wording: HouseWording,
    *,
    by: User,
    revision: int,
    name: str,
    house: House,
    phrases: dict[str, object],
) -> None:
    changed = HouseWording.objects.filter(pk=wording.pk, revision=revision).update(
        name=name,
        language=house.language,
        phrases=phrases,
        revision=F("revision") + 1,
        changed_by=by,
        changed_at=clock.now(),
    )
    if not changed:
        raise WordingOvertaken(wording)


def _free_name(name: str, *, but_not: HouseWording | None = None) -> str:
    cleaned = clean_line(name)
    if not cleaned:
        raise Refused("name", _("Please give the wording a name."))
    others = HouseWording.objects.exclude(pk=but_not.pk if but_not else 0)
    if others.filter(name__iexact=cleaned).exists():
        raise Refused("name_taken", _("Another wording has this name already."))
    return cleaned


def _language(language: str) -> str:
    if not is_language(language):
        raise Refused("language", _("Please give the language by its code, such as en or es."))
    return language


def _digest(wording: HouseWording) -> str:
    return audit.digest(json.dumps(wording.phrases, sort_keys=True))
