"""Our own addresses: which department a recipient is, and which ticket a reply address names.

A department has one address of the system; public ones lead to it, be they forwarded (Box) or read
by us (Mailbox).
"""

import re
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


def is_ours(address: str) -> bool:
    """Whether mail to this address comes back to us, so that answering it would loop (C15)."""
    return resolve(address) is not None
