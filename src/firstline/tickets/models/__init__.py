"""Tickets and what they are made of."""

from firstline.tickets.models.department import Department, Level, TicketType
from firstline.tickets.models.message import Attachment, Message
from firstline.tickets.models.numbering import Numbering
from firstline.tickets.models.ticket import Tag, Ticket
from firstline.tickets.models.workflow import Automatic, Status, Transition, Workflow

__all__ = [
    "Attachment",
    "Automatic",
    "Department",
    "Level",
    "Message",
    "Numbering",
    "Status",
    "Tag",
    "Ticket",
    "TicketType",
    "Transition",
    "Workflow",
]
