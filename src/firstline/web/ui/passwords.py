"""“Forgot your password?”: a link by mail, for those who never had one as well.

The page that somebody wanted to see goes along to the end: it is one of the host that was asked, or none.
"""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import ResetPasswordForm, UserTokenForm, default_token_generator
from allauth.account.utils import get_next_redirect_url, user_pk_to_url_str
from allauth.account.views import (
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from firstline.base.languages import known
from firstline.mail.outbound import accounts
from firstline.people import directory, portals
from firstline.people.actions.passwords import ask_for_password
from firstline.web.ui import limits
from firstline.web.ui.account_forms import EmailField
from firstline.web.ui.refusals import too_many

if TYPE_CHECKING:
    from firstline.events.models import Event

LONGEST = 500  # characters of the page that was wanted


class AskForm(ResetPasswordForm):
    """The form of allauth, without its look-up: known and unknown addresses get one answer."""

    email = EmailField()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email = str(self.cleaned_data["email"])
        ask_for_password(email, translation.get_language() or "", wanted=wanted(request))
        return email


class Ask(PasswordResetView):
    """GET: the form. POST: write down the wish, not too often, and say what happens now."""

    def form_valid(self, form: AskForm) -> HttpResponse:
        if not limits.may_ask_for_link(self.request, form.cleaned_data["email"]):
            return too_many(self.request)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_success_url(self) -> str:
        return passed_on(self.request, "account_reset_password_done")


class Asked(PasswordResetDoneView):
    """GET: what happens now, the same for everybody."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"next": wanted(self.request)}


class Choose(PasswordResetFromKeyView):
    """GET: the form behind the link. POST: set the password."""

    def dispatch(
        self, request: HttpRequest, uidb36: str, key: str, **kwargs: str
    ) -> HttpResponseBase:
        if request.method == "POST" and not limits.may_choose_password(request):
            return too_many(request)
        response: HttpResponseBase = super().dispatch(request, uidb36, key, **kwargs)
        return response

    def get_success_url(self) -> str:
        return passed_on(self.request, "account_reset_password_from_key_done")


class Chosen(PasswordResetFromKeyDoneView):
    """GET: the password is set, now sign in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"next": wanted(self.request)}


def wanted(request: HttpRequest) -> str:
    """The path of the page that was asked for before, "" if it is none of this host (C42)."""
    found = str(get_next_redirect_url(request) or "")
    return found if found.startswith("/") and len(found) <= LONGEST else ""


def passed_on(request: HttpRequest, name: str) -> str:
    """The address of the page with this name, and with the one that was asked for before."""
    page = wanted(request)
    return reverse(name) + (f"?{urlencode({'next': page})}" if page else "")


class LinkForm(UserTokenForm):
    """The check of a link: those of deactivated people are as dead as old ones (C37)."""

    def _get_user(self, uidb36: str) -> Any:
        person = super()._get_user(uidb36)
        return person if person is not None and person.is_active else None


def send_link(event: "Event") -> None:
    """Reaction to `person.asked_for_password`: write the letter, if there is somebody to write to."""
    person = directory.by_email(event.data["email"])
    if person is None or not person.is_active or not accounts.may_write(event, person.email):
        return
    if hasattr(person, "staff") and not person.has_usable_password():
        return  # whoever is invited to work here comes in by the invitation alone
    uid, key = user_pk_to_url_str(person), default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    if page := event.data.get("next"):
        path = f"{path}?{urlencode({'next': page})}"
    accounts.write(
        event,
        "password_reset",
        person.email,
        portals.of(person),
        known(person.language or event.data["language"]),
        path=path,
        hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
    )
