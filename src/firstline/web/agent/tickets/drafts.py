"""Drafts: what is typed on a ticket, kept for its author while they type."""

from django.http import HttpRequest, JsonResponse

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions import drafts
from firstline.web.ui.views import AgentPage


class Create(AgentPage):
    """POST: keep `text` as the draft of `mode`; an empty text removes it."""

    def post(self, request: HttpRequest, number: str) -> JsonResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_NOTE)
        text = request.POST.get("text", "")
        kept = drafts.keep(self.actor, ticket, request.POST.get("mode", ""), text)
        return JsonResponse({"kept_at": kept.updated_at.isoformat() if kept else ""})
