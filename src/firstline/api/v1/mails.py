"""Mails as they came: those that became nothing or lost their ticket, why, and another try."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.opening import department_named
from firstline.api.v1.problems import Refusal
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page, Ticket, address_of, ticket_of
from firstline.mail import access, trace
from firstline.mail.actions.retry import retry
from firstline.mail.actions.sorting import AlreadySorted, Wanted, make_ticket, mark_spam
from firstline.tickets import filters

if TYPE_CHECKING:
    from firstline.mail.models import RawMail

router = Router(tags=["mail"])


class Mail(BaseModel):
    """A mail that came, and what became of it. Its source stands on its page of the desk."""

    id: int
    subject: str
    sender: str = Field(description="As the mail says; empty until it is read.")
    envelope_sender: str
    recipient: str
    received_at: datetime
    size: int
    sha256: str
    source: str = Field(description="How it came: smtp, lmtp, pipe, imap, hook, import or old.")
    state: str = Field(description="waiting, done, or parked after its last failed attempt.")
    outcome: str = Field(
        description="opened, joined, bounce, check, not-understood, spam, deleted (its ticket was), or empty."
    )
    ticket: str | None = Field(description="Number of the ticket it went to.")
    steps: list[str] = Field(description="Why, step by step, in the reader's language.")


class Sorted(Strict):
    """Whose request the mail is, and for which department."""

    requester: Text = Field(max_length=254, description="Mail address.")
    name: Text = Field("", max_length=200, description="The requester's name.")
    department: Text = Field(description="Its id, mail address or name.")


class Nothing(Strict):
    """No fields."""


@get(router, "/mails", Page[Mail])
def index(request: HttpRequest, after: str | None = None) -> Page[Mail]:
    """Mails that became nothing, the newest first; those of your departments.

    Who may delete tickets sees those whose ticket was deleted, too.
    """
    found = access.not_understood_for(actor_of(request), after=after)
    following = f"/api/v1/mails?after={found.next}" if found.next else None
    return Page[Mail](items=[_shape(one) for one in found.mails], next=following)


@get(router, "/mails/{int:mail_id}", Mail)
def show(request: HttpRequest, mail_id: int) -> Mail:
    """One mail of your departments, whatever became of it."""
    return _shape(access.get_raw_for(actor_of(request), mail_id))


@post(router, "/mails/{int:mail_id}/retries", Mail)
def retries(request: HttpRequest, mail_id: int, body: Annotated[Nothing, Sent(...)]) -> Made:
    """Have a mail read again that became nothing; one that became something stays as it is.

    One whose ticket was deleted becomes a ticket again.
    """
    actor = actor_of(request)
    retry(actor, mail_id, via="api")
    return Made(_shape(access.get_raw_for(actor, mail_id)), f"/api/v1/mails/{mail_id}")


@post(router, "/mails/{int:mail_id}/tickets", Ticket)
def tickets(request: HttpRequest, mail_id: int, body: Annotated[Sorted, Sent(...)]) -> Made:
    """Make a ticket of a mail that became nothing. Nobody is written to until somebody replies."""
    actor = actor_of(request)
    access.get_raw_for(actor, mail_id)
    wanted = Wanted(body.requester, body.name, department_named(actor, body.department).pk)
    with _sorted_refused():
        ticket = make_ticket(actor, mail_id, wanted, via="api")
    filters.fill([ticket])
    return Made(ticket_of(ticket, actor), address_of(ticket.number))


@post(router, "/mails/{int:mail_id}/spam", Mail)
def spam(request: HttpRequest, mail_id: int, body: Annotated[Nothing, Sent(...)]) -> Made:
    """Mark a mail that became nothing as spam; `retries` takes it back."""
    actor = actor_of(request)
    with _sorted_refused():
        mark_spam(actor, mail_id, via="api")
    return Made(_shape(access.get_raw_for(actor, mail_id)), f"/api/v1/mails/{mail_id}")


@contextmanager
def _sorted_refused() -> Iterator[None]:
    try:
        yield
    except AlreadySorted as problem:
        raise Refusal(409, "sorted", _("This mail became something already.")) from problem


def _shape(mail: "RawMail") -> Mail:
    names: tuple[str, ...] = ("subject", "sender", "envelope_sender", "recipient", "received_at")
    names += ("size", "sha256", "source", "state", "outcome")
    given: dict[str, Any] = {name: getattr(mail, name) for name in names}
    return Mail(
        id=mail.pk,
        ticket=mail.ticket.number if mail.ticket else None,
        steps=trace.sentences(mail),
        **given,
    )
