"""Drafts: what is typed on a ticket, kept for its author while they type."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions import drafts
from firstline.web.agent.tickets import copying
from firstline.web.ui.views import AgentPage


class Create(AgentPage):
    """POST: keep `text` as the draft of `mode`; an empty text removes it."""

    def post(self, request: HttpRequest, number: str) -> JsonResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_NOTE)
        text = request.POST.get("text", "")
        try:
            chosen = copying.read(request) if copying.was_asked(request) else None
        except ValidationError:  # an address that is half typed: what was whole before stays
            chosen = None
        kept = drafts.keep(self.actor, ticket, request.POST.get("mode", ""), text, chosen)
        return JsonResponse({"kept_at": kept.updated_at.isoformat() if kept else ""})
