"""What can be done over the socket: for whom, with which form, by which action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from engagements import audit
from engagements.forms.fields import sentences
from engagements.models import Registration, User
from engagements.refusals import NotAllowed, Refused
from qa import events, forms, projection, rules
from qa.actions import asking, floor, moderating
from qa.live.frames import BadFrame
from qa.live.limits import within_limits
from qa.models import Floor, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form

    from qa.access import Ticket

    Run = Callable[[Floor, Any, dict[str, Any]], dict[str, Any]]

ENVELOPE = frozenset({"id", "do"})


@dataclass(frozen=True, slots=True)
class Command:
    audience: str
    actor: type[Registration] | type[User]
    form: type[Form]
    run: Run


def _ask(on: Floor, by: Registration, data: dict[str, Any]) -> dict[str, Any]:
    return _own(asking.ask(on, by=by, **data))


def _withdraw(on: Floor, by: Registration, data: dict[str, Any]) -> dict[str, Any]:
    return _own(asking.withdraw(on, by=by, **data))


def _show(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    return _decided(moderating.show(on, by=by, **data))


def _hold(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    return _decided(moderating.hold(on, by=by, **data))


def _dismiss(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    return _decided(moderating.dismiss(on, by=by, **data))


def _mark(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    return _decided(moderating.mark(on, by=by, **data))


def _set_floor(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    return {"floor": floor.set_state(on, by=by, **data).state}


COMMANDS: dict[str, Command] = {
    "ask": Command(projection.ROOM, Registration, forms.AskForm, _ask),
    "withdraw": Command(projection.ROOM, Registration, forms.NumberForm, _withdraw),
    "show": Command(projection.DESK, User, forms.DecisionForm, _show),
    "hold": Command(projection.DESK, User, forms.DecisionForm, _hold),
    "dismiss": Command(projection.DESK, User, forms.DismissForm, _dismiss),
    "mark": Command(projection.DESK, User, forms.MarkForm, _mark),
    "floor": Command(projection.DESK, User, forms.FloorForm, _set_floor),
}


def execute(ticket: Ticket, frame: dict[str, Any]) -> dict[str, Any]:
    """Do what a frame says and return what its sender is told.

    Raises BadFrame for an unknown command or field, Refused for what is not done.
    """
    if not within_limits(ticket):
        raise Refused("too_fast", _("Too many messages. Please wait a minute."))
    command = COMMANDS.get(frame["do"])
    if command is None:
        raise BadFrame("unknown_command")
    on = Floor.objects.select_related("engagement").get(pk=ticket.floor)
    by = _who(ticket)
    if command.audience != ticket.audience or not isinstance(by, command.actor):
        _deny(on, by, frame["do"])
    data = _cleaned(command.form, {k: v for k, v in frame.items() if k not in ENVELOPE})
    if isinstance(by, User) and not rules.may_moderate(by, on.engagement):
        _deny(on, by, frame["do"])
    return command.run(on, by, data)


def _who(ticket: Ticket) -> Registration | User:
    """The person as stored now: what the ticket allowed may have ended since."""
    who: Registration | User | None = None
    if ticket.registration is not None:
        who = Registration.objects.filter(pk=ticket.registration).first()
    elif ticket.account is not None:
        who = User.objects.filter(pk=ticket.account, is_active=True).first()
    if who is None:
        raise NotAllowed("not_allowed", _("You are no longer admitted."))
    return who


def _deny(on: Floor, by: Registration | User, name: str) -> None:
    audit.record("command.denied", on, by=by, engagement=on.engagement, command=name)
    raise NotAllowed("not_allowed", _("This is not yours to do here."))


def _cleaned(form_class: type[Form], data: dict[str, Any]) -> dict[str, Any]:
    if not data.keys() <= form_class.base_fields.keys() or not all(
        isinstance(value, str | int) for value in data.values()
    ):
        raise BadFrame("unknown_field")
    form = form_class(data)
    if not form.is_valid():
        raise Refused("invalid", " ".join(sentences(form)))
    return form.cleaned_data


def _own(question: Question) -> dict[str, Any]:
    return {"question": projection.own_view(events.describe(question))}


def _decided(question: Question) -> dict[str, Any]:
    return {"question": projection.desk_view(events.describe(question))}
