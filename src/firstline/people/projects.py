"""Which projects somebody may see (product 2.2): the only way in."""

from django.db.models import QuerySet

from firstline.people.access import Actor, NotFound
from firstline.people.models import Project
from firstline.people.roles import Permission

RELATED = ("owner", "company", "partner")


def visible_to(actor: Actor) -> QuerySet[Project]:
    """Customers: those they own or are members of. A partner's staff: the partner's. Other staff: all."""
    projects = Project.objects.select_related(*RELATED)
    if actor.person is None or not actor.is_staff:
        return projects.filter(pk__in=actor.person.project_ids if actor.person else [])
    if not actor.may(Permission.CUSTOMER_VIEW):
        return projects.none()
    partner_id = actor.person.staff.partner_id
    return projects if partner_id is None else projects.filter(partner=partner_id)


def get_for(actor: Actor, identifier: str) -> Project:
    """The project with this identifier, if the actor sees it. Raises NotFound."""
    # PostgreSQL takes no NUL, and no identifier has one.
    found = (
        None if "\x00" in identifier else visible_to(actor).filter(identifier=identifier).first()
    )
    if found is None:
        raise NotFound(identifier)
    return found


def page(actor: Actor, after: str = "", size: int = 25) -> tuple[list[Project], str | None]:
    """A page of projects by identifier, and the key of the next one; `after` is that of the page before."""
    behind = visible_to(actor).order_by("identifier")
    if after:
        behind = behind.filter(identifier__gt=after.replace("\x00", ""))
    found = list(behind[: size + 1])
    return found[:size], found[size - 1].identifier if len(found) > size else None
