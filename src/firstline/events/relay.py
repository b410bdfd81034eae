"""Events start their handlers, after the commit and at least once.

Which event starts which handler stands on one page, `wiring/reactions.py`; this module only knows
where that page is (`settings.REACTIONS`). Handlers may run twice for one event and must not mind.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from firstline.base.db import atomic
from firstline.base.jobs import job
from firstline.base.work import Superseded
from firstline.events.models import Event, Reaction

log = structlog.get_logger(__name__)
TOGETHER = 10  # reactions of one transaction: more would keep other writers waiting
Handler = Callable[[Event], object]
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@cache
def _page() -> Mapping[str, Mapping[str, Handler]]:
    reactions: Mapping[str, tuple[Handler, ...]] = import_string(settings.REACTIONS)
    return {
        kind: {f"{handler.__module__}.{handler.__qualname__}": handler for handler in handlers}
        for kind, handlers in reactions.items()
    }


def handlers_of(kind: str) -> list[str]:
    """Names of the handlers that wait for events of this kind; none while an import runs."""
    return [] if _quiet.get() else list(_page().get(kind, {}))


@contextmanager
def quiet() -> Iterator[None]:
    """Record the past without telling anybody: an import sends nothing and indexes by itself."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


@job
def react(reaction_id: int) -> None:
    """Run one handler for one event; a failure is tried again later, then put aside."""
    reaction = Reaction.claim(reaction_id)
    if reaction is not None:
        _run(reaction)


@job
def react_waiting() -> None:
    """Run all handlers that wait, some in each transaction: the disk is asked once for them."""
    while reactions := Reaction.claim_fresh(TOGETHER):
        try:
            with atomic():
                for reaction in reactions:
                    _run(reaction)
        except Exception as problem:  # the transaction itself: each is tried again by itself
            log.exception("reactions failed together")
            for reaction in reactions:
                reaction.retry(repr(problem))


def _run(reaction: Reaction) -> None:
    """All that the handler does, or nothing of it."""
    event = Event.objects.select_related("actor", "on_behalf_of").get(pk=reaction.event_id)
    handler = _page().get(event.kind, {}).get(reaction.handler)
    if handler is None:
        reaction.park("no such handler any more")
        return
    try:
        with atomic():
            handler(event)
            if not reaction.finish():
                raise Superseded(reaction.handler)
    except Exception as problem:
        log.exception("reaction failed", handler=reaction.handler, event_id=event.pk)
        reaction.retry(repr(problem))


def sweep() -> int:
    """Wake what a crash or a lost job left behind."""
    fresh = Reaction.objects.filter(state=Reaction.State.WAITING, attempts=0).count()
    react_waiting()
    return fresh + Reaction.sweep(react)


def state() -> tuple[int, int]:
    """How many reactions wait, and how many were put aside."""
    waiting = Reaction.objects.filter(state=Reaction.State.WAITING).count()
    return waiting, Reaction.objects.filter(state=Reaction.State.PARKED).count()
