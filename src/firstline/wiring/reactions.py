"""Which event starts which handler: the whole flow upwards on one page."""

from collections.abc import Mapping

from firstline.events.relay import Handler
from firstline.mail.outbound import letters
from firstline.search import index
from firstline.web.ui import passwords

REACTIONS: Mapping[str, tuple[Handler, ...]] = {
    "person.asked_for_password": (passwords.send_link,),
    "ticket.auto_replied": (index.on_event,),
    "ticket.held": (index.on_event,),
    "ticket.noted": (index.on_event,),
    "ticket.opened": (letters.received, index.on_event),
    "ticket.replied": (letters.answered, index.on_event),
}
