"""Trying a mailbox: connect, list its folders, change nothing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from firstline.mail import mailboxes
from firstline.mail.actions.mailboxes import look
from firstline.web.settings.mailboxes.show import MailboxSettings, typed_in
from firstline.web.ui.saying import problems_of

FRAGMENT = "settings/mailboxes/trial.html"


class _Trial(MailboxSettings):
    """What both have in common."""

    def try_it(self, request: HttpRequest, mailbox: Any) -> HttpResponse:
        """What the server showed; without htmx with the form as it was typed."""
        try:
            found = look(self.actor, self.wishes(request), mailbox)
        except ValidationError as problem:
            problems = problems_of(problem)
            if self.is_htmx:
                return self.answer(FRAGMENT, {"found": None, "problems": problems})
            return self.show(mailbox, typed_in(request), problems, status=422)
        if self.is_htmx:
            return self.answer(FRAGMENT, {"found": found})
        return self.show(mailbox, typed_in(request), found=found)


class CreateNew(_Trial):
    """POST: try the mailbox that is in the form."""

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.try_it(request, None)


class Create(_Trial):
    """POST: try the mailbox as it is in the form, with its kept secret where none was typed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.try_it(request, mailboxes.get_for(self.actor, pk))
