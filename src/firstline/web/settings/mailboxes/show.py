"""One mailbox: joined, changed; its page has the buttons that switch it off and remove it, too."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from firstline.mail import mailboxes
from firstline.mail.actions.mailboxes import Wishes, change_mailbox, join_mailbox, moments
from firstline.mail.inbound.imap.account import Grant
from firstline.mail.presets import PRESETS
from firstline.people.roles import Permission
from firstline.tickets import catalogue
from firstline.web.settings.page import SettingsPage
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, problems_of


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
        context = {
            "mailbox": mailbox,
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
        names = ("token_url", "client_id", "client_secret", "refresh_token")
        return Wishes(
            address=sent.get("address", ""),
            department=departments.get(chosen),
            host=sent.get("host", ""),
            port=int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0,
            security=sent.get("security", ""),
            user=sent.get("user", ""),
            password=sent.get("password", ""),
            uses_oauth=sent.get("proof") == "oauth",
            grant=Grant(**{name: sent.get(name, "").strip() for name in names}),
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
            once.perform(request, lambda: join_mailbox(self.actor, wishes, seen, via="web"))
        except ValidationError as problem:
            return self.show(None, typed_in(request), problems_of(problem), status=422)
        text = _("The mailbox is read from now on. Nothing in it is changed or deleted.")
        messages.success(request, text)
        return redirect("settings:mailboxes")


class Show(MailboxSettings):
    """GET: the mailbox as it stands, without its secret. POST: change it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox = mailboxes.get_for(self.actor, pk)
        return self.show(mailbox, fields_of(mailbox))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mailbox, wishes = mailboxes.get_for(self.actor, pk), self.wishes(request)
        try:
            seen = moments(self.actor, wishes, mailbox)
            change_mailbox(self.actor, mailbox, wishes, seen, via="web")
        except ValidationError as problem:
            return self.show(mailbox, typed_in(request), problems_of(problem), status=422)
        messages.success(request, _("Saved. The mailbox is read this way from now on."))
        return redirect("settings:mailboxes")


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
