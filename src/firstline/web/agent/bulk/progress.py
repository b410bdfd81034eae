"""How far an act on many tickets is."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from firstline.tickets import bulks
from firstline.web.agent.bulk.starts import back_of
from firstline.web.ui.views import AgentPage


class Show(AgentPage):
    """GET: the count, the bar, and what was refused; htmx asks again each second until it is over."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        progress, back = bulks.progress(self.actor, pk), back_of(request)
        page = page_of(back)
        context = {
            "section": "register" if page == "register" else "desk",
            "progress": progress,
            "account": bulks.account(self.actor, progress),
            "back": back,
            "is_to_ticket": page == "ticket",
        }
        name = "progress" if self.is_htmx else "progress_page"
        return self.answer(f"agent/bulk/{name}.html", context)


def page_of(address: str) -> str:
    """The name of the page at an address of ours; empty where there is none."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except (Resolver404, ValueError):
        return ""
