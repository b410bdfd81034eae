"""Mailboxes that are read by IMAP."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, patch, post
from firstline.api.v1.shapes import Page
from firstline.base.db import atomic
from firstline.mail import mailboxes
from firstline.mail.actions.mailboxes import change_mailbox, join_mailbox, switch
from firstline.mail.inbound.imap.account import Grant
from firstline.mail.wishes import Wishes
from firstline.people.access import Actor
from firstline.tickets import catalogue

if TYPE_CHECKING:
    from firstline.mail import models
    from firstline.tickets.models import Department

router = Router(tags=["mail"])
Security = Literal["tls", "starttls", "none"]


class Mailbox(BaseModel):
    """A mailbox and how it fares. Its secret is never told."""

    id: int
    address: str
    department: str = Field(description="System address of the department.")
    host: str
    port: int
    security: Security
    user: str
    uses_oauth: bool
    folders: list[str]
    takes_old: bool
    is_active: bool
    state: str = Field(description="off, new, fine, late, failing or unsigned.")
    read_at: datetime | None
    failing_since: datetime | None
    problem: str | None = Field(description="Why it fails, in the reader's language.")


class Access(Strict):
    """What OAuth 2 gives access for."""

    client_id: Text
    client_secret: Text = ""
    refresh_token: Text = Field(
        "",
        description="Empty: an administrator signs in at the provider, on the mailbox's page; until "
        "then its state is `unsigned`.",
    )
    token_url: Text = Field("", description="Empty: the known provider's own.")
    authorize_url: Text = Field("", description="Empty: the known provider's own.")
    scope: Text = Field("", description="Empty: the known provider's own.")


class NewMailbox(Strict):
    """A mailbox to read: with `password` or with `oauth`."""

    address: Text
    department: Text
    host: Text
    port: int = 993
    security: Security = "tls"
    user: Text = Field("", description="Empty: the address.")
    password: Text = ""
    oauth: Access | None = None
    folders: list[Text] = Field(default_factory=lambda: ["INBOX"], max_length=50)
    takes_old: bool = Field(
        False,
        description="Whether to take in what lies there already; nobody is written to for it.",
    )


class MailboxChange(Strict):
    """What to change; what is left out stays. Another host or user needs the secret again."""

    address: Text | None = None
    department: Text | None = None
    host: Text | None = None
    port: int | None = None
    security: Security | None = None
    user: Text | None = None
    password: Text | None = None
    oauth: Access | None = None
    folders: Annotated[list[Text], Field(max_length=50)] | None = None
    takes_old: bool | None = None
    is_active: bool | None = None


@get(router, "/mailboxes", Page[Mailbox])
def index(request: HttpRequest) -> Page[Mailbox]:
    """All mailboxes; for administrators."""
    items = [_shape(one) for one in mailboxes.all_for(actor_of(request))]
    return Page[Mailbox](items=items, next=None)


@post(router, "/mailboxes", Mailbox)
def create(request: HttpRequest, body: Annotated[NewMailbox, Sent(...)]) -> Made:
    """Have a mailbox read. Whether its server lets us in shows a moment later in its state."""
    actor = actor_of(request)
    given = body.model_dump(exclude={"oauth", "department"})
    grant = Grant(**body.oauth.model_dump()) if body.oauth else Grant()
    wishes = Wishes(
        **given,
        department=_department(actor, body.department),
        uses_oauth=body.oauth is not None,
        grant=grant,
    )
    made = join_mailbox(actor, wishes, via="api")
    return Made(_shape(made), f"/api/v1/mailboxes/{made.pk}")


@patch(router, "/mailboxes/{int:mailbox_id}", Mailbox)
def change(
    request: HttpRequest, mailbox_id: int, body: Annotated[MailboxChange, Sent(...)]
) -> Mailbox:
    """Change how a mailbox is read, switch it off or on."""
    actor = actor_of(request)
    mailbox = mailboxes.get_for(actor, mailbox_id)
    with atomic():
        if body.model_fields_set - {"is_active"}:
            change_mailbox(actor, mailbox, _changed(actor, mailbox, body), via="api")
        if body.is_active is not None:
            switch(actor, mailbox, on=body.is_active, via="api")
    return _shape(mailboxes.get_for(actor, mailbox_id))


def _changed(actor: Actor, mailbox: "models.Mailbox", body: MailboxChange) -> Wishes:
    """The mailbox as it stands, with what was sent."""
    names = ("address", "host", "port", "security", "user", "takes_old")
    now: dict[str, Any] = {name: getattr(mailbox, name) for name in names}
    now |= {"department": mailbox.department, "folders": mailboxes.folders_of(mailbox)}
    left = {"department", "oauth", "is_active"}
    given = body.model_dump(exclude=left, exclude_none=True)
    if body.department is not None:
        given["department"] = _department(actor, body.department)
    if body.oauth is not None:
        given |= {"uses_oauth": True, "grant": Grant(**body.oauth.model_dump())}
    else:
        given["uses_oauth"] = mailbox.uses_oauth and not body.password
    return Wishes(**now | given)


def _department(actor: Actor, name: str) -> "Department | None":
    return catalogue.department_named(actor, name)


def _shape(mailbox: "models.Mailbox") -> Mailbox:
    state = mailboxes.state_of(mailbox)
    names = ("address", "host", "port", "security", "user", "uses_oauth", "takes_old", "is_active")
    return Mailbox(
        **{name: getattr(mailbox, name) for name in names},
        id=mailbox.pk,
        department=mailbox.department.address,
        folders=mailboxes.folders_of(mailbox),
        state=state.code,
        read_at=state.read_at,
        failing_since=state.failing_since,
        problem=state.problem or None,
    )
