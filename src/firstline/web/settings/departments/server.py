"""The server and the signature of a department's mail: set, tried, removed; a key made, looked up."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail import servers
from firstline.mail.actions.servers import (
    Wishes,
    look_up,
    make_key,
    remove_server,
    set_server,
    try_server,
)
from firstline.tickets import departments
from firstline.web.settings.page import SettingsPage
from firstline.web.ui.saying import Problem, problems_of

FIELDS = ("host", "port", "security", "user")


class ServerPage(SettingsPage):
    """What all answers have in common: the page as it stands, or as it was typed."""

    for_staff = True
    place = "departments"

    def show(
        self,
        pk: int,
        typed: dict[str, str] | None = None,
        problems: Sequence[Problem] = (),
        *,
        answer: str = "",
        status: int = 200,
    ) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        server = servers.server_for(self.actor, department)
        key = servers.key_for(self.actor, department)
        name, text = servers.record_of(key) if key else ("", "")
        context: dict[str, Any] = {
            "department": department,
            "server": server,
            "typed": typed or _kept(server),
            "to": self.request.POST.get("to")
            or (self.actor.person.email if self.actor.person else ""),
            "domain": servers.domain_of(department),
            "key": key,
            "record_name": name,
            "record": text,
            "server_said": answer,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
        }
        return self.answer("settings/departments/server.html", context, status=status)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the form, but for its password, which no page shows again."""
        return {name: self.request.POST.get(name, "")[:500] for name in FIELDS}

    def wishes(self) -> Wishes:
        return Wishes(**self.typed, secret=self.request.POST.get("secret", ""))


class Show(ServerPage):
    """GET: the page. POST: set the server."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        try:
            set_server(self.actor, department, self.wishes(), via="web")
        except ValidationError as problem:
            return self.show(pk, self.typed, problems_of(problem), status=422)
        messages.success(request, _("Saved. The next mail of the department goes by this server."))
        return redirect("settings:department_server", pk)


class Trials(ServerPage):
    """POST: send a letter through what stands in the form; nothing is saved."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        to = request.POST.get("to", "").strip().lower()
        try:
            answer = try_server(self.actor, department, self.wishes(), to)
        except ValidationError as problem:
            return self.show(pk, self.typed, problems_of(problem), status=422)
        return self.show(pk, self.typed, answer=answer)


class Removals(ServerPage):
    """POST: the installation's server carries its mail again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        remove_server(self.actor, departments.get_for(self.actor, pk), via="web")
        messages.success(request, _("Its mail goes by the server of the installation again."))
        return redirect("settings:department_server", pk)


class Keys(ServerPage):
    """POST: make the key that signs."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        make_key(self.actor, departments.get_for(self.actor, pk), via="web")
        return redirect("settings:department_server", pk)


class Lookups(ServerPage):
    """POST: ask the DNS for it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            found = look_up(self.actor, departments.get_for(self.actor, pk), via="web")
        except ValidationError as problem:
            return self.show(pk, None, problems_of(problem), status=422)
        if found:
            messages.success(request, _("Found: from now on mail of this domain is signed."))
        else:
            messages.warning(request, _("The DNS does not show it yet. That can take some hours."))
        return redirect("settings:department_server", pk)


def _kept(server: Any) -> dict[str, str]:
    if server is None:
        return {"host": "", "port": "465", "security": "tls", "user": ""}
    return {name: str(getattr(server, name)) for name in FIELDS}
