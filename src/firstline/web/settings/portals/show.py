"""One portal: its name, look, contacts, and who may come in."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from firstline.base.languages import CODES
from firstline.people import host_names, logos, portals
from firstline.people.actions.portals import Look, change_portal
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import brand, once
from firstline.web.ui.saying import Problem, problems_of

PETROL = "#0a6074"  # what the field for a colour shows while there is none
TEXTS = ("name", "colour", "privacy_url", "registration")


class PortalSettings(SettingsPage):
    """What the form and the list of host names have in common: the page they stand on."""

    for_staff = True
    place = "portals"

    def show(
        self,
        pk: int,
        problems: Sequence[Problem] = (),
        *,
        typed: Look | None = None,
        host: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The page; with `problems` it holds what was typed."""
        portal = portals.get_for(self.actor, pk)
        hosts = list(portal.hosts.all())
        context: dict[str, Any] = {
            "portal": portal,
            "portal_name": portals.name_of(portal),
            "portal_address": portals.address_of(portal),
            "look": asdict(typed) if typed else _look_of(portal),
            "picker": (typed.colour if typed else portal.colour) or PETROL,
            "logo": brand.logo_address(portal),
            "hosts": [(one, host_names.shown(one.name)) for one in hosts],
            "typed_host": host,
            "target": urlsplit(settings.PUBLIC_URL).hostname,
            "registrations": _registrations(),
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        return self.answer("settings/portals/show.html", context, status=status)


class Show(PortalSettings):
    """GET: the form as it stands. POST: change the portal; it shows at once."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        portal, look = portals.get_for(self.actor, pk), _typed(request)
        file = request.FILES.get("logo")
        content = file.read(2 * logos.LIMIT) if file else None
        drops = "drops_logo" in request.POST
        try:
            change_portal(self.actor, portal, look, logo=content, drops_logo=drops, via="web")
        except ValidationError as problem:
            return self.show(pk, problems_of(problem), typed=look, status=422)
        messages.success(request, _("Saved. The portal shows it from now on."))
        return redirect("settings:portal", pk)


def _typed(request: HttpRequest) -> Look:
    sent = request.POST
    return Look(
        **{name: sent.get(name, "") for name in TEXTS},
        contacts={code: sent.get(f"contact_{code}", "") for code in CODES},
        shows_agents="shows_agents" in sent,
    )


def _look_of(portal: Any) -> dict[str, Any]:
    return {name: getattr(portal, name) for name in Look.__dataclass_fields__}


def _registrations() -> list[tuple[str, str, str]]:
    """The ways in, each with what it means."""
    return [
        (
            "open",
            pgettext("registration", "Open"),
            _("Anybody may register; a mail proves that the address is theirs."),
        ),
        (
            "approval",
            _("With approval"),
            _("Anybody may ask; somebody of the support team lets them in."),
        ),
        (
            "invitation",
            _("By invitation"),
            _("Only who was invited, or has written by mail, gets in."),
        ),
    ]
