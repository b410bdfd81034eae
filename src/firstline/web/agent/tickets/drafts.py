"""Drafts: what is typed on a ticket, kept for its author while they type."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions import drafts
from firstline.web.agent.tickets import copying
from firstline.web.ui.views import AgentPage


def basis_of(request: HttpRequest, mode: str) -> drafts.Basis | None:
    """Which draft a form goes on from; None where it does not say."""
    version = request.POST.get(f"draft_{drafts.PLACE_OF.get(mode, '')}")
    if version is None:
        return None
    return drafts.Basis(version, request.POST.get("draft_page", "")[:32])


class Create(AgentPage):
    """POST: keep `text` as the draft of `mode`; an empty text removes it.

    `was_hidden`: it was typed as a hidden comment. 409 with both texts if it was changed elsewhere.
    """

    def post(self, request: HttpRequest, number: str) -> JsonResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_NOTE)
        text = request.POST.get("text", "")
        try:
            chosen = copying.read(request) if copying.was_asked(request) else None
        except ValidationError:  # an address that is half typed: what was whole before stays
            chosen = None
        mode = request.POST.get("mode", "")
        try:
            kept = drafts.keep(
                self.actor,
                ticket,
                mode,
                text,
                chosen,
                is_internal=bool(request.POST.get("was_hidden")),
                basis=basis_of(request, mode),
            )
        except drafts.ChangedElsewhere as changed:
            other = {"text": changed.kept.text, "is_internal": changed.kept.is_internal}
            answer = {"kept_at": changed.kept.version, "kept": other, "typed": {"text": text}}
            return JsonResponse(answer, status=409)
        return JsonResponse({"kept_at": kept.version if kept else ""})
