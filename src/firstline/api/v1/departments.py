"""Departments that take tickets."""

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page
from firstline.tickets import catalogue

router = Router(tags=["catalogue"])


class Department(BaseModel):
    """A queue with its own mail address and workflow."""

    id: int
    name: str = Field(description="In the reader's language.")
    system_address: str
    forwarding_addresses: list[str] = []
    workflow: str = Field(description="Key of the workflow.")


@get(router, "/departments", Page[Department])
def index(request: HttpRequest) -> Page[Department]:
    """The departments that take tickets."""
    items = [
        Department(
            id=department.pk,
            name=department.label,
            system_address=department.address,
            workflow=department.workflow.key,
        )
        for department in catalogue.departments_for(actor_of(request))
    ]
    return Page[Department](items=items, next=None)
