"""Public comments: the customer is told, the status stays."""

from django.utils.translation import gettext_lazy as _

from firstline.tickets.actions.comment import comment
from firstline.web.agent.tickets.saying import Say


class Create(Say):
    """POST: comment publicly."""

    modes = ("comment",)
    verb = comment
    put_off = "comment"
    done = _("The comment is published. The status did not change.")
