"""Readers of mailboxes that are killed at each step they make: nothing lost, nothing twice (D3)."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from firstline.mail.models import Mailbox
from tests import dovecot as imap
from tests.cast import make_cast
from tests.cutting import wire
from tests.faults.boxes import fill, is_read_to, let_read_now, outcome
from tests.faults.conftest import Start
from tests.faults.forks import Forks, forks
from tests.faults.ledger import Ledger, of_size
from tests.mail.imap.conftest import join
from tests.waiting import wait_until

MAILS = of_size(14, 500)


@dataclass
class Killer:
    """Kills the reader at its nth command: before the server hears it, or just after its answer."""

    readers: Forks
    at: int = 1
    after_answer: bool = False
    count: int = 0
    seen: set[str] = field(default_factory=set)
    chance: random.Random = field(default_factory=lambda: random.Random(3))

    def asked(self, data: bytes) -> bytes:
        self.count += 1
        if self.count == self.at:
            words = data.decode("ascii", "replace").split()
            self.seen.add(" ".join(words[1:3] if "UID" in words else words[1:2] or words).upper())
            if not self.after_answer:
                self.readers.kill()
                raise OSError
        return data

    def answered(self, data: bytes) -> bytes:
        if self.after_answer and self.count == self.at:
            # some time from the answer's arrival to the commit of what it brought
            threading.Timer(self.chance.uniform(0, 0.02), self.readers.kill).start()
        return data

    def next(self) -> None:
        """Aim at the next step."""
        self.at, self.after_answer = self.at + self.after_answer, not self.after_answer
        self.count = 0


@pytest.mark.fault(row="D3")
def test_a_reader_killed_at_each_command(
    start: Start, dovecot: imap.Server, enter: Callable[[Ledger], None]
) -> None:
    with forks(start, "readers", FIRSTLINE_MAIL_HOSTS_ALLOWED='["127.0.0.1"]') as readers:
        killer = Killer(readers)
        with wire(dovecot.port, asked=killer.asked, answered=killer.answered) as cutting:
            join(make_cast(), dovecot)
            Mailbox.objects.update(port=cutting.port)
            mails = fill(dovecot, MAILS)
            killed = 0
            while not is_read_to(MAILS):
                let_read_now()
                readers()
                wait_until(lambda: not readers.is_alive() or is_read_to(MAILS), 60)
                killed += not readers.is_alive()
                killer.next()
    ledger = outcome("D3", f"{MAILS} mails, {killed} readers killed at their commands", mails)
    enter(ledger)
    assert ledger.is_clean
    assert {"LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"} <= killer.seen
    assert killed > 10
