"""The list of alerts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.mail import receipts
from firstline.people import projects
from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import alerts, broadcasts
from firstline.tickets.alerts import Narrowed
from firstline.tickets.pages import Page
from firstline.web.ui.views import AgentPage

FILTERS = ("type", "state", "project", "sender")


class Index(AgentPage):
    """GET: a page of alerts, the newest first, narrowed by type, state, project and sender."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.ALERT_VIEW)
        asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
        after = request.GET.get("after", "")
        page = self._page(asked, after)
        context = {
            "section": "alerts",
            "page": page,
            "counts": receipts.counts_of(page.tickets),
            "asked": asked,
            "is_narrowed": any(asked.values()),
            "types": [self._tab(asked, key, name) for key, name in _types()],
            "states": _states(),
            "senders": alerts.senders(self.actor),
            "after": after,
            "kept": urlencode({name: text for name, text in asked.items() if text}),
            "unsettled": broadcasts.unsettled(self.actor),
            "now": timezone.now(),
        }
        return self.answer("agent/alerts/index.html", context)

    def _page(self, asked: dict[str, str], after: str) -> Page:
        """The alerts that fit; none where there is no such project."""
        project_id = None
        if asked["project"]:
            try:
                project_id = projects.get_for(self.actor, asked["project"]).pk
            except NotFound:
                return Page([], None)
        narrowed = Narrowed(
            project_id=project_id,
            type=asked["type"] if asked["type"] in dict(alerts.types()) else "",
            state=asked["state"] if asked["state"] in alerts.STATES else "",
            sender_id=read_id(asked["sender"]),
        )
        size = self.actor.person.page_size if self.actor.person else 25
        return alerts.page(self.actor, narrowed, after=after, size=size)

    def _tab(self, asked: dict[str, str], key: str, name: str) -> dict[str, Any]:
        """A type as a link that keeps the other filters."""
        kept = {one: text for one, text in (asked | {"type": key}).items() if text}
        return {"name": name, "href": f"?{urlencode(kept)}", "is_current": asked["type"] == key}


def _types() -> list[tuple[str, str]]:
    return [("", _("All")), *alerts.types()]


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("Any")),
        ("waiting", _("Not acknowledged")),
        ("overdue", _("Overdue")),
        ("acknowledged", _("Acknowledged")),
    ]
