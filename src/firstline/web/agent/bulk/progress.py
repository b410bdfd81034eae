"""How far an act on many tickets is."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from firstline.tickets import bulks
from firstline.tickets.actions import bulk
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


class Withdraw(AgentPage):
    """POST: take it back before it begins, and return to the list."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            bulk.take_back(self.actor, pk)
        except bulk.TooLate:
            messages.error(request, _("It has begun already and can't be taken back any more."))
            page = reverse("agent:bulk_progress", args=[pk])
            return redirect(f"{page}?{urlencode({'back': back_of(request)})}")
        messages.success(request, _("Taken back: nothing was done."))
        return redirect(back_of(request))


def page_of(address: str) -> str:
    """The name of the page at an address of ours; empty where there is none."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except (Resolver404, ValueError):
        return ""
