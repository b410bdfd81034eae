"""Tickets and what they are made of."""

from firstline.tickets.models.alert import Alert, AlertReceipt, Broadcast, BroadcastItem
from firstline.tickets.models.bulk import Bulk, BulkItem
from firstline.tickets.models.department import Department, Level, TicketType, TypeField
from firstline.tickets.models.draft import KeptDraft, PendingMessage
from firstline.tickets.models.form import Request, WebForm
from firstline.tickets.models.link import Merge, TicketLink
from firstline.tickets.models.message import Attachment, Message
from firstline.tickets.models.notes import NotesVersion
from firstline.tickets.models.numbering import Numbering
from firstline.tickets.models.rating import Rating
from firstline.tickets.models.ticket import Tag, Ticket
from firstline.tickets.models.workflow import Automatic, Status, Transition, Workflow

__all__ = [
    "Alert",
    "AlertReceipt",
    "Attachment",
    "Automatic",
    "Broadcast",
    "BroadcastItem",
    "Bulk",
    "BulkItem",
    "Department",
    "KeptDraft",
    "Level",
    "Merge",
    "Message",
    "NotesVersion",
    "Numbering",
    "PendingMessage",
    "Rating",
    "Request",
    "Status",
    "Tag",
    "Ticket",
    "TicketLink",
    "TicketType",
    "Transition",
    "TypeField",
    "WebForm",
    "Workflow",
]
