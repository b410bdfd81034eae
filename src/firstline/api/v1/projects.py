"""Projects: customers' workspaces on the served platform (product 2.2)."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.reading import Asked, Text
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page, Person, next_address, person_of
from firstline.people import projects
from firstline.people.roles import Permission

router = Router(tags=["projects"])


class Project(BaseModel):
    """A project with its owner."""

    identifier: str
    name: str
    owner: Person
    company: str | None
    partner: str | None = Field(description="For staff only.")


class Walk(BaseModel):
    """Where a page begins."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(25, ge=1, le=100, description="How many a page.")
    after: Text = Field("", description="Where a page begins; take it from `next`.")


@get(router, "/projects", Page[Project])
def index(request: HttpRequest, query: Annotated[Walk, Asked(...)]) -> Page[Project]:
    """Projects by their identifiers.

    Customers see those that they own or are members of, staff all, a partner's staff the partner's.
    """
    actor = actor_of(request)
    actor.demand(Permission.TICKET_VIEW)
    found, following = projects.page(actor, query.after, query.limit)
    inside = actor.may(Permission.INTERNAL_VIEW)
    items = [
        Project(
            identifier=one.identifier,
            name=one.name,
            owner=person_of(one.owner, actor, staff=False),
            company=one.company.name if one.company else None,
            partner=one.partner.name if one.partner and inside else None,
        )
        for one in found
    ]
    return Page[Project](items=items, next=next_address(request, following))
