"""Signing in at a mailbox's provider: the way there, and back."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from firstline.mail import mailboxes
from firstline.mail.actions.mailboxes import change_mailbox
from firstline.mail.actions.sign_ins import begin, finish, refused
from firstline.mail.inbound.imap.trouble import Trouble
from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.web.settings.mailboxes import pending
from firstline.web.settings.mailboxes.show import MailboxSettings, typed_in
from firstline.web.settings.page import SettingsPage
from firstline.web.ui.saying import problems_of

PRIVATE = {"Cache-Control": "private, no-store"}


class Create(MailboxSettings):
    """POST: save the mailbox as the form says it, and lead its administrator to the provider.

    The way there is a page of its own: browsers let no form end at another site than ours (CSP), and
    providers pass people on to further sites that nobody could list.
    """

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox = mailboxes.get_for(self.actor, pk)
        # This button stands for OAuth 2, whatever is chosen above; a pasted token is for "Save".
        wishes = replace(self.wishes(request), uses_oauth=True, password="")
        wishes = replace(wishes, grant=replace(wishes.grant, refresh_token=""))
        callback = pending.callback_of(request)
        try:
            mailbox = change_mailbox(self.actor, mailbox, wishes, via="web")
            sign_in = begin(self.actor, mailbox, callback)
        except ValidationError as problem:
            typed = typed_in(request) | {"proof": "oauth"}
            return self.show(mailbox, typed, problems_of(problem), status=422)
        pending.remember(request, sign_in, mailbox.pk, callback)
        context: dict[str, Any] = {"mailbox": mailbox, "page": sign_in.page}
        context |= {"host": urlsplit(sign_in.page).hostname}
        headers = PRIVATE | {"Refresh": f"0;url={sign_in.page}"}
        return self.answer("settings/mailboxes/leaving.html", context, headers=headers)


class Callback(SettingsPage):
    """GET: back from the provider, with a code or an error (RFC 6749, 4.1.2)."""

    for_staff = True

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        """To the sign-in of the desk, without the code, which is worth nothing in another session."""
        if request.method == "POST":
            return super()._sign_in(request)
        following = urlencode({"next": resolve_url("settings:mailboxes")})
        return _back(f"{resolve_url('account_login')}?{following}")

    def get(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.MAILBOX_EDIT)
        found = pending.take(request, request.GET.get("state", ""))
        if found is None:
            text = _(
                "This answer of a provider belongs to no sign-in that you began here. Open the "
                "mailbox and sign in again."
            )
            messages.error(request, text)
            return _back("settings:mailboxes")
        try:
            mailbox = mailboxes.get_for(self.actor, found.mailbox_id)
        except NotFound:
            messages.error(request, _("The mailbox was removed meanwhile."))
            return _back("settings:mailboxes")
        self.finish(request, mailbox, found)
        return _back("settings:mailbox", mailbox.pk)

    def finish(self, request: HttpRequest, mailbox: Any, found: pending.Pending) -> None:
        """Take what the provider gave, and say how that went."""
        sent, back = request.GET, found.callback
        try:
            if "error" in sent or not sent.get("code"):
                raise refused(sent.get("error", "no-code"), sent.get("error_description", ""))
            if found.is_late:
                raise Trouble("code")
            left = finish(self.actor, mailbox, found.sign_in, sent["code"], back, via="web")
        except Trouble as trouble:
            messages.error(request, _("Not signed in. %(why)s") % {"why": trouble.text})
            return
        mailbox = mailboxes.get_for(self.actor, mailbox.pk)
        if left is not None:
            text = _("Signed in, but the mailbox can't be read yet. %(why)s")
            messages.warning(request, text % {"why": left.text})
        elif mailbox.is_active:
            text = _("Signed in. %(address)s is read from now on.")
            messages.success(request, text % {"address": mailbox.address})
        else:
            messages.success(request, _("Signed in. The mailbox is still switched off."))


def _back(to: str, *args: int) -> HttpResponse:
    """A redirect that no cache keeps: the address that led here has a code in it."""
    response = redirect(to, *args)
    response.headers["Cache-Control"] = PRIVATE["Cache-Control"]
    return response
