"""Sign-in by allauth, with our mails, our addresses and no doors that nobody asked for."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from firstline.base import emails
from firstline.mail.outbound import accounts
from firstline.people.access import actor_of
from firstline.people.actions import one_time
from firstline.people.actions.passwords import choose_password
from firstline.web.ui import devices, limits

if TYPE_CHECKING:
    from firstline.people.models import Person

LIMITED = "too_many_login_attempts"


class Passwords(AuthenticationBackend):
    """A password, or the one-time password that came by mail.

    The password is always looked at first: its slow hash takes the same time for every account, and
    an unknown address costs the same.
    """

    def _authenticate_by_email(self, email: str, password: str) -> "Person | None":
        """Whoever has this address in one of its spellings."""
        people = get_user_model().objects.filter(email__in=emails.spellings(email)).order_by("pk")
        return next((one for one in people if self._check_password(one, password)), None)

    def _check_password(self, user: "Person | None", password: str) -> "Person | None":
        found: Person | None = super()._check_password(user, password)
        if found is None and user is not None and one_time.use(user, password):
            return user
        return found


class Accounts(DefaultAccountAdapter):
    """What allauth asks us; its own answers suit the rest."""

    error_messages = DefaultAccountAdapter.error_messages | {
        LIMITED: _(
            "Too many wrong passwords. Wait five minutes, or let us send a link to your mail: "
            "with it you choose a new password; then sign in with it."
        ),
        "email_password_mismatch": _(
            "The e-mail or the password is wrong. A one-time password works once, for a day."
        ),
        "enter_current_password": _("The current password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never by allauth: people register on our own page, or are invited."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home: the desk for staff, the portal for customers; `web.ui.home` knows which."""
        return "/"

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a page may be the next one: only of the host that was asked (C42)."""
        hosts, is_secure = {self.request.get_host()}, self.request.is_secure()
        return url_has_allowed_host_and_scheme(url, allowed_hosts=hosts, require_https=is_secure)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try. Raises ValidationError where there were too many (C75)."""
        self._login_failed_rl_usage = limits.begin_try(request, credentials.get("email", ""))
        if self._login_failed_rl_usage is None:
            raise self.validation_error(LIMITED)

    def login(self, request: HttpRequest, user: "Person") -> None:
        """Sign in, and know this browser from now on."""
        super().login(request, user)
        devices.remember(request, user)

    def set_password(self, user: "Person", password: str) -> None:
        """Set it, forget the wrong tries before, and know this browser: it can sign in at once.

        Whoever comes by a link in a mail has perhaps lost the account to somebody, who may have made
        a token meanwhile: all of them end.
        """
        zone = self.request.POST.get("time_zone", "")
        choose_password(actor_of(user), password, zone=zone, ends_tokens=True)
        limits.forgive(self.request, user.email)
        devices.remember(self.request, user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the letter into the outbox: nothing is mailed inside a request."""
        message = self.render_mail(template_prefix, email, context)
        accounts.letter(email, message.subject, message.body)
