"""Partners: resellers with customers and staff of their own (product 2.3)."""

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.reading import Asked, Sent, Strict, Text
from firstline.api.v1.records import Walk
from firstline.api.v1.routes import get, patch
from firstline.api.v1.shapes import Page, next_address
from firstline.people import partners
from firstline.people.roles import Permission
from firstline.tickets.actions.partners import Terms, change_partner

if TYPE_CHECKING:
    from firstline.people import models

router = Router(tags=["partners"])


class Partner(BaseModel):
    """A partner and what is agreed with it."""

    id: int
    name: str
    own_first_line: bool = Field(
        description="Its customers' tickets stay with its own agents until they are handed over."
    )
    silent_after_minutes: int = Field(
        description="After this long without an answer a ticket of its line counts as forgotten."
    )


class NewTerms(Strict):
    """What to change; what is left out stays."""

    name: Annotated[Text, Field(max_length=200)] | None = None
    own_first_line: bool | None = None
    silent_after_minutes: int | None = None
    reason: Text = Field(
        "",
        description="Needed where a line ends that holds tickets: all are handed over with it.",
    )


@get(router, "/partners", Page[Partner])
def index(request: HttpRequest, query: Annotated[Walk, Asked(...)]) -> Page[Partner]:
    """All partners; for the platform's staff only."""
    actor = actor_of(request)
    found, last = partners.page(actor, Permission.PARTNERS_VIEW, query.after, query.limit)
    following = next_address(request, None if last is None else str(last))
    return Page[Partner](items=[_shape(one) for one in found], next=following)


@patch(router, "/partners/{int:partner_id}", Partner)
def change(
    request: HttpRequest, partner_id: int, wanted: Annotated[NewTerms, Sent(...)]
) -> Partner:
    """Change what is agreed with a partner."""
    actor = actor_of(request)
    partner = partners.get_for(actor, partner_id, Permission.PARTNER_EDIT)
    given = wanted.model_dump(exclude={"reason"}, exclude_none=True)
    now = {name: getattr(partner, name) for name in Terms.__dataclass_fields__}
    terms = Terms(**now | given)
    return _shape(change_partner(actor, partner, terms, reason=wanted.reason, via="api"))


def _shape(partner: "models.Partner") -> Partner:
    return Partner(
        id=partner.pk,
        name=partner.name,
        own_first_line=partner.own_first_line,
        silent_after_minutes=partner.silent_after_minutes,
    )
