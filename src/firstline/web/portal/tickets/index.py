"""The list of a customer's tickets (product 6.2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.tickets import access, queue
from firstline.web.ui.lists import Asked, column
from firstline.web.ui.views import PortalPage

COUNTED = 99


class Index(PortalPage):
    """GET: a page of tickets by state and order, or what a search finds in them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked, mine = Asked.of(request, self.actor), access.visible_to(self.actor)
        context = asked.context(self.actor) | {
            "views": [(key, name, _count(mine, key)) for key, name in _views()],
            "columns": _columns(asked.order),
        }
        return self.answer("portal/tickets/index.html", context)


def _views() -> list[tuple[str, str]]:
    return [("all", _("All")), ("open", _("Open")), ("closed", _("Closed"))]


def _count(tickets: Any, state: str) -> str:
    """How many, counted no further than a reader cares for."""
    number = len(tickets.filter(queue.STATES[state]).values_list("pk")[: COUNTED + 1])
    return f"{COUNTED}+" if number > COUNTED else str(number)


def _columns(order: str) -> list[dict[str, str]]:
    return [
        column(order, _("Number"), "", width="w-num"),
        column(order, _("Subject"), "", width=""),
        column(order, _("Status"), "", width="w-status"),
        column(order, _("Priority"), "priority", width="w-prio"),
        column(order, _("Department"), "", width="w-who"),
        column(order, _("Opened"), "created", width="w-last"),
        column(order, _("Updated"), "updated", width="w-num"),
    ]
