from django.urls import URLPattern, URLResolver, path

from imr.accounts.permissions import public
from imr.accounts.views import password, session

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", session.home, name="home"),
    path("sign-in/", public(session.SignInView.as_view()), name="sign-in"),
    path("sign-out/", public(session.sign_out), name="sign-out"),
    path("session/extend/", session.session_extend, name="session-extend"),
    path("account/", session.profile, name="profile"),
    path("account/password/", password.password_change, name="password-change"),
    path("password-reset/", public(password.password_reset), name="password-reset"),
    path("password-reset/sent/", public(password.password_reset_sent), name="password-reset-sent"),
    path(
        "password-reset/<str:uidb64>/<str:token>/",
        public(password.ResetConfirmView.as_view()),
        name="password-reset-confirm",
    ),
]
