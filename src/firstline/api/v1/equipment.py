"""Equipment: machines with their serial numbers (product 2.4)."""

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Asked, Sent, Strict, Text
from firstline.api.v1.records import Walk, company_named, walk
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page
from firstline.people.roles import Permission
from firstline.records import access
from firstline.records.actions.create_equipment import create_equipment

if TYPE_CHECKING:
    from firstline.records import models

router = Router(tags=["records"])


class Equipment(BaseModel):
    """A machine."""

    id: int
    model: str
    serial: str
    company: str
    object: str | None = Field(description="Name of the site where it stands.")
    contract: str | None = Field(description="Number of the contract that covers it.")


class NewEquipment(Strict):
    """A machine to write down."""

    model: Annotated[Text, Field(min_length=1, max_length=200)]
    company: Text | int = Field(description="Its id or name.")
    serial: Annotated[Text, Field(max_length=100)] = ""
    object: Text | int | None = Field(None, description="Id or name of one of the company's.")
    contract: Text | None = Field(None, description="Number of one of the company's.")


@get(router, "/equipment", Page[Equipment])
def index(request: HttpRequest, query: Annotated[Walk, Asked(...)]) -> Page[Equipment]:
    """Equipment that you may see: customers that of their company, staff all."""
    actor = actor_of(request)
    access.demand(actor)
    found, following = walk(request, access.equipment_for(actor), query)
    return Page[Equipment](items=[_shape(one) for one in found], next=following)


@post(router, "/equipment", Equipment)
def create(request: HttpRequest, machine: Annotated[NewEquipment, Sent(...)]) -> Made:
    """Write down a machine."""
    actor = actor_of(request)
    actor.demand(Permission.RECORD_EDIT)
    company = company_named(actor, machine.company)
    site = contract = None
    if machine.object is not None:
        site = access.object_named(actor, company, machine.object)
        if site is None:
            raise invalid("object", _("The company has no such object."))
    if machine.contract is not None:
        contract = access.contract_of(company, machine.contract)
        if contract is None:
            raise invalid("contract", _("The company has no such contract."))
    made = create_equipment(
        actor,
        machine.model,
        company,
        via="api",
        serial=machine.serial,
        site=site,
        contract=contract,
    )
    return Made(_shape(made), "")


def _shape(machine: "models.Equipment") -> Equipment:
    return Equipment(
        id=machine.pk,
        model=machine.model,
        serial=machine.serial,
        company=machine.company.name,
        object=machine.site.name if machine.site else None,
        contract=machine.contract.number if machine.contract else None,
    )
