"""The rows that a screen shows, as they are now: after it was cut off, or lost a ticket from sight."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from firstline.live.entries import entry, shown
from firstline.tickets import desk
from firstline.web.agent.desk import whose_of
from firstline.web.agent.live.rows import row
from firstline.web.ui.views import AgentPage

MOST_ROWS = 1000


class Show(AgentPage):
    """GET: `rows`, the numbers on the screen. Answers in the stream's own words, and with what is gone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        whose = whose_of(request)
        numbers = request.GET.get("rows", "").split(",")[:MOST_ROWS]
        numbers = [number for number in numbers if number]
        found = shown(self.actor, numbers)
        known = {ticket.number for ticket in found}
        groups = desk.desk(self.actor, whose)
        heads = [ticket for group in groups for ticket in group.tickets]
        entries: list[dict[str, Any]] = [
            entry(self.actor, whose, ticket, row(self.actor, ticket)) for ticket in found
        ]
        places = {ticket.pk: group.name for group in groups for ticket in group.tickets}
        entries += [
            {"number": ticket.number, "group": places[ticket.pk], "row": "", "is_new": True}
            for ticket in heads
            if ticket.number not in known
        ]
        return JsonResponse(
            {
                "tickets": entries,
                "gone": [number for number in numbers if number not in known],
                "counts": {group.name: group.count_label for group in groups},
            }
        )
