"""Mailboxes over bad wires, at servers that stall, and among other programs (D16): nothing lost."""

import functools
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from firstline.files import store
from firstline.mail.inbound import digest
from firstline.mail.inbound.imap import lease, reader, readers
from firstline.mail.inbound.imap.box import SECONDS, opened
from firstline.mail.inbound.imap.readers import Readers
from firstline.mail.models import Folder, Mailbox, RawMail
from firstline.tickets.models import Ticket
from tests import dovecot as imap
from tests.cast import Cast
from tests.cutting import wire
from tests.faults.boxes import fill, is_read_to, let_read_now, outcome
from tests.faults.ledger import Ledger, of_size
from tests.mail.imap.conftest import join, mail
from tests.mail.test_bad_input import BOMBS
from tests.waiting import wait_until

MAILS = of_size(30, 300)
SILENCE = of_size(1, int(SECONDS))  # seconds until a server that stalls counts as gone
Enter = Callable[[Ledger], None]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait after a failure: what is tested is what comes in, not when."""
    monkeypatch.setattr(readers, "LOOK", 0.02)
    monkeypatch.setattr(lease, "SHORTEST", 0.02)
    monkeypatch.setattr(lease, "LONGEST", 0.02)


@contextmanager
def reading() -> Iterator[None]:
    """The desk reads its mailboxes."""
    running = Readers()
    running.start()
    try:
        yield
    finally:
        running.stop()


@pytest.mark.fault(row="D16")
def test_a_wire_that_is_cut_at_every_kilobyte(
    stage: Cast, dovecot: imap.Server, quick: None, enter: Enter
) -> None:
    join(stage, dovecot)
    mails = fill(dovecot, MAILS)
    with wire(dovecot.port, lambda number: 1024 * (number + 1)) as cutting:
        Mailbox.objects.update(port=cutting.port)
        with reading():
            wait_until(lambda: is_read_to(MAILS), 120)
        cuts = cutting.number - 1
    ledger = outcome("D16", f"{MAILS} mails, cut {cuts} times, at each KB", mails)
    enter(ledger)
    assert ledger.is_clean
    assert cuts > 5


@dataclass
class Moods:
    """A server that stalls, or says good-bye, instead of answering commands with these words."""

    bad: str
    words: list[bytes]
    over: threading.Event = field(default_factory=threading.Event)
    command: bytes = b""

    def asked(self, data: bytes) -> bytes:
        self.command = data
        return data

    def answered(self, data: bytes) -> bytes:
        if not self.words or self.words[0] not in self.command:
            return data
        self.words.pop(0)
        if self.bad == "BYE":
            return b"* BYE It was a long day\r\n"
        self.over.wait()
        raise OSError


@pytest.mark.fault(row="D16")
@pytest.mark.parametrize("bad", ["stall", "BYE"])
def test_a_server_that_stalls_or_says_good_bye(
    stage: Cast, dovecot: imap.Server, enter: Enter, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setattr(reader, "opened", functools.partial(opened, seconds=SILENCE))
    join(stage, dovecot)
    mails = fill(dovecot, MAILS)
    times = of_size(1, 4)
    moods = Moods(bad, [b"BODY.PEEK", b"LOGIN", b"EXAMINE", b"SEARCH"][:times])
    with wire(dovecot.port, asked=moods.asked, answered=moods.answered) as cutting:
        Mailbox.objects.update(port=cutting.port)
        with reading():
            begun = time.monotonic()
            wait_until(lambda: not moods.words, 60 + 4 * SILENCE * times)
            ended = time.monotonic() + (SILENCE if bad == "stall" else 0)
            wait_until(RawMail.objects.exists, SILENCE + 90)
            resumed = max(time.monotonic() - ended, 0)
            wait_until(lambda: is_read_to(MAILS), 120)
            moods.over.set()
    what = f"{MAILS} mails, {bad} {times} times within {ended - begun:.0f} s, resumed after "
    ledger = outcome("D16", f"{what}{resumed:.0f} s", mails)
    enter(ledger)
    assert ledger.is_clean
    assert resumed <= 60


@pytest.mark.fault(row="D16")
def test_uids_anew_and_mails_that_others_remove(
    stage: Cast, dovecot: imap.Server, quick: None, enter: Enter
) -> None:
    join(stage, dovecot)
    foreign = [mail(f"foreign {number}") for number in range(10)]
    dovecot.put(*foreign)
    mails = fill(dovecot, MAILS)
    with wire(dovecot.port, lambda number: 4096 * (number + 1)) as cutting:
        Mailbox.objects.update(port=cutting.port)
        with reading():
            wait_until(lambda: RawMail.objects.count() >= MAILS // 3, 60)
            with dovecot.client() as client:  # some before they were read, some after
                client.select("INBOX")
                client.store("1:10", "+FLAGS", r"\Deleted")
                client.expunge()
        validity = Folder.objects.get().uid_validity
        dovecot.forget_uids()
        mails |= fill(dovecot, MAILS // 3, first=MAILS)
        let_read_now()
        with reading():
            wait_until(lambda: is_read_to(len(mails)), 120)
    assert Folder.objects.get().uid_validity != validity
    what = f"{len(mails)} mails, all UIDs made anew and 10 mails removed by others meanwhile"
    ledger = outcome("D16", what, mails, *foreign)
    enter(ledger)
    assert ledger.is_clean


@pytest.mark.fault(row="D16")
def test_a_mail_that_ends_each_connection_stops_no_other(
    stage: Cast, dovecot: imap.Server, quick: None, enter: Enter
) -> None:
    """C61: the first mail is never handed out; the others pass after it was tried three times."""
    join(stage, dovecot)
    dovecot.put(mail("poison"))
    mails = fill(dovecot, MAILS)
    asked_for: list[str] = []

    def asked(data: bytes) -> bytes:
        if found := re.search(rb"UID FETCH ([\d:,]+) \(UID BODY\.PEEK\[\]", data):
            asked_for.append(found[1].decode())
            if re.match(r"1\b", asked_for[-1]):  # alone, or with others
                raise OSError
        return data

    with wire(dovecot.port, asked=asked) as cutting:
        Mailbox.objects.update(port=cutting.port)
        with reading():
            wait_until(lambda: RawMail.objects.count() == MAILS + 1, 120)
    before = next(place for place, uids in enumerate(asked_for) if not re.match(r"1\b", uids))
    what = f"{MAILS} mails behind one that ends each connection: tried {before} times before them"
    row = RawMail.objects.latest("pk")
    note = store.read(row.sha256)
    ledger = outcome("D16", what, mails, note)
    enter(ledger)
    assert ledger.is_clean
    assert before <= 3
    assert b"does not hand this mail out" in note


@pytest.mark.fault(row="D16")
def test_poison_first_in_the_box(stage: Cast, dovecot: imap.Server, enter: Enter) -> None:
    """C61: mails that break parsers lie before the others; each is read, or tried three times."""
    join(stage, dovecot)
    poison = [text.encode() for text in BOMBS.values()]
    dovecot.put(*poison)
    mails = fill(dovecot, MAILS)
    with reading():
        wait_until(lambda: is_read_to(len(poison) + MAILS), 60)
    while digest.sweep():
        pass
    bad = RawMail.objects.exclude(subject__startswith="Mail ")
    tried = max(bad.values_list("attempts", flat=True))
    came = Counter(Ticket.objects.filter(subject__in=mails).values_list("subject", flat=True))
    what = f"{MAILS} mails behind {len(poison)} poisonous ones, each tried at most {tried} times"
    ledger = Ledger("D16", what, MAILS - len(came), sum(came.values()) - len(came))
    enter(ledger)
    assert ledger.is_clean
    assert tried <= 3
    assert not bad.filter(state="waiting").exists()
