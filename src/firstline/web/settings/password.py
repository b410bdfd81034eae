"""One's own password (product 1.4, cap 5)."""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from firstline.base.db import atomic
from firstline.people import sessions, tokens
from firstline.people.actions.passwords import choose_password
from firstline.people.actions.profile import record_password
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import devices, limits
from firstline.web.ui.refusals import too_many


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Password(SettingsPage):
    """GET: the form. POST: another password, for who knows the old one; all other sessions end."""

    place = "password"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ChangePasswordForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if not limits.may_change_password(request):
            return too_many(request)
        form = ChangePasswordForm(user=request.user, data=request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        ends_tokens = "end_tokens" in request.POST
        self.change(form.cleaned_data["password1"], ends_tokens=ends_tokens)
        done = _("Your password is changed. Everywhere else you are signed out.")
        if ends_tokens:
            done += " " + _("Your API tokens no longer work.")
        messages.success(request, done)
        return redirect("settings:password")

    def change(self, password: str, *, ends_tokens: bool = False) -> None:
        """Set the password and keep this session alone, under a new key (C36)."""
        before = self.request.session.session_key or ""
        with atomic():
            choose_password(self.actor, password, ends_tokens=ends_tokens)
            record_password(self.actor, via="web")
            update_session_auth_hash(self.request, self.actor.person)  # type: ignore[arg-type]
            now = self.request.session.session_key or ""
            sessions.carry(before, now)
            sessions.end_others(self.actor, now, via="web")
        if self.actor.person:
            devices.remember(self.request, self.actor.person)

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "token_count": tokens.count_own(self.actor),
            "end_tokens": "end_tokens" in self.request.POST,
        }
        return self.answer("settings/password.html", context, status=status)
