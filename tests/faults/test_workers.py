"""Workers on one queue, killed and doubled: each mail goes once, and none is lost (D21, D22)."""

from collections import Counter

import pytest
from django.utils import timezone

from firstline.events import relay
from firstline.mail.models import OutgoingMail
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from tests.cast import actor, make_cast, open_by
from tests.doors import Sink
from tests.faults.conftest import Start
from tests.faults.forks import forks
from tests.faults.ledger import of_size
from tests.waiting import wait_until

LETTERS = of_size(24, 120)


def _fill() -> None:
    """Letters in the outbox, due and not sent, of a ticket each: those of one ticket keep their order."""
    stage = make_cast()
    for number in range(LETTERS):
        ticket = open_by(stage.svetlana, stage.hosting)
        reply(actor(stage.anna), ticket, Draft(text=f"Answer {number}"), via="web")
    relay.sweep()
    assert OutgoingMail.objects.filter(kind="answered", state="waiting").count() == LETTERS


@pytest.mark.fault(row="D22")
def test_two_workers_send_each_mail_once(start: Start, sink: Sink) -> None:
    with forks(start, "worker") as worker:
        _fill()
        worker()
        worker()
        wait_until(lambda: not OutgoingMail.objects.filter(state="waiting").exists(), 90)
    counts = Counter(mail["Message-ID"] for mail in sink.mails())
    assert len(counts) == OutgoingMail.objects.count()
    assert set(counts.values()) == {1}


@pytest.mark.fault(row="D21")
def test_a_killed_worker_loses_nothing(start: Start, sink: Sink) -> None:
    with forks(start, "worker") as worker:
        _fill()
        worker()
        wait_until(lambda: len(sink.raw) >= LETTERS // 4, 60)
        worker.kill()
        wait_until(lambda: not worker.is_alive(), 10)
        # what it held comes back when its lease ends; the test does not wait for that
        OutgoingMail.objects.filter(state="waiting").update(due_at=timezone.now())
        worker()
        wait_until(lambda: not OutgoingMail.objects.filter(state="waiting").exists(), 90)
    counts = Counter(mail["Message-ID"] for mail in sink.mails())
    assert len(counts) == OutgoingMail.objects.count()
    doubled = [count for count in counts.values() if count > 1]
    assert (
        len(doubled) <= 2
    )  # at most the mail that each of its threads was carrying, with the same id
