"""Forwards: words of the ticket go to somebody outside (product 7.6)."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.files.upload import MOST_FILES
from firstline.mail.recipients import mailboxes_in
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.forward import Passed, forward, passable
from firstline.tickets.messages import Draft
from firstline.web.agent.tickets.acts import Act


class Forwards(Act):
    """GET: to whom, which words and files. POST: forward them."""

    act = "forward"
    need = Permission.TICKET_FORWARD
    fields = ("to", "text", "message")
    first = "to"

    def asked(self, ticket: Any, chosen: dict[str, str]) -> dict[str, Any]:
        public = passable(ticket)
        ids = {message.pk for message in public}
        every = access.attachments_for(self.actor, ticket)
        files = [one for one in every if one.message_id in ids]
        # Whoever forwards words means their files as well; what is not meant is seen, and unticked.
        is_new = self.request.method == "GET" and len(files) <= MOST_FILES
        return {
            "passable": public,
            "message_id": read_id(chosen["message"]),
            "files": files,
            "ticked": [one.pk for one in files] if is_new else self._ticked(),
        }

    def carry_out(self, ticket: Any, chosen: dict[str, str]) -> Any:
        to = mailboxes_in("to", chosen["to"])
        text = chosen["text"].replace("\r\n", "\n")
        # a message that is none must not become the whole conversation
        message_id = (read_id(chosen["message"]) or 0) if chosen["message"] else None
        passed = Passed(message_id, self._ticked())
        forward(self.actor, ticket, to, Draft(text), passed, via="web")
        return ticket

    def said(self, ticket: Any) -> str:
        return _("It is on its way. The answer comes to this ticket.")

    def _ticked(self) -> list[int]:
        values = self.request.POST.getlist("files")[:500]
        return [read_id(value) or 0 for value in values]
