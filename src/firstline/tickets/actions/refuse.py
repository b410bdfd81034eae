"""Keep a mail to an agent's own address that was not done, for staff of that agent's line (C4, C5)."""

from firstline.base.db import atomic
from firstline.people.access import SYSTEM, actor_of
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.access import partner_of
from firstline.tickets.family import end_of
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility


def refuse(
    ticket: Ticket, agent: Person, sender: str, draft: Draft, why: str, detail: str
) -> Message:
    """Add the mail as a hidden comment of nobody; it may be the agent's or a forged one.

    `agent`: whose address it came to; `sender`: whom it names; `why`: a word of `by_agent`.
    """
    partner_id = partner_of(actor_of(agent))
    with atomic():
        ticket = change.begin(SYSTEM, end_of(ticket), Permission.TICKET_NOTE)
        message = write(
            ticket,
            None,
            draft,
            kind=Kind.HIDDEN,
            channel="mail",
            visibility=Visibility.INTERNAL,
            partner_id=partner_id,
        )
        Message.objects.filter(pk=message.pk).update(author_name=sender[:200])
        about = {"message": message.pk, "agent": agent.pk, "why": why, "detail": detail}
        change.record(SYSTEM, ticket, "ticket.mail_refused", "mail", **about, line=partner_id or 0)
        change.save(ticket)
    return message
