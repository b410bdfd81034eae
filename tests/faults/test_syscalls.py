"""D2: kill -9 at every system call by which a mail gets onto the disk, or word of it to its sender.

strace kills the process as it enters the k-th call of a kind, for k = 1, 2, … until it comes through
unharmed. After each kill the mail is brought again, as a mail server does that has heard no yes.
"""

import contextlib
import shutil
import smtplib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from django.utils import timezone

from firstline.files import store
from firstline.mail.models import RawMail
from firstline.tickets.models import Attachment
from tests.cast import make_cast
from tests.doors import post
from tests.faults.ledger import Ledger, of_size
from tests.faults.letters import FILES, SENDER, judge, with_files
from tests.faults.mould import Child, Mould
from tests.waiting import listens, wait_until

CALLS = ("pwrite64", "write", "fdatasync", "fsync", "rename", "link", "sendto")
STEP = of_size(20, 1)
TO = "hosting@desk.example"
Bring = Callable[[bytes, str, int], bool]  # a mail, the call to be killed at, and which of them


@contextmanager
def killing(child: Child, call: str, number: int) -> Iterator[None]:
    """Kill it as it enters that call for the so-manyth time."""
    if not number:
        yield
        return
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    command = ["strace", "-f", "-qq", "-p", str(child.pid), "-e", f"trace={call}", "-e", inject]
    status = Path(f"/proc/{child.pid}/status")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: "TracerPid:\t0" not in status.read_text(), pause=0.005)
        yield
    finally:
        child.kill()
        process.wait(20)


class Doors:
    """Ways in for a mail; each says whether whoever brought it may forget it."""

    def __init__(self, desk: Mould, ports: dict[str, int]) -> None:
        self.desk, self.port = desk, ports["smtp"]

    def pipe(self, raw: bytes, call: str, number: int) -> bool:
        order = ("mail", "deliver", "--from", SENDER, "--to", TO)
        with self.desk.child(*order) as child, killing(child, call, number):
            child.hand_over(raw)
            return child.code() == 0

    def smtp(self, raw: bytes, call: str, number: int) -> bool:
        with self.desk.child("run", "mail") as child:
            wait_until(lambda: listens(self.port), pause=0.005)
            with killing(child, call, number):
                return self._post(raw) and not child.ends_within(0)

    def _post(self, raw: bytes) -> bool:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            post(self.port, raw, SENDER, TO)
            return True
        return False


@pytest.fixture
def doors(desk: Mould, ports: dict[str, int]) -> Doors:
    if shutil.which("strace") is None:
        pytest.skip("There is no strace (Debian: apt install strace).")
    make_cast()
    return Doors(desk, ports)


@pytest.mark.fault(row="D2")
@pytest.mark.parametrize("door", ["pipe", "smtp"])
def test_killed_at_every_system_call(
    doors: Doors, door: str, enter: Callable[[Ledger], None]
) -> None:
    bring: Bring = getattr(doors, door)
    mails: dict[int, bytes] = {}
    points = dict.fromkeys(CALLS, 0)
    for call in CALLS:
        for number in count(1, STEP):
            raw = mails[len(mails)] = with_files(len(mails), TO)
            if bring(raw, call, number):
                break
            points[call] += 1
            assert bring(raw, "", 0)
    told = ", ".join(f"{call} {number}" for call, number in points.items() if number)
    what = f"a mail with {FILES} files by {door}, killed at {sum(points.values())} calls ({told})"
    ledger = judge(Ledger("D2", what), mails, mails)
    enter(ledger)
    assert ledger.is_clean
    assert Attachment.objects.count() == FILES * len(mails)
    assert sum(points.values()) > 2


@pytest.mark.fault(row="D2")
def test_digesting_killed_at_every_system_call(
    doors: Doors, enter: Callable[[Ledger], None]
) -> None:
    """The same with what follows: a ticket with its files and its words, or nothing of it."""
    mails: dict[int, bytes] = {}
    points = 0
    for call in CALLS:
        for number in count(1, of_size(40, 1)):
            raw = mails[len(mails)] = with_files(len(mails), TO)
            assert doors.pipe(raw, "", 0)
            with doors.desk.child("digest") as child, killing(child, call, number):
                child.hand_over(b"")
                code = child.code()
            if code == 0:
                break
            points += 1
            # what a dead worker held comes back when its lease ends; the test does not wait for that
            RawMail.objects.filter(state=RawMail.State.WAITING).update(due_at=timezone.now())
            with doors.desk.child("digest") as child:
                child.hand_over(b"")
                assert child.code() == 0
    ledger = judge(Ledger("D2", f"digesting a mail, killed at {points} calls"), mails, mails)
    enter(ledger)
    assert ledger.is_clean
    assert Attachment.objects.count() == FILES * len(mails)
    assert all(store.read(row.sha256) for row in RawMail.objects.all())
    assert points > 2
