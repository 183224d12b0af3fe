"""What can be done over the socket: for whom, with which form, by which action."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from django.utils.translation import gettext as _

from engagements import audit
from engagements.forms.fields import sentences
from engagements.models import Registration, User
from engagements.refusals import NotAllowed, Refused
from qa import events, forms, projection, queries, rules
from qa.actions import (
    agenda,
    asking,
    backstage,
    bulk,
    changing,
    floor,
    moderating,
    poll_answering,
    sorting,
    undoing,
    voting,
    wishes,
)
from qa.forms.floor import TopicForm
from qa.forms.stage import SayForm
from qa.live import looking
from qa.live.database import run
from qa.live.frames import BadFrame
from qa.live.writer import writer
from qa.models import Floor, Question, ViewLink
from qa.pace import check_pace
from qa.queries import hints

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form

    from qa.access import Ticket
    from qa.live.writer import Outcome
    from qa.models import BackstageMessage

Hot = asking.Ask | voting.Ballot | poll_answering.Reply
"""What the writer stores."""

ENVELOPE = frozenset({"id", "do"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`write` makes of a hot command what the writer stores, `tell` tells the other processes
    something that nobody stores; `act` does any other at once."""

    audience: str
    form: type[Form]
    act: Callable[[Floor, Any, dict[str, Any]], dict[str, Any]] | None = None
    write: Callable[[int, dict[str, Any]], Hot] | None = None
    tell: Callable[[Ticket, User, dict[str, Any]], dict[str, Any]] | None = None


def _ask(by: int, data: dict[str, Any]) -> asking.Ask:
    return asking.Ask(by, **data)


def _vote(by: int, data: dict[str, Any]) -> voting.Ballot:
    return voting.Ballot(by, data["number"], is_cast=True)


def _unvote(by: int, data: dict[str, Any]) -> voting.Ballot:
    return voting.Ballot(by, data["number"], is_cast=False)


def _answer_poll(by: int, data: dict[str, Any]) -> poll_answering.Reply:
    return poll_answering.Reply(by, data["number"], data["chosen"])


def _withdraw(on: Floor, by: Registration, data: dict[str, Any]) -> dict[str, Any]:
    return {"question": projection.own_view(events.describe(asking.withdraw(on, by=by, **data)))}


def _change(on: Floor, by: Registration, data: dict[str, Any]) -> dict[str, Any]:
    return {"question": projection.own_view(events.describe(changing.change(on, by=by, **data)))}


def _want_answer(on: Floor, by: Registration, data: dict[str, Any]) -> dict[str, Any]:
    return {"question": projection.own_view(events.describe(wishes.want(on, by=by, **data)))}


def _hint(on: Floor, by: Registration, data: dict[str, Any]) -> dict[str, Any]:
    if by.pk not in queries.admitted(on, {by.pk}):
        raise NotAllowed("not_admitted", _("Your link no longer opens this room."))
    return {"hints": hints.hints(on, data["text"], by=by.pk)}


