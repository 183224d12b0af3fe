from __future__ import annotations

from django.urls import path

from engagements.views import accounts, outbox, people, public, staff

OFFICE = "office/engagements/<slug:slug>/"

urlpatterns = [
    path("", public.home, name="home"),
    path("engagements/<slug:slug>/", public.engagement, name="engagement"),
    path("engagements/<slug:slug>/register/", public.register, name="register"),
    path("engagements/<slug:slug>/registered/", public.registered, name="registered"),
    path("join/<str:token>/", public.join, name="join"),
    path("office/", staff.office, name="office"),
    path("office/engagements/new/", staff.engagement_new, name="engagement-new"),
    path(OFFICE, staff.engagement_office, name="engagement-office"),
    path(f"{OFFICE}edit/", staff.engagement_edit, name="engagement-edit"),
    path(f"{OFFICE}move/<str:move>/", staff.engagement_move, name="engagement-move"),
    path(f"{OFFICE}registrants/", staff.registrants, name="registrants"),
    path(
        f"{OFFICE}registrants/<int:pk>/remove/", staff.registrant_remove, name="registrant-remove"
    ),
    path(
        f"{OFFICE}registrants/<int:pk>/readmit/",
        staff.registrant_readmit,
        name="registrant-readmit",
    ),
    path(f"{OFFICE}members/", staff.members, name="members"),
    path(f"{OFFICE}members/<int:pk>/remove/", staff.member_remove, name="member-remove"),
    path("office/outbox/", outbox.outbox, name="outbox"),
    path("office/outbox/<int:pk>/", outbox.outbox_mail, name="outbox-mail"),
    path("invitations/<str:token>/", accounts.invitation, name="invitation"),
    path("office/people/", people.people, name="people"),
    path("office/people/<int:pk>/", people.person, name="person"),
    path("office/people/<int:pk>/deactivate/", people.deactivate, name="person-deactivate"),
    path("office/people/<int:pk>/reactivate/", people.reactivate, name="person-reactivate"),
    path("office/invitations/<int:pk>/resend/", people.resend_invitation, name="invitation-resend"),
    path(
        "office/invitations/<int:pk>/withdraw/",
        people.withdraw_invitation,
        name="invitation-withdraw",
    ),
    path("office/categories/", people.categories, name="categories"),
    path("office/agencies/", people.agencies, name="agencies"),
    path("office/agencies/<int:pk>/", people.agency_names, name="agency-names"),
    path("office/words/", people.office_words, name="office-words"),
    path("office/audit/", people.audit, name="audit"),
]
