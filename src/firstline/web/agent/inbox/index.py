"""The inbox: four lists of the mail of departments, and one ticket beside the list (cap 152-156)."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firstline.people.access import NotFound
from firstline.tickets import inbox
from firstline.web.agent.inbox import where
from firstline.web.agent.inbox.where import Where
from firstline.web.ui.views import AgentPage


class Index(AgentPage):
    """GET: on to the list where the reader was last, else to the new ones of all departments."""

    def get(self, request: HttpRequest) -> HttpResponse:
        last, first = where.where_of(request), Where(None, "new")
        if last is not None:
            with suppress(NotFound):  # theirs no more
                inbox.open_box(self.actor, last.department, last.tab)
                return redirect(last.address)
        inbox.open_box(self.actor, first.department, first.tab)
        return redirect(first.address)


class List(AgentPage):
    """GET: one list of a department, or of all together; `after` is the key of the page before."""

    def get(self, request: HttpRequest, box: str, tab: str) -> HttpResponse:
        asked = where.read(box, tab)
        if asked is None:
            raise NotFound(request.path)
        context = where.context(self.actor, asked, request.GET.get("after"))
        if self.is_htmx and context["after"]:
            return self.answer("agent/inbox/rest.html", context)
        response = self.answer("agent/desk/desk.html", context)
        return where.remember(request, response, context["list_name"])
