"""One mailbox: joined, changed; its page has the buttons that switch it off and remove it, too."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.base.ids import read_number
from firstline.mail import mailboxes
from firstline.mail.actions.mailboxes import change_mailbox, join_mailbox, moments
from firstline.mail.inbound.imap.account import Grant
from firstline.mail.presets import PRESETS, preset_of_host
from firstline.mail.wishes import Wishes
from firstline.people.roles import Permission
from firstline.tickets import catalogue
from firstline.web.settings.mailboxes.pending import callback_of
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of

GRANT = ("token_url", "client_id", "client_secret", "refresh_token", "authorize_url", "scope")


class MailboxSettings(SettingsPage):
    """What a new mailbox and one that is there have in common: the page with the form."""

    for_staff = True
    place = "mailboxes"

    def show(
        self,
        mailbox: Any,
        typed: dict[str, Any],
        problems: Sequence[Problem] = (),
        *,
        found: list[tuple[str, int]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page; `mailbox` is None while there is none, `found` what a trial showed."""
        self.actor.demand(Permission.MAILBOX_EDIT)
        known = preset_of_host(mailbox.host) if mailbox else None
        context = {
            "mailbox": mailbox,
            "provider": known.owner if known else "",
            "callback": callback_of(self.request),
            "state": mailboxes.state_of(mailbox) if mailbox else None,
            "typed": typed,
            "departments": catalogue.departments_for(self.actor),
            "presets": PRESETS,
            "found": found,
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "submission": once.fresh_key(),
        }
        return self.answer("settings/mailboxes/show.html", context, status=status)

    def wishes(self, request: HttpRequest) -> Wishes:
        """The mailbox as the form says it."""
        sent = request.POST
        port, chosen = sent.get("port", ""), sent.get("department", "")
        departments = {str(one.pk): one for one in catalogue.departments_for(self.actor)}
        return Wishes(
            address=sent.get("address", ""),
            department=departments.get(chosen),
            host=sent.get("host", ""),
            port=read_number(port, most=65535) or 0,
            security=sent.get("security", ""),
            user=sent.get("user", ""),
            password=sent.get("password", ""),
            uses_oauth=sent.get("proof") == "oauth",
            grant=Grant(**{name: sent.get(name, "").strip() for name in GRANT}),
            folders=sent.get("folders", "").splitlines(),
            takes_old="takes_old" in sent,
        )


class New(MailboxSettings):
    """GET: empty fields. POST: join the mailbox, if its server lets us in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(None, {"port": "993", "security": "tls", "folders": "INBOX"})

    def post(self, request: HttpRequest) -> HttpResponse:
        wishes = self.wishes(request)
        try:
            if once.was_sent(request):
                return redirect("settings:mailboxes")
            seen = moments(self.actor, wishes)
            made = once.perform(request, lambda: join_mailbox(self.actor, wishes, seen, via="web"))
        except ValidationError as problem:
            return self.show(None, typed_in(request), problems_of(problem), status=422)
        if made is not None and not made.is_active:
            return to_sign_in(request, made)
        text = _("The mailbox is read from now on. Nothing in it is changed or deleted.")
        messages.success(request, text)
        return redirect("settings:mailboxes")


class Show(MailboxSettings):
    """GET: the mailbox as it stands, without its secret. POST: change it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox = mailboxes.get_for(self.actor, pk)
        grant = mailboxes.grant_of(self.actor, mailbox)
        fields = {name: getattr(grant, name) for name in GRANT}
        return self.show(mailbox, fields_of(mailbox) | fields)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox, wishes = mailboxes.get_for(self.actor, pk), self.wishes(request)
        try:
            seen = moments(self.actor, wishes, mailbox)
            mailbox = change_mailbox(self.actor, mailbox, wishes, seen, via="web")
        except ValidationError as problem:
            return self.show(mailbox, typed_in(request), problems_of(problem), status=422)
        if mailboxes.state_of(mailbox).needs_sign_in:
            return to_sign_in(request, mailbox)
        messages.success(request, _("Saved. The mailbox is read this way from now on."))
        return redirect("settings:mailboxes")


def to_sign_in(request: HttpRequest, mailbox: Any) -> HttpResponse:
    """To the page of a saved mailbox, where the button stands that is left to press."""
    text = _(
        "Saved. One step is left: sign in at the provider. Until then the mailbox is not read."
    )
    messages.success(request, text)
    return redirect(f"{reverse('settings:mailbox', args=[mailbox.pk])}#sign_in")


def fields_of(mailbox: Any) -> dict[str, Any]:
    """The fields of the form as they stand; secrets are never shown again."""
    names = ("address", "host", "port", "security", "user", "takes_old")
    fields = {name: getattr(mailbox, name) for name in names}
    fields |= {"department": str(mailbox.department_id)}
    fields |= {"proof": "oauth" if mailbox.uses_oauth else "password"}
    return fields | {"folders": "\n".join(mailboxes.folders_of(mailbox))}


SECRETS = {"password", "client_secret", "refresh_token"}


def typed_in(request: HttpRequest) -> dict[str, Any]:
    """What was typed, but for secrets, which no page ever holds."""
    return {name: text for name, text in request.POST.items() if name not in SECRETS}
