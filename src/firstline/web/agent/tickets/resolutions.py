"""Resolutions: the answer to the customer, and the ticket is resolved."""

from django.utils.translation import gettext_lazy as _

from firstline.tickets.actions.resolve import resolve
from firstline.web.agent.tickets.saying import Say


class Create(Say):
    """POST: answer and resolve."""

    modes = ("resolve",)
    verb = resolve
    put_off = "resolve"
    finishes = True
    done = _("The answer is on its way, the ticket is resolved.")
