from __future__ import annotations

from django.urls import include, path

from readouts.views import public, staff

public_addresses = [
    path("readout/", public.readout, name="readout"),
    path("readout.pdf", public.readout_pdf, name="readout-pdf"),
    path("readout/versions/<int:number>/", public.readout_version, name="readout-version"),
    path(
        "readout/versions/<int:number>.pdf",
        public.readout_version_pdf,
        name="readout-version-pdf",
    ),
]
office_addresses = [
    path("", staff.edit, name="readout-edit"),
    path("draft/", staff.draft, name="readout-draft"),
    path("save/", staff.save, name="readout-save"),
    path("refresh/", staff.refresh, name="readout-refresh"),
    path("samples/", staff.samples, name="readout-samples"),
    path("samples/save/", staff.save_samples, name="readout-samples-save"),
    path("preview/", staff.preview, name="readout-preview"),
    path("preview.pdf", staff.preview_pdf, name="readout-preview-pdf"),
    path("submit/", staff.submit, name="readout-submit"),
    path("return/", staff.return_to_draft, name="readout-return"),
    path("publish/", staff.publish, name="readout-publish"),
    path("correct/", staff.correct, name="readout-correct"),
    path("withdraw/", staff.withdraw, name="readout-withdraw"),
]
urlpatterns = [
    path("engagements/<slug:slug>/", include(public_addresses)),
    path("office/engagements/<slug:slug>/readout/", include(office_addresses)),
]
