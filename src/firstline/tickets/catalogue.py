"""What a ticket can be filed under: departments, levels, types, workflows; and finding one by its name."""

from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.models import Department, Level, TicketType, Workflow


def departments_for(actor: Actor) -> list[Department]:
    """The departments that take tickets; customers choose from them, too. Raises Forbidden."""
    actor.demand(Permission.TICKET_VIEW)
    return list(Department.objects.filter(is_active=True).select_related("workflow"))


def types_for(actor: Actor) -> list[TicketType]:
    """The ticket types in use with their questions; internal ones for staff only (product 3.4).

    Raises Forbidden.
    """
    actor.demand(Permission.TICKET_VIEW)
    types = TicketType.objects.filter(is_active=True).select_related("department")
    types = types.prefetch_related("fields")
    if not actor.may(Permission.INTERNAL_VIEW):
        types = types.filter(audience=TicketType.Audience.PUBLIC)
    return list(types)


def levels_for(actor: Actor) -> list[Level]:
    """The support lines in their order; no business of customers. Raises Forbidden."""
    actor.demand(Permission.INTERNAL_VIEW)
    return list(Level.objects.filter(is_active=True))


def workflows_for(actor: Actor) -> list[Workflow]:
    """All workflows with their statuses and moves, in three queries. Raises Forbidden."""
    actor.demand(Permission.INTERNAL_VIEW)
    return list(Workflow.objects.order_by("pk").prefetch_related("statuses__moves__target"))


def department_named(actor: Actor, name: str) -> Department | None:
    """The one department with this id, mail address, its part before the @, or name in any language."""
    wanted = name.strip().lower()
    departments = departments_for(actor)
    ways = (
        lambda one: str(one.pk) == wanted,
        lambda one: one.address == wanted,
        lambda one: one.address.partition("@")[0] == wanted,
        lambda one: wanted in {text.lower() for text in one.names.values()},
    )
    for fits in ways:
        found = [department for department in departments if fits(department)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def type_named(actor: Actor, name: str) -> TicketType | None:
    """The one type with this id, or this name in any language, of those that the actor may choose."""
    wanted = name.strip().lower()
    for one in types_for(actor):
        if str(one.pk) == wanted or wanted in {text.lower() for text in one.names.values()}:
            return one
    return None
