"""A worker that dies between the server's word and ours: sent again, with the same id, and said so (D4)."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firstline.mail.models import OutgoingMail
from tests.cast import Cast, make_cast
from tests.doors import _in_thread
from tests.faults.conftest import Start
from tests.faults.forks import forks
from tests.faults.ledger import Ledger, of_size
from tests.faults.relays import Relay
from tests.faults.test_outgoing import answers
from tests.waiting import wait_until

MAILS, EACH = of_size(10, 500), of_size(5, 20)  # the worker dies at each so manieth mail

THREADS = 2  # of a worker


@dataclass
class Deadly(Relay):
    """A server that kills who sends to it, in turn right after the last line and after its 250."""

    kill: Callable[[], None] = lambda: None
    kills: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.order) % (2 * EACH) == 0:
            self.die()
        return answer

    def die(self) -> None:
        self.kills += 1
        self.kill()


class _After(SMTP):
    """Tells its script when the answer to a mail has left."""

    async def smtp_DATA(self, arg: str) -> None:
        await super().smtp_DATA(arg)
        script: Any = self.event_handler
        if len(script.order) % (2 * EACH) == EACH:
            script.die()


@contextmanager
def deadly() -> Iterator[Deadly]:
    """Such a server."""
    script = Deadly()

    async def listening() -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: _After(script, hostname="relay.example"), "127.0.0.1", 0
        )

    with _in_thread(listening) as port:
        script.port = port
        yield script


@pytest.mark.fault(row="D4")
def test_a_worker_killed_around_the_servers_answer(
    start: Start, enter: Callable[[Ledger], None]
) -> None:
    stage = make_cast()
    mails = answers(stage, MAILS)
    waiting = OutgoingMail.objects.filter(state="waiting")
    with deadly() as server:
        address = f"smtp://127.0.0.1:{server.port}"
        with forks(start, "worker", FIRSTLINE_EMAIL_URL=address) as worker:
            server.kill = worker.kill
            while waiting.exists():
                # what a dead worker held comes back when its lease ends; the test does not wait
                waiting.update(due_at=timezone.now())
                worker()
                wait_until(lambda: not worker.is_alive() or not waiting.exists(), 60)
    counted, kills = server.counted, server.kills
    wanted = {(mail.header_id, mail.recipient) for mail in mails}
    copies = counted.total() - len(counted)
    lost, ghost = len(wanted - set(counted)), len(set(counted) - wanted)
    doubted = OutgoingMail.objects.filter(unheard__gt=0)
    what = f"{MAILS} mails, worker killed {kills} times after “.” or 250; {doubted.count()} marked"
    enter(Ledger("D4", what, lost, 0, ghost, copies=copies))
    assert (lost, ghost) == (0, 0)
    assert kills >= MAILS // EACH - 1
    assert copies <= THREADS * kills  # each carries one mail, and of each there is one copy at most
    assert max(counted.values()) <= 2
    twice = {header_id for (header_id, _reader), number in counted.items() if number > 1}
    assert twice <= set(doubted.values_list("header_id", flat=True))
    assert doubted.count() <= THREADS * kills
    assert_told(stage, doubted[0])


def assert_told(stage: Cast, mail: OutgoingMail) -> None:
    """The ticket's page says at the message that it may be there twice."""
    assert mail.ticket
    client = Client()
    client.force_login(stage.anna)
    page = client.get(reverse("agent:ticket", args=[mail.ticket.number])).content.decode()
    assert "so it may have arrived twice" in page
