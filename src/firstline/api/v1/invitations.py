"""Invitations of customers to the portal (cap 1)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.people import customers
from firstline.people.actions.invitations import Invited, invite
from firstline.people.roles import Permission

if TYPE_CHECKING:
    from firstline.people import models as people

router = Router(tags=["people"])


class NewInvitation(Strict):
    """Whom to invite. Who only wrote by mail so far stays the same person."""

    email: Text
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    language: Literal["ru", "bg", "en"]
    company: Text | int | None = Field(
        None,
        description="Its exact name or its id. Left out: the one with the domain of the address.",
    )
    sees_company: bool = Field(False, description="Whether they see all tickets of the company.")


class Invitation(BaseModel):
    """An invitation. The link in it goes by mail and stands nowhere else."""

    id: int
    email: str
    name: str
    company: str | None
    sees_company: bool
    language: str
    expires_at: datetime


@post(router, "/invitations", Invitation)
def create(request: HttpRequest, body: Annotated[NewInvitation, Sent(...)]) -> Made:
    """Invite a customer to the portal.

    The link goes by mail in the person's language, works once and for seven days. Who can sign in
    already is not invited: 422 says so at `email`.
    """
    actor = actor_of(request)
    actor.demand(Permission.CUSTOMER_INVITE)
    company = customers.company_named(actor, body.company) if body.company is not None else None
    if body.company is not None and company is None:
        raise invalid("company", _("There is no such company, or several have this name."))
    wanted = Invited(
        email=body.email,
        name=body.name,
        language=body.language,
        company=company,
        sees_company=body.sees_company,
    )
    return Made(_shape(invite(actor, wanted, via="api")), "")


def _shape(row: "people.Invitation") -> Invitation:
    person, company = row.person, row.to_company
    return Invitation(
        id=row.pk,
        email=row.email,
        name=row.name,
        company=company.name if company else None,
        sees_company=person.customer.sees_company if person else row.typed["sees_company"],
        language=person.language if person else row.typed["language"],
        expires_at=row.expires_at,
    )
