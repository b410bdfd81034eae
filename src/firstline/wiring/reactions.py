"""Which event starts which handler: the whole flow upwards on one page."""

from collections.abc import Mapping

from firstline.events.relay import Handler
from firstline.mail import deletions
from firstline.mail.outbound import (
    admissions,
    alert_letters,
    checks,
    letters,
    notices,
    password_changes,
)
from firstline.people.actions import registrations
from firstline.search import index
from firstline.tickets.actions import hand_over
from firstline.web.portal.forms import confirmations
from firstline.web.ui import passwords

REACTIONS: Mapping[str, tuple[Handler, ...]] = {
    "box.checked": (checks.write,),
    "form.sent": (confirmations.send_link,),
    "partner.line_ended": (hand_over.after_line_ended,),
    "person.asked_for_password": (passwords.send_link,),
    "person.changed_password": (password_changes.tell,),
    "person.invited": (admissions.invited,),
    "person.registered": (registrations.admit,),
    "person.registration_decided": (admissions.decided,),
    "ticket.agents_added": (notices.added,),
    "ticket.alert_overdue": (alert_letters.overdue,),
    "ticket.alerted": (alert_letters.alerted, index.on_event),
    "ticket.assigned": (notices.assigned,),
    "ticket.auto_replied": (index.on_event,),
    "ticket.claimed": (notices.taken_over,),
    "ticket.deleted": (deletions.forget,),
    "ticket.escalated": (notices.escalated,),
    "ticket.forwarded": (letters.forwarded, index.on_event),
    "ticket.held": (index.on_event,),
    "ticket.mail_refused": (notices.mail_refused, index.on_event),
    "ticket.moved": (letters.moved,),
    "ticket.noted": (index.on_event,),
    "ticket.opened": (letters.received, index.on_event),
    "ticket.rated": (index.on_event,),
    "ticket.released": (index.on_event,),
    "ticket.replied": (letters.answered, notices.customer_wrote, index.on_event),
    "ticket.requester_changed": (index.on_event,),
    "ticket.said_between": (index.on_event,),
}
