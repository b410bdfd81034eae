"""What the API answers: the documented shapes, made from rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar
from urllib.parse import quote, urlencode

from django.http import HttpRequest
from pydantic import BaseModel, Field

from firstline.people import portals
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.access import partner_of

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
        description="null where the person is staff, and the reader is a customer or of another line."
    )


class Rating(BaseModel):
    """What the customer says of the help they got."""

    helped: bool
    at: datetime


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
    partner: str | None = Field(description="Whose customer it is; for staff only.")
    custody: Literal["platform", "partner"] | None = Field(
        description="Whose first line works on it; for staff only."
    )
    contract: str | None = Field(description="Number of one of the company's contracts.")
    contract_text: str | None = Field(
        description="The number as it was given, where it is none of the company's contracts."
    )
    object: str | None = Field(description="Name of the site that is served.")
    equipment: str | None = Field(description="Model and serial number.")
    details: dict[str, Any] = Field(
        description="Answers to what the type asks, by the key of the field."
    )
    callback_name: str | None
    callback_phone: str | None
    responsible: Person | None
    team: str | None = Field(description="Name in the reader's language; for staff only.")
    agents: list[Person] = Field(description="All agents on the ticket; for staff only.")
    tags: list[str] = Field(description="For staff only.")
    awaiting: Literal["support", "customer"] = Field(description="Whose turn it is.")
    pending_until: datetime | None
    rating: Rating | None = Field(description="The customer's; null as long as there is none.")
    channel: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


class Opened(BaseModel):
    """What is answered instead of a ticket that the caller opened or gave away and may not see."""

    number: str


def next_address(request: HttpRequest, after: str | None) -> str | None:
    """The address of the next page of the list that was asked for; `after` is its key, if any."""
    if after is None:
        return None
    return f"{request.path}?{urlencode({**request.GET.dict(), 'after': after})}"


def address_of(number: str) -> str:
    """Where the API has the ticket with this number."""
    return f"/api/v1/tickets/{quote(number, safe='')}"


def person_of(person: "people.Person | None", actor: Actor, *, staff: bool) -> Person | None:
    """The person; addresses of staff are not for customers, nor for a partner's staff those of others.

    The caller knows who is `staff`.
    """
    if person is None:
        return None
    if staff and not _same_line(person, actor):
        return Person(name=person.display_name, email=None)
    if not staff or actor.may(Permission.INTERNAL_VIEW) or actor.person is None:
        return Person(name=person.display_name, email=person.email)
    name = portals.shown_name(portals.seen_by(actor.person), person.display_name)
    return Person(name=name, email=None)


def _same_line(person: "people.Person", actor: Actor) -> bool:
    """Whether a partner's staff may know more of a colleague than the name in the thread."""
    partner_id = partner_of(actor)
    theirs = getattr(person, "staff", None)
    return partner_id is None or theirs is None or theirs.partner_id == partner_id


def rating_of(rating: "tickets.Rating | None") -> Rating | None:
    """The rating, where there is one."""
    return Rating(helped=rating.helped, at=rating.at) if rating else None


def ticket_of(ticket: "tickets.Ticket", actor: Actor) -> Ticket:
    """The ticket as this actor may know it; agents and tags should have been fetched before."""
    inside, is_platform = actor.may(Permission.INTERNAL_VIEW), partner_of(actor) is None
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
        partner=ticket.partner.name if ticket.partner and inside else None,
        custody=ticket.custody if inside else None,
        **_asked_about(ticket),
        responsible=person_of(responsible, actor, staff=True),
        team=ticket.team.label if ticket.team and inside and is_platform else None,
        agents=_agents(ticket.agents.all(), actor) if inside else [],
        tags=sorted(tag.name for tag in ticket.tags.all()) if inside else [],
        awaiting=ticket.awaiting,
        pending_until=ticket.pending_until,
        rating=rating_of(getattr(ticket, "rating", None)),
        channel=ticket.channel,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        closed_at=ticket.closed_at,
    )


def _asked_about(ticket: "tickets.Ticket") -> dict[str, Any]:
    return {
        "contract": ticket.contract.number if ticket.contract else None,
        "contract_text": ticket.contract_text or None,
        "object": ticket.object.name if ticket.object else None,
        "equipment": str(ticket.equipment) if ticket.equipment else None,
        "details": ticket.details,
        "callback_name": ticket.callback_name or None,
        "callback_phone": ticket.callback_phone or None,
    }


def _agents(staff: "Iterable[people.Staff]", actor: Actor) -> list[Person]:
    """All of them; a partner's staff read who of their own is on it."""
    mine = (one for one in staff if _same_line(one.person, actor))
    persons = (person_of(one.person, actor, staff=True) for one in mine)
    return [person for person in persons if person]
