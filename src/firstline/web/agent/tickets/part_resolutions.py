"""One answer to all tickets that are part of an incident, in each customer's language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from firstline.base.languages import LANGUAGES
from firstline.people.roles import Permission
from firstline.tickets import links
from firstline.tickets.actions.incident import resolve_parts
from firstline.web.agent.tickets.acts import Act


class PartResolutions(Act):
    """GET: a text for each language that is read. POST: a worker answers them one by one."""

    act = "parts"
    need = Permission.TICKET_RESOLVE
    fields = tuple(f"text_{code}" for code, _name in LANGUAGES)
    first = "text_ru"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        parts = links.open_parts(self.actor, ticket)
        needed = links.languages(parts)
        texts = [
            (code, name, chosen[f"text_{code}"], code in needed)
            for code, name in LANGUAGES
            if code in needed or chosen[f"text_{code}"]
        ]
        return {"count": parts.count(), "texts": texts}

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        texts = {name.removeprefix("text_"): text for name, text in chosen.items()}
        self.bulk = resolve_parts(self.actor, ticket, texts, via="web")
        return ticket

    def said(self, ticket: Any) -> str:
        return ""

    def finish(self, ticket: Any) -> HttpResponse:
        made = getattr(self, "bulk", None)
        if made is None:  # the same form came twice
            return redirect("agent:ticket", ticket.number)
        back = reverse("agent:ticket", args=[ticket.number])
        return go(self.request, f"{reverse('agent:bulk_progress', args=[made.pk])}?back={back}")


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead the browser there, also out of a window."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