def _decision(
    action: Callable[..., Question],
) -> Callable[[Floor, Any, dict[str, Any]], dict[str, Any]]:
    def act(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
        return {"question": projection.desk_view(events.describe(action(on, by=by, **data)))}

    return act


def _many(
    action: Callable[..., bulk.Outcome],
) -> Callable[[Floor, Any, dict[str, Any]], dict[str, Any]]:
    def act(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
        done, refused = action(on, by=by, **data)
        return {
            "done": [{"number": one.number, "revision": one.revision} for one in done],
            "refused": [one._asdict() for one in refused],
        }

    return act


def _look(ticket: Ticket, by: User, data: dict[str, Any]) -> dict[str, Any]:
    events.look(ticket.floor, looking.seen(ticket, by.pk, by.name, data["number"]))
    return data


def _set_floor(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    return {"floor": floor.set_state(on, by=by, **data).state}


def _set_voting(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    return {"voting": voting.set_voting(on, by=by, **data).voting}


def _set_topic(on: Floor, by: User, data: dict[str, Any]) -> dict[str, Any]:
    label = agenda.set_topic(on, by=by, **data).current_label
    return {"label": label.name if label else ""}


def _backstage(
    action: Callable[..., BackstageMessage],
) -> Callable[[Floor, Any, dict[str, Any]], dict[str, Any]]:
    def act(on: Floor, by: User | ViewLink, data: dict[str, Any]) -> dict[str, Any]:
        return {"number": action(on, by=by, **data).pk}

    return act


_ROOM, _DESK, _BACKSTAGE = projection.ROOM, projection.DESK, projection.BACKSTAGE
COMMANDS: dict[str, Command] = {
    "ask": Command(audience=_ROOM, form=forms.AskForm, write=_ask),
    "withdraw": Command(audience=_ROOM, form=forms.NumberForm, act=_withdraw),
    "change": Command(audience=_ROOM, form=forms.ChangeForm, act=_change),
    "want-answer": Command(audience=_ROOM, form=forms.WishForm, act=_want_answer),
    "hint": Command(audience=_ROOM, form=forms.HintForm, act=_hint),
    "vote": Command(audience=_ROOM, form=forms.NumberForm, write=_vote),
    "unvote": Command(audience=_ROOM, form=forms.NumberForm, write=_unvote),
    "answer-poll": Command(audience=_ROOM, form=forms.AnswerPollForm, write=_answer_poll),
    "show": Command(audience=_DESK, form=forms.DecisionForm, act=_decision(moderating.show)),
    "hold": Command(audience=_DESK, form=forms.DecisionForm, act=_decision(moderating.hold)),
    "dismiss": Command(audience=_DESK, form=forms.DismissForm, act=_decision(moderating.dismiss)),
    "mark": Command(audience=_DESK, form=forms.MarkForm, act=_decision(moderating.mark)),
    "divert": Command(audience=_DESK, form=forms.DecisionForm, act=_decision(moderating.divert)),
    "label": Command(audience=_DESK, form=forms.LabelForm, act=_decision(sorting.set_label)),
    "assign": Command(audience=_DESK, form=forms.SpeakerForm, act=_decision(sorting.assign)),
    "bulk": Command(audience=_DESK, form=forms.BulkForm, act=_many(bulk.apply)),
    "undo": Command(audience=_DESK, form=forms.UndoForm, act=_many(undoing.undo)),
    "look": Command(audience=_DESK, form=forms.LookForm, tell=_look),
    "floor": Command(audience=_DESK, form=forms.FloorForm, act=_set_floor),
    "voting": Command(audience=_DESK, form=forms.VotingForm, act=_set_voting),
    "topic": Command(audience=_DESK, form=TopicForm, act=_set_topic),
    "say": Command(audience=_BACKSTAGE, form=SayForm, act=_backstage(backstage.say)),
    "acknowledge": Command(
        audience=_BACKSTAGE, form=forms.NumberForm, act=_backstage(backstage.acknowledge)
    ),
}


async def execute(ticket: Ticket, frame: dict[str, Any]) -> dict[str, Any]:
    """Do what a frame says and return what its sender is told, after the commit.

    Hot commands go to the writer, any other to the database at once. Raises BadFrame for an
    unknown command or field, Refused for what is not done, NotStored for what may be sent again.
    """
    check_pace(ticket.viewer, is_account=ticket.account is not None)
    data = understand(ticket, frame)
    command = COMMANDS[frame["do"]]
    if command.write is None or not is_for(command, ticket):
        return await run(perform, ticket, frame["do"], data)
    outcome = await writer().store(ticket.floor, command.write(ticket.registration or 0, data))
    return _told(outcome, data)


def understand(ticket: Ticket, frame: dict[str, Any]) -> dict[str, Any]:
    """The command's fields, checked by its form; nothing of a command that is not this socket's."""
    command = COMMANDS.get(frame["do"])
    if command is None:
        raise BadFrame("unknown_command")
    if not is_for(command, ticket):
        return {}
    return _cleaned(command.form, {k: v for k, v in frame.items() if k not in ENVELOPE})


def perform(ticket: Ticket, name: str, data: dict[str, Any]) -> dict[str, Any]:
    """Do one command by itself, with the rights of this moment; denied ones are on record."""
    command = COMMANDS[name]
    on = Floor.objects.select_related("engagement").get(pk=ticket.floor)
    by = _who(ticket)
    if not is_for(command, ticket):
        _deny(on, by, name)
    if isinstance(by, User) and not rules.may_moderate(by, on.engagement):
        _deny(on, by, name)
    if command.tell is not None and isinstance(by, User):
        return command.tell(ticket, by, data)
    assert command.act is not None  # hot commands that are not denied go to the writer
    return command.act(on, by, data)


def is_for(command: Command, ticket: Ticket) -> bool:
    if command.audience == projection.BACKSTAGE:
        return projection.sees_backstage(ticket.audience, is_speaker=ticket.speaker is not None)
    actor = ticket.registration if command.audience == projection.ROOM else ticket.account
    return command.audience == ticket.audience and actor is not None


def _told(outcome: Outcome, data: dict[str, Any]) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        raise outcome
    if isinstance(outcome, Question):
        return {"question": projection.own_view(events.describe(outcome))}
    if isinstance(outcome, list):
        return {"number": data["number"], "chosen": outcome}
    return {"number": data["number"], "voted": outcome}


def _who(ticket: Ticket) -> Registration | User | ViewLink:
    """The person, or the device, as stored now: what the ticket allowed may have ended since."""
    who: Registration | User | ViewLink | None = None
    if ticket.registration is not None:
        who = Registration.objects.filter(pk=ticket.registration).first()
    elif ticket.device is not None:
        who = _open_link(ticket.device)
    elif ticket.account is not None:
        who = User.objects.filter(pk=ticket.account, is_active=True).first()
    if who is None:
        raise NotAllowed("not_allowed", _("You are no longer admitted."))
    return who


def _open_link(pk: int) -> ViewLink | None:
    found = ViewLink.objects.select_related("floor__engagement", "speaker").filter(pk=pk).first()
    return found if found and rules.is_link_open(found) else None


def _deny(on: Floor, by: Registration | User | ViewLink, name: str) -> NoReturn:
    who = by.actor if isinstance(by, ViewLink) else by
    audit.record("command.denied", on, by=who, engagement=on.engagement, command=name)
    raise NotAllowed("not_allowed", _("This is not yours to do here."))


def _cleaned(form_class: type[Form], data: dict[str, Any]) -> dict[str, Any]:
    if not data.keys() <= form_class.base_fields.keys() or not all(
        isinstance(value, str | int) for value in data.values()
    ):
        raise BadFrame("unknown_field")
    form = _form(form_class)
    form.data = data
    form.full_clean()
    if form.errors:
        raise Refused("invalid", " ".join(sentences(form)))
    return form.cleaned_data


@cache
def _form(form_class: type[Form]) -> Form:
    """One form for all commands of a kind, cleaned anew for each: to make one copies every field.

    Only the loop's thread uses it.
    """
    return form_class({})
