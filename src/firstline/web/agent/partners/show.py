"""One partner's desk, whole."""

from django.http import HttpRequest, HttpResponse

from firstline.people.roles import Permission
from firstline.tickets import partners
from firstline.web.ui.views import AgentPage


class Show(AgentPage):
    """GET: a page of the tickets that the partner holds."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        after = request.GET.get("after")
        context = {
            "section": "partners",
            "desk": partners.desk_of(self.actor, pk, after),
            "after": after,
            "reads": self.actor.may(Permission.PARTNERS_READ),
        }
        return self.answer("agent/partners/show.html", context)
