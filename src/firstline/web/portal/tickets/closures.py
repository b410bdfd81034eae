"""Closing by the customer (product 6.3)."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.tickets.actions.move import close
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.web.portal.tickets.saying import Say, says_something


class Create(Say):
    """POST: close the ticket; what was typed beside the button is sent first."""

    def carry_out(self, ticket: Any, draft: Draft) -> Any:
        if says_something(draft):
            ticket = reply(self.actor, ticket, draft, via="portal").ticket
        return close(self.actor, ticket, via="portal")

    def said(self, ticket: Any) -> str:
        return _("The ticket is now: %(status)s.") % {"status": ticket.status.customer_label}
