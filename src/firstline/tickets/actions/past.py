"""Tickets of the past, as mailbox files tell of them: nobody is written to, and what is over is closed.

Call these inside `clock.at(moment)` and `events.log.of_the_past()`: then all of it happened at that
moment, and its events are told to nobody.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import SYSTEM, Actor
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets import change, workflow
from firstline.tickets.actions.open import Fields, check, register
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import Phase, Trigger

OVER_AFTER = timedelta(days=30)  # where the workflow closes nothing by itself


def open_past(actor: Actor, fields: Fields, draft: Draft, *, kind: Kind, name: str = "") -> Message:
    """Register a ticket that began long ago, with its first message.

    `kind`: IN from its contact, or OUT where it was one of us who began; `name` is then the writer's,
    who need be nobody here. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.TICKET_OPEN)
    answers = check(actor, fields, draft, via="mail")
    with atomic():
        at = clock.now()
        ticket, message = register(actor, fields, draft, answers, via="mail", kind=kind, at=at)
        _as_written(message, draft, kind, name)
        data = {"message": message.pk, "automatic": True}
        change.record(actor, ticket, "ticket.opened", "mail", **data)
        if kind == Kind.OUT:
            ticket.last_customer_message_at = None
        _settle(ticket, kind, at, is_first=True)
    return message


def said(
    ticket: Ticket, author: Person | None, draft: Draft, *, kind: Kind, name: str = ""
) -> Message:
    """Add what was said long ago; the caller has found that the author takes part.

    What happened to the ticket since then stays as it is. Raises NotFound.
    """
    with atomic():
        ticket = change.begin(SYSTEM, ticket, Permission.TICKET_REPLY)
        at = clock.now()
        message = write(ticket, author, draft, kind=kind, channel="mail", at=at)
        _as_written(message, draft, kind, name)
        who = Actor(author, frozenset()) if author else SYSTEM
        change.record(who, ticket, "ticket.replied", "mail", message=message.pk)
        if at >= ticket.updated_at:
            _settle(ticket, kind, at)
    return message


def _as_written(message: Message, draft: Draft, kind: Kind, name: str) -> None:
    """Of our own mails: who signed them and who got them stands in them."""
    if kind == Kind.OUT:
        message.author_name = name[:200]
        message.recipients = draft.recipients.as_kept()
        message.save(update_fields=("author_name", "recipients"))


def _settle(ticket: Ticket, kind: Kind, at: datetime, *, is_first: bool = False) -> None:
    """Whose turn it is after the newest message, and whether the ticket is over."""
    awaiting = Awaiting.SUPPORT if kind == Kind.IN else Awaiting.CUSTOMER
    if ticket.awaiting != awaiting:
        ticket.awaiting, ticket.waiting_since = awaiting, at
    if kind == Kind.IN:
        ticket.last_customer_message_at = at
    else:
        ticket.last_staff_reply_at = at
        ticket.first_reply_at = ticket.first_reply_at or at
    over = ticket.status.workflow.statuses.filter(phase=Phase.CLOSED).first()
    if at < _over_before(ticket) and over is not None:
        ticket.status, ticket.phase = over, over.phase
        ticket.pending_until, ticket.resolved_at, ticket.closed_at = None, at, at
    else:
        _stay_open(ticket, kind, is_first)
    change.save(ticket, at)


def _stay_open(ticket: Ticket, kind: Kind, is_first: bool) -> None:
    if ticket.phase == Phase.CLOSED:
        begin = workflow.initial(ticket.status.workflow)
        ticket.status, ticket.phase = begin, begin.phase
        ticket.resolved_at = ticket.closed_at = None
    if kind == Kind.OUT:
        change.pull(SYSTEM, ticket, Trigger.AGENT_ADDED, "mail")
        change.pull(SYSTEM, ticket, Trigger.STAFF_REPLIED, "mail")
    elif not is_first:
        change.pull(SYSTEM, ticket, Trigger.CUSTOMER_WROTE, "mail")


def _over_before(ticket: Ticket) -> datetime:
    days = ticket.status.workflow.close_after_days
    return timezone.now() - (timedelta(days=days) if days else OVER_AFTER)
