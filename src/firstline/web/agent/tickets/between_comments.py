"""Comments between the lines: for the partner's staff and the platform's, not for the customer."""

from django.utils.translation import gettext_lazy as _

from firstline.tickets.actions.between import between
from firstline.web.agent.tickets.saying import Say


class Create(Say):
    """POST: write between the lines."""

    modes = ("between",)
    verb = between
    done = _("Both lines can read it. The customer does not see it.")
