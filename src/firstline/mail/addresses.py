"""Our own addresses: which department a recipient is, and which ticket a reply address names.

A department has one address of the system; public ones lead to it, be they forwarded (Box) or read
by us (Mailbox).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from firstline.mail.models import Box, Mailbox
from firstline.tickets.models import Department, Ticket

TOKEN = re.compile(r"\A(?P<local>[^@]+)\+(?P<token>[0-9a-f]{32})\Z")


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address of ours, taken apart."""

    department: Department
    token: str = ""
    public: str = ""  # the public address that it is, if it is one


def resolve(address: str) -> Recipient | None:
    """The department behind an address, with the reply token if it has one; None: not ours."""
    local, at, domain = address.strip().lower().rpartition("@")
    if not at:
        return None
    found = TOKEN.match(local)
    base = found["local"] if found else local
    token, name = found["token"] if found else "", f"{base}@{domain}"
    departments = Department.objects.select_related("workflow").filter(is_active=True)
    if department := departments.filter(address=name).first():
        return Recipient(department, token)
    for kind in (Box, Mailbox):
        ids = kind.objects.filter(address=name).values_list("department", flat=True)
        if department := departments.filter(pk__in=ids).first():
            return Recipient(department, token, name)
    return None


def reply_address(ticket: Ticket) -> str:
    """Where answers to this ticket go; nobody can guess it who has not had a mail of it (C3)."""
    local, _at, domain = ticket.department.address.rpartition("@")
    return f"{local}+{ticket.reply_token}@{domain}"


def public_of(department: Department) -> set[str]:
    """The public addresses that lead to the department."""
    kinds = (Box, Mailbox)
    found = (kind.objects.filter(department=department) for kind in kinds)
    return {address for rows in found for address in rows.values_list("address", flat=True)}


def sender_of(ticket: Ticket) -> str:
    """The address that letters of the ticket come from: the public one that the customer wrote to,
    as long as it is ours (cap 150), else the department's own.
    """
    public = ticket.address
    for kind in (Box, Mailbox):
        if public and kind.objects.filter(address=public).exists():
            return public
    return ticket.department.address


def holder(address: str) -> Department | Box | Mailbox | None:
    """What has this address already, retired departments among them; None: it is free."""
    for kind in (Department, Box, Mailbox):
        found = kind.objects.filter(address=address).first()
        if found is not None:
            return found
    return None


def bare(address: str) -> str:
    """The address without the reply token, which is nobody's to read but the mail's (C3)."""
    local, _at, domain = address.strip().lower().rpartition("@")
    found = TOKEN.match(local)
    return f"{found['local'] if found else local}@{domain}"


def ours(found: Iterable[str]) -> set[str]:
    """Which of these addresses are ours, in three queries whatever their number."""
    wanted = {one.lower() for one in found}
    if not wanted:
        return set()
    known: set[str] = set()
    for kind in (Department, Box, Mailbox):
        known |= set(kind.objects.filter(address__in=wanted).values_list("address", flat=True))
    return known


def is_ours(address: str) -> bool:
    """Whether mail to this address comes back to us, so that answering it would loop (C15)."""
    return resolve(address) is not None
