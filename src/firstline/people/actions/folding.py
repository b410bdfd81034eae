"""What an agent keeps folded on the desk (product 5.1)."""

from firstline.base.db import atomic, hold
from firstline.people.access import Actor, Forbidden
from firstline.people.models import Staff
from firstline.people.roles import Permission


def fold(actor: Actor, key: str, *, is_open: bool) -> None:
    """Remember that the actor keeps the group with this key open, or folded. Raises Forbidden.

    No event: nobody will ever ask who folded what.
    """
    actor.demand(Permission.OWN_EDIT)
    if not actor.is_staff:
        raise Forbidden(Permission.OWN_EDIT)
    with atomic():
        rows = Staff.objects.filter(pk=actor.id)
        hold(rows)
        staff = rows.get()
        if staff.folded.get(key) is not (not is_open):
            rows.update(folded={**staff.folded, key: not is_open})
