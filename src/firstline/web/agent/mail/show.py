"""One mail: what is known of it, why it became what it became, and how it looked."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.mail import access, replay, trace
from firstline.tickets import catalogue
from firstline.web.ui.saying import Problem
from firstline.web.ui.views import AgentPage


class MailPage(AgentPage):
    """What the pages of one mail have in common, reached from the list or from a ticket."""

    def about(self, mail: Any, number: str = "", message: int = 0) -> dict[str, Any]:
        """The addresses of the pages; those of a ticket if the reader came from its `message`."""
        at: tuple[Any, ...] = (number, message) if number else (mail.pk,)
        names = (
            ("trace", "replays", "source")
            if number
            else ("mail_one", "mail_replays", "mail_source")
        )
        back, replays, source = (reverse(f"agent:{name}", args=at) for name in names)
        return {
            "section": "tickets" if number else "mail",
            "mail": mail,
            "number": number,
            "mail_url": back,
            "replays_url": replays,
            "source_url": source,
        }

    def one(
        self, about: dict[str, Any], problems: Sequence[Problem] = (), *, status: int = 200
    ) -> HttpResponse:
        """The page of a mail; one that became nothing can be made a ticket here."""
        mail = about["mail"]
        context: dict[str, Any] = {
            "trace": trace.sentences(mail),
            "problems": problems,
            "wrong": {problem.field for problem in problems},
            "beginning": access.beginning_of(mail),
            "is_cut": mail.size > access.BEGINNING,
        }
        if mail.is_unsorted:
            read = replay.read(mail)
            name, _sign, email = read.sender.rpartition(" <")
            context |= {
                "read": read,
                "departments": catalogue.departments_for(self.actor),
                "department": access.department_of(mail),
                "typed": about.get("typed") or {"email": email.strip("<> "), "name": name},
            }
        return self.answer("agent/mail/show.html", context | about, status=status)


def already_sorted(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the mail, which became something meanwhile."""
    messages.info(request, _("Somebody was faster: this mail is sorted already."))
    return redirect("agent:mail_one", pk)


class Show(MailPage):
    """GET: one mail."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.one(self.about(access.get_raw_for(self.actor, pk)))


class OfMessage(MailPage):
    """GET: the mail that became a message of a ticket, and why it stands there."""

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        return self.one(self.about(access.raw_in(self.actor, number, pk), number, pk))
