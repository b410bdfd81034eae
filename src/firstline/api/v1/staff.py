"""Staff: who works here, at which level, in which departments (cap 136-139)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Asked, Sent, Strict, Text
from firstline.api.v1.routes import get, patch, post
from firstline.api.v1.shapes import Page, next_address
from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.actions import staff as people
from firstline.people.actions.staff import Wanted
from firstline.people.roles import OF_PARTNERS, Permission
from firstline.tickets import catalogue
from firstline.tickets import staff as colleagues
from firstline.tickets.actions import staff

if TYPE_CHECKING:
    from firstline.people import models

router = Router(tags=["staff"])
Level = Literal[
    "administrator", "supervisor", "agent", "observer", "partner_agent", "partner_supervisor"
]
State = Literal["active", "invited", "deactivated"]
Id = Annotated[int, Field(ge=1, lt=2**63)]


class Member(BaseModel):
    """Somebody who works here, or is invited to."""

    id: int
    email: str
    name: str
    level: Level
    departments: list[str] = Field(
        description="Names in the reader's language; administrators work in all of them."
    )
    partner: str | None = Field(description="Whose staff they are; null for our own.")
    state: State
    language: str
    invited_at: datetime | None = Field(description="When the newest open invitation went out.")
    expires_at: datetime | None = Field(description="Until when its link works.")
    signed_in_at: datetime | None = Field(description="When they signed in last.")
    handing_over: str | None = Field(
        None, description="Address that tells how far the hand-over of their tickets is."
    )


class NewMember(Strict):
    """Whom to invite. The link goes by mail, works once and for seven days."""

    email: Text
    name: Annotated[Text, Field(max_length=200)]
    language: Literal["ru", "bg", "en"]
    level: Level
    departments: list[Text | int] = Field([], description="Their ids, addresses or names.")
    partner: Id | None = Field(None, description="Id; needed for the levels of a partner's staff.")


class Withdrawal(BaseModel):
    """An invitation that was taken back."""

    email: str


class Change(Strict):
    """What to change; what is left out stays."""

    level: Level | None = None
    departments: list[Text | int] | None = None
    partner: Id | None = Field(None, description="Id; goes with the level of a partner's staff.")
    is_active: bool | None = Field(None, description="false deactivates, true brings back.")
    tickets_to: Text | int = Field(
        "",
        description="Id of a colleague, or nobody: who gets the open tickets of a deactivated one.",
    )


class Which(BaseModel):
    """Which of them, and where the page begins."""

    model_config = ConfigDict(extra="forbid")

    find: Text = Field("", description="Parts of name or address.")
    level: Level | None = None
    state: State | None = None
    limit: int = Field(25, ge=1, le=100, description="How many a page.")
    after: int = Field(0, description="Where a page begins; take it from `next`.")


@get(router, "/staff", Page[Member])
def index(request: HttpRequest, query: Annotated[Which, Asked(...)]) -> Page[Member]:
    """All staff by name; for administrators only."""
    asked = colleagues.Asked(typed=query.find, level=query.level or "", state=query.state or "")
    after = str(query.after) if query.after else None
    page = colleagues.page(actor_of(request), asked, after=after, size=query.limit)
    following = next_address(request, None if page.next is None else str(page.next))
    return Page[Member](items=[_shape(one) for one in page.rows], next=following)


@get(router, "/staff/{int:staff_id}", Member)
def show(request: HttpRequest, staff_id: int) -> Member:
    """One of them."""
    return _shape(colleagues.get_for(actor_of(request), staff_id))


@post(router, "/staff", Member)
def create(request: HttpRequest, body: Annotated[NewMember, Sent(...)]) -> Made:
    """Invite somebody to work here.

    Until they accept they may nothing and are given nothing. The link stands nowhere but in the mail.
    """
    actor = actor_of(request)
    actor.demand(Permission.STAFF_EDIT)
    places = _places(actor, body.departments)
    wanted = Wanted(body.email, body.name, body.language, body.level, body.partner)
    (made,) = staff.invite(actor, [wanted], places, via="api")
    return Made(_shape(colleagues.get_for(actor, made.pk)), f"/api/v1/staff/{made.pk}")


@post(router, "/staff/{int:staff_id}/invitations", Member)
def invite_again(request: HttpRequest, staff_id: int) -> Made:
    """Send a new link to who has not accepted yet; the one before is dead at once."""
    actor = actor_of(request)
    if not people.resend(actor, staff_id, via="api"):
        raise invalid("invitation", _("This invitation is over, so nothing was sent."))
    return Made(_shape(colleagues.get_for(actor, staff_id)), f"/api/v1/staff/{staff_id}")


@post(router, "/staff/{int:staff_id}/withdrawals", Withdrawal)
def withdraw(request: HttpRequest, staff_id: int) -> Made:
    """Take an invitation back: its link is dead, and the person is no colleague."""
    actor = actor_of(request)
    email = colleagues.get_for(actor, staff_id).person.email
    if not people.withdraw(actor, staff_id, via="api"):
        raise invalid("invitation", _("This invitation is over already."))
    return Made(Withdrawal(email=email), "/api/v1/staff")


@patch(router, "/staff/{int:staff_id}", Member)
def change(request: HttpRequest, staff_id: int, body: Annotated[Change, Sent(...)]) -> Member:
    """Change level and departments, deactivate, or bring back.

    Nobody changes their own level, and the last administrator stays one. Who has open tickets needs
    `tickets_to` to be deactivated; a worker gives them on, and `handing_over` tells how far it is.
    """
    actor, bulk = actor_of(request), None
    member = colleagues.get_for(actor, staff_id)
    with atomic():
        if body.is_active:
            people.restore(actor, staff_id, via="api")
        if body.model_fields_set & {"level", "departments", "partner"}:
            _place(actor, member, body)
        if body.is_active is False:
            bulk = staff.deactivate(actor, staff_id, str(body.tickets_to), via="api")
    shape = _shape(colleagues.get_for(actor, staff_id))
    shape.handing_over = f"/api/v1/bulk/{bulk.pk}" if bulk else None
    return shape


def _place(actor: Actor, member: "models.Staff", body: Change) -> None:
    level = body.level or member.level
    partner_id = body.partner
    if "partner" not in body.model_fields_set and level in OF_PARTNERS:
        partner_id = member.partner_id
    if body.departments is not None:
        places = _places(actor, body.departments)
    else:
        kept = {one.pk for one in member.departments.all()}
        places = set() if level in OF_PARTNERS else kept
    staff.change(actor, member.pk, level, partner_id, places, via="api")


def _places(actor: Actor, named: list[str | int]) -> set[int]:
    """The departments that a client means. Raises Refusal."""
    found = [catalogue.department_named(actor, str(name)) for name in named]
    if None in found:
        raise invalid("departments", _("There is no such department."))
    return {one.pk for one in found if one is not None}


def _shape(row: "models.Staff") -> Member:
    level: Any = row.level
    state: State = "active" if row.person.is_active else "deactivated"
    return Member(
        id=row.pk,
        email=row.person.email,
        name=row.person.name,
        level=level,
        departments=[one.label for one in row.departments.all()],
        partner=row.partner.name if row.partner else None,
        state=state if row.joined_at else "invited",
        language=row.person.language,
        invited_at=getattr(row, "sent_at", None),
        expires_at=getattr(row, "expires_at", None),
        signed_in_at=row.person.last_login,
    )
