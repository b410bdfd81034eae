"""What a ticket is linked with, merged with and part of, as far as the reader may see it."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from firstline.base.languages import known
from firstline.people.access import Actor
from firstline.people.models import Person
from firstline.tickets.access import each_of, visible_to
from firstline.tickets.family import end_of
from firstline.tickets.models import Ticket, TicketLink
from firstline.tickets.models.ticket import Category, DeskGroup
from firstline.tickets.models.workflow import UNRESOLVED

SHOWN = 50  # of a mass incident's parts: the rest is counted
INCIDENTS = "incidents"  # the level that ships for them


@dataclass(frozen=True, slots=True)
class Line:
    """One linked ticket; `ticket` is None where the reader may not see it, and then nothing is said.

    `way`: "to" where ours is the related, the duplicate or the part, "from" where the other is.
    """

    pk: int
    kind: str
    way: str
    ticket: Ticket | None


@dataclass(slots=True)
class Links:
    """Everything that a ticket belongs together with."""

    lines: list[Line] = field(default_factory=list)
    more: int = 0
    merged_into: Ticket | None = None
    goes_on: bool = False  # merged into another, whether or not the reader may see that
    took_in: list[Ticket] = field(default_factory=list)
    open_parts: int = 0

    def __bool__(self) -> bool:
        return bool(self.lines or self.goes_on or self.took_in)


def is_incident(ticket: Ticket) -> bool:
    """Whether other tickets can be parts of it."""
    return ticket.category == Category.INCIDENT or ticket.level.key == INCIDENTS


def of(actor: Actor, ticket: Ticket) -> Links:
    """The links of a ticket that the actor sees: one query, a second one where there are any."""
    rows = list(
        TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket)).order_by("-pk")[: SHOWN + 1]
    )
    merged = Ticket.objects.none()
    if getattr(ticket, "took_in", True):
        merged = Ticket.objects.filter(merged_into=ticket)
    ids = {row.other_id if row.ticket_id == ticket.pk else row.ticket_id for row in rows[:SHOWN]}
    ids |= {ticket.merged_into_id} if ticket.merged_into_id else set()
    ids |= set(merged.values_list("pk", flat=True)) if getattr(ticket, "took_in", True) else set()
    seen = each_of(visible_to(actor)).select_related("status").in_bulk(list(ids)) if ids else {}
    found = Links(goes_on=ticket.merged_into_id is not None)
    for row in rows[:SHOWN]:
        is_ours = row.ticket_id == ticket.pk
        other = seen.get(row.other_id if is_ours else row.ticket_id)
        found.lines.append(Line(row.pk, row.kind, "to" if is_ours else "from", other))
    if len(rows) > SHOWN:
        every = TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket))
        found.more = every.count() - SHOWN
    found.merged_into = seen.get(ticket.merged_into_id) if ticket.merged_into_id else None
    found.took_in = [one for one in seen.values() if one.merged_into_id == ticket.pk]
    if any(line.kind == TicketLink.Kind.PART and line.way == "from" for line in found.lines):
        found.open_parts = open_parts(actor, ticket).count()
    return found


def goes_on(actor: Actor, ticket: Ticket) -> Ticket | None:
    """The ticket that a merged one goes on in, if the reader may see it."""
    if ticket.merged_into_id is None:
        return None
    return visible_to(actor).filter(pk=end_of(ticket).pk).first()


def open_parts(actor: Actor, incident: Ticket) -> QuerySet[Ticket]:
    """The tickets that are part of the incident, still wait for its answer, and that the actor sees."""
    parts = TicketLink.objects.filter(other=incident, kind=TicketLink.Kind.PART)
    seen = visible_to(actor).filter(pk__in=parts.values("ticket"), phase__in=UNRESOLVED)
    return seen.select_related("requester").order_by("pk")


def likely(actor: Actor, ticket: Ticket, most: int) -> list[Ticket]:
    """Tickets that this one belongs together with most likely: open ones of the same contact, incidents."""
    seen = visible_to(actor).exclude(pk=ticket.pk).select_related("status", "company", "requester")
    found: list[Ticket] = []
    if ticket.requester_id:
        same = seen.filter(requester=ticket.requester_id, is_open=1)
        found += same.order_by("-updated_at", "-id")[:most]
    incidents = seen.filter(desk_group=DeskGroup.LEVEL, level__key=INCIDENTS)
    found += incidents.order_by("-priority", "waiting_since")[:most]
    return list({one.pk: one for one in found}.values())[:most]


def mergeable(actor: Actor, ticket: Ticket, most: int) -> list[Ticket]:
    """Open tickets that this one may be merged into (`actions.merge`): of its contact, or those of its
    company that its contact reads as well. Each piece walks one index and stops after `most`.
    """
    person, company_id = ticket.requester, ticket.company_id
    if person is None or ticket.alert_type:
        return []
    project = Q(project=None) | Q(project__company=company_id)
    seen = visible_to(actor).filter(
        project | Q(project=ticket.project_id) if ticket.project_id else project,
        partner=ticket.partner_id,
        custody=ticket.custody,
        company=company_id,
        is_open=1,
        merged_into=None,
        alert=None,
    )
    pieces = [Q(requester=person)]
    customer = getattr(person, "customer", None)
    if company_id is not None and person.is_active:
        if customer and customer.sees_company and customer.company_id == company_id:
            pieces.append(Q(company=company_id))
        elif ticket.project_id in person.project_ids:
            pieces.append(Q(project=ticket.project_id))
    seen = seen.exclude(pk=ticket.pk).select_related("status", "company", "requester")
    heads = [seen.filter(piece).order_by("-updated_at", "-id")[:most] for piece in pieces]
    return list({one.pk: one for head in heads for one in head}.values())[:most]


def languages(parts: QuerySet[Ticket]) -> set[str]:
    """The languages that the customers of these tickets read; the desk's own where nobody has chosen."""
    people = Person.objects.filter(pk__in=parts.order_by().values("requester"))
    return {known(code) for code in people.values_list("language", flat=True)} or {known(None)}
