"""Mail goes to an address again to which nothing was sent, because a mail had come back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from firstline.mail import suppressions
from firstline.web.agent.customers.page import CustomersPage


class Create(CustomersPage):
    """POST: lift it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        address = suppressions.lift(self.actor, pk, via="web")
        messages.success(request, _("Mail goes to %(address)s again.") % {"address": address})
        back = request.POST.get("back", "")
        if back.startswith("/") and url_has_allowed_host_and_scheme(back, None):
            return redirect(back)
        return redirect("agent:customers")
