"""Reading a mail again as a trial: what it would become today, beside what it became."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from firstline.mail import access, replay
from firstline.web.agent.mail.show import MailPage


class Create(MailPage):
    """POST: try it, and undo all of it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.tried(self.about(access.get_raw_for(self.actor, pk)))

    def tried(self, about: dict[str, Any]) -> HttpResponse:
        """The page with both readings; it is not kept, so loading it again asks to try again."""
        mail = about["mail"]
        today = replay.now(self.actor, mail)
        return self.answer(
            "agent/mail/replay.html", about | {"then": replay.then(mail), "now": today}
        )


class OfMessage(Create):
    """POST: the same with the mail of a message."""

    def post(  # type: ignore[override]  # its address names the ticket, too
        self, request: HttpRequest, number: str, pk: int
    ) -> HttpResponse:
        return self.tried(self.about(access.raw_in(self.actor, number, pk), number, pk))
