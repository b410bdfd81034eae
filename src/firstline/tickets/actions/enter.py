"""Enter a project: look at the portal through a customer's eyes (product 2.5, cap 81)."""

from firstline.base import clock
from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.people import projects, visits
from firstline.people.access import Actor, Forbidden, NotFound, as_customer
from firstline.people.actions.visits import record
from firstline.people.models import Person, Project, Visit
from firstline.people.roles import Permission
from firstline.tickets.access import OtherLine, partner_of, visible_to
from firstline.tickets.models.ticket import Custody

REASON = 300  # characters


class NoTicketThere(Forbidden):
    """None of the project's tickets is in a department of the actor."""


class NoSuchEyes(Forbidden):
    """The person does not take part in the project, is one of the staff, or is deactivated."""


def enter(actor: Actor, project: Project, person_id: int, reason: str = "", *, via: str) -> Visit:
    """Begin a visit to the project, through the eyes of its owner or of a member, and record both names.

    Nobody gets further than by their own rights: not by a partner's tickets that its first line
    holds (OtherLine), not to projects of other departments (NoTicketThere), and never by one of the
    staff (NoSuchEyes). Raises these, other Forbidden, NotFound.
    """
    agent, project = actor.person, reach(actor, project)
    person = next((one for one in visits.people_of(project) if one.pk == person_id), None)
    if agent is None or person is None:
        raise NoSuchEyes(person_id)
    if not actor.may(Permission.PARTNERS_READ) and _sees_held(project, person):
        raise OtherLine(project.identifier)
    now = clock.now()
    with atomic():
        visit = Visit.objects.create(
            agent=agent,
            person=person,
            project=project,
            reason=one_line(reason, REASON),
            started_at=now,
            seen_at=now,
        )
        record(visit, "project.entered", via, reason=visit.reason)
    return visit


def reach(actor: Actor, project: Project) -> Project:
    """The project, if the actor may enter it at all. Raises Forbidden, OtherLine, NoTicketThere, NotFound."""
    actor.demand(Permission.PROJECT_ENTER)
    if actor.person is None or not actor.is_staff or partner_of(actor) is not None:
        raise Forbidden(Permission.PROJECT_ENTER)
    found = projects.visible_to(actor).select_related("partner", "company__partner", "owner")
    row = found.filter(pk=project.pk).first()
    if row is None:
        raise NotFound(project.identifier)
    if not actor.may(Permission.PARTNERS_READ) and visits.is_held(row, row.owner):
        raise OtherLine(row.identifier)
    sees_all = actor.may(Permission.ALL_DEPARTMENTS)
    if not sees_all and not visible_to(actor).filter(project=row).exists():
        raise NoTicketThere(row.identifier)
    return row


def _sees_held(project: Project, person: Person) -> bool:
    """Whether those eyes see what a partner's first line has not handed over (product 2.3)."""
    if visits.is_held(project, person) or visits.takes_part_with_partner(person):
        return True
    return visible_to(as_customer(person)).filter(custody=Custody.PARTNER).exists()
