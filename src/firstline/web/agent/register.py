"""The register: all tickets one may see, as a table (product 5.3, first version)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.search import query
from firstline.tickets import access, queue
from firstline.web.ui.views import AgentPage


class Register(AgentPage):
    """GET: a page of tickets by state and order, or what a search finds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        state = request.GET.get("state", "all" if words else "open")
        state = state if state in queue.STATES else "open"
        order = request.GET.get("order", "-updated")
        order = order if order in queue.ORDERS else "-updated"
        after, size = (
            request.GET.get("after"),
            self.actor.person.page_size if self.actor.person else 25,
        )
        if words:
            page = query.find(self.actor, words, state=state, after=after, size=size)
        else:
            tickets = access.visible_to(self.actor).filter(queue.STATES[state])
            page = queue.page(tickets, order=order, after=after, size=size)
        context = {
            "section": "register",
            "page": page,
            "query": words,
            "state": state,
            "states": [("open", _("Open")), ("closed", _("Closed")), ("all", _("All"))],
            "order": order,
            "after": after,
            "columns": [_column(order, *column) for column in _columns()],
        }
        return self.answer("agent/register/register.html", context)


def _columns() -> list[tuple[str, str, str]]:
    """Name, the order that a press on it gives, and when a narrow screen leaves it out."""
    return [
        (_("Number"), "created", ""),
        (_("Subject"), "", ""),
        (_("Status"), "", ""),
        (_("Priority"), "priority", ""),
        (_("Customer"), "", "2"),
        (_("Answers"), "", "1"),
        (_("Updated"), "updated", ""),
    ]


def _column(current: str, name: str, order: str, drop: str) -> dict[str, str]:
    """A column's head; a press on the current order turns it round, new ones begin with the newest."""
    column = {"name": name, "order": order and f"-{order}", "drop": drop, "sort": ""}
    if order and current.lstrip("-") == order:
        descending = current.startswith("-")
        column["sort"] = "descending" if descending else "ascending"
        column["order"] = order if descending else f"-{order}"
    return column
