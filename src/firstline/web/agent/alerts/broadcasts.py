"""An alert to many projects: how far it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.people.access import Actor
from firstline.tickets import broadcasts
from firstline.web.ui.views import AgentPage


class Show(AgentPage):
    """GET: the bar and what failed; htmx asks for the same again until it is over."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        template = "progress.html" if self.is_htmx else "broadcast.html"
        return self.answer(f"agent/alerts/{template}", progress_context(self.actor, pk))


def progress_context(actor: Actor, pk: int) -> dict[str, Any]:
    """What the templates of a broadcast need. Raises NotFound."""
    progress = broadcasts.progress_of(broadcasts.get_for(actor, pk))
    return {
        "section": "alerts",
        "progress": progress,
        "broadcast": progress.broadcast,
        "percent": 100 * progress.settled // (progress.total or 1),
        "is_mine": progress.broadcast.by_id == actor.id,
    }
