"""Links between tickets that belong together (product 3.10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.link import link, unlink
from firstline.web.agent.tickets.acts import Act
from firstline.web.agent.tickets.finding import fitting, other_of
from firstline.web.agent.tickets.show import TicketPage

KINDS = ("related", "duplicate", "part")


class Links(Act):
    """GET: which ticket, and what this one is to it. POST: link."""

    act = "link"
    need = Permission.TICKET_LINK
    fields = ("q", "other", "kind")
    first = "q"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        kind = chosen["kind"] if chosen["kind"] in KINDS else KINDS[0]
        return {"found": fitting(self.actor, ticket, chosen["q"]), "kind": kind}

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        link(self.actor, ticket, other_of(self.actor, chosen), chosen["kind"], via="web")
        return ticket

    def said(self, ticket: Any) -> str:
        return _("Linked. The link stands in the details.")


class Undo(TicketPage):
    """POST: take the link `link` away."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_LINK)
        pk = read_id(request.POST.get("link"))
        if pk is None:
            raise NotFound(number)
        unlink(self.actor, ticket, pk, via="web")
        return self.shown_after(number, _("The link is removed."))
