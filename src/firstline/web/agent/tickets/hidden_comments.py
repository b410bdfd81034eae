"""Hidden comments: for staff only."""

from django.utils.translation import gettext_lazy as _

from firstline.tickets.actions.note import note
from firstline.web.agent.tickets.saying import Say


class Create(Say):
    """POST: write a hidden comment, below the feed (`hidden`) or in the window of comments (`aside`)."""

    modes = ("hidden", "aside")
    verb = note
    done = _("Saved for staff only. The customer does not see it.")
