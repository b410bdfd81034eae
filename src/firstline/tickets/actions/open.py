"""Open a ticket."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.base.db import atomic
from firstline.base.numbers import format_number
from firstline.people.access import Actor
from firstline.people.models import Company, Person, Project
from firstline.people.roles import Permission
from firstline.tickets import change, workflow
from firstline.tickets.messages import Draft, excerpt, write
from firstline.tickets.models import Department, Level, Numbering, Tag, Ticket, TicketType
from firstline.tickets.models.message import Kind
from firstline.tickets.models.ticket import Awaiting, Category, Priority


@dataclass(frozen=True, slots=True)
class Fields:
    """What a new ticket says of itself, beside its text. Contact or company must be there (product 3.3)."""

    subject: str
    department: Department
    requester: Person | None = None
    company: Company | None = None
    project: Project | None = None
    type: TicketType | None = None
    level: Level | None = None
    category: str = Category.REQUEST
    priority: int = Priority.MEDIUM
    callback_name: str = ""
    callback_phone: str = ""
    tags: tuple[str, ...] = field(default_factory=tuple)
    follows: Ticket | None = None
    automatic: bool = False


def open_ticket(actor: Actor, fields: Fields, draft: Draft, *, via: str) -> Ticket:
    """Register a ticket with its first message and give it a number.

    `via` is the channel: mail, portal, phone, api or web. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.TICKET_OPEN)
    if fields.requester is None or fields.requester.pk != actor.id:
        actor.demand(Permission.TICKET_OPEN_FOR_OTHERS)
    _check(fields)
    if via != "mail":
        draft.check()
    now = clock.now()
    with atomic():
        ticket = _row(actor, fields, draft, via, now)
        change.save(ticket, now)
        for name in fields.tags:
            ticket.tags.add(Tag.objects.get_or_create(name=name.strip()[:60])[0])
        message = write(ticket, fields.requester, draft, kind=Kind.IN, channel=via, at=now)
        data: dict[str, Any] = {"message": message.pk, "automatic": fields.automatic}
        if fields.follows:
            data["follows"] = fields.follows.number
        change.record(actor, ticket, "ticket.opened", via, **data)
    return ticket


def _row(actor: Actor, fields: Fields, draft: Draft, via: str, now: datetime) -> Ticket:
    """The ticket as it begins, with its number, not saved yet."""
    status = workflow.initial(fields.department.workflow)
    company = fields.company or (fields.requester.company if fields.requester else None)
    return Ticket(
        number=next_number(),
        subject=one_line(fields.subject) or _("(no subject)"),
        description=excerpt(draft.text),
        requester=fields.requester,
        company=company,
        project=fields.project,
        partner=company.partner if company else None,
        opened_by=actor.person,
        callback_name=fields.callback_name[:200],
        callback_phone=fields.callback_phone[:40],
        department=fields.department,
        type=fields.type,
        level=fields.level or Level.objects.get(is_first=True),
        status=status,
        phase=status.phase,
        category=fields.category,
        priority=fields.priority,
        channel=via,
        follows=fields.follows,
        awaiting=Awaiting.SUPPORT,
        created_at=now,
        waiting_since=now,
        last_customer_message_at=now,
    )


def _check(fields: Fields) -> None:
    problems = {}
    if fields.requester is None and fields.company is None:
        problems["requester"] = _("Name a contact or a company.")
    if fields.priority not in Priority.values:
        problems["priority"] = _("There is no such priority.")
    if fields.category not in Category.values:
        problems["category"] = _("There is no such category.")
    if problems:
        raise ValidationError(problems)


def next_number() -> str:
    """The next number of the mask; the counter's row is ours until the commit, so none is given twice."""
    Numbering.objects.filter(pk=1).update(last=F("last") + 1)
    numbering = Numbering.objects.get(pk=1)
    return format_number(numbering.mask, numbering.last, timezone.localtime(clock.now()))


def one_line(subject: str) -> str:
    """A subject without line breaks and control characters, at most 300 characters (C18)."""
    printable = "".join(char if char.isprintable() else " " for char in subject)
    return " ".join(printable.split())[:300]
