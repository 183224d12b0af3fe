from __future__ import annotations

from django.urls import path

from qa.api import site
from qa.views import (
    acceptance,
    agenda,
    announcing,
    answer_mails,
    answering_polls,
    asker,
    backstage,
    desk,
    devices,
    entering,
    extensions,
    floor,
    forwarding,
    forwarding_draft,
    gate,
    importing,
    integrations,
    late,
    office_lists,
    polls,
    promises,
    public,
    question,
    screen,
    speaker,
)
from qa.views.agency import answering, colleagues, extending, integration, lists, uploads

urlpatterns = [
    path("engagements/<slug:slug>/room/", public.room, name="room"),
    path("engagements/<slug:slug>/room/ask/", public.ask, name="ask"),
    path("engagements/<slug:slug>/room/change/", public.change, name="change"),
    path("engagements/<slug:slug>/room/withdraw/", public.withdraw, name="withdraw"),
    path("engagements/<slug:slug>/room/want-answer/", public.want_answer, name="want-answer"),
    path("answer-mails/<str:token>/", answer_mails.answer_mails, name="answer-mails"),
    path("engagements/<slug:slug>/room/vote/", public.vote, name="vote"),
    path("engagements/<slug:slug>/room/companions/", public.companions, name="companions"),
    path("engagements/<slug:slug>/room/poll/", answering_polls.answer, name="poll-answer"),
    path("engagements/<slug:slug>/survey/", answering_polls.survey, name="survey"),
    path("survey/<str:token>/", answering_polls.survey_link, name="survey-link"),
    path("engagements/<slug:slug>/room/ticket/", public.room_ticket, name="room-ticket"),
    path("engagements/<slug:slug>/screen/", screen.screen, name="screen"),
    path("engagements/<slug:slug>/screen/ticket/", screen.screen_ticket, name="screen-ticket"),
    path("screen/<str:token>/", devices.open_link, name="view-link"),
    path("engagements/<slug:slug>/speaker/", speaker.speaker_view, name="speaker-view"),
    path("engagements/<slug:slug>/speaker/ticket/", speaker.speaker_ticket, name="speaker-ticket"),
    path("engagements/<slug:slug>/speaker/say/", speaker.speaker_say, name="speaker-say"),
    path(
        "engagements/<slug:slug>/speaker/acknowledge/",
        speaker.speaker_acknowledge,
        name="speaker-acknowledge",
    ),
    path("office/engagements/<slug:slug>/devices/", devices.view_links, name="view-links"),
    path(
        "office/engagements/<slug:slug>/devices/<int:pk>/revoke/",
        devices.revoke,
        name="view-link-revoke",
    ),
    path("office/engagements/<slug:slug>/backstage/say/", backstage.say, name="backstage-say"),
    path(
        "office/engagements/<slug:slug>/backstage/acknowledge/",
        backstage.acknowledge,
        name="backstage-acknowledge",
    ),
    path("office/engagements/<slug:slug>/desk/", desk.desk, name="desk"),
    path("office/engagements/<slug:slug>/desk/ticket/", desk.desk_ticket, name="desk-ticket"),
    path("office/engagements/<slug:slug>/desk/floor/", desk.set_floor, name="desk-floor"),
    path("office/engagements/<slug:slug>/desk/voting/", desk.set_voting, name="desk-voting"),
    path("office/engagements/<slug:slug>/desk/topic/", agenda.topic, name="desk-topic"),
    path("office/engagements/<slug:slug>/desk/<str:move>/", desk.decide, name="desk-decide"),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/",
        question.question,
        name="desk-question",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/asker/",
        asker.asker,
        name="desk-asker",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/asker/silence/",
        asker.silence,
        name="desk-asker-silence",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/asker/end-silence/",
        asker.end_silence,
        name="desk-asker-end-silence",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/asker/remove/",
        asker.remove,
        name="desk-asker-remove",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/do/<str:what>/",
        question.do,
        name="desk-question-do",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/finding/",
        gate.decide,
        name="desk-finding",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/redact/",
        gate.redact,
        name="desk-redact",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/redaction-undo/",
        gate.undo,
        name="desk-redaction-undo",
    ),
    path(
        "office/engagements/<slug:slug>/desk/questions/<int:number>/sealed/",
        gate.sealed,
        name="desk-sealed",
    ),
    path("office/questions/words/", office_lists.flagged_words, name="flagged-words"),
    path("office/questions/reasons/", office_lists.reasons, name="dismissal-reasons"),
    path("late/<str:token>/", late.enter, name="late-link"),
    path("engagements/<slug:slug>/late/", late.late, name="late"),
    path("office/engagements/<slug:slug>/floor/", floor.settings, name="floor-settings"),
    path("office/engagements/<slug:slug>/floor/late-mail/", floor.late_mail, name="late-mail"),
    path("office/engagements/<slug:slug>/labels/", agenda.labels, name="labels"),
    path(
        "office/engagements/<slug:slug>/labels/<int:pk>/rename/", agenda.rename, name="label-rename"
    ),
    path("office/engagements/<slug:slug>/labels/<int:pk>/move/", agenda.move, name="label-move"),
    path(
        "office/engagements/<slug:slug>/labels/<int:pk>/remove/", agenda.remove, name="label-remove"
    ),
    path("office/engagements/<slug:slug>/polls/", polls.polls, name="polls"),
    path("office/engagements/<slug:slug>/polls/results/", polls.sheet, name="poll-results"),
    path(
        "office/engagements/<slug:slug>/polls/new/",
        polls.new,
        {"moment": "during"},
        name="poll-new",
    ),
    path(
        "office/engagements/<slug:slug>/survey/new/",
        polls.new,
        {"moment": "after"},
        name="survey-question-new",
    ),
    path(
        "office/engagements/<slug:slug>/survey/<str:move>/", polls.survey_move, name="survey-move"
    ),
    path("office/engagements/<slug:slug>/polls/<int:number>/", polls.edit, name="poll-edit"),
    path(
        "office/engagements/<slug:slug>/polls/<int:number>/<str:move>/",
        polls.move,
        name="poll-move",
    ),
    path("office/engagements/<slug:slug>/announcements/", announcing.announce, name="announce"),
    path(
        "office/engagements/<slug:slug>/announcements/<int:pk>/take-back/",
        announcing.take_back,
        name="announcement-take-back",
    ),
    path("office/engagements/<slug:slug>/intake/", entering.enter, name="enter-question"),
    path("office/engagements/<slug:slug>/intake/sheet/", entering.sheet, name="intake-sheet"),
    path(
        "office/engagements/<slug:slug>/intake/imports/", importing.imports, name="question-imports"
    ),
    path(
        "office/engagements/<slug:slug>/intake/imports/take/",
        importing.take,
        name="question-import-take",
    ),
    path(
        "office/engagements/<slug:slug>/intake/imports/<int:pk>/undo/",
        importing.undo,
        name="question-import-undo",
    ),
    path(
        "office/engagements/<slug:slug>/intake/imports/<int:pk>/file/",
        importing.file,
        name="question-import-file",
    ),
    path("office/engagements/<slug:slug>/forwardings/", forwarding.forwardings, name="forwardings"),
    path(
        "office/engagements/<slug:slug>/forwardings/begin/",
        forwarding_draft.begin,
        name="forwarding-begin",
    ),
    path(
        "office/engagements/<slug:slug>/forwardings/draft/<int:pk>/",
        forwarding_draft.draft,
        name="forwarding-draft",
    ),
    path(
        "office/engagements/<slug:slug>/forwardings/draft/<int:pk>/seal/",
        forwarding_draft.seal,
        name="forwarding-seal",
    ),
    path(
        "office/engagements/<slug:slug>/forwardings/draft/<int:pk>/discard/",
        forwarding_draft.discard,
        name="forwarding-discard",
    ),
    path(
        "office/engagements/<slug:slug>/forwardings/<int:number>/",
        forwarding.forwarding,
        name="forwarding",
    ),
    path(
        "office/engagements/<slug:slug>/forwardings/<int:number>/recall/",
        forwarding.recall,
        name="forwarding-recall",
    ),
    path(
        "office/engagements/<slug:slug>/forwardings/<int:number>/files/<slug:kind>/",
        forwarding.file,
        name="forwarding-file",
    ),
    path("office/engagements/<slug:slug>/answers/", acceptance.answers, name="answers"),
    path(
        "office/engagements/<slug:slug>/answers/decide/", acceptance.decide, name="answers-decide"
    ),
    path("agency/", lists.home, name="agency"),
    path("agency/forwardings/<int:pk>/", lists.forwarding, name="agency-forwarding"),
    path("agency/forwardings/<int:pk>/files/<slug:kind>/", lists.file, name="agency-file"),
    path(
        "agency/forwardings/<int:pk>/receipts/<int:receipt>/", lists.receipt, name="agency-receipt"
    ),
    path("agency/forwardings/<int:pk>/do/", answering.bulk, name="agency-bulk"),
    path(
        "agency/forwardings/<int:pk>/questions/<int:number>/",
        answering.question,
        name="agency-question",
    ),
    path(
        "agency/forwardings/<int:pk>/questions/<int:number>/inside/",
        answering.inside,
        name="agency-question-inside",
    ),
    path(
        "agency/forwardings/<int:pk>/questions/<int:number>/<str:move>/",
        answering.move,
        name="agency-answer-move",
    ),
    path("agency/forwardings/<int:pk>/extension/", extending.extension, name="agency-extension"),
    path(
        "agency/forwardings/<int:pk>/extension/<int:extension>/withdraw/",
        extending.withdraw,
        name="agency-extension-withdraw",
    ),
    path("agency/forwardings/<int:pk>/uploads/", uploads.uploads, name="agency-uploads"),
    path("agency/forwardings/<int:pk>/uploads/<int:upload>/", uploads.upload, name="agency-upload"),
    path(
        "agency/forwardings/<int:pk>/uploads/<int:upload>/take/",
        uploads.take,
        name="agency-upload-take",
    ),
    path(
        "agency/forwardings/<int:pk>/uploads/<int:upload>/drop/",
        uploads.drop,
        name="agency-upload-drop",
    ),
    path(
        "agency/forwardings/<int:pk>/uploads/<int:upload>/file/",
        uploads.file,
        name="agency-upload-file",
    ),
    path("agency/people/", colleagues.people, name="agency-people"),
    path("agency/people/<int:pk>/<str:move>/", colleagues.person, name="agency-person"),
    path(
        "agency/invitations/<int:pk>/<str:move>/", colleagues.invitation, name="agency-invitation"
    ),
    path("agency/directorates/", colleagues.add_directorate, name="agency-directorates"),
    path(
        "agency/directorates/<int:pk>/<str:move>/",
        colleagues.directorate,
        name="agency-directorate",
    ),
    path(
        "office/engagements/<slug:slug>/extensions/<int:pk>/",
        extensions.extension,
        name="extension",
    ),
    path("agency/integration/", integration.overview, name="agency-integration"),
    path("agency/integration/tokens/new/", integration.new_token, name="agency-token-new"),
    path(
        "agency/integration/tokens/<int:pk>/revoke/",
        integration.revoke_token,
        name="agency-token-revoke",
    ),
    path("agency/integration/webhooks/new/", integration.new_hook, name="agency-hook-new"),
    path("agency/integration/webhooks/<int:pk>/", integration.hook, name="agency-hook"),
    path(
        "agency/integration/webhooks/<int:pk>/stop/", integration.stop_hook, name="agency-hook-stop"
    ),
    path("agency/integration/webhooks/<int:pk>/try/", integration.try_hook, name="agency-hook-try"),
    path(
        "agency/integration/deliveries/<int:pk>/again/",
        integration.send_again,
        name="agency-delivery-again",
    ),
    path("office/agencies/promises/", promises.promises, name="promises"),
    path("office/agencies/promises.xlsx", promises.promises_file, name="promises-file"),
    path(
        "office/agencies/promises/<int:pk>/", promises.promise_questions, name="promise-questions"
    ),
    path("office/agencies/integration/", integrations.integrations, name="integrations"),
    path(
        "office/agencies/integration/tokens/<int:pk>/revoke/",
        integrations.revoke_token,
        name="integration-token-revoke",
    ),
    path(
        "office/agencies/integration/webhooks/<int:pk>/stop/",
        integrations.stop_hook,
        name="integration-hook-stop",
    ),
    *site.urlpatterns,
]
