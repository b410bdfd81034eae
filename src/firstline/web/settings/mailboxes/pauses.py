"""Mailboxes that are left alone for a while, and those that are removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail import mailboxes
from firstline.mail.actions.mailboxes import remove_mailbox, switch
from firstline.web.settings.page import SettingsPage


class Create(SettingsPage):
    """POST: leave the mailbox alone."""

    for_staff = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox = switch(self.actor, mailboxes.get_for(self.actor, pk), on=False, via="web")
        text = _("%(address)s is not read any more. What comes meanwhile waits in the mailbox.")
        messages.success(request, text % {"address": mailbox.address})
        return redirect("settings:mailboxes")


class End(SettingsPage):
    """POST: read the mailbox again."""

    for_staff = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox = mailboxes.get_for(self.actor, pk)
        try:
            mailbox = switch(self.actor, mailbox, on=True, via="web")
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("settings:mailbox", pk)
        text = _("%(address)s is read again, with all that came meanwhile.")
        messages.success(request, text % {"address": mailbox.address})
        return redirect("settings:mailboxes")


class Remove(SettingsPage):
    """POST: forget the mailbox; its tickets stay, and its mails stay where they are."""

    for_staff = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox = mailboxes.get_for(self.actor, pk)
        remove_mailbox(self.actor, mailbox, via="web")
        text = _("%(address)s is removed here. Its mails are untouched, and its tickets stay.")
        messages.success(request, text % {"address": mailbox.address})
        return redirect("settings:mailboxes")
