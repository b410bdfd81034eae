"""Which tickets, messages and files an actor may see: the only way in.

Fetching and authorising are one call, so no view can do the one without the other.
"""

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from firstline.base.db import hold
from firstline.base.work import Work
from firstline.people.access import Actor, Forbidden, NotFound, as_customer
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets.family import family
from firstline.tickets.models import Attachment, Department, Message, PendingMessage, Ticket
from firstline.tickets.models.message import Kind, Visibility
from firstline.tickets.models.ticket import Custody
from firstline.tickets.recipients import named

# What only the line that holds the ticket may do with it (product 11.2); the other one may read,
# write hidden comments of its own, and comments between the lines.
CUSTODIANS = frozenset(
    {
        Permission.TICKET_ASSIGN,
        Permission.TICKET_CLAIM,
        Permission.TICKET_CLOSE,
        Permission.TICKET_COMMENT,
        Permission.TICKET_ESCALATE,
        Permission.TICKET_FORWARD,
        Permission.TICKET_HAND_OVER,
        Permission.TICKET_MERGE,
        Permission.TICKET_MOVE,
        Permission.TICKET_REOPEN,
        Permission.TICKET_REPLY,
        Permission.TICKET_RESOLVE,
        Permission.TICKET_SPLIT,
    }
)
# What the platform works on. Nearly every ticket is: asked for in this way, no planner takes the
# index of custody and sorts a million rows, where a list has an order to walk in.
HELD_BY_PLATFORM = ~Q(custody=Custody.PARTNER)
# What a ticket's customers read of it.
PUBLIC = Q(visibility=Visibility.PUBLIC, is_foreign=False)
RELATED = (
    "alert",
    "status__workflow",
    "department",
    "level",
    "type",
    "contract",
    "object",
    "equipment",
    "requester",
    "company",
    "project__owner",
    "partner",
    "responsible__person",
    "team",
    "opened_by",
    "follows",
    "rating",
)


class OtherLine(Forbidden):
    """The other line holds the ticket: it has to be handed over first."""


def visible_to(actor: Actor) -> QuerySet[Ticket]:
    """All tickets that the actor may see: staff those of their departments, customers their own
    and those of their projects (product 6.6), their company's where that is allowed.

    A partner's staff see their partner's tickets and nothing else, and the platform's own do not see
    what a partner's first line holds, unless a permission says so (product 2.3).
    """
    if not actor.may(Permission.TICKET_VIEW):
        return Ticket.objects.none()
    partner_id = partner_of(actor)
    if partner_id is not None:
        return Ticket.objects.filter(partner=partner_id)
    if actor.may(Permission.ALL_DEPARTMENTS):
        return Ticket.objects.all()
    if actor.is_staff:
        found = Ticket.objects.filter(department__in=departments_of(actor))
        if actor.may(Permission.PARTNERS_READ):
            return found
        return found.filter(HELD_BY_PLATFORM)
    own = Q(requester=actor.id)
    if actor.only_ticket is not None:
        return Ticket.objects.filter(own, pk=actor.only_ticket)
    customer = getattr(actor.person, "customer", None)
    if customer and customer.sees_company and customer.company_id:
        own |= Q(company=customer.company_id)
    if actor.person and actor.person.project_ids:
        own |= Q(project__in=actor.person.project_ids)
    return Ticket.objects.filter(own)


