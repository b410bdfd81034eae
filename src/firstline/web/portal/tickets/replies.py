"""A customer's answers (product 6.3)."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.web.portal.tickets.saying import Say


class Create(Say):
    """POST: answer; on a closed ticket the answer opens a new one."""

    def carry_out(self, ticket: Any, draft: Draft) -> Any:
        return reply(self.actor, ticket, draft, via="portal").ticket

    def said(self, ticket: Any) -> str:
        return _("Your answer is with the support team.")
