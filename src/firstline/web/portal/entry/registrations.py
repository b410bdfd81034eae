"""Registering by oneself (product 1.3, cap 2-3)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firstline.base import zones
from firstline.people.actions import registrations
from firstline.web.portal.entry.open_page import OpenPage
from firstline.web.portal.entry.passwords import wrong_of
from firstline.web.ui import limits, once
from firstline.web.ui.saying import Problem, problems_of

FIELDS = ("name", "email", "phone", "company_name", "contract_number", "language", "time_zone")
# A field that people don't see: whoever fills it in is a machine, and nothing is kept of it.
TRAP = "homepage"


class Register(OpenPage):
    """GET: the form, or how one gets access. POST: register; all addresses get the same answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("home") if self.actor else self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        portal = request.portal  # type: ignore[attr-defined]  # set by web.ui.hosts
        if portal.registration == "invitation":
            return self.show(status=403)
        problems = []
        try:
            told = registrations.checked({name: request.POST.get(name, "") for name in FIELDS})
        except ValidationError as problem:
            problems = problems_of(problem)
        if not request.POST.get("consent"):
            text = _("Without your consent we may not keep these data, and can't give you access.")
            problems.append(Problem("consent", text))
        if problems:
            return self.show(problems, status=422)
        if request.POST.get(TRAP):
            return redirect("registered")
        if not limits.may_register(request):
            return self.show([Problem("name", _too_many())], status=429)
        once.perform(request, lambda: registrations.register(portal, told))
        return redirect("registered")

    def show(self, problems: list[Problem] | None = None, *, status: int = 200) -> HttpResponse:
        """The page, with all that was typed and what is wrong with it."""
        typed: Any = self.request.POST
        zone = zones.current_name(typed.get("time_zone", ""))
        zone = zone if zones.is_known(zone) else timezone.get_current_timezone_name()
        context = {
            "typed": typed,
            "problems": problems,
            "wrong": wrong_of(problems or []),
            "language_chosen": typed.get("language") or translation.get_language(),
            "zone_chosen": zone,
            "zone_label": "" if zones.is_listed(zone) else zones.label(zone),
            "regions": zones.regions(),
            "trap": TRAP,
            "submission": once.fresh_key(),
        }
        return self.answer("portal/entry/register.html", context, status=status)


class Registered(OpenPage):
    """GET: what happens now, the same for everybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer("portal/entry/registered.html", {})


def _too_many() -> str:
    return _(
        "Too many people registered from your network within the last hour. Try again in an hour, or "
        "write to the support team."
    )
