"""How far an act on many tickets is."""

from django.http import HttpRequest, HttpResponse

from firstline.tickets import bulks
from firstline.web.agent.bulk.starts import back_of
from firstline.web.ui.views import AgentPage


class Show(AgentPage):
    """GET: the count, the bar, and what was refused; htmx asks again each second until it is over."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {
            "section": "register",
            "progress": bulks.progress(self.actor, pk),
            "back": back_of(request),
        }
        name = "progress" if self.is_htmx else "progress_page"
        return self.answer(f"agent/bulk/{name}.html", context)
