"""One mail: what is known of it, why it became what it became, and how it looked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstline.mail import access, trace
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

    def one(self, about: dict[str, Any]) -> HttpResponse:
        """The page of a mail."""
        mail = about["mail"]
        context = {
            "trace": trace.sentences(mail),
            "beginning": access.beginning_of(mail),
            "is_cut": mail.size > access.BEGINNING,
        }
        return self.answer("agent/mail/show.html", about | context)


class Show(MailPage):
    """GET: one mail."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.one(self.about(access.get_raw_for(self.actor, pk)))


class OfMessage(MailPage):
    """GET: the mail that became a message of a ticket, and why it stands there."""

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        return self.one(self.about(access.raw_in(self.actor, number, pk), number, pk))
