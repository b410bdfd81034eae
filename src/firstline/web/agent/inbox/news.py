"""The rows of an inbox that a screen shows, as they are now: after it was cut off."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from firstline.live.entries import entry, shown
from firstline.people.access import NotFound
from firstline.web.agent.inbox import where
from firstline.web.agent.live.rows import row
from firstline.web.ui.views import AgentPage

MOST_ROWS = 1000


class Show(AgentPage):
    """GET: `rows`, the numbers on the screen. Answers in the stream's own words, as the desk's news do."""

    def get(self, request: HttpRequest, box: str, tab: str) -> HttpResponse:
        asked = where.read(box, tab)
        if asked is None:
            raise NotFound(request.path)
        context = where.context(self.actor, asked)
        numbers = [one for one in request.GET.get("rows", "").split(",")[:MOST_ROWS] if one]
        found = shown(self.actor, numbers)
        known = {ticket.number for ticket in found}
        told = [
            entry(self.actor, context["whose"], ticket, row(self.actor, ticket)) for ticket in found
        ]
        told += [
            {"number": one.number, "group": tab, "row": row(self.actor, one), "is_new": True}
            for one in context["tickets"]
            if one.number not in known
        ]
        return JsonResponse(
            {
                "tickets": told,
                "gone": [number for number in numbers if number not in known],
                "counts": {one["key"]: one["count"] for one in context["tabs"]},
            }
        )
