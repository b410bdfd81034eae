"""Visits begin, go on and end (product 2.5). Who may enter is decided in `tickets/actions/enter.py`."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from firstline.base import clock
from firstline.base.db import atomic
from firstline.events import log
from firstline.people.models import Person, Visit
from firstline.people.visits import IDLE, LONGEST, Why

MARKED = timedelta(minutes=1)  # how often it is written down that somebody is inside


def record(visit: Visit, kind: str, via: str, **data: Any) -> None:
    """Write what happened to the project, with both names."""
    log.record(
        kind,
        subject_kind="project",
        subject_id=visit.project_id,
        actor_id=visit.agent_id,
        on_behalf_of_id=visit.person_id,
        via=via,
        data={"visit": visit.pk, **data},
    )


def leave(visit: Visit, *, why: Why = Why.LEFT, via: str) -> bool:
    """End a visit; False if it was over already. Its session learns of it at the next request."""
    with atomic():
        going_on = Visit.objects.filter(pk=visit.pk, ended_at=None)
        if not going_on.update(ended_at=clock.now()):
            return False
        record(visit, "project.left", via, why=why.value)
    return True


def mark(visit: Visit, now: datetime) -> None:
    """Write down that the agent is still there, once a minute at most."""
    if now >= visit.seen_at + MARKED:
        Visit.objects.filter(pk=visit.pk, ended_at=None).update(seen_at=now)


def end_all_of(agent: Person, *, why: Why, via: str) -> None:
    """End whatever visits the agent has, in all browsers."""
    for visit in Visit.objects.filter(agent=agent, ended_at=None):
        leave(visit, why=why, via=via)


def tick() -> None:
    """End visits whose browser never came back; run by the clock."""
    now = clock.now()
    gone = Q(agent__is_active=False) | Q(person__is_active=False)
    forgotten = Q(started_at__lte=now - LONGEST) | Q(seen_at__lte=now - IDLE)
    for visit in Visit.objects.filter(gone | forgotten, ended_at=None).select_related(
        "agent", "person"
    ):
        leave(visit, why=_why(visit, now), via="system")


def _why(visit: Visit, now: datetime) -> Why:
    if not (visit.agent.is_active and visit.person.is_active):
        return Why.DEACTIVATED
    return Why.TOO_LONG if now >= visit.started_at + LONGEST else Why.IDLE
