"""Open a ticket."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.base.lookups import Lookup
from firstline.base.numbers import format_number
from firstline.people import customers, projects
from firstline.people.access import Actor
from firstline.people.models import Company, Partner, Person, Project
from firstline.people.roles import Permission
from firstline.records.access import contract_of
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets import change, details, workflow
from firstline.tickets.messages import Draft, excerpt, write
from firstline.tickets.models import Department, Level, Message, Numbering, Tag, Ticket, TicketType
from firstline.tickets.models.message import Kind
from firstline.tickets.models.ticket import Awaiting, Category, Custody, Priority

PUBLIC = TicketType.Audience.PUBLIC
LIMITS = {"subject": 300, "callback_name": 200, "callback_phone": 40, "contract": 60}
COUNT = "UPDATE {} SET last = last + 1 WHERE id = 1 RETURNING mask, last"
FEWEST_DIGITS = 5  # of a phone number; extensions and inner lines are short


@dataclass(frozen=True, slots=True)
class Fields:
    """What a new ticket says of itself, beside its text. Contact or company must be there (product 3.3).

    `contract_text` is the number as it was typed: if it is one of the company's contracts, it
    becomes `contract`. `needed` names the fields that the door insists on beside the usual ones.
    """

    subject: str
    department: Department | None
    requester: Person | None = None
    company: Company | None = None
    project: Project | None = None
    type: TicketType | None = None
    level: Level | None = None
    category: str = Category.REQUEST
    priority: int = Priority.MEDIUM
    callback_name: str = ""
    callback_phone: str = ""
    contract: Contract | None = None
    contract_text: str = ""
    object: ServiceObject | None = None
    equipment: Equipment | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = field(default_factory=tuple)
    follows: Ticket | None = None
    automatic: bool = False
    address: str = ""  # the public one that a mail was written to (cap 150)
    needed: Collection[str] = ()

    @property
    def whose(self) -> Company | None:
        """The company that the ticket belongs to: the named one, or the contact's own."""
        return self.company or (self.requester.company if self.requester else None)

    def written(self) -> dict[str, str]:
        """The texts by the names that forms and clients know."""
        return {
            "subject": self.subject,
            "callback_name": self.callback_name,
            "callback_phone": self.callback_phone,
            "contract": self.contract.number if self.contract else self.contract_text,
        }


def open_ticket(actor: Actor, fields: Fields, draft: Draft, *, via: str) -> Ticket:
    """Register a ticket with its first message and give it a number.

    `via` is the channel: mail, portal, phone, api or web. Raises Forbidden, ValidationError.
    """
    return first_message(actor, fields, draft, via=via).ticket


def first_message(actor: Actor, fields: Fields, draft: Draft, *, via: str) -> Message:
    """The same; returns the message that the ticket begins with."""
    actor.demand(Permission.TICKET_OPEN)
    for_other = fields.requester is None or fields.requester.pk != actor.id
    if for_other:
        actor.demand(Permission.TICKET_OPEN_FOR_OTHERS)
    if actor.is_staff:
        customers.check_served(actor, fields.requester, fields.company)
    answers = check(actor, fields, draft, via=via)
    writer = actor.person if actor.is_staff and for_other else actor.behind
    with atomic(savepoint=False):
        ticket, message = register(actor, fields, draft, answers, via=via, written_by=writer)
        data: dict[str, Any] = {"message": message.pk, "automatic": fields.automatic}
        data |= {"follows": fields.follows.number} if fields.follows else {}
        if actor.is_staff and fields.requester and for_other:
            data["customer"] = fields.requester.display_name
        change.record(actor, ticket, "ticket.opened", via, **data)
    return message


def register(
    actor: Actor,
    fields: Fields,
    draft: Draft,
    answers: Mapping[str, Any],
    *,
    via: str,
    author: Person | None = None,
    written_by: Person | None = None,
    at: datetime | None = None,
    kind: Kind = Kind.IN,
) -> tuple[Ticket, Message]:
    """The rows of a new ticket that was checked and authorised, with tags and first message.

    `author` and `at`: who said it and when, if not the contact just now. `written_by`: the member of
    staff who wrote it on the author's behalf. `kind`: OUT where the words
    are ours, of nobody in particular. The caller records it.
    """
    now = clock.now()
    ticket = _row(actor, fields, draft, via, now)
    ticket.details = dict(answers)
    change.save(ticket, now)
    for name in fields.tags:
        ticket.tags.add(Tag.objects.get_or_create(name=name.strip()[:60])[0])
    author = None if kind == Kind.OUT else author or fields.requester
    message = write(
        ticket,
        author,
        draft,
        kind=kind,
        channel=via,
        written_by=written_by,
        at=at or now,
    )
    return ticket, message


def check(actor: Actor, fields: Fields, draft: Draft, *, via: str) -> dict[str, Any]:
    """Find all that is wrong at once, and return the answers to the type's questions.

    A follow-up repeats what was right when it was given; a mail answers no questions.
    Raises ValidationError with the messages by field.
    """
    problems = _wrong(fields)
    answers = dict(fields.details)
    if via != "mail":
        try:
            draft.check()
        except ValidationError as problem:
            problems |= problem.message_dict
    if via != "mail" and fields.follows is None:
        questions = fields.type.fields.all() if fields.type else []
        answers, unanswered = details.read(questions, fields.details)
        problems |= _unfit(actor, fields) | _ill_written(fields) | unanswered
    if problems:
        raise ValidationError(problems)
    return answers


