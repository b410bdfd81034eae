"""Notes for support: what one shift leaves to the next, each line for itself (cap 82-83)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.access import partner_of
from firstline.tickets.models import NotesVersion, Ticket

SHOWN = 50  # versions on one page


@dataclass(frozen=True, slots=True)
class Versions:
    """Some versions, the newest first, and the number that the next ones lie below (None: no more)."""

    rows: list[NotesVersion]
    next: int | None


def current(actor: Actor, ticket: Ticket) -> NotesVersion | None:
    """What the notes of the actor's own line say now; None where nobody wrote any, or for customers."""
    return _versions(actor, ticket).first()


def versions(actor: Actor, ticket: Ticket, below: int | None = None) -> Versions:
    """The notes of the actor's own line as they were, the newest first, from under `below` on."""
    found = _versions(actor, ticket)
    if below is not None:
        found = found.filter(number__lt=below)
    rows = list(found[: SHOWN + 1])
    return Versions(rows[:SHOWN], rows[SHOWN - 1].number if len(rows) > SHOWN else None)


def _versions(actor: Actor, ticket: Ticket) -> QuerySet[NotesVersion]:
    if not actor.may(Permission.INTERNAL_VIEW):
        return NotesVersion.objects.none()
    of_line = NotesVersion.objects.filter(ticket=ticket, partner=partner_of(actor))
    return of_line.select_related("author").order_by("-number")
