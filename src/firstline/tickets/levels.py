"""The support lines as administrators see them: in their order, retired ones too."""

from django.core.cache import cache
from django.db.models import Count

from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.models import Level, Ticket

REMEMBERED = 5.0  # seconds; each page of the desk asks, and a changed level shows soon after
KEY = "levels"


def all_of_them() -> list[Level]:
    """All levels in their order, retired ones too, as they were some seconds ago at most."""
    found: list[Level] | None = cache.get(KEY)
    if found is None:
        found = list(Level.objects.all())
        cache.set(KEY, found, REMEMBERED)
    return found


def forget() -> None:
    """Show a changed level in this process at once; the others follow within seconds."""
    cache.delete(KEY)


def all_for(actor: Actor) -> list[Level]:
    """All levels, those in use first. Raises Forbidden."""
    actor.demand(Permission.LEVEL_EDIT)
    return list(Level.objects.order_by("-is_active", "-is_first", "position", "pk"))


def get_for(actor: Actor, key: str) -> Level:
    """The level with this key. Raises Forbidden, NotFound."""
    actor.demand(Permission.LEVEL_EDIT)
    level = Level.objects.filter(key=key).first()
    if level is None:
        raise NotFound(key)
    return level


def open_counts(actor: Actor) -> dict[int, int]:
    """How many open tickets each level has, whoever holds them; none are left out. Raises Forbidden."""
    actor.demand(Permission.LEVEL_EDIT)
    rows = Ticket.objects.filter(is_open=1).order_by().values_list("level_id")
    return dict(rows.annotate(number=Count("pk")))


def is_key(text: str) -> bool:
    """Whether a level has this key."""
    return "\x00" not in text and Level.objects.filter(key=text).exists()