def _row(actor: Actor, fields: Fields, draft: Draft, via: str, now: datetime) -> Ticket:
    """The ticket as it begins, with its number, not saved yet."""
    department, company = fields.department, fields.whose
    partner = company.partner if company else None
    if department is None:
        raise ValueError("no department: check() refuses that")
    status = workflow.initial(department.workflow)
    return Ticket(
        number=next_number(),
        subject=one_line(fields.subject) or _("(no subject)"),
        description=excerpt(draft.text),
        requester=fields.requester,
        company=company,
        project=fields.project,
        partner=partner,
        custody=custody_of(partner),
        opened_by=actor.person,
        callback_name=one_line(fields.callback_name, LIMITS["callback_name"]),
        callback_phone=one_line(fields.callback_phone, LIMITS["callback_phone"]),
        **_records(fields),
        department=department,
        type=fields.type,
        level=fields.level or _level(True),
        status=status,
        phase=status.phase,
        category=fields.category,
        priority=fields.priority,
        channel=via,
        address=fields.address or None,
        follows=fields.follows,
        awaiting=Awaiting.SUPPORT,
        created_at=now,
        waiting_since=now,
        last_customer_message_at=now,
    )


_level = Lookup(lambda keys: {one.is_first: one for one in Level.objects.filter(is_first__in=keys)})


def custody_of(partner: Partner | None) -> Custody:
    """Who works on a new ticket of this partner's customers (cap 71)."""
    return Custody.PARTNER if partner and partner.own_first_line else Custody.PLATFORM


def _records(fields: Fields) -> dict[str, Any]:
    """The contract, object and equipment; a number that is none of the company's stays as a text."""
    contract = fields.contract or contract_of(fields.whose, fields.contract_text)
    machine = fields.equipment
    return {
        "contract": contract,
        "contract_text": "" if contract else one_line(fields.contract_text, LIMITS["contract"]),
        "object": fields.object or (machine.site if machine else None),
        "equipment": machine,
    }


def _wrong(fields: Fields) -> dict[str, Any]:
    """What no ticket may be, whatever door it comes by."""
    problems: dict[str, Any] = {}
    if fields.department is None:
        problems["department"] = _("Choose where the ticket goes.")
    if fields.requester is None and fields.company is None:
        problems["requester"] = _("Name a contact or a company.")
    if fields.priority not in Priority.values:
        problems["priority"] = _("There is no such priority.")
    if fields.category not in Category.values:
        problems["category"] = _("There is no such category.")
    return problems


def _unfit(actor: Actor, fields: Fields) -> dict[str, Any]:
    """What does not belong to whoever asks, or not together (C30, C39)."""
    problems: dict[str, Any] = {}
    kind, company, machine = fields.type, fields.whose, fields.equipment
    owner = company.pk if company else None
    offered = kind and (kind.audience == PUBLIC or actor.may(Permission.INTERNAL_VIEW))
    if kind and not (kind.is_active and offered):
        problems["type"] = _("There is no such ticket type.")
    elif kind and fields.department and kind.department_id not in {None, fields.department.pk}:
        problems["type"] = _("Tickets of this type go to another department.")
    if fields.contract and fields.contract.company_id != owner:
        problems["contract"] = _("The company has no such contract.")
    if fields.object and fields.object.company_id != owner:
        problems["object"] = _("The company has no such object.")
    if machine and machine.company_id != owner:
        problems["equipment"] = _("The company has no such equipment.")
    elif machine and fields.object and machine.site_id not in {None, fields.object.pk}:
        problems["equipment"] = _("This equipment stands at another object.")
    if fields.project and not _takes_part(actor, fields, fields.project):
        problems["project"] = _("There is no such project.")
    return problems


def _takes_part(actor: Actor, fields: Fields, project: Project) -> bool:
    """Whether the contact is a member of the project; without a contact, whether the company owns it.

    A partner's staff name no project but their partner's, whoever is a member of it.
    """
    if actor.is_staff and not projects.visible_to(actor).filter(pk=project.pk).exists():
        return False
    if fields.requester is None:
        return fields.company is not None and project.company_id == fields.company.pk
    return project.pk in fields.requester.project_ids


def _ill_written(fields: Fields) -> dict[str, Any]:
    """Texts that are missing, too long, or no phone number."""
    problems: dict[str, Any] = {}
    missing = {
        "subject": _("Write the subject."),
        "callback_name": _("Write who asks."),
        "callback_phone": _("Write a phone number for calling back."),
        "contract": _("Write the number of the contract."),
    }
    for name, text in fields.written().items():
        if name in fields.needed and not one_line(text):
            problems[name] = missing[name]
        elif len(text.strip()) > LIMITS[name]:
            problems[name] = _("At most %(number)s characters.") % {"number": LIMITS[name]}
    digits = sum(char.isdigit() for char in fields.callback_phone)
    if "callback_phone" in fields.needed and digits < FEWEST_DIGITS:
        problems.setdefault("callback_phone", _("Write a phone number, such as +359 2 000 18 44."))
    return problems


def next_number() -> str:
    """The next number of the mask; the counter's row is ours until the commit, so none is given twice."""
    table = connection.ops.quote_name(Numbering._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(table))
        mask, last = cursor.fetchone()
    return format_number(mask, last, timezone.localtime(clock.now()))
