"""Replies to the customer."""

from django.utils.translation import gettext_lazy as _

from firstline.tickets.actions.reply import reply
from firstline.web.agent.tickets.saying import Say


class Create(Say):
    """POST: answer the customer."""

    modes = ("reply",)
    verb = reply
    put_off = "reply"
    done = _("The answer is on its way.")
