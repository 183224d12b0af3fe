"""Letters of the office to registrants or attendees, and what else is planned to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements import access, outbox, rules
from engagements.actions import mailing, reviewing
from engagements.forms.mail import LetterForm
from engagements.models import Mailing, Office
from engagements.queries.mail import mailings, recipients
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page()
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Write, see how many would get it and how it looks, then send: the same form, two buttons."""
    found = access.engagement_for(request, slug, rules.may_write_to_people)
    if request.method != "POST":
        return _page(request, found, LetterForm(), 200)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 400)
    if "send" not in request.POST:
        return _page(request, found, form, 200, is_preview=True)
    try:
        letter = mailing.write(
            found,
            by=access.account(request),
            audience=form.audience(),
            **{name: form.cleaned_data[name] for name in ("subject", "body", "is_held")},
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, form, 409)
    messages.success(
        request,
        _("The letter is written. Its mails wait in the outbox for your release.")
        if letter.is_held or found.holds_mail
        else _("The letter is on its way."),
    )
    return redirect("letters", found.slug)


@require_POST
@access.office_page()
def letter_discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.engagement_for(request, slug, rules.may_write_to_people)
    planned = get_object_or_404(found.mailings.select_related("engagement"), pk=pk)
    with access.refusals_told(request):
        mailing.discard(planned, by=access.account(request))
        messages.success(request, _("It is discarded."))
    return redirect("letters", found.slug)


@require_POST
@access.office_page()
def letters_hold(request: HttpRequest, slug: str) -> HttpResponse:
    """The switch that holds all mail of the engagement."""
    found = access.engagement_for(request, slug, rules.may_write_to_people)
    is_held = request.POST.get("hold") == "yes"
    with access.refusals_told(request):
        reviewing.hold_mail_of(found, by=access.account(request), is_held=is_held)
        messages.success(
            request,
            _("Mail of this engagement now waits in the outbox until somebody releases it.")
            if is_held
            else _("New mail of this engagement goes out by itself. What is held stays held."),
        )
    return redirect("letters", found.slug)


def _page(
    request: HttpRequest,
    engagement: Engagement,
    form: LetterForm,
    status: int,
    *,
    is_preview: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "engagement": engagement,
        "form": form,
        "mailings": mailings(engagement),
        "is_preview": is_preview,
    }
    if is_preview:
        draft = Mailing(
            engagement=engagement,
            occasion=Mailing.Occasion.LETTER,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            audience=form.audience(),
        )
        context |= {
            "people": recipients(draft).count(),
            "preview": outbox.compose(
                "engagements/letter",
                to="",
                engagement=engagement,
                letter=draft,
                office=Office.current(),
            ),
        }
    return render(request, "engagements/staff/letters.html", context, status=status)
