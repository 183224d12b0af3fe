from __future__ import annotations

from django.urls import include, path

from readouts.views import (
    answered,
    archive,
    clearance,
    commitments,
    editing,
    feeds,
    figures,
    files,
    follow_up,
    following_up,
    memory,
    public,
    recurring,
    reviewing,
    samples,
    versions,
    wording,
)

public_addresses = [
    path("questions/", archive.questions, name="public-questions"),
    path("readout/", public.readout, name="readout"),
    path("readout.<str:format>", public.readout_file, name="readout-file"),
    path("readout/versions/<int:number>/", public.readout_version, name="readout-version"),
    path(
        "readout/versions/<int:number>.<str:format>",
        public.readout_version_file,
        name="readout-version-file",
    ),
    path("follow-up/", follow_up.follow_up, name="follow-up"),
    path("follow-up.<str:format>", follow_up.follow_up_file, name="follow-up-file"),
    path(
        "follow-up/questions/<int:number>/",
        follow_up.follow_up_question,
        name="follow-up-question",
    ),
    path("follow-up/<int:number>/", follow_up.follow_up_edition, name="follow-up-edition"),
    path(
        "follow-up/<int:number>.<str:format>",
        follow_up.follow_up_edition_file,
        name="follow-up-edition-file",
    ),
    path("readout/counted/", figures.counted, name="readout-counted"),
    path(
        "readout/versions/<int:number>/counted/",
        figures.version_counted,
        name="readout-version-counted",
    ),
    path(
        "readout/versions/<int:before>/<int:after>/",
        versions.difference,
        name="readout-difference",
    ),
]
office_addresses = [
    path("", editing.edit, name="readout-edit"),
    path("draft/", editing.draft, name="readout-draft"),
    path("save/", editing.save, name="readout-save"),
    path("section/", editing.section, name="readout-section"),
    path("comments/", editing.comment, name="readout-comment"),
    path("comments/<int:pk>/", editing.comment_settle, name="readout-comment-settle"),
    path("refresh/", editing.refresh, name="readout-refresh"),
    path("samples/", samples.samples, name="readout-samples"),
    path("samples/save/", samples.save_samples, name="readout-samples-save"),
    path("figures/", figures.figures, name="readout-figures"),
    path("figures/<str:key>/", figures.figure, name="readout-figure"),
    path("settle/", figures.settle, name="readout-settle"),
    path("preview/", editing.preview, name="readout-preview"),
    path("preview.<str:format>", files.preview_file, name="readout-preview-file"),
    path("submit/", reviewing.submit, name="readout-submit"),
    path("approve/", reviewing.approve, name="readout-approve"),
    path("return/", reviewing.return_to_draft, name="readout-return"),
    path("publish/", reviewing.publish, name="readout-publish"),
    path("schedule/", reviewing.schedule, name="readout-schedule"),
    path("unschedule/", reviewing.unschedule, name="readout-unschedule"),
    path("correct/", reviewing.correct, name="readout-correct"),
    path("withdraw/", reviewing.withdraw, name="readout-withdraw"),
    path("history/", clearance.history, name="readout-history"),
    path("changes/", versions.changes, name="readout-changes"),
    path(
        "versions/<int:before>/<int:after>/",
        versions.difference_in_office,
        name="readout-office-difference",
    ),
]
follow_up_addresses = [
    path("", following_up.choose, name="follow-up-office"),
    path("preview/", following_up.preview, name="follow-up-preview"),
    path("publish/", following_up.publish, name="follow-up-publish"),
]
commitment_addresses = [
    path("", commitments.commitments, name="commitments"),
    path("<int:pk>/", commitments.commitment, name="commitment"),
    path("<int:pk>/assign/", commitments.commitment_assign, name="commitment-assign"),
    path("<int:pk>/keep/", commitments.commitment_keep, name="commitment-keep"),
    path("<int:pk>/drop/", commitments.commitment_drop, name="commitment-drop"),
    path("<int:pk>/reopen/", commitments.commitment_reopen, name="commitment-reopen"),
]
chain_addresses = [
    path("", clearance.steps, name="clearance"),
    path("add/", clearance.add, name="clearance-add"),
    path("<int:pk>/", clearance.save, name="clearance-save"),
    path("<int:pk>/move/", clearance.move, name="clearance-move"),
]
wording_addresses = [
    path("", wording.list_of_wordings, name="wordings"),
    path("original/", wording.original, name="wording-original"),
    path("preview/", wording.preview, name="wording-preview"),
    path("usual/", wording.make_usual, name="wording-usual"),
    path("<int:pk>/", wording.wording, name="wording"),
    path("<int:pk>/restore/", wording.restore, name="wording-restore"),
    path("<int:pk>/remove/", wording.remove, name="wording-remove"),
]
memory_addresses = [
    path("", memory.memory, name="memory"),
    path("figures.xlsx", memory.memory_sheet_file, name="memory-sheet"),
    path("questions/", recurring.recurring_questions, name="recurring-questions"),
    path("questions/find/", recurring.recurring_find, name="recurring-find"),
    path("questions/note/", recurring.recurring_note, name="recurring-note"),
    path("questions/<int:pk>/", recurring.recurring_question, name="recurring-question"),
    path("questions/<int:pk>/rename/", recurring.recurring_rename, name="recurring-rename"),
    path(
        "questions/<int:pk>/forget/<int:recurrence>/",
        recurring.recurring_forget,
        name="recurring-forget",
    ),
]
urlpatterns = [
    path("archive/", archive.archive, name="archive"),
    path("answered/", answered.answered, name="answered"),
    path("archive/feed.atom", feeds.archive_feed, name="archive-feed"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", feeds.sitemap_part, name="sitemap-part"),
    path("robots.txt", feeds.robots, name="robots"),
    path("office/wording/", include(wording_addresses)),
    path("office/clearance/", include(chain_addresses)),
    path("engagements/<slug:slug>/", include(public_addresses)),
    path("office/engagements/<slug:slug>/readout/", include(office_addresses)),
    path("office/engagements/<slug:slug>/follow-up/", include(follow_up_addresses)),
    path(
        "office/engagements/<slug:slug>/commitments/new/",
        commitments.commitment_new,
        name="commitment-new",
    ),
    path("office/commitments/", include(commitment_addresses)),
    path("office/memory/", include(memory_addresses)),
]
