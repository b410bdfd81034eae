"""Splits: a customer's message becomes a ticket of its own (product 3.10)."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.split import split
from firstline.web.agent.tickets.acts import Act


class Splits(Act):
    """GET: the message and the subject. POST: split; the new ticket opens."""

    act = "split"
    need = Permission.TICKET_SPLIT
    fields = ("subject",)
    first = "subject"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        seen = access.messages_for(self.actor, ticket)
        message = seen.filter(pk=self.kwargs["pk"]).first()
        if message is None:
            raise NotFound(str(self.kwargs["pk"]))
        files = message.attachments.select_related("file").order_by("pk")
        return {"message": message, "files": list(files)}

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        return split(self.actor, ticket, self.kwargs["pk"], chosen["subject"], via="web")

    def said(self, ticket: Any) -> str:
        return _("This is the new ticket. It is linked with the one it comes from.")
