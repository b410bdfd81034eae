"""What the people of a project do with an alert: they open it, and say that they have read it.

An agent inside a project (product 2.5) does neither for them: both are proof of receipt (11.9).
"""

from datetime import datetime

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import SYSTEM, Actor, Forbidden, NotFound
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.models import Alert, AlertReceipt, Ticket
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import UNRESOLVED


def may_acknowledge(actor: Actor) -> bool:
    """Whether what the actor does counts as the customer's own: not staff's, nor one of us inside."""
    return actor.person is not None and not actor.is_staff and actor.behind is None


def receive(actor: Actor, ticket: Ticket) -> AlertReceipt | None:
    """Note that a customer has opened the alert, and return what they did with it so far.

    The first time counts, any later one writes nothing. The page itself calls it, so that it is true
    without a script; it is no event, and nothing follows. None for what is no alert of theirs.
    """
    alert = getattr(ticket, "alert", None)
    if alert is None:
        return None
    mine = AlertReceipt.objects.filter(alert=alert, person=actor.id)
    receipt = mine.first()
    if not may_acknowledge(actor) or (receipt and receipt.opened_at):
        return receipt
    now = clock.now()
    with atomic():
        receipt, is_new = AlertReceipt.objects.get_or_create(
            alert=alert, person=actor.person, defaults={"opened_at": now}
        )
        if not is_new:
            mine.filter(opened_at=None).update(opened_at=now)
    return receipt


def acknowledge(actor: Actor, ticket: Ticket, *, via: str) -> AlertReceipt:
    """Say that one has read the alert; once for each person, the same again changes nothing.

    Raises NotFound where the ticket is no alert, Forbidden for staff, also inside a project.
    """
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_REPLY)
        if not ticket.alert_type:
            raise NotFound(ticket.number)
        if not may_acknowledge(actor):
            raise Forbidden(Permission.TICKET_REPLY)
        receipt = _sign(actor, ticket, via)
        if _came_back(ticket):
            # It stood on the desk for a call that is not needed any more.
            ticket.awaiting, ticket.waiting_since = Awaiting.CUSTOMER, clock.now()
            change.save(ticket)
    return receipt


def by_answer(actor: Actor, ticket: Ticket, via: str) -> None:
    """Who answers an alert has read it. The caller has locked the ticket and checked the right."""
    if getattr(ticket, "alert", None) is not None and may_acknowledge(actor):
        _sign(actor, ticket, via)


def remind(ticket_id: int) -> bool:
    """Say that nobody acknowledged an alert in time; False if that is not so, or was said before.

    Letters follow from the event, and the ticket goes onto the desk: somebody has to call (11.9).
    """
    with atomic():
        ticket = Ticket.objects.filter(pk=ticket_id).first()
        if ticket is None:
            return False
        ticket = change.begin(SYSTEM, ticket, Permission.TICKET_MOVE)
        now = clock.now()
        # The row's own columns alone, so that of two schedulers one finds nothing left to set (D20).
        due = Alert.objects.filter(
            pk=ticket.pk, acknowledged_at=None, reminded_at=None, acknowledge_by__lte=now
        )
        if ticket.phase not in UNRESOLVED or not due.update(reminded_at=now):
            return False
        until = ticket.alert.acknowledge_by
        said = until.isoformat() if until else ""
        change.record(SYSTEM, ticket, "ticket.alert_overdue", "system", until=said)
        if ticket.awaiting != Awaiting.SUPPORT:
            ticket.awaiting, ticket.waiting_since = Awaiting.SUPPORT, now
        change.save(ticket, now)
    return True


def overdue(now: datetime, most: int) -> list[int]:
    """Ids of the open alerts whose time to be acknowledged is over, the oldest first."""
    due = Alert.objects.filter(acknowledged_at=None, reminded_at=None, acknowledge_by__lte=now)
    due = due.filter(ticket__phase__in=UNRESOLVED).order_by("acknowledge_by")
    return list(due.values_list("pk", flat=True)[:most])


def _sign(actor: Actor, ticket: Ticket, via: str) -> AlertReceipt:
    now = clock.now()
    receipt, _is_new = AlertReceipt.objects.get_or_create(
        alert_id=ticket.pk, person_id=actor.id or 0
    )
    if receipt.acknowledged_at is not None:
        return receipt
    receipt.acknowledged_at = now
    if via != "mail":  # who answers by mail has not opened the page
        receipt.opened_at = receipt.opened_at or now
    receipt.save()
    Alert.objects.filter(pk=ticket.pk, acknowledged_at=None).update(acknowledged_at=now)
    change.record(actor, ticket, "ticket.acknowledged", via)
    return receipt


def _came_back(ticket: Ticket) -> bool:
    """Whether the ticket is on the desk only because nobody had acknowledged it in time."""
    return (
        ticket.alert.reminded_at is not None
        and ticket.awaiting == Awaiting.SUPPORT
        and ticket.last_customer_message_at is None
        and ticket.phase in UNRESOLVED
    )
