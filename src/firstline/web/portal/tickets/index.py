"""The list of a customer's tickets (product 6.2, 6.5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.tickets import alerts, queue
from firstline.web.portal.tickets.asked import Asked
from firstline.web.ui.views import PortalPage

ALERTS = 2


class Index(PortalPage):
    """GET: a page of one's own tickets, or of the company's, in a state and order, or a search in them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked, company = Asked.of(request, self.actor), queue.of_company(self.actor)
        scope = company if company and asked.scope else queue.mine(self.actor)
        context = asked.context(self.actor, scope) | {
            "scopes": _scopes(asked) if company else [],
            "title": _("Company tickets") if asked.scope else _("My tickets"),
            "new": request.GET.get("new", ""),
            **self._alerts(asked),
        }
        return self.answer("portal/tickets/index.html", context)

    def _alerts(self, asked: Asked) -> dict[str, Any]:
        """Alerts that wait for an answer stand above the list, but above no search."""
        found = [] if asked.is_search else alerts.unanswered(self.actor, ALERTS + 1)
        return {"alerts": found[:ALERTS], "more_alerts": found[ALERTS:]}


def _scopes(asked: Asked) -> list[dict[str, Any]]:
    """The switch between one's own tickets and the company's; state, order and search stay."""
    names = [("", _("My tickets")), ("company", _("Company tickets"))]
    return [
        {"name": name, "href": asked.address(scope=key), "is_current": key == asked.scope}
        for key, name in names
    ]
