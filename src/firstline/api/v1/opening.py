"""What a client says of a new ticket."""

from typing import TYPE_CHECKING, Annotated

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from pydantic import Field

from firstline.api.v1.enclosures import TextAndFiles
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Strict, Text
from firstline.api.v1.shapes import PRIORITIES, Category, Priority
from firstline.people.access import Actor
from firstline.people.actions.people import meet
from firstline.people.roles import Permission
from firstline.tickets import catalogue
from firstline.tickets.actions.open import Fields

if TYPE_CHECKING:
    from firstline.people.models import Person
    from firstline.tickets.models import Department, TicketType

Tag = Annotated[Text, Field(min_length=1, max_length=60)]
LINE = {"type": "string"}
FORM = dict.fromkeys(("subject", "text", "requester", "department", "type"), LINE) | {
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
        description="Mail address, or address and name. Customers open tickets for themselves.",
    )
    department: Text | int | None = Field(
        None, description="Its id, mail address, the part before the @, or its name."
    )
    type: Text | int | None = Field(None, description="Its id or name.")
    priority: Priority = "medium"
    category: Category = "request"
    callback_name: Annotated[Text, Field(max_length=200)] = ""
    callback_phone: Annotated[Text, Field(max_length=40)] = ""
    tags: list[Tag] = Field([], max_length=20, description="For staff only.")

    def fields(self, actor: Actor) -> Fields:
        """The same as the action takes it. Raises Refusal, Forbidden, ValidationError."""
        actor.demand(Permission.TICKET_OPEN)
        if self.tags:
            actor.demand(Permission.INTERNAL_VIEW)
        return Fields(
            subject=self.subject,
            department=department_named(actor, self.department),
            requester=_requester(actor, self.requester),
            type=_type(actor, self.type),
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


def _requester(actor: Actor, contact: str | Contact | None) -> "Person | None":
    """Who asks: customers themselves; staff name somebody, who may be new here."""
    if contact is None:
        return None if actor.is_staff else actor.person
    email, name = (contact.email, contact.name) if isinstance(contact, Contact) else (contact, "")
    email = email.strip().lower()
    if actor.person and email == actor.person.email:
        return actor.person
    actor.demand(Permission.TICKET_OPEN_FOR_OTHERS)
    try:
        validate_email(email)
    except ValidationError as problem:
        raise ValidationError({"requester": problem.messages}) from problem
    return meet(email, name)
