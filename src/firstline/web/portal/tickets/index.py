"""The list of a customer's tickets (product 6.2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.search import query
from firstline.tickets import access, queue
from firstline.web.ui.views import PortalPage

COUNTED = 99


class Index(PortalPage):
    """GET: a page of tickets by state and order, or what a search finds in them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        state = request.GET.get("state", "all" if words else "open")
        state = state if state in queue.STATES else "open"
        order = request.GET.get("order", "-updated")
        order = order if order in queue.ORDERS else "-updated"
        after = request.GET.get("after")
        size = self.actor.person.page_size if self.actor.person else 25
        mine = access.visible_to(self.actor)
        if words:
            page = query.find(self.actor, words, state=state, after=after, size=size)
        else:
            page = queue.page(mine.filter(queue.STATES[state]), order=order, after=after, size=size)
        context = {
            "page": page,
            "query": words,
            "state": state,
            "order": order,
            "after": after,
            "views": [(key, name, _count(mine, key)) for key, name in _views()],
            "columns": [_column(order, *column) for column in _columns()],
        }
        return self.answer("portal/tickets/index.html", context)


def _views() -> list[tuple[str, str]]:
    return [("all", _("All")), ("open", _("Open")), ("closed", _("Closed"))]


def _count(tickets: Any, state: str) -> str:
    """How many, counted no further than a reader cares for."""
    number = len(tickets.filter(queue.STATES[state]).values_list("pk")[: COUNTED + 1])
    return f"{COUNTED}+" if number > COUNTED else str(number)


def _columns() -> list[tuple[str, str, str]]:
    """Name, width, and the order that a press on it gives, for those that can be sorted by."""
    return [
        (_("Number"), "w-num", ""),
        (_("Subject"), "", ""),
        (_("Status"), "w-status", ""),
        (_("Priority"), "w-prio", "priority"),
        (_("Department"), "w-who", ""),
        (_("Opened"), "w-last", "created"),
        (_("Updated"), "w-num", "updated"),
    ]


def _column(current: str, name: str, width: str, order: str) -> dict[str, str]:
    """A column's head; a press on the current order turns it round, others begin with the newest."""
    column = {"name": name, "width": width, "order": order and f"-{order}", "sort": ""}
    if order and current.lstrip("-") == order:
        is_down = current.startswith("-")
        column["sort"] = "descending" if is_down else "ascending"
        column["order"] = order if is_down else f"-{order}"
    return column
