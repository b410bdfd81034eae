"""Reopening by the customer (product 6.3)."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.tickets.actions.move import reopen
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.web.portal.tickets.saying import Say, says_something


class Create(Say):
    """POST: take the ticket up again; what was typed beside the button is sent with it."""

    def carry_out(self, ticket: Any, draft: Draft) -> Any:
        ticket = reopen(self.actor, ticket, via="portal")
        if says_something(draft):
            ticket = reply(self.actor, ticket, draft, via="portal").ticket
        return ticket

    def said(self, ticket: Any) -> str:
        return _("The ticket is open again. The support team will come back to it.")
