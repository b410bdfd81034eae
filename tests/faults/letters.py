"""Mails that go into a fault, each with a number, and what the desk has of them afterwards."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, cycle
from random import Random

from firstline.events import relay
from firstline.files import store
from firstline.mail.inbound import digest
from firstline.mail.models import RawMail
from firstline.tickets.models import Attachment, Message
from tests.doors import letter
from tests.faults.ledger import Ledger
from tests.mail.test_corpus_intake import CORPUS, corpus, smtp_form
from tests.postfix import as_sent

MBOX_LINE = re.compile(rb"\AFrom [^\n]*\n")  # of a mailbox file: no mail server lets it pass
NUMBER = re.compile(rb"^X-Number: (\d+)\r?$", re.MULTILINE)
# Postfix ends a broken header by an empty line, and drops a NUL in it and a blank before a colon.
BLANK = b"\r\n \0"
FILES = 3
SENDER = "svetlana@orbita.example"


def numbered(amount: int, to: str) -> dict[int, bytes]:
    """So many mails: those of the corpus, again and again, else our own. No two are the same."""
    some = cycle(corpus()) if CORPUS.is_dir() else made(to)
    mails = zip(range(amount), (MBOX_LINE.sub(b"", raw) for raw in some), strict=False)
    return {number: smtp_form(b"X-Number: %d\n" % number + raw) for number, raw in mails}


def made(to: str) -> Iterator[bytes]:
    """Mails of our own with a file, some of them without a Message-ID."""
    chance = Random(20261122)
    for number in count():
        text = f"Text {number}\n" + "x" * chance.randrange(0, 20_000)
        ids = {"Message_ID": f"<{number}@orbita.example>"} if number % 5 else {}
        mail = letter(SENDER, to, f"Mail {number}", text, **ids)
        log = f"log {number}".encode()
        mail.add_attachment(log, maintype="text", subtype="plain", filename="a.log")
        yield mail.as_bytes()


def with_files(number: int, to: str) -> bytes:
    """A mail with three files, of which no other mail has any."""
    mail = letter(SENDER, to, f"Mail {number}", "Text", Message_ID=f"<{number}@orbita.example>")
    for name in range(FILES):
        content = f"{number} {name} ".encode() * 300
        mail.add_attachment(content, maintype="text", subtype="plain", filename=f"{name}.log")
    return smtp_form(b"X-Number: %d\n" % number + mail.as_bytes())


def number_of(raw: bytes) -> int:
    """Which mail it is; -1: torn beyond recognition."""
    found = NUMBER.search(raw)
    return int(found[1]) if found else -1


def digest_all() -> None:
    """Do what the workers do with what came."""
    while digest.sweep():
        pass
    relay.sweep()


def judge(ledger: Ledger, mails: dict[int, bytes], accepted: Iterable[int]) -> Ledger:
    """Enter what became of the mails, after digesting all that the desk has."""
    digest_all()
    rows = list(RawMail.objects.select_related("message"))
    came = Counter(number_of(store.read(row.sha256)) for row in rows)
    placed = {row.pk for row in rows if row.state == RawMail.State.DONE and row.outcome}
    done = {number_of(store.read(row.sha256)) for row in rows if row.pk in placed}
    ledger.lost = len(set(accepted) - done)
    ledger.dup = sum(times - 1 for times in came.values())
    ledger.dup += Message.objects.count() - len({row.message_id for row in rows if row.message_id})
    ledger.torn = sum(not _is_whole(row, mails) for row in rows)
    files = Attachment.objects.select_related("file")
    ledger.torn += sum(len(store.read(one.file.sha256)) != one.file.size for one in files)
    return ledger


def _is_whole(row: RawMail, mails: dict[int, bytes]) -> bool:
    """Whether it is the mail that was sent, but for what Postfix does to a broken header, and for the
    line ends, of which a pipe has its own.
    """
    raw = store.read(row.sha256)
    sent = mails.get(number_of(raw), b"")
    same = sent.translate(None, BLANK) == as_sent(raw).translate(None, BLANK)
    return len(raw) == row.size and same
