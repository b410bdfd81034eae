"""The first password of one's own, after a one-time password let the person in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from firstline.people.access import Actor
from firstline.people.actions.passwords import choose_password
from firstline.web.portal.entry.open_page import OpenPage
from firstline.web.portal.entry.passwords import chosen, wrong_of, zone_of
from firstline.web.ui import devices, limits
from firstline.web.ui.saying import Problem


class FirstPassword(OpenPage):
    """GET: the form. POST: choose the password; only who came by a one-time password has to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show([]) if _must(self.actor) else redirect("home")

    def post(self, request: HttpRequest) -> HttpResponse:
        actor = self.actor
        if actor is None or actor.person is None or not _must(actor):
            return redirect("home")
        password, problems = chosen(request, actor.person)
        if not problems and actor.person.check_password(password):
            problems = [Problem("password1", _("Choose another password than the one you had."))]
        if problems:
            return self.show(problems, status=422)
        choose_password(actor, password, zone=zone_of(request))
        update_session_auth_hash(request, actor.person)
        devices.remember(request, actor.person)
        limits.forgive(request, actor.person.email)
        messages.success(request, _("Your password is set. From now on you sign in with it."))
        return redirect(_next(request))

    def show(self, problems: list[Problem], *, status: int = 200) -> HttpResponse:
        """The form, with what is wrong."""
        context = {
            "problems": problems,
            "wrong": wrong_of(problems),
            "next": _next(self.request),
            "person": self.actor.person if self.actor else None,
        }
        return self.answer("portal/entry/first_password.html", context, status=status)


def _must(actor: Actor | None) -> bool:
    return bool(actor and actor.person and actor.person.must_choose_password)


def _next(request: HttpRequest) -> str:
    """The page that was wanted, if it is one of ours (C42)."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    hosts, is_secure = {request.get_host()}, request.is_secure()
    is_ours = url_has_allowed_host_and_scheme(wanted, hosts, require_https=is_secure)
    return wanted if is_ours and "/" in wanted else "/"  # without one it would name a route
