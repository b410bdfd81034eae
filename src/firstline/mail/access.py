"""Which raw mails an actor may see: fetching and authorising are one call."""

from dataclasses import dataclass
from typing import BinaryIO

from django.db.models import Q, QuerySet

from firstline.files import store
from firstline.mail import addresses
from firstline.mail.models import Box, Mailbox, Outcome, RawMail
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.access import departments_of, message_for

BEGINNING = 20_000


@dataclass(slots=True)
class Page:
    """One page of the list and where the next one begins (None at the end)."""

    mails: list[RawMail]
    next: int | None


def visible_to(actor: Actor) -> QuerySet[RawMail]:
    """All mails for the departments where the actor works; those for no department are the
    administrators' (product 11.10). Those of deleted tickets are for who may delete. Raises Forbidden.
    """
    actor.demand(Permission.MAIL_RAW)
    if actor.may(Permission.ALL_DEPARTMENTS):
        return _kept_for(actor, RawMail.objects.all())
    mine = Q(pk__in=[])
    for address in _addresses_of(actor):
        local, _at, domain = address.rpartition("@")
        mine |= Q(recipient=address)
        mine |= Q(recipient__startswith=f"{local}+", recipient__endswith=f"@{domain}")
    return _kept_for(actor, RawMail.objects.filter(mine))


def _kept_for(actor: Actor, mails: QuerySet[RawMail]) -> QuerySet[RawMail]:
    may_delete = actor.may(Permission.TICKET_DELETE)
    return mails if may_delete else mails.exclude(outcome=Outcome.DELETED)


def _addresses_of(actor: Actor) -> list[str]:
    """The addresses of the departments where the actor works, public ones too."""
    departments = departments_of(actor)
    found = [*departments.values_list("address", flat=True)]
    for kind in (Box, Mailbox):
        rows = kind.objects.filter(department__in=departments)
        found += rows.values_list("address", flat=True)
    return found


def not_understood_for(
    actor: Actor, *, after: str | None = None, size: int = 25, spam: bool = False
) -> Page:
    """Mails that became nothing, the newest first: not understood, put aside after failures, or
    left of a deleted ticket; or those that somebody marked as `spam`.

    `after` is the `next` of the page before. Raises Forbidden.
    """
    mails = visible_to(actor).order_by("-pk")
    if after and after.isdecimal() and len(after) < 19:
        mails = mails.filter(pk__lt=int(after))
    # Walks down one index, because a condition with OR would sort them all.
    parts = [
        mails.filter(outcome=Outcome.NOT_UNDERSTOOD, state=RawMail.State.DONE),
        mails.filter(outcome=Outcome.PENDING, state=RawMail.State.PARKED),
    ]
    if spam:
        parts = [mails.filter(outcome=Outcome.SPAM, state=RawMail.State.DONE)]
    elif actor.may(Permission.TICKET_DELETE):
        parts.append(mails.filter(outcome=Outcome.DELETED, state=RawMail.State.DONE))
    found = sorted((row for part in parts for row in part[: size + 1]), key=lambda row: -row.pk)
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def get_raw_for(actor: Actor, pk: int, need: Permission = Permission.MAIL_RAW) -> RawMail:
    """One mail, if the actor sees it and may do `need` with it. Raises NotFound, Forbidden."""
    found = visible_to(actor).select_related("ticket").filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    actor.demand(need)
    return found


def raw_of(actor: Actor, message_id: int) -> RawMail | None:
    """The mail that became a message which the actor may read; None where it was none, or where
    its bytes are kept no more. Raises Forbidden."""
    actor.demand(Permission.MAIL_RAW)
    return RawMail.objects.filter(message=message_id).order_by("pk").first()


def raw_in(actor: Actor, number: str, message_id: int) -> RawMail:
    """The mail that became this message of a ticket; who reads the message may read it, wherever
    the ticket went meanwhile. Raises NotFound, Forbidden."""
    found = raw_of(actor, message_for(actor, number, message_id).pk)
    if found is None:
        raise NotFound(str(message_id))
    return found


def department_of(mail: RawMail) -> int:
    """The id of the department that the mail was for; 0 where there is none."""
    found = addresses.resolve(mail.recipient)
    return found.department.pk if found else 0


def beginning_of(mail: RawMail) -> str:
    """The first 20 kB of its source, to be read by a person."""
    with store.open_file(mail.sha256) as content:
        return content.read(BEGINNING).decode("utf-8", "replace").replace("\x00", "\ufffd")


def source_of(mail: RawMail) -> BinaryIO:
    """Its source as it came, byte for byte."""
    return store.open_file(mail.sha256)
