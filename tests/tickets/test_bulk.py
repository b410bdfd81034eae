"""Bulk: each ticket by its own verb and once, what was refused says why."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from firstline.base.jobs import queue
from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound
from firstline.tickets import bulks
from firstline.tickets.actions import bulk
from firstline.tickets.actions.claim import claim
from firstline.tickets.models import BulkItem, Message, Ticket
from tests.cast import Cast, actor, close_by, make_cast, open_by


@pytest.fixture
def three(cast: Cast) -> list[Ticket]:
    """Three tickets of Svetlana's in hosting."""
    return [open_by(cast.svetlana, cast.hosting, f"Number {number}") for number in range(3)]


def numbers(tickets: list[Ticket]) -> list[str]:
    return [ticket.number for ticket in tickets]


@pytest.mark.parametrize(
    ("verb", "params", "column", "value"),
    [
        ("claim", {}, "responsible", "anna"),
        ("assign", {"to": "supervisor"}, "responsible", "supervisor"),
        ("move", {"status": "in-progress"}, "status__key", "in-progress"),
        ("tag", {"add": ["dns"]}, "tags__name", "dns"),
        ("resolve", {"text": "It works again."}, "phase", "resolved"),
    ],
)
def test_each_verb_does_all(
    cast: Cast, three: list[Ticket], verb: str, params: dict[str, Any], column: str, value: Any
) -> None:
    if verb == "assign":
        params = {"to": f"staff-{cast.supervisor.pk}"}
    made = bulk.start(actor(cast.anna), verb, params, numbers(three), via="web")
    assert bulks.progress(actor(cast.anna), made.pk).ended == 0
    bulk.work(made.pk)
    told = bulks.progress(actor(cast.anna), made.pk)
    assert (told.done, told.total, told.is_over, told.refused) == (3, 3, True, [])
    wanted = getattr(cast, value).pk if column == "responsible" else value
    assert Ticket.objects.filter(**{column: wanted}).count() == 3
    events = Event.objects.count()
    bulk.work(made.pk)
    assert bulk.sweep() == 0
    assert Event.objects.count() == events


def test_what_is_refused_says_why(cast: Cast, three: list[Ticket]) -> None:
    claim(actor(cast.supervisor), three[0], via="web")
    close_by(cast.anna, three[1])
    made = bulk.start(actor(cast.anna), "claim", {}, numbers(three), via="web")
    bulk.work(made.pk)
    told = bulks.progress(actor(cast.anna), made.pk)
    assert (told.done, told.is_over) == (1, True)
    assert [(one.ticket, one.why) for one in told.refused] == [
        (three[0], "Старшая Смирнова has the ticket."),
        (three[1], "The ticket is closed."),
    ]
    with pytest.raises(NotFound):
        bulks.progress(actor(cast.supervisor), made.pk)


def test_with_the_rights_of_that_moment(cast: Cast, three: list[Ticket]) -> None:
    made = bulk.start(actor(cast.anna), "claim", {}, numbers(three), via="web")
    cast.anna.staff.level = "observer"
    cast.anna.staff.save()
    bulk.work(made.pk)
    assert not Ticket.objects.exclude(responsible=None).exists()
    assert len(bulks.progress(actor(cast.anna), made.pk).refused) == 3


def test_refused_as_a_whole(cast: Cast, three: list[Ticket]) -> None:
    hidden = open_by(cast.svetlana, cast.equipment)
    who = actor(cast.anna)
    for verb, params in (
        ("claim", {}),
        ("close", {}),
        ("assign", {"to": "staff-x"}),
        ("assign", {"to": "staff-999999"}),
        ("move", {}),
        ("tag", {}),
        ("resolve", {"text": " "}),
        ("link", {}),
    ):
        chosen = [hidden] if verb == "claim" else three
        with pytest.raises(ValidationError):
            bulk.start(who, verb, params, numbers(chosen), via="web")
    with pytest.raises(ValidationError, match="at most 500"):
        bulk.start(who, "claim", {}, [f"SR{number}" for number in range(501)], via="web")
    with pytest.raises(Forbidden):
        bulk.start(actor(cast.observer), "claim", {}, numbers(three), via="web")
    assert not BulkItem.objects.exists()


def test_a_failure_is_tried_again(
    cast: Cast, three: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError("the disk is full")

    made = bulk.start(actor(cast.anna), "claim", {}, numbers(three[:1]), via="web")
    with monkeypatch.context() as broken:
        broken.setitem(bulk.VERBS, "claim", fail)
        bulk.work(made.pk)
    told = bulks.progress(actor(cast.anna), made.pk)
    assert (told.ended, told.refused) == (0, [])
    BulkItem.objects.update(due_at="2020-01-01T00:00Z")
    assert bulk.sweep() == 1
    assert bulks.progress(actor(cast.anna), made.pk).done == 1


def test_a_worker_is_woken(
    cast: Cast, three: list[Ticket], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    queue.flush()
    with django_capture_on_commit_callbacks(execute=True):
        made = bulk.start(actor(cast.anna), "claim", {}, numbers(three), via="web")
    tasks = []
    while task := queue.dequeue():
        tasks.append(task)
    assert (made.pk,) in [task.args for task in tasks]


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_ticket_once() -> None:
    cast = make_cast()
    tickets = [open_by(cast.svetlana, cast.hosting, str(number)) for number in range(8)]
    text = {"text": "It works again."}
    made = bulk.start(actor(cast.anna), "resolve", text, numbers(tickets), via="web")
    start = threading.Barrier(3)

    def run() -> None:
        start.wait(10)
        try:
            bulk.work(made.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert bulks.progress(actor(cast.anna), made.pk).done == 8
    assert Message.objects.filter(kind="out").count() == 8
