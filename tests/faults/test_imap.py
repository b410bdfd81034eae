"""Mailboxes over bad wires and by readers that are killed: nothing lost, nothing twice (D3, D16)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from firstline.files import store
from firstline.mail.inbound import digest
from firstline.mail.inbound.imap import lease, readers
from firstline.mail.inbound.imap.readers import Readers
from firstline.mail.models import Folder, Mailbox, RawMail
from firstline.tickets.models import Attachment, Ticket
from tests import dovecot as imap
from tests.cast import Cast, make_cast
from tests.cutting import wire
from tests.faults.conftest import Start, wait_until
from tests.mail.imap.conftest import ADDRESS, join

MAILS, KILLS = 300, 6
# The reader alone, as the mail part of the desk runs it: a process that is there in a second.
PROGRAM = """
import django, time
django.setup()
from firstline.mail.inbound.imap.readers import Readers
Readers().start()
time.sleep(600)
"""


@pytest.fixture
def dovecot(settings: Any) -> Iterator[imap.Server]:
    """A mail server with a backlog to come."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    with imap.server() as server:
        yield server


def letter(number: int, size: int) -> bytes:
    """A mail with a file."""
    head = (
        f"From: Svetlana <svetlana@orbita.example>\r\nTo: {ADDRESS}\r\nSubject: Mail {number}\r\n"
    )
    head += f"Message-ID: <{number}@orbita.example>\r\nMIME-Version: 1.0\r\n"
    head += "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    file = "--b\r\nContent-Disposition: attachment; filename=a.log\r\n\r\n"
    return f"{head}Text {number}\r\n{file}{'x' * 70}\r\n{'y' * size}\r\n--b--\r\n".encode()


def fill(server: imap.Server, number: int) -> dict[str, bytes]:
    """Let so many mails come; their bytes by subject."""
    chance = random.Random(20261122)
    mails = {f"Mail {n}": letter(n, chance.randrange(0, 900)) for n in range(number)}
    now = timezone.now()
    server.fill((mail, now) for mail in mails.values())
    return mails


def outcome(mails: dict[str, bytes]) -> tuple[int, int, int]:
    """LOST, DUP and TORN, when all is digested."""
    while digest.sweep():
        pass
    came = Counter(Ticket.objects.values_list("subject", flat=True))
    whole = set(mails.values())
    torn = [row.pk for row in RawMail.objects.all() if store.read(row.sha256) not in whole]
    lost = [subject for subject in mails if not came[subject]]
    doubled = sum(number - 1 for number in came.values())
    assert Attachment.objects.count() == sum(came.values())
    return len(lost), doubled, len(torn)


def is_read_to_the_end(mails: dict[str, bytes]) -> bool:
    return Folder.objects.get().last_uid == len(mails)


def test_a_reader_killed_between_fetch_commit_and_last_uid(
    start: Start, dovecot: imap.Server
) -> None:
    chance, running = random.Random(3), list[subprocess.Popen[bytes]]()
    pauses = iter([chance.randrange(6, 24) for _number in range(KILLS)])
    state = {"left": next(pauses)}

    def kill_at_command(data: bytes) -> None:
        """Kill the reader as soon as the server is about to hear one of its commands."""
        state["left"] -= 1
        if state["left"] == 0 and running:
            running[-1].send_signal(signal.SIGKILL)
            state["left"] = next(pauses, -1)

    environment = os.environ | start.environment | {"FIRSTLINE_MAIL_HOSTS_ALLOWED": '["127.0.0.1"]'}
    killed, end = 0, time.monotonic() + 150
    with wire(dovecot.port, seen=kill_at_command) as cutting:
        join(make_cast(), dovecot)
        Mailbox.objects.update(port=cutting.port)
        mails = fill(dovecot, MAILS)
        while not is_read_to_the_end(mails):
            assert time.monotonic() < end
            # what a dead reader held comes back when its lease ends; the test does not wait for that
            Mailbox.objects.update(leased_until=timezone.now())
            running.append(subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment))
            start.running.append(running[-1])
            wait_until(lambda: running[-1].poll() is not None or is_read_to_the_end(mails), 100)
            killed += running[-1].poll() is not None
        running[-1].kill()
        running[-1].wait(10)
    lost, doubled, torn = outcome(mails)
    print(f"{MAILS} mails, {killed} readers killed: LOST {lost}, DUP {doubled}, TORN {torn}")
    assert (lost, doubled, torn) == (0, 0, 0)
    assert killed == KILLS


def test_a_wire_that_is_cut_at_every_kilobyte(
    stage: Cast, dovecot: imap.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "LOOK", 0.02)
    monkeypatch.setattr(lease, "SHORTEST", 0.02)
    monkeypatch.setattr(lease, "LONGEST", 0.02)
    join(stage, dovecot)
    mails = fill(dovecot, MAILS)
    with wire(dovecot.port, lambda number: 1024 * (number + 1)) as cutting:
        Mailbox.objects.update(port=cutting.port)
        running = Readers()
        running.start()
        try:
            wait_until(lambda: is_read_to_the_end(mails), 90)
            wait_until(lambda: Mailbox.objects.get().failing_since is None, 30)
        finally:
            running.stop()
        cuts = cutting.number
    lost, doubled, torn = outcome(mails)
    print(f"{MAILS} mails, {cuts} connections: LOST {lost}, DUP {doubled}, TORN {torn}")
    assert (lost, doubled, torn) == (0, 0, 0)
    assert cuts > 10
