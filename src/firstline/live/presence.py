"""Who looks at a ticket just now, and who types; each line sees its own people only (product 3.12)."""

from dataclasses import dataclass
from datetime import timedelta

from firstline.base import clock
from firstline.live.models import Presence
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access

LOOKS = timedelta(seconds=25)  # the page says so every ten
TYPES = timedelta(seconds=8)  # and every three while somebody types
KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Someone:
    """A member of staff before a ticket."""

    person_id: int
    partner_id: int | None
    name: str
    initials: str
    types: bool


def stand(actor: Actor, number: str, *, types: bool) -> None:
    """Say that the actor has the ticket open, and whether they type. Raises NotFound, Forbidden."""
    ticket = access.get_for(actor, number, Permission.INTERNAL_VIEW)
    if actor.person is None:
        return
    Presence.objects.update_or_create(
        ticket=ticket, person=actor.person, defaults={"is_typing": types, "at": clock.now()}
    )


def leave(actor: Actor, number: str) -> None:
    """Say that the actor has turned away. Never a refusal: who may not see it does not stand there."""
    Presence.objects.filter(ticket__number=number, person=actor.id).delete()


def standing() -> dict[int, frozenset[Someone]]:
    """Everybody who stands before a ticket now, by the ticket's id; one query."""
    now = clock.now()
    rows = Presence.objects.filter(at__gte=now - LOOKS).select_related("person__staff")
    found: dict[int, set[Someone]] = {}
    for row in rows:
        person = row.person
        if not person.is_active or person.level is None:
            continue
        types = row.is_typing and row.at >= now - TYPES
        someone = Someone(
            person.pk, person.staff.partner_id, person.display_name, person.initials, types
        )
        found.setdefault(row.ticket_id, set()).add(someone)
    return {ticket_id: frozenset(people) for ticket_id, people in found.items()}


def forget() -> None:
    """Remove what nobody will read again."""
    Presence.objects.filter(at__lt=clock.now() - KEPT).delete()
