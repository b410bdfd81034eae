"""Alerts: tickets that we start, to tell a project something (product 5.4)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.enclosures import TextAndFiles
from firstline.api.v1.once import Made
from firstline.api.v1.opening import department_named
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Asked, Sent, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page, Person, Phase, address_of, next_address, person_of
from firstline.people import projects
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets import alerts
from firstline.tickets.actions.alert import alert as tell

if TYPE_CHECKING:
    from firstline.tickets import models as tickets

router = Router(tags=["alerts"])
Type = Literal["information", "complaint", "suspicious"]
LINE = {"type": "string"}
FORM = dict.fromkeys(("project", "title", "text", "department"), LINE) | {
    "type": {"enum": ["information", "complaint", "suspicious"]}
}


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


class NewAlert(TextAndFiles):
    """What a project is to be told."""

    project: Text = Field(description="Identifier of the project.")
    type: Type
    title: Annotated[Text, Field(min_length=1, max_length=300)]
    department: Text | int | None = Field(
        None,
        description="Which department takes the answers: its id, mail address or name. By default "
        "the first one that you work in.",
    )


class Walk(BaseModel):
    """Of which project, and where a page begins."""

    model_config = ConfigDict(extra="forbid")

    project: Text | None = Field(None, description="Identifier of a project.")
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
    page = alerts.page(actor, project_id=project_id, after=query.after or "", size=query.limit)
    items = [alert_of(ticket, actor) for ticket in page.tickets]
    return Page[Alert](items=items, next=next_address(request, page.next))


@post(router, "/alerts", Alert, form=FORM)
def create(request: HttpRequest, alert: Annotated[NewAlert, Sent(...)]) -> Made:
    """Tell the people of a project something; they read it in the portal and by mail."""
    actor = actor_of(request)
    actor.demand(Permission.ALERT_OPEN)
    try:
        project = projects.get_for(actor, alert.project)
    except NotFound as problem:
        raise invalid("project", _("There is no such project.")) from problem
    named = alert.department
    department = department_named(actor, named) if named is not None else None
    draft = alert.draft()
    ticket = tell(actor, project, alert.type, alert.title, draft, via="api", department=department)
    return Made(alert_of(ticket, actor), address_of(ticket.number))


def alert_of(ticket: "tickets.Ticket", actor: Actor) -> Alert:
    """The alert as this actor may know it."""
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
    )
