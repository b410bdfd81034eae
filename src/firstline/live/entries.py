"""A ticket as the browser needs it to put its list right."""

from collections.abc import Iterable
from typing import Any

from firstline.people.access import Actor
from firstline.tickets import desk, inbox, waiting
from firstline.tickets.access import each_of, visible_to
from firstline.tickets.models import Ticket

RELATED = (*desk.RELATED, "level", "partner")


def entry(actor: Actor, whose: str, ticket: Ticket, row: str) -> dict[str, Any]:
    """Where the actor's list shows the ticket now ("" for nowhere), and the row to show there."""
    if inbox.is_view(whose):
        return {"number": ticket.number, "group": inbox.place(actor, ticket, whose), "row": row}
    if whose == waiting.VIEW:
        return {"number": ticket.number, "group": waiting.place(actor, ticket), "row": row}
    fits = {"mine": ticket.responsible_id == actor.id, "free": ticket.responsible_id is None}
    group = desk.place(actor, ticket) if fits.get(whose, True) else ""
    return {"number": ticket.number, "group": group, "row": row}


def shown(actor: Actor, numbers: Iterable[str]) -> list[Ticket]:
    """Those of the tickets with these numbers that the actor may see; one query."""
    wanted = [number for number in numbers if "\x00" not in number]
    return list(each_of(visible_to(actor)).filter(number__in=wanted).select_related(*RELATED))
