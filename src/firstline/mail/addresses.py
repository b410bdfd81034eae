"""Our own addresses: which department a recipient is, and which ticket a reply address names.

A department has one address of the system; public ones lead to it, be they forwarded (Box) or read
by us (Mailbox).
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q

from firstline.base import emails
from firstline.base.lookups import Lookup
from firstline.mail import domains
from firstline.mail.models import AgentAddress, Box, Mailbox
from firstline.tickets.models import Department, Ticket
from firstline.tickets.models.ticket import Channel

PUBLIC = (Box, Mailbox)
POSTMASTER = "postmaster"
REPLY = "reply"  # its answers lead to the ticket whose token they name, whatever its department
TOKEN_LENGTH = 32
TOKEN = re.compile(rf"\A(?P<local>[^@]+)\+(?P<token>[0-9a-f]{{{TOKEN_LENGTH}}})\Z")


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address of ours, taken apart."""

    department: Department
    token: str = ""
    public: str = ""  # the public address that it is, if it is one


def _owners(names: list[str]) -> dict[str, Department | Box | Mailbox]:
    """What has each of these addresses, in normal form.

    What a retired department had may be another's box by now.
    """
    departments = list(_at(Department, names).select_related("workflow"))
    found: dict[str, Department | Box | Mailbox] = {
        emails.normal(one.address): one for one in departments
    }
    taken = {emails.normal(one.address) for one in departments if one.is_active}
    left = [name for name in names if name not in taken]
    for kind in PUBLIC if left else ():
        rows = _at(kind, left).select_related("department__workflow")
        found |= {emails.normal(row.address): row for row in rows}
    return found


def _at(kind: Any, names: list[str]) -> Any:
    """Rows with these addresses in any spelling."""
    spellings = [spelling for name in names for spelling in emails.spellings(name)]
    return kind.objects.filter(address__in=spellings)


owner = Lookup(_owners)


def resolve(address: str) -> Recipient | None:
    """The department behind an address, with the reply token if it has one; None: not ours."""
    local, at, domain = emails.normal(address).rpartition("@")
    if not at:
        return None
    found = TOKEN.match(local)
    base = found["local"] if found else local
    token, name = found["token"] if found else "", f"{base}@{domain}"
    held = owner(name)
    if held is None:
        return _by_token(token) if token and _is_reply(name) else None
    department = held if isinstance(held, Department) else held.department
    public = "" if isinstance(held, Department) else held.address
    return Recipient(department, token, public) if department.is_active else None


def _is_reply(address: str) -> bool:
    """Whether it is where answers go to departments whose own address does not lead here."""
    local, _at, domain = address.rpartition("@")
    return local == REPLY and domain in domains.received()


def _by_token(token: str) -> Recipient | None:
    """The department of the ticket that the token is of, be it the customers' or an agent's."""
    found = Department.objects.filter(is_active=True).select_related("workflow")
    agents = AgentAddress.objects.filter(token=token).values("ticket__department")
    tickets = Ticket.objects.filter(reply_token=token).values("department")
    department = found.filter(pk__in=tickets).first() or found.filter(pk__in=agents).first()
    return Recipient(department, token) if department else None


def reply_address(ticket: Ticket) -> str:
    """Where answers to this ticket go; nobody can guess it who has not had a mail of it (C3)."""
    return with_token(ticket.department, ticket.reply_token)


def with_token(department: Department, token: str) -> str:
    """The address with this token, always in a domain whose mail comes here."""
    local, _at, domain = department.address.rpartition("@")
    if not domains.is_received(department.address):
        local, domain = REPLY, domains.received()[0]
    return f"{local}+{token}@{domain}"


def own_of(department: Department) -> str:
    """The department's own address, or the installation's where that one does not lead here."""
    own = department.address
    return own if domains.is_received(own) else str(settings.DEFAULT_FROM_EMAIL)


def _publics(departments: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {pk: set() for pk in departments}
    for kind in PUBLIC:
        rows = kind.objects.filter(department__in=departments)
        for department, address in rows.values_list("department", "address"):
            found[department].add(address)
    return found


_public = Lookup(_publics)


def public_of(department: Department) -> set[str]:
    """The public addresses that lead to the department."""
    return _public(department.pk) or set()


def sender_of(ticket: Ticket) -> str:
    """The address that letters of the ticket come from: the public one that the customer wrote to,
    as long as it is ours (cap 150). Who wrote to none, on the portal or in a form, is answered from
    the department's public one where it has one; else it is the department's own.
    """
    public = ticket.address
    for kind in PUBLIC:
        if public and kind.objects.filter(address=public).exists():
            return public
    own = ticket.department.address
    return own if ticket.channel == Channel.MAIL else _main_public(ticket.department) or own


def _main_public(department: Department) -> str:
    """The public address that the department has had for longest, "" for none; a former address of
    the system is none.
    """
    for kind in PUBLIC:
        rows = kind.objects.filter(department=department).order_by("pk")
        for address in rows.values_list("address", flat=True):
            if not domains.is_received(address):
                return str(address)
    return ""


def holder(address: str) -> Department | Box | Mailbox | None:
    """What has this address already, retired departments among them; None: it is free."""
    return owner(emails.normal(address))


def bare(address: str) -> str:
    """The address without the reply token, which is nobody's to read but the mail's (C3)."""
    local, _sign, domain = emails.normal(address).rpartition("@")
    found = TOKEN.match(local)
    return f"{found['local'] if found else local}@{domain}"


def ours(found: Iterable[str]) -> set[str]:
    """Which of these addresses are ours, in three queries whatever their number."""
    names = [emails.normal(one) for one in found]
    return {*owner.among(names), *(one for one in names if _is_reply(one))}


def is_ours(address: str) -> bool:
    """Whether mail to this address comes back to us, so that answering it would loop (C15)."""
    return resolve(address) is not None or _is_reply(bare(address))


def is_postmaster(address: str) -> bool:
    """Whether this is the postmaster of a domain of ours, or of whatever we serve (RFC 5321, 4.5.1).

    Where no department has that address, its mail stands in the list of what was not understood.
    """
    local, _sign, domain = emails.normal(address).rpartition("@")
    if (local or domain) != POSTMASTER:
        return False
    names = {domain, emails.ascii_domain(domain)}
    if not local or domain in map(emails.normal_domain, domains.received()):
        return True
    theirs = (Q(address__iendswith=f"@{name}") for name in names)
    return Department.objects.filter(functools.reduce(or_, theirs), is_active=True).exists()
