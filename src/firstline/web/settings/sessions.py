"""Where one is signed in, and signing out there (product 1.4)."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.people import sessions
from firstline.web.settings.browsers import in_words
from firstline.web.settings.page import SettingsPage


class SessionsPage(SettingsPage):
    """What the list and its buttons have in common."""

    place = "sessions"

    @property
    def current(self) -> str:
        """The key of the session in which this is asked."""
        return self.request.session.session_key or ""

    def sign_ins(self) -> list[sessions.SignIn]:
        """All sessions of the reader that are alive."""
        return sessions.of(self.person, self.current)

    @property
    def person(self) -> Any:
        return self.actor.person


class Index(SessionsPage):
    """GET: all sessions of the reader, this one first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = self.sign_ins()
        if not any(one.is_current for one in found):
            agent, address = (
                request.headers.get("User-Agent", ""),
                get_adapter().get_client_ip(request),
            )
            sessions.remember(self.person, self.current, agent=agent, address=address)
            found = self.sign_ins()
        context = {"sign_ins": [(one, in_words(one.agent)) for one in found]}
        return self.answer("settings/sessions.html", context)


class End(SessionsPage):
    """POST: sign out in one browser; in this one, it is the sign-out."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        here = [one for one in self.sign_ins() if one.is_current and one.id == pk]
        sessions.end(self.actor, pk, via="web")
        if here:
            logout(request)
            return redirect("account_login")
        messages.success(request, _("Signed out there. Whoever sits there must sign in again."))
        return redirect("settings:sessions")


class EndOthers(SessionsPage):
    """POST: sign out everywhere but here."""

    def post(self, request: HttpRequest) -> HttpResponse:
        count = sessions.end_others(self.actor, self.current, via="web")
        text = ngettext(
            "You are signed out in %(count)s other browser.",
            "You are signed out in %(count)s other browsers.",
            count,
        )
        none = _("You were signed in only here.")
        messages.success(request, text % {"count": count} if count else none)
        return redirect("settings:sessions")
