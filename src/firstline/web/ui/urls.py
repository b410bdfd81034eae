"""The door, sign-in and sign-out."""

from allauth.account import views as account
from django.urls import path, re_path
from django.views.generic import RedirectView

from firstline.web.ui import brand
from firstline.web.ui.home import home
from firstline.web.ui.metrics import metrics
from firstline.web.ui.passwords import Ask, Choose
from firstline.web.ui.sign_in import SignIn
from firstline.web.ui.visits import Leave

register = RedirectView.as_view(pattern_name="register")

urlpatterns = [
    path("", home, name="home"),
    path("metrics", metrics, name="metrics"),
    path("portal-brand/<int:pk>-<slug:version>.css", brand.colour, name="brand_colour"),
    path("portal-brand/<int:pk>-<slug:version>.webp", brand.logo, name="brand_logo"),
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("visits/endings/", Leave.as_view(), name="visit_endings"),
    path("sign-up/", register, name="account_signup"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("password/", Ask.as_view(), name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        Choose.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/set/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
