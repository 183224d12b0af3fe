from __future__ import annotations

from django.urls import include, path

from readouts.views import commitments, editing, public, reviewing, samples

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
    path("", editing.edit, name="readout-edit"),
    path("draft/", editing.draft, name="readout-draft"),
    path("save/", editing.save, name="readout-save"),
    path("refresh/", editing.refresh, name="readout-refresh"),
    path("samples/", samples.samples, name="readout-samples"),
    path("samples/save/", samples.save_samples, name="readout-samples-save"),
    path("preview/", editing.preview, name="readout-preview"),
    path("preview.pdf", editing.preview_pdf, name="readout-preview-pdf"),
    path("submit/", reviewing.submit, name="readout-submit"),
    path("return/", reviewing.return_to_draft, name="readout-return"),
    path("publish/", reviewing.publish, name="readout-publish"),
    path("correct/", reviewing.correct, name="readout-correct"),
    path("withdraw/", reviewing.withdraw, name="readout-withdraw"),
]
commitment_addresses = [
    path("", commitments.commitments, name="commitments"),
    path("<int:pk>/", commitments.commitment, name="commitment"),
    path("<int:pk>/assign/", commitments.commitment_assign, name="commitment-assign"),
    path("<int:pk>/keep/", commitments.commitment_keep, name="commitment-keep"),
    path("<int:pk>/drop/", commitments.commitment_drop, name="commitment-drop"),
    path("<int:pk>/reopen/", commitments.commitment_reopen, name="commitment-reopen"),
]
urlpatterns = [
    path("engagements/<slug:slug>/", include(public_addresses)),
    path("office/engagements/<slug:slug>/readout/", include(office_addresses)),
    path(
        "office/engagements/<slug:slug>/commitments/new/",
        commitments.commitment_new,
        name="commitment-new",
    ),
    path("office/commitments/", include(commitment_addresses)),
]
