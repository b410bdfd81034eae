"""Finding the other ticket, by its number or words, as one types."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.search import query
from firstline.tickets import access, links
from firstline.web.ui.views import AgentPage

MOST = 8


class Found(AgentPage):
    """GET: the tickets that fit what was typed so far, to choose one of."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_LINK)
        context = {
            "found": fitting(
                self.actor,
                ticket,
                request.GET.get("q", ""),
                to_merge=request.GET.get("act") == "merge",
            ),
            "chosen": {"q": request.GET.get("q", ""), "other": request.GET.get("other", "")},
        }
        return self.answer("agent/tickets/found.html", context)


def fitting(actor: Actor, ticket: Any, words: str, *, to_merge: bool = False) -> list[Any]:
    """The tickets that the words find; without words those that belong together most likely.

    `to_merge`: of the latter only those that it may be merged into.
    """
    if not words.strip() and to_merge:
        return links.mergeable(actor, ticket, MOST)
    if not words.strip():
        return links.likely(actor, ticket, MOST)
    found = query.find(actor, words, size=MOST + 1).tickets
    return [one for one in found if one.pk != ticket.pk][:MOST]


def other_of(actor: Actor, chosen: dict[str, str]) -> Any:
    """The ticket that was chosen, or whose number was typed. Raises ValidationError."""
    number = (chosen["other"] or chosen["q"]).strip()
    if not number:
        raise ValidationError({"q": _("Choose the other ticket.")})
    try:
        return access.get_for(actor, number, Permission.TICKET_VIEW)
    except NotFound as problem:
        text = _("There is no such ticket. Find it and choose it below.")
        raise ValidationError({"q": text}) from problem
