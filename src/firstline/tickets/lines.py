"""Whose line holds a ticket, and what the other one would see of it (product 11.2)."""

from copy import copy
from dataclasses import dataclass

from firstline.events.models import Event
from firstline.people.access import SYSTEM, Actor
from firstline.people.models import Staff
from firstline.people.roles import Permission
from firstline.tickets.access import is_custodian, of_line, partner_of
from firstline.tickets.change import SUBJECT
from firstline.tickets.family import family
from firstline.tickets.models import Attachment, Message, Ticket
from firstline.tickets.models.message import Visibility
from firstline.tickets.models.ticket import Custody
from firstline.tickets.workers import workers_for

TURNS = 20  # how many times it may have gone to and fro before nobody remembers


@dataclass(frozen=True, slots=True)
class Lines:
    """The two lines of a ticket, as one of them sees it; only where the partner has a line of its own."""

    partner: str
    held_by_partner: bool
    is_ours: bool
    of_partner: bool
    may_give: bool

    @property
    def hands_over(self) -> bool:
        """Whether the reader can give the ticket to the platform's line."""
        return self.may_give and self.held_by_partner

    @property
    def hands_back(self) -> bool:
        """Whether the reader can give the ticket to the partner's line."""
        return self.may_give and not self.held_by_partner


@dataclass(frozen=True, slots=True)
class Shown:
    """What the platform's line will read of a ticket, and how much stays the partner's own."""

    messages: list[Message]
    files: list[Attachment]
    hidden: int
    hidden_files: int


def lines_of(actor: Actor, ticket: Ticket) -> Lines | None:
    """Who holds the ticket; None where there is one line only. Asks the database nothing."""
    if not actor.is_staff or ticket.partner is None or not ticket.partner.own_first_line:
        return None
    is_ours = is_custodian(actor, ticket)
    may_give = is_ours and actor.may(Permission.TICKET_HAND_OVER) and not ticket.is_closed
    return Lines(
        partner=ticket.partner.name,
        held_by_partner=ticket.custody == Custody.PARTNER,
        is_ours=is_ours,
        of_partner=partner_of(actor) is not None,
        may_give=may_give,
    )


def other_line(ticket: Ticket) -> Custody:
    """The line that does not hold the ticket."""
    return Custody.PLATFORM if ticket.custody == Custody.PARTNER else Custody.PARTNER


def answers_again(ticket: Ticket) -> Staff | None:
    """Who would answer it once the other line has it: the last responsible there, who still may.

    None where nobody there ever was responsible, or that agent works on it no more; two queries.
    """
    target = other_line(ticket)
    kind = "ticket.handed_over" if target == Custody.PARTNER else "ticket.handed_back"
    given = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk, kind=kind)
    told = given.order_by("-id").values_list("data", flat=True)[:TURNS]
    last = next((data["responsible_id"] for data in told if data.get("responsible_id")), None)
    if last is None:
        return None
    there = copy(ticket)
    there.custody = target
    return workers_for(SYSTEM, there).filter(pk=last).first()


def shown_to_platform(ticket: Ticket) -> Shown:
    """All that the platform reads after a hand-over, by the very rule that will show it; three queries."""
    every = Message.objects.filter(ticket__in=family(ticket)).order_by("id")
    every = every.select_related("author__staff", "ticket")
    shown = list(every.filter(of_line(None)))
    own = every.filter(visibility=Visibility.INTERNAL, partner=ticket.partner_id)
    files = Attachment.objects.filter(message__in=every).select_related("file")
    ids = {message.pk for message in shown}
    found = list(files.order_by("pk"))
    seen = [one for one in found if one.message_id in ids]
    return Shown(shown, seen, own.count(), len(found) - len(seen))
