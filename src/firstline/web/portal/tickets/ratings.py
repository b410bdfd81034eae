"""Whether the answer helped, in the customer's words (product 6.3)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.rate import rate
from firstline.web.portal.tickets.show import TicketPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, draft_of, problems_of

CHOICES = {"yes": True, "no": False}


class Create(TicketPage):
    """POST: rate the answer; the ticket stays as it is."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        ticket = access.get_for(self.actor, number, Permission.TICKET_VIEW)
        helped = CHOICES.get(request.POST.get("helped", ""))
        if helped is None:
            choose = _("Choose whether the answer helped.")
            return self.show(number, [Problem("helped", choose)], status=422)
        try:
            draft = draft_of(request)
            rated = once.perform(
                request, lambda: rate(self.actor, ticket, helped, draft, via="portal")
            )
        except ValidationError as problem:
            return self.show(number, _in_this_form(problem), status=422)
        if rated is None:
            told = _("This had been sent already, so it was not sent again.")
        elif helped:
            told = _("Thank you! The support team sees that the answer helped.")
        else:
            told = _(
                "Thank you. If something is still wrong, write an answer, and we go on with it."
            )
        messages.success(request, told, extra_tags=f"rating-{number}")
        return redirect(self.address_of(number))


def _in_this_form(problem: ValidationError) -> list[Problem]:
    """The problems with the fields of this form, which has no other text than its own."""
    return [
        Problem("helped" if found.field == "helped" else "rating-text", found.text)
        for found in problems_of(problem)
    ]
