"""All partners with an own first line, each with the tickets that wait the longest."""

from django.http import HttpRequest, HttpResponse

from firstline.people.roles import Permission
from firstline.tickets import partners
from firstline.web.ui.views import AgentPage


class Index(AgentPage):
    """GET: a page of partners."""

    def get(self, request: HttpRequest) -> HttpResponse:
        desks, following = partners.desks(self.actor, request.GET.get("after", ""))
        context = {
            "section": "partners",
            "desks": desks,
            "next": following,
            "reads": self.actor.may(Permission.PARTNERS_READ),
        }
        return self.answer("agent/partners/index.html", context)
