"""The addresses that send filled-in forms to a department: added and removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail.actions.form_senders import add_form_sender, remove_form_sender
from firstline.tickets import departments
from firstline.web.settings.departments.show import DepartmentSettings, shape_of
from firstline.web.ui.saying import Problem, problems_of


class Create(DepartmentSettings):
    """POST: take mails from one more address for forms."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        typed = request.POST.get("form_sender", "")
        try:
            row = add_form_sender(self.actor, department, typed, via="web")
        except ValidationError as problem:
            wrong = [Problem("form_sender", one.text) for one in problems_of(problem)]
            return self.show(department, shape_of(department), wrong, form_sender=typed, status=422)
        text = _("In mails from %(address)s the customer is in Reply-To from now on.")
        messages.success(request, text % {"address": row.address})
        return redirect("settings:department", pk)


class Remove(DepartmentSettings):
    """POST: take the address for an ordinary sender again."""

    def post(self, request: HttpRequest, pk: int, sender: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        address = remove_form_sender(self.actor, department, sender, via="web")
        text = _("Mails from %(address)s are ordinary mails again.")
        messages.success(request, text % {"address": address})
        return redirect("settings:department", pk)
