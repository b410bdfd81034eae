"""What the API answers: the documented shapes, made from rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, Field

from firstline.people.access import Actor
from firstline.people.roles import Permission

if TYPE_CHECKING:
    from firstline.people import models as people
    from firstline.tickets import models as tickets

Item = TypeVar("Item")
Phase = Literal["new", "open", "waiting", "deferred", "resolved", "closed"]
Priority = Literal["low", "medium", "high", "critical"]
Category = Literal["incident", "request"]
PRIORITIES: tuple[Priority, ...] = ("low", "medium", "high", "critical")  # 1 to 4 in the rows


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(None, description="Address of the next page; null at the end.")


class Person(BaseModel):
    """A person as others see them."""

    name: str
    email: str | None = Field(
        description="null where the reader is a customer and the person staff."
    )


class Ticket(BaseModel):
    """A ticket. What only staff may know is null, or empty, for customers."""

    number: str
    subject: str
    status: str = Field(description="Key of a status of the department's workflow.")
    phase: Phase
    priority: Priority
    category: Category
    type: str | None = Field(description="Name in the reader's language.")
    level: str | None = Field(description="Key of the support line; for staff only.")
    department: str = Field(description="Name in the reader's language.")
    requester: Person | None
    company: str | None
    project: str | None = Field(description="Identifier of the project.")
    contract: str | None = None
    object: str | None = None
    equipment: str | None = None
    responsible: Person | None
    team: str | None = Field(description="Name in the reader's language; for staff only.")
    agents: list[Person] = Field(description="All agents on the ticket; for staff only.")
    tags: list[str] = Field(description="For staff only.")
    awaiting: Literal["support", "customer"] = Field(description="Whose turn it is.")
    pending_until: datetime | None
    channel: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


def address_of(number: str) -> str:
    """Where the API has the ticket with this number."""
    return f"/api/v1/tickets/{quote(number, safe='')}"


def person_of(person: "people.Person | None", actor: Actor, *, staff: bool) -> Person | None:
    """The person; addresses of staff are not for customers. The caller knows who is `staff`."""
    if person is None:
        return None
    hidden = staff and not actor.may(Permission.INTERNAL_VIEW)
    return Person(name=person.display_name, email=None if hidden else person.email)


def ticket_of(ticket: "tickets.Ticket", actor: Actor) -> Ticket:
    """The ticket as this actor may know it; agents and tags should have been fetched before."""
    inside = actor.may(Permission.INTERNAL_VIEW)
    responsible = ticket.responsible.person if ticket.responsible else None
    return Ticket(
        number=ticket.number,
        subject=ticket.subject,
        status=ticket.status.key,
        phase=ticket.phase,
        priority=PRIORITIES[ticket.priority - 1],
        category=ticket.category,
        type=ticket.type.label if ticket.type else None,
        level=ticket.level.key if inside else None,
        department=ticket.department.label,
        requester=person_of(ticket.requester, actor, staff=False),
        company=ticket.company.name if ticket.company else None,
        project=ticket.project.identifier if ticket.project else None,
        responsible=person_of(responsible, actor, staff=True),
        team=ticket.team.label if ticket.team and inside else None,
        agents=_agents(ticket.agents.all(), actor) if inside else [],
        tags=sorted(tag.name for tag in ticket.tags.all()) if inside else [],
        awaiting=ticket.awaiting,
        pending_until=ticket.pending_until,
        channel=ticket.channel,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        closed_at=ticket.closed_at,
    )


def _agents(staff: "Iterable[people.Staff]", actor: Actor) -> list[Person]:
    persons = (person_of(one.person, actor, staff=True) for one in staff)
    return [person for person in persons if person]
