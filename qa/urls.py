from __future__ import annotations

from django.urls import path

from qa.views import agency, announcing, desk, forwarding, public, screen

urlpatterns = [
    path("engagements/<slug:slug>/room/", public.room, name="room"),
    path("engagements/<slug:slug>/room/ask/", public.ask, name="ask"),
    path("engagements/<slug:slug>/room/withdraw/", public.withdraw, name="withdraw"),
    path("engagements/<slug:slug>/room/vote/", public.vote, name="vote"),
    path("engagements/<slug:slug>/room/companions/", public.companions, name="companions"),
    path("engagements/<slug:slug>/room/ticket/", public.room_ticket, name="room-ticket"),
    path("engagements/<slug:slug>/screen/", screen.screen, name="screen"),
    path("engagements/<slug:slug>/screen/ticket/", screen.screen_ticket, name="screen-ticket"),
    path("office/engagements/<slug:slug>/desk/", desk.desk, name="desk"),
    path("office/engagements/<slug:slug>/desk/ticket/", desk.desk_ticket, name="desk-ticket"),
    path("office/engagements/<slug:slug>/desk/floor/", desk.set_floor, name="desk-floor"),
    path("office/engagements/<slug:slug>/desk/voting/", desk.set_voting, name="desk-voting"),
    path("office/engagements/<slug:slug>/desk/<str:move>/", desk.decide, name="desk-decide"),
    path("office/engagements/<slug:slug>/announcements/", announcing.announce, name="announce"),
    path(
        "office/engagements/<slug:slug>/announcements/<int:pk>/take-back/",
        announcing.take_back,
        name="announcement-take-back",
    ),
    path("office/engagements/<slug:slug>/forwardings/", forwarding.forwardings, name="forwardings"),
    path("office/engagements/<slug:slug>/forwardings/forward/", forwarding.forward, name="forward"),
    path(
        "office/engagements/<slug:slug>/forwardings/<int:number>/recall/",
        forwarding.recall,
        name="forwarding-recall",
    ),
    path(
        "office/engagements/<slug:slug>/forwardings/<int:number>/file/",
        forwarding.file,
        name="forwarding-file",
    ),
    path("agency/", agency.home, name="agency"),
    path("agency/forwardings/<int:pk>/", agency.forwarding, name="agency-forwarding"),
    path("agency/forwardings/<int:pk>/file/", agency.file, name="agency-file"),
]
