"""What a partner's line has handed over, for its own staff to follow (product 11.2)."""

from django.http import HttpRequest, HttpResponse

from firstline.tickets import partners
from firstline.web.ui.views import AgentPage


class Index(AgentPage):
    """GET: the partner's open tickets that the platform works on, the last changed first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = partners.handed_over(self.actor, request.GET.get("after"))
        context = {"section": "handed_over", "page": page, "after": request.GET.get("after")}
        return self.answer("agent/partners/handed_over.html", context)
