"""Which API tokens somebody may see: their own, and who may edit staff, everybody's."""

from django.db.models import QuerySet

from firstline.people.access import Actor, Forbidden, NotFound
from firstline.people.customers import Page
from firstline.people.models import Person, Token
from firstline.people.roles import Permission

MOST = 200  # of one person, shown at once


def own(actor: Actor) -> list[Token]:
    """The actor's own that are not revoked, the newest first. Raises Forbidden."""
    _demand(actor)
    return list(
        Token.objects.filter(person=actor.id, revoked_at=None)
        .select_related("person")
        .order_by("-pk")[:MOST]
    )


def count_own(actor: Actor) -> int:
    """How many the actor has."""
    return Token.objects.filter(person=actor.id, revoked_at=None).count()


def page(actor: Actor, after: int = 0, size: int = 25, person: Person | None = None) -> Page[Token]:
    """Everybody's that are not revoked, or those of one person, the newest first.

    `after` is the key of the page before. Raises Forbidden.
    """
    actor.demand(Permission.STAFF_EDIT)
    rows = Token.objects.filter(revoked_at=None).select_related("person__staff")
    if person is not None:
        rows = rows.filter(person=person)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def get_for(actor: Actor, pk: int) -> Token:
    """One that is not revoked, if it is the actor's or they may edit staff. Raises NotFound, Forbidden."""
    _demand(actor)
    rows: QuerySet[Token] = Token.objects.filter(pk=pk, revoked_at=None)
    if not (actor.is_system or actor.may(Permission.STAFF_EDIT)):
        rows = rows.filter(person=actor.id)
    found = rows.select_related("person").first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _demand(actor: Actor) -> None:
    """An agent inside a project has nothing to do with the customer's tokens. Raises Forbidden."""
    actor.demand(Permission.OWN_EDIT)
    if actor.behind is not None:
        raise Forbidden("tokens of the customer")
