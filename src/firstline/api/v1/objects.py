"""Service objects: the sites that are served (product 2.4)."""

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Asked, Sent, Strict, Text
from firstline.api.v1.records import Walk, company_named, walk
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page
from firstline.people.roles import Permission
from firstline.records import access
from firstline.records.actions.create_object import create_object

if TYPE_CHECKING:
    from firstline.records import models

router = Router(tags=["records"])


class ServiceObject(BaseModel):
    """A site that is served."""

    id: int
    name: str
    address: str
    company: str


class NewObject(Strict):
    """A site to write down."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    company: Text | int = Field(description="Its id or name.")
    address: Annotated[Text, Field(max_length=300)] = ""


@get(router, "/objects", Page[ServiceObject])
def index(request: HttpRequest, query: Annotated[Walk, Asked(...)]) -> Page[ServiceObject]:
    """Objects that you may see: customers those of their company, staff all."""
    actor = actor_of(request)
    access.demand(actor)
    found, following = walk(request, access.objects_for(actor), query)
    return Page[ServiceObject](items=[_shape(one) for one in found], next=following)


@post(router, "/objects", ServiceObject)
def create(request: HttpRequest, site: Annotated[NewObject, Sent(...)]) -> Made:
    """Write down an object."""
    actor = actor_of(request)
    actor.demand(Permission.RECORD_EDIT)
    company = company_named(actor, site.company)
    made = create_object(actor, site.name, company, via="api", address=site.address)
    return Made(_shape(made), "")


def _shape(site: "models.ServiceObject") -> ServiceObject:
    return ServiceObject(
        id=site.pk, name=site.name, address=site.address, company=site.company.name
    )
