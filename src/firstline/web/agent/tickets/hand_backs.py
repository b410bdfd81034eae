"""Hand-backs: from the platform's line to the partner's."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.tickets.actions.hand_over import hand_back
from firstline.web.agent.tickets.hand_overs import Give


class Create(Give):
    """POST: hand the ticket back to its partner."""

    verb = hand_back
    window = "hand_back"

    def done(self, ticket: Any) -> str:
        return _("Handed back to %(partner)s.") % {"partner": ticket.partner.name}
