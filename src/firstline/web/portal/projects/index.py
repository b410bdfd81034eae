"""The list of a customer's projects."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.people import projects
from firstline.tickets import alerts, queue
from firstline.web.ui.views import PortalPage

MOST = 24  # on a page: each has a count of its own


class Index(PortalPage):
    """GET: a page of projects, each with how much is open there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        after = request.GET.get("after", "")
        found, following = projects.page(self.actor, after, MOST)
        ids = [project.pk for project in found]
        open_tickets = queue.open_counts(ids)
        waiting = alerts.unanswered_counts(ids)
        context = {
            "cards": [(one, _count(open_tickets.get(one.pk, 0)), waiting[one.pk]) for one in found],
            "next": following,
            "after": after,
        }
        return self.answer("portal/projects/index.html", context)


def _count(number: int) -> dict[str, Any]:
    """How many, and how that is written where not all were counted."""
    most = queue.COUNT_LIMIT
    return {"number": number, "shown": f"{most}+" if number > most else str(number)}
