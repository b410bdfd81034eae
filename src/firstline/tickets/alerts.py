"""The alerts that somebody sees: tickets that we started, the newest first (product 5.4, cap 99)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from firstline.base.ids import read_id
from firstline.people.access import Actor, NotFound
from firstline.people.models import Person
from firstline.people.roles import Level, Permission
from firstline.tickets import access, pages
from firstline.tickets.access import departments_of, visible_to
from firstline.tickets.models import Alert, AlertReceipt, Department, Ticket
from firstline.tickets.models.alert import AlertType
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import UNRESOLVED, Phase
from firstline.tickets.pages import Page

RELATED = ("opened_by__staff",)
SENDERS = 200  # to choose from; the others are found by the type, the project and the state
STATES = ("waiting", "overdue", "acknowledged")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of alerts is narrowed to; what is empty leaves it open."""

    project_id: int | None = None
    type: str = ""
    state: str = ""
    sender_id: int | None = None

    @property
    def fits(self) -> Q:
        fits = Q(project=self.project_id) if self.project_id is not None else Q()
        if self.type:
            fits &= Q(type=self.type)
        if self.sender_id is not None:
            fits &= Q(ticket__opened_by=self.sender_id)
        if self.state == "acknowledged":
            fits &= Q(acknowledged_at__isnull=False)
        elif self.state == "waiting":
            fits &= Q(acknowledged_at=None)
        elif self.state == "overdue":
            late = Q(acknowledged_at=None, acknowledge_by__lte=timezone.now())
            fits &= late & Q(ticket__phase__in=UNRESOLVED)
        return fits


def page(
    actor: Actor, narrowed: Narrowed | None = None, *, after: str = "", size: int = 25
) -> Page:
    """A page of alerts, of all or of those that fit; `after` is the `next` of the page before."""
    seen = visible_to(actor)
    found = Alert.objects.filter(Exists(seen.filter(pk=OuterRef("pk")))).order_by("-pk")
    if narrowed is not None:
        found = found.filter(narrowed.fits)
    if (key := read_id(after)) is not None:
        found = found.filter(pk__lt=key)
    rows = seen.filter(pk__in=found.values("pk")[: size + 1]).order_by("-pk")
    tickets = list(rows.select_related(*pages.RELATED, *RELATED))
    return Page(tickets[:size], str(tickets[size - 1].pk) if len(tickets) > size else None)


def understands(after: str) -> bool:
    """Whether `after` is a key of a list of alerts."""
    return read_id(after) is not None


def get_for(actor: Actor, number: str) -> Ticket:
    """The alert with this number, if the actor sees it and may look at alerts. Raises NotFound, Forbidden."""
    ticket = access.get_for(actor, number, Permission.ALERT_VIEW)
    if not ticket.alert_type:
        raise NotFound(number)
    return ticket


def types() -> list[tuple[str, str]]:
    """The types with their names in the reader's language."""
    return [(one.value, str(one.label)) for one in AlertType]


def senders(actor: Actor) -> list[Person]:
    """Who sends alerts, oneself first, then by name. Raises Forbidden."""
    actor.demand(Permission.ALERT_VIEW)
    levels = (Level.ADMINISTRATOR, Level.SUPERVISOR, Level.AGENT)
    people = Person.objects.filter(
        staff__level__in=levels, staff__joined_at__isnull=False
    ).select_related("staff")
    found = list(people.order_by("name", "pk")[:SENDERS])
    return sorted(found, key=lambda one: one.pk != actor.id)


def first_department(actor: Actor) -> Department | None:
    """The department that takes the answers unless another one is named."""
    active = Department.objects.filter(is_active=True).select_related("workflow")
    return active.filter(pk__in=departments_of(actor)).first() or active.first()


def asks_answer(ticket: Ticket) -> bool:
    """Whether the customer was asked for an answer, as the portal says it: by a status that asks for
    it, or by an alert. An ordinary answer asks for nothing, and neither does an alert that only tells
    or that somebody has read, until its customer writes or is asked by a date.
    """
    if ticket.awaiting != Awaiting.CUSTOMER:
        return False
    if not ticket.alert_type or ticket.last_customer_message_at or ticket.pending_until:
        return ticket.phase == Phase.DEFERRED
    return ticket.alert.type != AlertType.INFORMATION and ticket.alert.acknowledged_at is None


def has_answer(ticket: Ticket) -> bool:
    """Whether the customer wrote and the support team said the last word."""
    asked = not ticket.alert_type or ticket.last_customer_message_at is not None
    return asked and ticket.awaiting == Awaiting.CUSTOMER and ticket.first_reply_at is not None


def receipt_of(actor: Actor, ticket: Ticket) -> AlertReceipt | None:
    """What the reader did with this alert; None where it is none, or nothing was done yet."""
    if not ticket.alert_type:
        return None
    return AlertReceipt.objects.filter(alert=ticket.pk, person=actor.id).first()


def unanswered(actor: Actor, most: int) -> list[Ticket]:
    """Open alerts of the actor's projects that nobody answered or acknowledged, the newest first."""
    own = actor.person.project_ids if actor.person else []
    if not own:
        return []
    ids = _waiting(own).order_by("-pk").values("pk")[:most]
    alerts = Ticket.objects.filter(pk__in=ids).select_related("alert", "project")
    return list(alerts.order_by("-pk"))


def unanswered_counts(project_ids: Sequence[int]) -> Counter[int]:
    """How many open alerts wait for an answer in each of these projects."""
    return Counter(_waiting(project_ids).values_list("project_id", flat=True)[:1000])


def _waiting(project_ids: Sequence[int]) -> QuerySet[Alert]:
    return Alert.objects.filter(
        project__in=project_ids,
        acknowledged_at=None,
        ticket__is_open=1,
        ticket__last_customer_message_at=None,
    )
