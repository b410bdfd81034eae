"""Reply to a ticket: the customer to us, or one of us to the customer."""

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change, newer
from firstline.tickets.access import visible_to
from firstline.tickets.actions import acknowledge
from firstline.tickets.actions.claim import Closed, make_responsible
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.family import end_of
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import Phase, Trigger


def reply(
    actor: Actor,
    ticket: Ticket,
    draft: Draft,
    *,
    via: str,
    automatic: bool = False,
    seen: int | None = None,
) -> Message:
    """Add a public message; it goes to the other side, and the workflow moves.

    A customer's answer to a closed ticket opens a follow-up (product 4.4), one to a merged ticket goes
    on where that does (product 3.10): then the message's ticket is the other one. `automatic`: an
    out-of-office note is kept and moves nothing (C17). `seen`: the newest message that an agent had
    seen; where the customer or a colleague wrote since then, nothing is sent.
    Raises NotFound, Forbidden, Closed, NewerMessage, ValidationError.
    """
    if via != "mail":
        draft.check()
    with atomic():
        ticket = change.begin(actor, _goes_on(actor, ticket), Permission.TICKET_REPLY)
        if actor.is_staff and actor.id != ticket.requester_id:
            newer.check(actor, ticket, seen)
            return answer(actor, ticket, draft, via=via)
        if automatic:
            return keep(actor, ticket, draft, via)
        acknowledge.by_answer(actor, ticket, via)
        if ticket.phase == Phase.CLOSED:
            return _follow_up(actor, ticket, draft, via)
        return customer_wrote(actor, ticket, draft, via)


def _goes_on(actor: Actor, ticket: Ticket) -> Ticket:
    """Where a customer's words belong if the ticket was merged; the ticket itself if they can't see that."""
    row = Ticket.objects.filter(pk=ticket.pk).exclude(merged_into=None).first()
    if row is None or actor.is_staff:
        return ticket
    end = end_of(row)
    return end if visible_to(actor).filter(pk=end.pk).exists() else ticket


def answer(actor: Actor, ticket: Ticket, draft: Draft, *, via: str, why: str = "") -> Message:
    """An agent's answer on a ticket that the caller has locked; who answers an unclaimed one takes it.

    The moves that come with it name its message, so that one letter tells of both.
    """
    if ticket.phase == Phase.CLOSED:
        raise Closed
    now = clock.now()
    message = write(ticket, actor.person, draft, kind=Kind.OUT, channel=via, at=now)
    if ticket.responsible is None:
        make_responsible(actor, ticket, via, message=message.pk)
    ticket.agents.add(actor.id)
    ticket.awaiting = Awaiting.CUSTOMER
    ticket.waiting_since = now
    ticket.last_staff_reply_at = now
    ticket.first_reply_at = ticket.first_reply_at or now
    change.record(actor, ticket, "ticket.replied", via, message=message.pk)
    if why != "resolving":
        change.pull(actor, ticket, Trigger.STAFF_REPLIED, via, message=message.pk)
    change.save(ticket, now)
    return message


def customer_wrote(actor: Actor, ticket: Ticket, draft: Draft, via: str) -> Message:
    """The words of the customer's side on an open ticket that the caller has locked."""
    now = clock.now()
    message = write(
        ticket,
        actor.person,
        draft,
        kind=Kind.IN,
        channel=via,
        written_by=actor.behind,
        at=now,
    )
    if ticket.awaiting != Awaiting.SUPPORT:
        ticket.awaiting = Awaiting.SUPPORT
        ticket.waiting_since = now
    ticket.last_customer_message_at = now
    change.record(actor, ticket, "ticket.replied", via, message=message.pk)
    change.pull(actor, ticket, Trigger.CUSTOMER_WROTE, via)
    change.save(ticket, now)
    return message


def keep(actor: Actor, ticket: Ticket, draft: Draft, via: str) -> Message:
    """What a machine of the customer's side wrote: kept on the locked ticket, and moves nothing."""
    message = write(ticket, actor.person, draft, kind=Kind.IN, channel=via)
    change.record(actor, ticket, "ticket.auto_replied", via, message=message.pk)
    return message


def _follow_up(actor: Actor, ticket: Ticket, draft: Draft, via: str) -> Message:
    fields = Fields(
        subject=ticket.subject,
        department=ticket.department,
        requester=actor.person,
        company=ticket.company,
        project=ticket.project,
        type=ticket.type,
        contract=ticket.contract,
        contract_text=ticket.contract_text,
        object=ticket.object,
        equipment=ticket.equipment,
        details=ticket.details,
        category=ticket.category,
        priority=ticket.priority,
        follows=ticket,
    )
    follow_up = open_ticket(actor, fields, draft, via=via)
    change.record(actor, ticket, "ticket.followed_up", via, number=follow_up.number)
    return follow_up.messages.get()
