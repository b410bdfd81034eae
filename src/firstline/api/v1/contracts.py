"""Contracts with companies (product 2.4)."""

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Asked, Day, Sent, Strict, Text
from firstline.api.v1.records import Walk, company_named, walk
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page
from firstline.people.roles import Permission
from firstline.records import access
from firstline.records.actions.create_contract import create_contract

if TYPE_CHECKING:
    from firstline.records import models

router = Router(tags=["records"])


class Contract(BaseModel):
    """What was agreed with a company."""

    id: int
    number: str
    company: str
    title: str
    covers: str
    starts_on: Day | None
    ends_on: Day | None
    is_over: bool


class NewContract(Strict):
    """A contract to write down."""

    number: Annotated[Text, Field(min_length=1, max_length=60)]
    company: Text | int = Field(description="Its id or name.")
    title: Annotated[Text, Field(max_length=200)] = ""
    covers: Annotated[Text, Field(max_length=20_000)] = ""
    starts_on: Day | None = None
    ends_on: Day | None = None


@get(router, "/contracts", Page[Contract])
def index(request: HttpRequest, query: Annotated[Walk, Asked(...)]) -> Page[Contract]:
    """Contracts that you may see: customers those of their company, staff all."""
    actor = actor_of(request)
    access.demand(actor)
    found, following = walk(request, access.contracts_for(actor), query)
    return Page[Contract](items=[_shape(one) for one in found], next=following)


@post(router, "/contracts", Contract)
def create(request: HttpRequest, contract: Annotated[NewContract, Sent(...)]) -> Made:
    """Write down a contract."""
    actor = actor_of(request)
    actor.demand(Permission.RECORD_EDIT)
    made = create_contract(
        actor,
        contract.number,
        company_named(actor, contract.company),
        via="api",
        title=contract.title,
        covers=contract.covers,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
    )
    return Made(_shape(made), "")


def _shape(contract: "models.Contract") -> Contract:
    return Contract(
        id=contract.pk,
        number=contract.number,
        company=contract.company.name,
        title=contract.title,
        covers=contract.covers,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        is_over=contract.is_over,
    )
