"""Taking the sender of a mail for one that sends filled-in forms."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail.actions.form_senders import treat_as_form
from firstline.web.agent.tickets.show import TicketPage


class FormSenders(TicketPage):
    """POST: from now on, Reply-To is the customer in mails from this sender to the department."""

    def post(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        try:
            address = treat_as_form(self.actor, number, pk, via="web")
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("agent:ticket", number)
        text = _("In mails from %(address)s the customer is in Reply-To from now on.")
        messages.success(request, text % {"address": address})
        return redirect("agent:ticket", number)
