"""Sign-in by allauth, with our mails, our addresses and no doors that nobody asked for."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from firstline.mail.outbound import accounts


class Accounts(DefaultAccountAdapter):
    """What allauth asks us; its own answers suit the rest."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves yet; customers come in by mail or are invited."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home: the desk for staff, the portal for customers; `web.ui.home` knows which."""
        return "/"

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a page may be the next one: only of the host that was asked (C42)."""
        hosts, is_secure = {self.request.get_host()}, self.request.is_secure()
        return url_has_allowed_host_and_scheme(url, allowed_hosts=hosts, require_https=is_secure)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set it, and forget the failed tries before: who has a new one can sign in at once."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.get_username())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the letter into the outbox: nothing is mailed inside a request."""
        message = self.render_mail(template_prefix, email, context)
        accounts.letter(email, message.subject, message.body)
