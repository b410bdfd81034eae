"""Hidden comments: for staff only."""

from django.utils.translation import gettext_lazy as _

from firstline.tickets.actions.note import note
from firstline.web.agent.tickets.saying import Say


class Create(Say):
    """POST: write a hidden comment."""

    mode = "hidden"
    verb = note
    done = _("Saved for staff only. The customer does not see it.")
