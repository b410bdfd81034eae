"""Trying a mail again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail.actions.retry import retry
from firstline.web.ui.views import AgentPage


class Create(AgentPage):
    """POST: have it digested anew."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if retry(self.actor, pk, via="web"):
            messages.success(
                request, _("The mail is being processed again. Reload this page in a moment.")
            )
        else:
            messages.info(
                request, _("Somebody was faster: the mail is already being processed, or is done.")
            )
        return redirect("agent:mail_one", pk)
