"""What answering, closing and reopening have in common: a text with files, never lost."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.family import end_of
from firstline.tickets.messages import Draft
from firstline.tickets.workflow import MoveRefused
from firstline.web.portal.tickets.show import TicketPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, draft_of, problems_of


class Say(TicketPage, ABC):
    """POST: do something with a ticket; a refusal shows the page again with everything typed."""

    @abstractmethod
    def carry_out(self, ticket: Any, draft: Draft) -> Any:
        """Do it, and return the ticket to go on with."""

    @abstractmethod
    def said(self, ticket: Any) -> str:
        """What the notice says when it is done; `ticket` is the one to go on with."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        try:
            draft = draft_of(request)
            result = once.perform(request, lambda: self.carry_out(ticket, draft))
        except ValidationError as problem:
            return self.show(number, problems_of(problem), status=422)
        except MoveRefused as refusal:
            return self.show(number, [_refused(refusal)], status=409)
        sent = f"portal-{number}"
        if result is None:
            again = _("This had been sent already, so it was not sent again.")
            messages.info(request, again, extra_tags=sent)
            return redirect(self.address_of(number))
        if result.number == number:
            done = self.said(result)
        elif result.number == _end(ticket):
            merged = {"old": number, "new": result.number}
            done = _("Ticket %(old)s goes on in %(new)s: your message stands there.") % merged
        else:
            new = {"old": number, "new": result.number}
            done = _("Ticket %(old)s is closed, so your message opened a new one: %(new)s.") % new
        messages.success(request, done, extra_tags=sent)
        return redirect(self.address_of(result.number))


def _end(ticket: Any) -> str:
    """The number of the ticket that a merged one goes on in; empty for any other."""
    return str(end_of(ticket).number) if ticket.merged_into_id else ""


def says_something(draft: Draft) -> bool:
    """Whether there is a text or a file; a button that needs none must not lose either."""
    return bool(draft.text.strip() or draft.files)


def _refused(refusal: MoveRefused) -> Problem:
    """Staff read which moves there are; a customer reads what to do."""
    status = {"status": refusal.source.customer_label}
    words = _(
        "That is not possible any more: the ticket is now “%(status)s”. Write an answer instead."
    )
    return Problem("text", words % status)
