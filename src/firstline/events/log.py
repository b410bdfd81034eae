"""Write what happened, in the transaction of the change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from firstline.base import clock
from firstline.events import relay
from firstline.events.models import Event, Reaction

PAST = "past"  # in an event's data: it happened long ago, and nobody is written to for it
_is_past: ContextVar[bool] = ContextVar("is_past", default=False)


@contextmanager
def of_the_past() -> Iterator[None]:
    """Let everything recorded inside say that it is history: it is searched, and told to nobody."""
    token = _is_past.set(True)
    try:
        yield
    finally:
        _is_past.reset(token)


def record(
    kind: str,
    *,
    subject_kind: str,
    subject_id: int,
    actor_id: int | None,
    on_behalf_of_id: int | None = None,
    via: str,
    data: dict[str, Any] | None = None,
) -> Event:
    """Add one event, and a reaction for each handler that waits for this kind.

    Call it inside the transaction of the change: then neither can be without the other.
    """
    event = Event.objects.create(
        kind=kind,
        at=clock.now(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_id=actor_id,
        on_behalf_of_id=on_behalf_of_id,
        via=via,
        data={**(data or {}), PAST: True} if _is_past.get() else data or {},
    )
    handlers = relay.handlers_of(kind)
    if handlers:
        Reaction.objects.bulk_create(Reaction(event=event, handler=name) for name in handlers)
        relay.react_waiting.wake()
    return event


def of_subject(subject_kind: str, subject_id: int) -> list[Event]:
    """All events of one subject, oldest first, with the people in them."""
    events = Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return list(events.select_related("actor__staff", "on_behalf_of").order_by("id"))


def hush(subject_kind: str, subject_id: int) -> None:
    """Let nothing follow any more from what happened to a subject that is about to go.

    What a worker has begun is its own: it finds the subject gone, and `forget` takes it away.
    """
    of_subject = Reaction.objects.filter(
        event__subject_kind=subject_kind, event__subject_id=subject_id
    )
    of_subject.filter(attempts=0).delete()


def forget(last: Event) -> None:
    """Delete all that happened to a subject before `last`, which says that it is gone."""
    before = Event.objects.filter(subject_kind=last.subject_kind, subject_id=last.subject_id)
    before.exclude(pk=last.pk).delete()
