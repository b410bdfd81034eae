"""Partners and their terms, for who may see or shape them (product 2.3)."""

from firstline.people.access import Actor, NotFound
from firstline.people.models import Partner
from firstline.people.roles import Permission


def page(
    actor: Actor, need: Permission, after: int = 0, size: int = 25
) -> tuple[list[Partner], int | None]:
    """A page of all partners and the key of the next one, for who may do `need`. Raises Forbidden."""
    actor.demand(need)
    found = list(Partner.objects.filter(pk__gt=after).order_by("pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def get_for(actor: Actor, pk: int, need: Permission) -> Partner:
    """One partner, for who may do `need`. Raises Forbidden, NotFound."""
    actor.demand(need)
    partner = Partner.objects.filter(pk=pk).first()
    if partner is None:
        raise NotFound(str(pk))
    return partner
