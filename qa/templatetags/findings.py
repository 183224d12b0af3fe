"""Personal identifiers in a question, for the pages that decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from qa import queries, rules
from qa.forms.gate import RedactForm

if TYPE_CHECKING:
    from engagements.models import Engagement
    from engagements.rules import Visitor
    from qa.models import Finding, Question, Redaction

register = template.Library()
register.filter("kind_name", queries.name_of)
register.filter("lists_with", queries.lists_with)


@register.filter
def findings(question: Question) -> list[Finding]:
    return list(queries.findings_of(question))


@register.filter
def redactions(question: Question) -> list[Redaction]:
    return list(queries.redactions_of(question))


@register.filter
def redact_form(question: Question) -> RedactForm:
    """An empty one for this question's page."""
    return RedactForm(findings=[], auto_id=f"redact-{question.number}-%s")


@register.filter
def decides_findings(user: Visitor, engagement: Engagement) -> bool:
    return rules.may_decide_about_findings(user, engagement)


@register.filter
def redacts(user: Visitor, engagement: Engagement) -> bool:
    return rules.may_moderate(user, engagement)


@register.filter
def opens_sealed(user: Visitor, engagement: Engagement) -> bool:
    return rules.may_see_desk(user, engagement)
