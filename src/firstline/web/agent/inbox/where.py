"""In which list a reader stands: at the desk, or in one of the inbox; a ticket opens beside it.

A page tells it with each request of its own (`X-List`), so that two windows don't disturb each
other; a page that is opened anew finds it in a cookie.
"""

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext

from firstline.base.ids import read_id
from firstline.people.access import Actor
from firstline.tickets import inbox

COOKIE = "firstline_list"
DESK, TOGETHER = "desk", "all"
YEAR = 31536000
register = template.Library()
register.filter("has_inbox", inbox.has_inbox)


@dataclass(frozen=True, slots=True)
class Where:
    """One list of the inbox: of a department or of all together (None), and which of the four."""

    department: int | None
    tab: str

    @property
    def box(self) -> str:
        return TOGETHER if self.department is None else str(self.department)

    @property
    def name(self) -> str:
        return f"inbox-{self.box}-{self.tab}"

    @property
    def view(self) -> str:
        """What the live stream calls this inbox."""
        return "inbox" if self.department is None else f"inbox-{self.department}"

    @property
    def address(self) -> str:
        return reverse("agent:inbox_list", args=[self.box, self.tab])


def read(box: str, tab: str) -> Where | None:
    """The list that these two words name; None where they name none."""
    pk = read_id(box)
    return Where(pk, tab) if tab in inbox.TABS and (pk or box == TOGETHER) else None


def where_of(request: HttpRequest) -> Where | None:
    """The list of the inbox that the reader stands in; None: at the desk."""
    told = request.headers.get("X-List") or request.COOKIES.get(COOKIE, "")
    name, _dash, rest = told.partition("-")
    box, _dash, tab = rest.partition("-")
    return read(box, tab) if name == "inbox" else None


def remember(request: HttpRequest, response: HttpResponse, name: str) -> HttpResponse:
    """Open tickets beside this list from now on."""
    if request.COOKIES.get(COOKIE, DESK) != name:
        response.set_cookie(COOKIE, name, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def context(actor: Actor, where: Where, after: str | None = None) -> dict[str, Any]:
    """What the list at the side needs; one query. Raises NotFound."""
    box = inbox.open_box(actor, where.department, where.tab)
    found = inbox.shown(actor, box, after)
    here = Where(box.department.pk if box.department else None, box.tab)
    tabs = [
        {
            "key": key,
            "name": name,
            "count": found.counts[key],
            "address": Where(here.department, key).address,
        }
        for key, name in _names().items()
    ]
    boxes = [(Where(one.pk, here.tab).address, one) for one in box.departments]
    return {
        "section": "inbox",
        "whose": here.view,
        "list_name": here.name,
        "list_address": here.address,
        "news_address": reverse("agent:inbox_news", args=[here.box, here.tab]),
        "inbox": box,
        "tabs": tabs,
        "boxes": boxes,
        "together": Where(None, here.tab).address if box.can_be_together else "",
        "tickets": found.tickets,
        "following": found.next,
        "after": after,
    }


def _names() -> dict[str, str]:
    return {
        "new": pgettext("inbox", "New"),
        "open": pgettext("inbox", "Open"),
        "waiting": pgettext("inbox", "Waiting"),
        "closed": pgettext("inbox", "Closed"),
    }
