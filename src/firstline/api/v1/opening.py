"""What a client says of a new ticket."""

from typing import TYPE_CHECKING, Annotated

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import Field

from firstline.api.v1.enclosures import TextAndFiles
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Strict, Text
from firstline.api.v1.shapes import PRIORITIES, Category, Priority
from firstline.base import emails
from firstline.people import customers, directory
from firstline.people.access import Actor
from firstline.people.actions.people import meet
from firstline.people.roles import Permission
from firstline.records import access as records
from firstline.tickets import catalogue
from firstline.tickets.actions.open import Fields

if TYPE_CHECKING:
    from firstline.people.models import Person, Project
    from firstline.records.models import Equipment, ServiceObject
    from firstline.tickets.models import Department, TicketType

Answer = Text | int | float | None
Tag = Annotated[Text, Field(min_length=1, max_length=60)]
LINE = {"type": "string"}
NAMES = ("subject", "text", "requester", "department", "type", "project")
RECORDS = ("contract", "object", "equipment")
FORM = dict.fromkeys((*NAMES, *RECORDS), LINE) | {
    "details.KEY": LINE | {"description": "One for each answer to what the type asks."},
    "priority": {"enum": list(PRIORITIES)},
    "category": {"enum": ["incident", "request"]},
    "callback_name": LINE,
    "callback_phone": LINE,
    "tags": {"type": "array", "items": LINE},
}


class Contact(Strict):
    """Whom a ticket is opened for; who is not known yet becomes a customer."""

    email: Text
    name: Annotated[Text, Field(max_length=200)] = ""


class NewTicket(TextAndFiles):
    """A new ticket with its first message."""

    subject: Annotated[Text, Field(min_length=1, max_length=300)]
    requester: Text | Contact | None = Field(
        None,
        description="Mail address, or address and name. Customers open tickets for themselves, a "
        "partner's staff for people of the companies that they serve.",
    )
    department: Text | int | None = Field(
        None, description="Its id, mail address, the part before the @, or its name."
    )
    type: Text | int | None = Field(None, description="Its id or name.")
    priority: Priority = "medium"
    category: Category = "request"
    project: Text | None = Field(None, description="Identifier of one of the requester's projects.")
    contract: Annotated[Text, Field(max_length=60)] | None = Field(
        None,
        description="Its number. One that the company does not have is kept as it was written, "
        "in `contract_text`.",
    )
    object: Text | int | None = Field(None, description="Id or name of one of the company's.")
    equipment: Text | int | None = Field(
        None, description="Id or serial number of one of the company's."
    )
    details: dict[Text, Answer] = Field(
        {}, max_length=50, description="Answers to what the type asks, by the key of the field."
    )
    callback_name: Annotated[Text, Field(max_length=200)] = ""
    callback_phone: Annotated[Text, Field(max_length=40)] = ""
    tags: list[Tag] = Field([], max_length=20, description="For staff only.")

    def fields(self, actor: Actor) -> Fields:
        """The same as the action takes it. Raises Refusal, Forbidden, ValidationError."""
        actor.demand(Permission.TICKET_OPEN)
        if self.tags:
            actor.demand(Permission.INTERNAL_VIEW)
        requester = _requester(actor, self.requester)
        kind = _type(actor, self.type)
        return Fields(
            subject=self.subject,
            department=department_named(actor, self.department),
            requester=requester,
            type=kind,
            project=_project(requester, self.project),
            contract_text=self.contract or "",
            object=_object(actor, requester, self.object),
            equipment=_equipment(actor, requester, self.equipment),
            details=_answers(kind, self.details),
            priority=PRIORITIES.index(self.priority) + 1,
            category=self.category,
            callback_name=self.callback_name,
            callback_phone=self.callback_phone,
            tags=tuple(self.tags),
        )


def department_named(actor: Actor, name: str | int | None) -> "Department":
    """The department that a client means; none need be named where there is one. Raises Refusal."""
    if name is not None:
        found = catalogue.department_named(actor, str(name))
        if found is None:
            raise invalid("department", _("There is no such department."))
        return found
    departments = catalogue.departments_for(actor)
    if len(departments) != 1:
        raise invalid("department", _("This field is needed."))
    return departments[0]


def _type(actor: Actor, name: str | int | None) -> "TicketType | None":
    found = catalogue.type_named(actor, str(name)) if name is not None else None
    if name is not None and found is None:
        raise invalid("type", _("There is no such ticket type."))
    return found


def _project(requester: "Person | None", identifier: str | None) -> "Project | None":
    """One of the requester's projects; any other looks as if it were not there."""
    if identifier is None:
        return None
    for one in directory.projects_of(requester) if requester else []:
        if one.identifier == identifier:
            return one
    raise invalid("project", _("There is no such project."))


def _object(
    actor: Actor, requester: "Person | None", name: str | int | None
) -> "ServiceObject | None":
    company = requester.company if requester else None
    found = records.object_named(actor, company, name) if name is not None else None
    if name is not None and found is None:
        raise invalid("object", _("The company has no such object."))
    return found


def _equipment(
    actor: Actor, requester: "Person | None", name: str | int | None
) -> "Equipment | None":
    company = requester.company if requester else None
    found = records.equipment_named(actor, company, name) if name is not None else None
    if name is not None and found is None:
        raise invalid("equipment", _("The company has no such equipment."))
    return found


def _answers(kind: "TicketType | None", answers: dict[str, Answer]) -> dict[str, Answer]:
    """The answers; one to a question that the type does not ask is refused, not dropped (C39)."""
    asked = {field.key for field in kind.fields.all()} if kind else set()
    stray = [key for key in answers if key not in asked]
    if stray:
        raise invalid(f"details.{stray[0]}", _("There is no such field."))
    return answers


def _requester(actor: Actor, contact: str | Contact | None) -> "Person | None":
    """Who asks: customers themselves; staff name somebody, who may be new here."""
    if contact is None:
        return None if actor.is_staff else actor.person
    email, name = (contact.email, contact.name) if isinstance(contact, Contact) else (contact, "")
    email = emails.normal(email)
    if actor.person and email == emails.normal(actor.person.email):
        return actor.person
    actor.demand(Permission.TICKET_OPEN_FOR_OTHERS)
    try:
        emails.check(email)
    except ValidationError as problem:
        raise ValidationError({"requester": problem.messages}) from problem
    found = customers.customer_at(actor, email)
    if found is None and customers.partner_of(actor) is not None:
        raise customers.not_served()
    return found or meet(email, name)
