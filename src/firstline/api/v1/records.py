"""What the lists of contracts, objects and equipment have in common."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from firstline.api.v1.problems import invalid
from firstline.people import customers
from firstline.people.access import Actor
from firstline.records import access

if TYPE_CHECKING:
    from firstline.people.models import Company


class Walk(BaseModel):
    """Where a page of a list begins and how long it is."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(25, ge=1, le=100, description="How many a page.")
    after: int = Field(0, description="Where a page begins; take it from `next`.")


def walk(request: HttpRequest, rows: Any, query: Walk) -> tuple[list[Any], str | None]:
    """A page of `rows` and the address of the next one."""
    found, last = access.page(rows, after=query.after, size=query.limit)
    if last is None:
        return found, None
    return found, f"{request.path}?{urlencode({**request.GET.dict(), 'after': last})}"


def company_named(actor: Actor, name: str | int) -> "Company":
    """The company that a client means. Raises Refusal."""
    found = customers.company_named(actor, name)
    if found is None:
        raise invalid("company", _("There is no such company."))
    return found