def each_of(seen: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The same tickets, for questions that name some of them: those lead, by their key.

    A planner that knows no figures of the table would go through all that a partner ever had to
    find the twenty that a page shows.
    """
    return Ticket.objects.filter(Exists(seen.filter(pk=OuterRef("pk"))))


def get_for(actor: Actor, number: str, need: Permission, *, lock: bool = False) -> Ticket:
    """The ticket with this number, if the actor sees it and may do `need` with it.

    With `lock` the row stays ours until the transaction ends. Raises NotFound, Forbidden.
    """
    # PostgreSQL takes no NUL, and no number has one.
    if "\x00" in number:
        raise NotFound(number)
    if lock:
        hold(Ticket.objects.filter(number=number))
    seen = visible_to(actor).select_related(*RELATED).annotate(**_is_there())
    ticket = seen.filter(number=number).first()
    if ticket is None:
        raise NotFound(number)
    actor.demand(need)
    if need in CUSTODIANS and not is_custodian(actor, ticket):
        raise OtherLine(number)
    return ticket


def _is_there() -> dict[str, Exists]:
    """What few tickets have: known with the row, it is asked for where it is there alone."""
    unsent = PendingMessage.objects.filter(ticket=OuterRef("pk")).exclude(state=Work.State.DONE)
    return {
        "took_in": Exists(Ticket.objects.filter(merged_into=OuterRef("pk"))),
        "has_unsent": Exists(unsent),
    }


def is_custodian(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor is of the line that works on the ticket now; only among staff does it matter.

    A partner without an own first line shares the work with the platform (product 2.3).
    """
    if not actor.is_staff:
        return True
    partner_id = partner_of(actor)
    if ticket.custody == Custody.PARTNER:
        return partner_id is not None and partner_id == ticket.partner_id
    return partner_id is None or not (ticket.partner and ticket.partner.own_first_line)


def messages_for(actor: Actor, ticket: Ticket) -> QuerySet[Message]:
    """The messages of the ticket, and of those merged into it, that the actor may read, oldest first."""
    messages = Message.objects.filter(ticket__in=family(ticket)).order_by("id")
    messages = messages.select_related("author__staff", "written_by", "ticket")
    return messages.filter(readable_by(actor))


def readable_by(actor: Actor) -> Q:
    """Which messages of a ticket that the actor sees are for their eyes: the three audiences.

    The customer's, both lines', and those of the actor's own line (product 11.2). A message from an
    unknown sender is for whoever works on the ticket.
    """
    if not actor.may(Permission.INTERNAL_VIEW):
        return PUBLIC
    if actor.is_system:
        return Q()
    return of_line(partner_of(actor))


def of_line(partner_id: int | None) -> Q:
    """What the staff of one line read: of a partner's, or of the platform's where it is None."""
    own = Q(visibility=Visibility.INTERNAL, partner=partner_id)
    return PUBLIC | own | Q(visibility=Visibility.BETWEEN_LINES) | Q(is_foreign=True)


def attachments_for(actor: Actor, ticket: Ticket) -> QuerySet[Attachment]:
    """The files of those of the ticket's messages that the actor may read, oldest first."""
    attachments = Attachment.objects.select_related("file").order_by("pk")
    return attachments.filter(message__in=messages_for(actor, ticket))


def message_for(actor: Actor, number: str, message_id: int) -> Message:
    """A message of a ticket, if the actor may read it. Raises NotFound, Forbidden."""
    ticket = get_for(actor, number, Permission.TICKET_VIEW)
    found = messages_for(actor, ticket).filter(pk=message_id).first()
    if found is None:
        raise NotFound(str(message_id))
    return found


def letter_for(actor: Actor, number: str, message_id: int) -> Message:
    """A message that has HTML, if the actor may read it. Raises NotFound, Forbidden."""
    found = message_for(actor, number, message_id)
    if not found.html:
        raise NotFound(str(message_id))
    return found


def attachment_for(actor: Actor, number: str, attachment_id: int) -> Attachment:
    """A file of a ticket, if the actor may read the message it came with. Raises NotFound, Forbidden."""
    ticket = get_for(actor, number, Permission.TICKET_VIEW)
    found = attachments_for(actor, ticket).filter(pk=attachment_id).first()
    if found is None:
        raise NotFound(str(attachment_id))
    return found


def partner_of(actor: Actor) -> int | None:
    """The partner that a member of staff works for; None for the platform's own and for customers."""
    staff = getattr(actor.person, "staff", None) if actor.is_staff else None
    return staff.partner_id if staff else None


def departments_of(actor: Actor) -> QuerySet[Department]:
    """The departments whose tickets the actor works on."""
    if actor.may(Permission.ALL_DEPARTMENTS):
        return Department.objects.all()
    return Department.objects.filter(agents=actor.id)


def belongs(person: Person, ticket: Ticket) -> bool:
    """Whether this person takes part in the ticket as a customer, so that their mail is an answer.

    Its contact does, members of its project, and colleagues who see all of the company's tickets.
    """
    if person.pk == ticket.requester_id:
        return True
    return person.is_active and visible_to(as_customer(person)).filter(pk=ticket.pk).exists()


def is_copied(person: Person, ticket: Ticket) -> bool:
    """Whether one of us put this address into the open copies of an answer, and so into the conversation.

    Such a person may write into the ticket by mail and sees nothing of it elsewhere. Whom a customer
    put there, and whom nobody else was told of, takes no part (C7).
    """
    if not person.is_active or person.level is not None:
        return False
    said = Message.objects.filter(PUBLIC, ticket__in=family(ticket), recipients__isnull=False)
    ours = said.filter(kind__in=(Kind.OUT, Kind.COMMENT)).values_list("recipients", flat=True)
    return any(person.email == address for kept in ours for _name, address in named(kept, "cc"))


def is_answered(ticket: Ticket) -> bool:
    """Whether there is an answer that can be rated: in an alert, only one to what a customer wrote.

    An alert begins with our own words, to which nobody had asked anything.
    """
    if not ticket.alert_type:
        return ticket.first_reply_at is not None
    public = ticket.messages.filter(PUBLIC)
    ends = public.order_by().aggregate(
        asked=Min("pk", filter=Q(kind=Kind.IN)), told=Max("pk", filter=Q(kind=Kind.OUT))
    )
    return None not in ends.values() and ends["told"] > ends["asked"]


def may_rate(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor is the ticket's customer: who asked, or who sees all of that company's.

    Other members of a project read along; whether it helped is not for them to say (product 6.3).
    """
    customer = getattr(actor.person, "customer", None)
    if actor.is_staff or customer is None or not actor.may(Permission.TICKET_RATE):
        return False
    for_company = customer.sees_company and customer.company_id is not None
    return ticket.requester_id == actor.id or (
        for_company and customer.company_id == ticket.company_id
    )
