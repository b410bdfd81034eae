"""Alerts to many projects: how far each of them is, and what failed (product 5.4)."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.models import Broadcast, BroadcastItem

SHOWN = 200  # failures with their reasons; the others are counted
State = BroadcastItem.State


@dataclass(frozen=True, slots=True)
class Progress:
    """How many projects a broadcast goes to, and what became of them; `failed` are at most SHOWN."""

    broadcast: Broadcast
    total: int
    done: int
    failed_count: int
    failed: list[BroadcastItem]

    @property
    def settled(self) -> int:
        return self.done + self.failed_count

    @property
    def is_over(self) -> bool:
        return self.settled == self.total


def visible_to(actor: Actor) -> QuerySet[Broadcast]:
    """One's own broadcasts; who works for all departments sees all."""
    if not actor.may(Permission.ALERT_VIEW):
        return Broadcast.objects.none()
    if actor.may(Permission.ALL_DEPARTMENTS):
        return Broadcast.objects.all()
    return Broadcast.objects.filter(by=actor.id)


def get_for(actor: Actor, pk: int) -> Broadcast:
    """The broadcast with this id, if the actor sees it. Raises NotFound."""
    found = visible_to(actor).select_related("by__staff", "department").filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    return found


def progress_of(broadcast: Broadcast) -> Progress:
    """How far it is; two queries."""
    items = BroadcastItem.objects.filter(broadcast=broadcast)
    counts = Counter(dict(items.order_by().values_list("state").annotate(Count("pk"))))
    failed = items.filter(state=State.PARKED).select_related("project").order_by("pk")
    return Progress(
        broadcast=broadcast,
        total=counts.total(),
        done=counts[State.DONE],
        failed_count=counts[State.PARKED],
        failed=list(failed[:SHOWN]),
    )


def unsettled(actor: Actor, most: int = 3) -> list[Broadcast]:
    """The actor's own broadcasts that still run or failed somewhere, the newest first."""
    items = BroadcastItem.objects.filter(broadcast__by=actor.id).exclude(state=State.DONE)
    ids = items.order_by("-broadcast").values_list("broadcast", flat=True).distinct()[:most]
    return list(Broadcast.objects.filter(pk__in=list(ids)).order_by("-pk"))
