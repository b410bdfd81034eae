"""Tags of a ticket."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import filters
from firstline.tickets.actions.tag import tag, typed
from firstline.web.agent.tickets.acts import Act


class Tags(Act):
    """GET: the tags it has, and a field for more. POST: add what was typed, remove what was unticked."""

    act = "tag"
    need = Permission.TICKET_TAG
    fields = ("add",)
    first = "add"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        filters.fill([ticket])
        tags = sorted(one.name for one in ticket.tags.all())
        kept = self.request.POST.getlist("keep") if self.request.method == "POST" else tags
        return {"tags": [(name, name in kept) for name in tags]}

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        had, kept = self.request.POST.getlist("had"), self.request.POST.getlist("keep")
        removed = [name for name in had if name not in kept]
        return tag(self.actor, ticket, typed(chosen["add"]), removed, via="web")

    def said(self, ticket: Any) -> str:
        return _("The tags are saved.")
