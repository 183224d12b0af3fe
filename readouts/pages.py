"""The pages on which a readout is written and read over, also with what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from readouts import queries, rules, states, unsent
from readouts.access import next_steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from readouts.actions import editing
    from readouts.forms import TextForm
    from readouts.models import Readout


def preview_page(
    request: HttpRequest,
    readout: Readout,
    refused: Mapping[str, Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """`refused`: forms of the next step that are shown again, by their names in the template."""
    context = next_steps(request, readout, refused) | queries.preview_page(readout)
    return render(request, "readouts/staff/preview.html", context, status=status)


def edit_page(
    request: HttpRequest,
    readout: Readout,
    form: TextForm,
    *,
    conflict: editing.Overtaken | None = None,
    refused: Mapping[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts, fresh = queries.stored_facts(readout), queries.fresh_facts(readout)
    typed = {name: form.data[name] for name in queries.TEXTS if name in form.data}
    is_writing = readout.state == states.DRAFT and rules.may_edit(request.user, readout.engagement)
    context = next_steps(request, readout, refused) | {
        "form": form,
        "is_writing": is_writing,
        "conflict": conflict,
        "conflict_parts": queries.conflict_parts(readout, conflict.columns, form.data)
        if conflict
        else [],
        "opening": queries.opening_of(readout),
        "sections": queries.edited_sections(readout, typed),
        "typed_comments": _typed_comments(request, readout.engagement.slug),
        "appended": queries.appended_of(readout),
        "palette": queries.palette(readout, fresh),
        "facts": queries.counted(facts),
        "differences": queries.differences(facts, fresh),
        "leaves_out": queries.leaves_out(readout),
        "samples": queries.samples_of(readout),
        "versions": queries.versions_of(readout),
    }
    return render(request, "readouts/staff/edit.html", context, status=status)


def _typed_comments(request: HttpRequest, slug: str) -> dict[str, str]:
    """By section: of the form of the text, also before another button, or of one of its own."""
    return unsent.held(request, slug) | {
        request.POST.get("section", ""): request.POST.get("text", "")
    }
