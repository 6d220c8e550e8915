from django.urls import URLPattern, URLResolver, path

from imr.accounts.permissions import public
from imr.accounts.views import api_token, invitation, mail, organization, password, person, session

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", session.home, name="home"),
    path("sign-in/", public(session.SignInView.as_view()), name="sign-in"),
    path("sign-out/", public(session.sign_out), name="sign-out"),
    path("session/extend/", session.session_extend, name="session-extend"),
    path("session/resume/", session.session_resume, name="session-resume"),
    path("account/", session.account, name="account"),
    path("account/mails/", mail.mail_choices, name="mail-choices"),
    path("mails/", mail.mail_list, name="mail-list"),
    path("mails/<int:pk>/again/", mail.mail_again, name="mail-again"),
    path("mails/off/<str:token>/", public(mail.mail_off), name="mail-off"),
    path("account/password/", password.password_change, name="password-change"),
    path("password-reset/", public(password.password_reset), name="password-reset"),
    path("password-reset/sent/", public(password.password_reset_sent), name="password-reset-sent"),
    path(
        "password-reset/<str:uidb64>/<str:token>/",
        public(password.ResetConfirmView.as_view()),
        name="password-reset-confirm",
    ),
    path("people/", person.person_list, name="person-list"),
    path("people/invite/", invitation.invitation_create, name="invitation-create"),
    path("people/<int:pk>/", person.person_detail, name="person-detail"),
    path("people/<int:pk>/role/", person.person_role, name="person-role"),
    path("people/<int:pk>/close/", person.person_deactivate, name="person-deactivate"),
    path("people/<int:pk>/reopen/", person.person_reactivate, name="person-reactivate"),
    path("invitations/<int:pk>/resend/", invitation.invitation_resend, name="invitation-resend"),
    path("invitations/<int:pk>/revoke/", invitation.invitation_revoke, name="invitation-revoke"),
    path("invitation/<str:token>/", public(invitation.invitation_accept), name="invitation-accept"),
    path("organizations/", organization.organization_list, name="organization-list"),
    path("organizations/new/", organization.organization_create, name="organization-create"),
    path("organizations/<int:pk>/", organization.organization_edit, name="organization-edit"),
    path("tokens/", api_token.token_list, name="token-list"),
    path("tokens/<int:pk>/revoke/", api_token.token_revoke, name="token-revoke"),
]
