"""The register: all tickets one may see, as a table (product 5.3, first version)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.web.ui.lists import Asked, column
from firstline.web.ui.views import AgentPage


class Register(AgentPage):
    """GET: a page of tickets by state and order, or what a search finds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = Asked.of(request, self.actor)
        context = asked.context(self.actor) | {
            "section": "register",
            "states": [("open", _("Open")), ("closed", _("Closed")), ("all", _("All"))],
            "columns": _columns(asked.order),
        }
        return self.answer("agent/register/register.html", context)


def _columns(order: str) -> list[dict[str, str]]:
    """The heads; `drop` says which narrow screens leave a column out."""
    return [
        column(order, _("Number"), "created"),
        column(order, _("Subject"), ""),
        column(order, _("Status"), ""),
        column(order, _("Priority"), "priority"),
        column(order, _("Customer"), "", drop="2"),
        column(order, _("Answers"), "", drop="1"),
        column(order, _("Updated"), "updated"),
    ]
