"""Alerts: tickets that we start, to tell projects something (product 5.4)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.broadcasts import Broadcast, broadcast_of
from firstline.api.v1.enclosures import TextAndFiles
from firstline.api.v1.once import Made
from firstline.api.v1.opening import department_named
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Asked, Moment, Sent, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import (
    Opened,
    Page,
    Person,
    Phase,
    address_of,
    next_address,
    person_of,
)
from firstline.mail import receipts
from firstline.people import projects
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, alerts
from firstline.tickets.actions.alert import alert as tell
from firstline.tickets.actions.broadcast import broadcast

if TYPE_CHECKING:
    from firstline.people.models import Project
    from firstline.tickets import models as tickets

router = Router(tags=["alerts"])
Type = Literal["information", "complaint", "suspicious"]
State = Literal["waiting", "overdue", "acknowledged"]
Mail = Literal["queued", "retry", "sent", "kept", "failed"]
LINE = {"type": "string"}
FORM = dict.fromkeys(("project", "title", "text", "department"), LINE) | {
    "projects": {"type": "array", "items": LINE},
    "type": {"enum": ["information", "complaint", "suspicious"]},
    "acknowledge_by": LINE | {"format": "date-time"},
}


class Receipt(BaseModel):
    """What one person did with the alert."""

    person: Person
    mail: Mail | None = Field(description="The mail to them; null if none was written.")
    opened_at: datetime | None
    acknowledged_at: datetime | None


class Alert(BaseModel):
    """An alert; it is the ticket with this number, where it is read and answered."""

    number: str
    project: str = Field(description="Identifier of the project.")
    type: Type
    title: str
    author: Person | None
    status: str = Field(description="Key of a status of the department's workflow.")
    phase: Phase
    created_at: datetime
    answered_at: datetime | None = Field(description="When the customer wrote last; null if never.")
    acknowledge_by: datetime | None = Field(description="By when it is to be acknowledged.")
    acknowledged_at: datetime | None = Field(description="When somebody first did.")
    reminded_at: datetime | None = Field(
        description="When the second mail went, because nobody had acknowledged it in time."
    )
    receipts: list[Receipt] = Field(
        description="Of everybody whom it concerns; customers see their own."
    )


class NewAlert(TextAndFiles):
    """What one project is to be told, or several."""

    project: Text | None = Field(None, description="Identifier of the project.")
    projects: Annotated[list[Text], Field(max_length=1000)] = Field(
        [], description="Identifiers of several; then the answer is a broadcast."
    )
    type: Type
    title: Annotated[Text, Field(min_length=1, max_length=300)]
    acknowledge_by: Moment | None = Field(
        None,
        description="By when somebody of the project is to say that they have read it; after that "
        "they get a second mail and the ticket comes to the desk.",
    )
    department: Text | int | None = Field(
        None,
        description="Which department takes the answers: its id, mail address or name. By default "
        "the first one that you work in.",
    )

    def wanted(self, actor: Actor) -> "list[Project]":
        """The projects; one that the actor does not see looks as if it were not there."""
        field = "project" if self.project is not None else "projects"
        named = dict.fromkeys(
            [*([self.project] if self.project is not None else []), *self.projects]
        )
        found = projects.named(actor, named)
        if not named:
            raise invalid("project", _("This field is needed."))
        if len(found) < len(named):
            raise invalid(field, _("There is no such project."))
        return found


class Walk(BaseModel):
    """Which alerts, and where a page begins."""

    model_config = ConfigDict(extra="forbid")

    project: Text | None = Field(None, description="Identifier of a project.")
    type: Type | None = None
    state: State | None = Field(None, description="Whether somebody acknowledged it.")
    limit: int = Field(25, ge=1, le=100, description="How many a page.")
    after: Text | None = Field(None, description="Where a page begins; take it from `next`.")


@get(router, "/alerts", Page[Alert])
def index(request: HttpRequest, query: Annotated[Walk, Asked(...)]) -> Page[Alert]:
    """Alerts that you may see, the newest first."""
    actor = actor_of(request)
    actor.demand(Permission.TICKET_VIEW)
    if query.after is not None and not alerts.understands(query.after):
        raise invalid("after", _("The cursor does not belong to this list."))
    project_id = None
    if query.project is not None:
        project_id = projects.get_for(actor, query.project).pk
    narrowed = alerts.Narrowed(project_id, query.type or "", query.state or "")
    page = alerts.page(actor, narrowed, after=query.after or "", size=query.limit)
    found = receipts.receipts_of(page.tickets)
    items = [alert_of(ticket, actor, found[ticket.pk]) for ticket in page.tickets]
    return Page[Alert](items=items, next=next_address(request, page.next))


@post(router, "/alerts", Alert | Broadcast | Opened, form=FORM)
def create(request: HttpRequest, alert: Annotated[NewAlert, Sent(...)]) -> Made:
    """Tell the people of a project something, or of several; they read it in the portal and by mail."""
    actor = actor_of(request)
    actor.demand(Permission.ALERT_OPEN)
    wanted = alert.wanted(actor)
    named = alert.department
    department = department_named(actor, named) if named is not None else None
    draft, until = alert.draft(), alert.acknowledge_by
    if alert.projects:
        made = broadcast(
            actor,
            wanted,
            alert.type,
            alert.title,
            draft,
            department=department,
            acknowledge_by=until,
        )
        shape = broadcast_of(made)
        return Made(shape, f"/api/v1/alerts/broadcasts/{shape.id}")
    ticket = tell(
        actor,
        wanted[0],
        alert.type,
        alert.title,
        draft,
        via="api",
        department=department,
        acknowledge_by=until,
    )
    if not access.visible_to(actor).filter(pk=ticket.pk).exists():
        return Made(Opened(number=ticket.number), "")
    found = receipts.receipts_of([ticket])[ticket.pk]
    return Made(alert_of(ticket, actor, found), address_of(ticket.number))


def alert_of(ticket: "tickets.Ticket", actor: Actor, found: Iterable[receipts.Receipt]) -> Alert:
    """The alert as this actor may know it."""
    sees_all = actor.may(Permission.ALERT_VIEW)
    return Alert(
        number=ticket.number,
        project=ticket.project.identifier if ticket.project else "",
        type=ticket.alert.type,
        title=ticket.subject,
        author=person_of(ticket.opened_by, actor, staff=True),
        status=ticket.status.key,
        phase=ticket.phase,
        created_at=ticket.created_at,
        answered_at=ticket.last_customer_message_at,
        acknowledge_by=ticket.alert.acknowledge_by,
        acknowledged_at=ticket.alert.acknowledged_at,
        reminded_at=ticket.alert.reminded_at,
        receipts=[_receipt(one) for one in found if sees_all or one.person.pk == actor.id],
    )


def _receipt(one: receipts.Receipt) -> Receipt:
    return Receipt(
        person=Person(name=one.person.display_name, email=one.person.email),
        mail=one.letter.state if one.letter else None,
        opened_at=one.opened_at,
        acknowledged_at=one.acknowledged_at,
    )
