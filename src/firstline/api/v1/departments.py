"""Departments that take tickets; administrators make and change them."""

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.department_words import named, staff_named, target_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, patch, post
from firstline.api.v1.shapes import Page
from firstline.base.db import atomic
from firstline.base.languages import CODES
from firstline.mail import boxes
from firstline.mail.actions.departments import change_department, make_department, restore, retire
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import catalogue, departments
from firstline.tickets.actions.departments import Shape, place_department

if TYPE_CHECKING:
    from firstline.tickets import models as tickets

router = Router(tags=["catalogue"])


class Names(Strict):
    """A name in each language of the desk."""

    ru: Text
    bg: Text
    en: Text


class Signatures(Strict):
    """What stands below answers, in each language."""

    ru: Text = ""
    bg: Text = ""
    en: Text = ""


class Department(BaseModel):
    """A queue with its own mail address and workflow."""

    id: int
    name: str = Field(description="In the reader's language.")
    system_address: str
    forwarding_addresses: list[str] = Field(description="Public ones; answers go out from them.")
    workflow: str = Field(description="Key of the workflow.")


class FullDepartment(Department):
    """All of a department, for those who may change it."""

    names: dict[str, str]
    signatures: dict[str, str]
    agents: list[str] = Field(description="Mail addresses of the staff who work there.")
    is_active: bool


class NewDepartment(Strict):
    """A department to make, behind all others; it takes mail at once."""

    names: Names
    system_address: Text = Field("", description="Left out, it is made from the name.")
    workflow: Text = Field("mailbox", description="Key of the workflow.")
    agents: list[Text] = Field(default_factory=list, description="Mail addresses of staff.")
    signatures: Signatures = Field(default_factory=Signatures)


class DepartmentChange(Strict):
    """What to change; what is left out stays."""

    names: Names = Field(default_factory=lambda: Names(ru="", bg="", en=""))
    system_address: Text = Field(
        "", description="The former one goes on as one of the forwarding addresses."
    )
    workflow: Text = ""
    statuses: dict[Text, Text] = Field(
        default_factory=dict,
        description="If the workflow changes and there are tickets: which old status becomes which"
        " new one, by their keys.",
    )
    agents: list[Text] = Field(default_factory=list, description="All of them.")
    signatures: Signatures = Field(default_factory=Signatures)
    position: int = Field(default_factory=int, ge=1, description="Its place, from 1.")
    is_active: bool = Field(default_factory=bool, description="false retires the department.")
    tickets_to: int = Field(
        default_factory=int,
        description="Id of the department that the tickets, addresses and web forms of a retired"
        " one go to.",
    )


@get(router, "/departments", Page[Department])
def index(request: HttpRequest) -> Page[Department]:
    """The departments that take tickets."""
    found = catalogue.departments_for(actor_of(request))
    public = boxes.public_addresses([one.pk for one in found])
    items = [_shape(one, public.get(one.pk, [])) for one in found]
    return Page[Department](items=items, next=None)


@get(router, "/departments/{department_id}", FullDepartment)
def show(request: HttpRequest, department_id: int) -> FullDepartment:
    """All of one department; for those who may change it."""
    return _full(departments.get_for(actor_of(request), department_id))


@post(router, "/departments", FullDepartment)
def create(request: HttpRequest, department: Annotated[NewDepartment, Sent(...)]) -> Made:
    """Make a department, behind all others."""
    actor = actor_of(request)
    actor.demand(Permission.DEPARTMENT_EDIT)
    shape = Shape(
        names=department.names.model_dump(),
        address=department.system_address,
        workflow=department.workflow,
        agents=staff_named(actor, department.agents),
        signatures=department.signatures.model_dump(),
    )
    with named():
        made = make_department(actor, shape, via="api")
    return Made(_full(made), f"/api/v1/departments/{made.pk}")


@patch(router, "/departments/{department_id}", FullDepartment)
def change(
    request: HttpRequest, department_id: int, body: Annotated[DepartmentChange, Sent(...)]
) -> FullDepartment:
    """Change, place, retire or bring back a department: all of it, or nothing.

    One with open tickets or public addresses needs `tickets_to` to be retired.
    """
    actor = actor_of(request)
    department, sent = departments.get_for(actor, department_id), body.model_fields_set
    with named(), atomic():
        if "is_active" in sent and body.is_active:
            restore(actor, department, via="api")
        if sent & {"names", "system_address", "workflow", "statuses", "agents", "signatures"}:
            shape = _changed(actor, department, body)
            change_department(actor, department, shape, body.statuses, via="api")
        if "position" in sent:
            place_department(actor, department, body.position, via="api")
        if "is_active" in sent and not body.is_active:
            target = target_of(actor, body.tickets_to) if "tickets_to" in sent else None
            retire(actor, department, target, via="api")
    return _full(departments.get_for(actor, department_id))


def _changed(actor: Actor, department: "tickets.Department", body: DepartmentChange) -> Shape:
    """The department as it would be."""
    sent = body.model_fields_set
    agents = departments.agents_of(department)
    return Shape(
        names=body.names.model_dump() if "names" in sent else department.names,
        address=body.system_address if "system_address" in sent else department.address,
        workflow=body.workflow if "workflow" in sent else department.workflow.key,
        agents=staff_named(actor, body.agents) if "agents" in sent else agents,
        signatures=body.signatures.model_dump() if "signatures" in sent else department.signatures,
    )


def _shape(department: "tickets.Department", public: list[str]) -> Department:
    return Department(
        id=department.pk,
        name=department.label,
        system_address=department.address,
        forwarding_addresses=public,
        workflow=department.workflow.key,
    )


def _full(department: "tickets.Department") -> FullDepartment:
    public = boxes.public_addresses([department.pk]).get(department.pk, [])
    return FullDepartment(
        **_shape(department, public).model_dump(),
        names=department.names,
        signatures={code: department.signatures.get(code, "") for code in CODES},
        agents=departments.agent_emails(department),
        is_active=department.is_active,
    )
