"""How a page of an agency finds its list; every other one is answered as if it never was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from engagements import rules as account_rules
from engagements.access import account, office_page
from qa import queries, rules
from qa.queries.agency import desk

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from engagements.models import Agency
    from qa.models import Directorate, ForwardedQuestion, Forwarding

lead_page = office_page(account_rules.is_lead)
"""For liaisons who are no contributors; 404 for others."""


def own_agency(request: HttpRequest) -> Agency:
    agency = account(request).agency
    if agency is None:
        raise Http404
    return agency


def sent_to(request: HttpRequest, pk: int, *, lead: bool = False) -> Forwarding:
    """A list of the visitor's own agency that was not recalled."""
    person = account(request)
    sent = queries.forwardings_for(person).filter(pk=pk).first()
    rule = rules.may_lead if lead else rules.may_open_as_liaison
    if sent is None or not rule(person, sent):
        raise Http404
    return sent


def question_on(request: HttpRequest, sent: Forwarding, number: int) -> ForwardedQuestion:
    """A question of the list that this person may see, and that was not withdrawn."""
    found = desk.desk_questions(sent, of=account(request)).exclude(text="")
    question: ForwardedQuestion | None = found.filter(number=number).first()
    if question is None:
        raise Http404
    return question


def directorates(agency: Agency) -> QuerySet[Directorate]:
    return agency.directorates.order_by("name", "pk")
