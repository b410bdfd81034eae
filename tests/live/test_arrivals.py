"""Events that are committed in another order than their ids are given out, as PostgreSQL does."""

import threading

import pytest
from django.db import connection, connections

from firstline.base.db import atomic
from firstline.events import log
from firstline.live.arrivals import Arrivals
from tests.cast import Cast


def _record(subject_id: int) -> int:
    event = log.record(
        "ticket.tried", subject_kind="ticket", subject_id=subject_id, actor_id=None, via="web"
    )
    return event.pk


def test_each_event_arrives_once(stage: Cast) -> None:
    arrivals = Arrivals()
    _record(1)  # ids begin anywhere: other tests have used some
    arrivals.begin()
    first = _record(1)
    assert (arrivals.fresh(), arrivals.mark) == ({1}, first)
    assert arrivals.fresh() == set()
    last = [_record(subject) for subject in (2, 3)][-1]
    assert (arrivals.fresh(), arrivals.mark) == ({2, 3}, last)


@pytest.mark.postgres
def test_a_late_commit_is_not_missed(stage: Cast) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: ids are committed in their order")
    arrivals = Arrivals()
    arrivals.begin()
    _hold_one_back(arrivals, begins=False)
    later = Arrivals()
    _hold_one_back(later, begins=True)


def _hold_one_back(arrivals: Arrivals, *, begins: bool) -> None:
    has_id, may_commit, given = threading.Event(), threading.Event(), []

    def write() -> None:
        with atomic():
            given.append(_record(7))
            has_id.set()
            may_commit.wait(20)
        connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    assert has_id.wait(20)
    newer = _record(8)
    assert newer > given[0]
    if begins:
        arrivals.begin()  # the reader starts while one is on its way
    else:
        assert arrivals.fresh() == {8}
    assert arrivals.mark < given[0]
    may_commit.set()
    thread.join(20)
    assert arrivals.fresh() == {7}
    assert arrivals.fresh() == set()


def test_what_was_rolled_back_is_given_up(stage: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals = Arrivals()
    arrivals.begin()
    _record(1)
    with connection.cursor() as cursor:  # a hole, as a rolled-back transaction leaves it
        cursor.execute("UPDATE events_event SET id = id + 5")
    assert arrivals.fresh() == {1}
    assert arrivals.missing
    monkeypatch.setattr("firstline.live.arrivals.PATIENCE", 0.0)
    assert arrivals.fresh() == set()
    assert not arrivals.missing
    assert arrivals.mark == arrivals.high
