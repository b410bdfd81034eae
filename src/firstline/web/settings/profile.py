"""One's own name, phone, language, time zone, list size and mails (product 1.4, cap 5-8)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from firstline.base import zones
from firstline.base.ids import read_number
from firstline.people.actions.profile import OF_STAFF, PAGE_SIZES, Changes, change_own
from firstline.web.settings.page import SettingsPage
from firstline.web.ui.saying import Problem, problems_of

TEXTS = ("name", "phone", "language", "time_zone")
MAILS = ("wants_receipts", "wants_status", "wants_alerts")  # of customers


class Profile(SettingsPage):
    """GET: the form as it stands. POST: change it; wrong values come back with their messages."""

    place = "profile"

    @property
    def mails(self) -> tuple[str, ...]:
        """The mails that one chooses among."""
        return OF_STAFF if self.actor.is_staff else MAILS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            person = self.change()
        except ValidationError as problem:
            return self.show(problems_of(problem), status=422)
        with translation.override(person.language):
            messages.success(request, _("Your settings are saved and apply from now on."))
        return redirect("settings:profile")

    def change(self) -> Any:
        """Carry out what the form asks for; staff and customers choose among different mails."""
        sent = self.request.POST
        changes: dict[str, Any] = {name: sent.get(name, "") for name in TEXTS}
        size = sent.get("page_size", "")
        changes["page_size"] = read_number(size) or 0
        changes |= {name: name in sent for name in self.mails}
        wanted: Changes = changes  # type: ignore[assignment]
        return change_own(self.actor, via="web", **wanted)

    def show(self, problems: Sequence[Problem] = (), *, status: int = 200) -> HttpResponse:
        person, sent = self.actor.person, self.request.POST
        now: dict[str, Any] = {name: getattr(person, name) for name in TEXTS}
        whose = getattr(person, "staff", None) if self.actor.is_staff else person
        now |= {name: getattr(whose, name) for name in self.mails}
        now["page_size"] = str(person.page_size if person else "")
        if problems:
            now |= {name: sent.get(name, "") for name in (*TEXTS, "page_size")}
            now |= {name: name in sent for name in self.mails}
        now["language"] = now["language"] or translation.get_language()
        now["time_zone"] = now["time_zone"] or zones.zone("").key
        context = {
            "now": now,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "regions": zones.regions(),
            "other_zones": _others(now["time_zone"]),
            "sizes": [str(size) for size in PAGE_SIZES],
        }
        return self.answer("settings/profile.html", context, status=status)


def _others(name: str) -> list[zones.Zone]:
    """What may be chosen beside the zones of the regions: UTC, and a zone that has an old name."""
    is_old = zones.is_known(name) and not zones.is_listed(name)
    names = dict.fromkeys(["UTC", name] if is_old else ["UTC"])
    return [zones.Zone(one, zones.label(one)) for one in names]
