"""Broadcasts: an alert to several projects, and how far it is."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.routes import get
from firstline.people.roles import Permission
from firstline.tickets import broadcasts

if TYPE_CHECKING:
    from firstline.tickets import models as tickets

router = Router(tags=["alerts"])


class Failure(BaseModel):
    """A project that the alert did not reach."""

    project: str = Field(description="Identifier of the project.")
    problem: str


class Broadcast(BaseModel):
    """An alert to several projects; each gets a ticket of its own, one after the other."""

    id: int
    type: str
    title: str
    total: int = Field(description="To how many projects it goes.")
    done: int
    failed: int
    failures: list[Failure] = Field(description="At most 200 of them, with the reason.")
    acknowledge_by: datetime | None
    created_at: datetime


@get(router, "/alerts/broadcasts/{int:broadcast_id}", Broadcast)
def show(request: HttpRequest, broadcast_id: int) -> Broadcast:
    """How far a broadcast is."""
    actor = actor_of(request)
    actor.demand(Permission.ALERT_VIEW)
    return broadcast_of(broadcasts.get_for(actor, broadcast_id))


def broadcast_of(broadcast: "tickets.Broadcast") -> Broadcast:
    """The broadcast with its progress."""
    progress = broadcasts.progress_of(broadcast)
    failures = [
        Failure(project=item.project.identifier, problem=item.why) for item in progress.failed
    ]
    return Broadcast(
        id=broadcast.pk,
        type=broadcast.type,
        title=broadcast.title,
        total=progress.total,
        done=progress.done,
        failed=progress.failed_count,
        failures=failures,
        acknowledge_by=broadcast.acknowledge_by,
        created_at=broadcast.created_at,
    )
