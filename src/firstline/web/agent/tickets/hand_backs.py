"""Hand-backs: from the platform's line to the partner's."""

from django.utils.translation import gettext_lazy as _

from firstline.tickets.actions.hand_over import hand_back
from firstline.web.agent.tickets.hand_overs import Give


class Create(Give):
    """POST: hand the ticket back to its partner."""

    verb = hand_back
    window = "hand_back"
    done = _("Handed back. The partner's line works on it now.")
