"""One act on a selection of tickets: asking what it needs, and starting it (product 3.12)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import answerers
from firstline.tickets.actions import bulk
from firstline.tickets.actions.tag import typed
from firstline.web.agent.tickets.part_resolutions import go
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of
from firstline.web.ui.views import AgentPage

FIELDS = ("to", "status", "add", "remove", "text", "incident")
ASKS = ("assign", "link", "move", "resolve", "tag")


class Asking(AgentPage):
    """What both have in common: the selection, and the window with what was typed."""

    def window(
        self, problems: list[Problem] | None = None, *, verb: str = "", status: int = 200
    ) -> HttpResponse:
        posted = self.request.POST
        context: dict[str, Any] = {
            "section": "register",
            "verb": verb or posted.get("verb", ""),
            "numbers": list(dict.fromkeys(posted.getlist("number"))),
            "back": back_of(self.request),
            "offer": answerers.offer(self.actor),
            "chosen": {name: posted.get(name, "") for name in FIELDS},
            "problems": problems or [],
            "wrong": {problem.field: problem.text for problem in problems or []},
            "most": bulk.MOST,
            "submission": once.fresh_key(),
        }
        name = "ask" if self.is_htmx else "ask_page"
        return self.answer(f"agent/bulk/{name}.html", context, status=status)


class Choices(Asking):
    """POST: the window that asks what the verb needs; nothing is done yet."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.BULK_OPEN)
        if not request.POST.getlist("number"):
            return self.window([Problem("numbers", _("Choose the tickets first."))], status=422)
        return self.window()


class Create(Asking):
    """POST: start it; a worker does it, and the page of its progress opens."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.BULK_OPEN)
        posted = request.POST
        if posted.get("verb") == "move" and bulk.needs_answer(posted.get("status", "")):
            text = _("Write the answer: a ticket is resolved with one.")
            return self.window([Problem("text", text)], verb="resolve", status=422)
        params: dict[str, Any] = {name: posted.get(name, "") for name in FIELDS}
        try:
            params |= {name: typed(params[name]) for name in ("add", "remove")}
            params["text"] = params["text"].replace("\r\n", "\n")
            made = once.perform(
                request,
                lambda: bulk.start(
                    self.actor, posted.get("verb", ""), params, posted.getlist("number"), via="web"
                ),
            )
        except ValidationError as problem:
            return self.window(problems_of(problem), status=422)
        if made is None:  # the same form came twice: its progress is on the page of the first
            return go(request, back_of(request))
        page = reverse("agent:bulk_progress", args=[made.pk])
        return go(request, f"{page}?{urlencode({'back': back_of(request)})}")


def back_of(request: HttpRequest) -> str:
    """The list that the selection was made in, if the address is one of ours."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None)
    return asked if ours else reverse("agent:register")
