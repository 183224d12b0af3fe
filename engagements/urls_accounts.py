from __future__ import annotations

from django.urls import path

from engagements.views import accounts, people

urlpatterns = [
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
