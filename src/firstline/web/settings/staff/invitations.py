"""Invitations of staff that are under way: sent anew, or taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.people.actions import staff
from firstline.web.settings.page import SettingsPage


class Resend(SettingsPage):
    """POST: send a new link; the old one is dead."""

    for_staff = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            is_done = staff.resend(self.actor, pk, via="web")
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("settings:staff")
        if is_done:
            text = _("A new link is on its way. The one before no longer works.")
            messages.success(request, text)
        else:
            messages.info(request, _("This invitation is over, so nothing was sent."))
        return redirect("settings:staff")


class Withdraw(SettingsPage):
    """POST: take an invitation back."""

    for_staff = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if staff.withdraw(self.actor, pk, via="web"):
            messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
        else:
            messages.info(request, _("This invitation is over already."))
        return redirect("settings:staff")
