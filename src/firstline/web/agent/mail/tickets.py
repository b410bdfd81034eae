"""Making a ticket of a mail that became none by itself."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.mail import access
from firstline.mail.actions.sorting import AlreadySorted, Wanted, make_ticket
from firstline.web.agent.mail.show import MailPage, already_sorted
from firstline.web.ui.saying import problems_of


class Create(MailPage):
    """POST: open a ticket for a requester and a department."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        typed = {name: request.POST.get(name, "") for name in ("email", "name", "department")}
        wanted = Wanted(typed["email"], typed["name"], read_id(typed["department"]) or 0)
        try:
            ticket = make_ticket(self.actor, pk, wanted, via="web")
        except AlreadySorted:
            return already_sorted(request, pk)
        except ValidationError as problem:
            about = self.about(access.get_raw_for(self.actor, pk))
            return self.one(about | {"typed": typed}, problems_of(problem), status=422)
        text = _("The mail is ticket %(number)s now. Nobody is written to until you reply.")
        messages.success(request, text % {"number": ticket.number})
        return redirect("agent:ticket", ticket.number)
