"""Hand a ticket over to the platform's line, and back to its partner's (product 2.3, 11.2; cap 71-72)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.events import log
from firstline.events.models import Event
from firstline.people.access import SYSTEM, Actor, Forbidden, actor_of
from firstline.people.models import Partner
from firstline.people.roles import Permission
from firstline.tickets import change, lines
from firstline.tickets.actions.claim import Closed
from firstline.tickets.models import Ticket
from firstline.tickets.models.ticket import Custody
from firstline.tickets.models.workflow import Phase

LONGEST_REASON = 2000
BATCH = 100


class NoOtherLine(Forbidden):
    """Nobody to hand the ticket to: its partner has no first line of its own, or it is not held there."""


def hand_over(actor: Actor, ticket: Ticket, reason: str, *, via: str) -> Ticket:
    """Give the ticket from its partner's line to the platform's; both lines read the reason.

    Raises NotFound, Forbidden, OtherLine, NoOtherLine, Closed, ValidationError.
    """
    return _give(actor, ticket, reason, via, Custody.PLATFORM)


def hand_back(actor: Actor, ticket: Ticket, reason: str, *, via: str) -> Ticket:
    """Give the ticket from the platform's line back to its partner's.

    Raises NotFound, Forbidden, OtherLine, NoOtherLine, Closed, ValidationError.
    """
    return _give(actor, ticket, reason, via, Custody.PARTNER)


def read_reason(text: str) -> str:
    """The reason as it is kept. Raises ValidationError where there is none."""
    reason = text.replace("\x00", "").strip()
    if not reason:
        raise ValidationError({"reason": _("Write why: the other line reads it first.")})
    if len(reason) > LONGEST_REASON:
        problem = _("At most %(number)s characters.") % {"number": LONGEST_REASON}
        raise ValidationError({"reason": problem})
    return reason


def after_line_ended(event: Event) -> None:
    """Hand over what a partner holds whose own first line was switched off: BATCH by BATCH.

    A reaction: each batch asks for the next one by an event of its own, so none is lost or long.
    """
    partner = Partner.objects.get(pk=event.subject_id)
    if partner.own_first_line:  # switched on again meanwhile
        return
    actor = actor_of(event.actor) if event.actor else SYSTEM
    held = Ticket.objects.filter(partner=partner, custody=Custody.PARTNER)
    held = held.exclude(phase=Phase.CLOSED).order_by("pk")
    with atomic():
        tickets = list(held[:BATCH])
        for row in tickets:
            # Who switched it off may be of neither line: that right was checked then.
            ticket = change.begin(SYSTEM, row, Permission.TICKET_HAND_OVER)
            if ticket.custody == Custody.PARTNER:
                _move(actor, ticket, event.data["reason"], event.via, Custody.PLATFORM)
        if len(tickets) == BATCH:
            record_line_ended(actor, partner, event.data["reason"], event.via)


def record_line_ended(actor: Actor, partner: Partner, reason: str, via: str) -> None:
    """Let `after_line_ended` follow."""
    log.record(
        "partner.line_ended",
        subject_kind="partner",
        subject_id=partner.pk,
        **actor.signature,
        via=via,
        data={"reason": reason},
    )


def _give(actor: Actor, ticket: Ticket, reason: str, via: str, target: Custody) -> Ticket:
    reason = read_reason(reason)
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_HAND_OVER)
        own_line = ticket.partner is not None and ticket.partner.own_first_line
        if ticket.custody == target or (target == Custody.PARTNER and not own_line):
            raise NoOtherLine(ticket.number)
        if ticket.phase == Phase.CLOSED:
            raise Closed
        _move(actor, ticket, reason, via, target)
    return ticket


def _move(actor: Actor, ticket: Ticket, reason: str, via: str, target: Custody) -> None:
    """Put it into other hands: who was on it stays named in the history; who answered it there before
    answers it again, or else nobody is on it now.
    """
    kind = "ticket.handed_over" if target == Custody.PLATFORM else "ticket.handed_back"
    data: dict[str, Any] = {
        "reason": reason,
        "partner": ticket.partner.name if ticket.partner else "",
        "agents": [one.person.display_name for one in ticket.agents.select_related("person")],
    }
    if ticket.responsible:
        data["responsible"] = ticket.responsible.person.display_name
        data["responsible_id"] = ticket.responsible_id
    again = lines.answers_again(ticket)
    ticket.custody, ticket.responsible, ticket.team = target, again, None
    ticket.agents.clear()
    if again:
        ticket.agents.add(again)
        data["again"] = again.person.display_name
    change.record(actor, ticket, kind, via, **data)
    change.save(ticket)
