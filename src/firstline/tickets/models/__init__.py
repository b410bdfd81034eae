"""Tickets and what they are made of."""

from firstline.tickets.models.alert import Alert
from firstline.tickets.models.department import Department, Level, TicketType, TypeField
from firstline.tickets.models.form import Request, WebForm
from firstline.tickets.models.message import Attachment, Message
from firstline.tickets.models.numbering import Numbering
from firstline.tickets.models.rating import Rating
from firstline.tickets.models.ticket import Tag, Ticket
from firstline.tickets.models.workflow import Automatic, Status, Transition, Workflow

__all__ = [
    "Alert",
    "Attachment",
    "Automatic",
    "Department",
    "Level",
    "Message",
    "Numbering",
    "Rating",
    "Request",
    "Status",
    "Tag",
    "Ticket",
    "TicketType",
    "Transition",
    "TypeField",
    "WebForm",
    "Workflow",
]
