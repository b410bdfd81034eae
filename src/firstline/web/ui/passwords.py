"""“Forgot your password?”: a link by mail, for those who never had one as well."""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import ResetPasswordForm, UserTokenForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from firstline.base.languages import known
from firstline.mail.outbound import accounts
from firstline.people import directory, portals
from firstline.people.actions.passwords import ask_for_password
from firstline.web.ui.account_forms import EmailField

if TYPE_CHECKING:
    from firstline.events.models import Event


class AskForm(ResetPasswordForm):
    """The form of allauth, without its look-up: known and unknown addresses get one answer."""

    email = EmailField()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email = str(self.cleaned_data["email"])
        ask_for_password(email, translation.get_language() or "")
        return email


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
    accounts.write(
        event,
        "password_reset",
        person.email,
        portals.of(person),
        known(person.language or event.data["language"]),
        path=reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key}),
        hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
    )
