"""The alerts that somebody sees: tickets that we started, the newest first (product 5.4, cap 99)."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from firstline.people.access import Actor
from firstline.tickets import pages
from firstline.tickets.access import visible_to
from firstline.tickets.models import Alert, Ticket
from firstline.tickets.pages import Page

RELATED = ("opened_by",)


def page(actor: Actor, *, project_id: int | None = None, after: str = "", size: int = 25) -> Page:
    """A page of alerts, of one project or of all; `after` is the `next` of the page before."""
    seen = visible_to(actor)
    found = Alert.objects.filter(Exists(seen.filter(pk=OuterRef("pk")))).order_by("-pk")
    if project_id is not None:
        found = found.filter(project=project_id)
    if (key := pages.read_id(after)) is not None:
        found = found.filter(pk__lt=key)
    rows = seen.filter(pk__in=found.values("pk")[: size + 1]).order_by("-pk")
    tickets = list(rows.select_related(*pages.RELATED, *RELATED))
    return Page(tickets[:size], str(tickets[size - 1].pk) if len(tickets) > size else None)


def understands(after: str) -> bool:
    """Whether `after` is a key of a list of alerts."""
    return pages.read_id(after) is not None


def unanswered(actor: Actor, most: int) -> list[Ticket]:
    """Open alerts of the actor's projects to which nobody answered yet, the newest first."""
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
        project__in=project_ids, ticket__is_open=1, ticket__last_customer_message_at=None
    )
