"""“Forgot your password?”: a link by mail, for those who never had one as well."""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from firstline.base.languages import known
from firstline.mail.outbound import accounts
from firstline.people import directory
from firstline.people.actions.passwords import ask_for_password

if TYPE_CHECKING:
    from firstline.events.models import Event


class AskForm(ResetPasswordForm):
    """The form of allauth, without its look-up: known and unknown addresses get one answer."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email = str(self.cleaned_data["email"])
        ask_for_password(email, translation.get_language() or "")
        return email


def send_link(event: "Event") -> None:
    """Reaction to `person.asked_for_password`: write the letter, if there is somebody to write to."""
    person = directory.by_email(event.data["email"])
    if person is None or not person.is_active:
        return
    uid, key = user_pk_to_url_str(person), default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    context = {
        "desk": settings.DESK_NAME,
        "email": person.email,
        "url": f"{settings.PUBLIC_URL}{path}",
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    with translation.override(known(person.language or event.data["language"])):
        subject = render_to_string("account/email/password_reset_key_subject.txt", context)
        text = render_to_string("account/email/password_reset_key_message.txt", context)
        accounts.letter(person.email, subject.strip(), text.strip())
