"""Mails in a mailbox, and what became of them."""

import random
from collections import Counter
from datetime import timedelta

from django.utils import timezone

from firstline.files import store
from firstline.mail.inbound import digest
from firstline.mail.models import Folder, Mailbox, RawMail
from firstline.tickets.models import Attachment, Ticket
from tests import dovecot as imap
from tests.faults.ledger import Ledger
from tests.mail.imap.conftest import ADDRESS


def letter(number: int, size: int) -> bytes:
    """A mail with a file."""
    head = (
        f"From: Svetlana <svetlana@orbita.example>\r\nTo: {ADDRESS}\r\nSubject: Mail {number}\r\n"
    )
    head += f"Message-ID: <{number}@orbita.example>\r\nMIME-Version: 1.0\r\n"
    head += "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    file = "--b\r\nContent-Disposition: attachment; filename=a.log\r\n\r\n"
    return f"{head}Text {number}\r\n{file}{'x' * 70}\r\n{'y' * size}\r\n--b--\r\n".encode()


def fill(server: imap.Server, number: int, *, days: float = 0, first: int = 0) -> dict[str, bytes]:
    """Let so many mails come, spread over the last days; their bytes by subject."""
    chance = random.Random(20261122)
    numbers = range(first, first + number)
    mails = {f"Mail {n}": letter(n, chance.randrange(0, 900)) for n in numbers}
    begun = timezone.now() - timedelta(days=days)
    steps = enumerate(mails.values())
    server.fill((mail, begun + timedelta(days=days) * n / number) for n, mail in steps)
    return mails


def outcome(row: str, what: str, mails: dict[str, bytes], *foreign: bytes) -> Ledger:
    """What is lost, double or torn, when all is digested. `foreign` may be there or not."""
    while digest.sweep():
        pass
    came = Counter(Ticket.objects.values_list("subject", flat=True))
    whole = {*mails.values(), *foreign}
    torn = sum(store.read(one.sha256) not in whole for one in RawMail.objects.all())
    torn += sum(came[subject] for subject in mails) - Attachment.objects.count()
    lost = sum(not came[subject] for subject in mails)
    return Ledger(row, what, lost, sum(came.values()) - len(came), torn=torn)


def is_read_to(last_uid: int) -> bool:
    """Whether all mails up to this one are dealt with, and the mailbox is well."""
    well = Mailbox.objects.filter(failing_since=None).exists()
    return well and Folder.objects.get().last_uid == last_uid


def let_read_now() -> None:
    """Give back what a dead reader held: its lease ends by itself, the test does not wait for that."""
    Mailbox.objects.update(leased_until=timezone.now())
