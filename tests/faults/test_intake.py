"""The intake is killed with -9 again and again: nothing lost, nothing twice, nothing torn (D1)."""

import contextlib
import random
import smtplib
import subprocess
import time

from firstline.events import relay
from firstline.files import store
from firstline.mail.inbound import digest
from firstline.mail.models import RawMail
from firstline.tickets.models import Attachment, Message, Ticket
from tests.cast import make_cast
from tests.doors import letter, post
from tests.faults.conftest import Start, wait_until

MAILS, KILLS = 500, 20


def test_intake_killed_twenty_times(start: Start, free_port: int) -> None:
    stage, chance = make_cast(), random.Random(20261122)
    kills_at = set(chance.sample(range(5, MAILS - 5), KILLS))
    process = _ready(start, free_port)
    accepted = 0
    for number in range(MAILS):
        mail = letter(
            "svetlana@orbita.example",
            stage.hosting.address,
            f"Mail {number}",
            f"Text {number}\n" + "x" * chance.randrange(0, 20_000),
            Message_ID=f"<{number}@orbita.example>",
        )
        mail.add_attachment(
            f"log {number}".encode(), maintype="text", subtype="plain", filename="a.log"
        )
        raw = mail.as_bytes()
        if number in kills_at:
            process = _kill_while_sending(
                process, start, free_port, raw, stage.hosting.address, chance
            )
        _send_until_taken(free_port, raw, stage.hosting.address)
        accepted += 1
    process.kill()
    process.wait(10)
    _digest_all()
    texts = set(Message.objects.values_list("ticket__subject", flat=True))
    lost = {f"Mail {number}" for number in range(MAILS)} - texts
    doubled = Ticket.objects.count() - len(texts)
    torn = [row.pk for row in RawMail.objects.all() if len(store.read(row.sha256)) != row.size]
    torn += [
        one.pk
        for one in Attachment.objects.select_related("file")
        if not store.read(one.file.sha256)
    ]
    print(
        f"accepted {accepted}, killed {KILLS} times: LOST {len(lost)}, DUP {doubled}, TORN {len(torn)}"
    )
    assert (lost, doubled, torn) == (set(), 0, [])
    assert Attachment.objects.count() == MAILS


def _ready(start: Start, port: int) -> subprocess.Popen[bytes]:
    process = start("mail")
    wait_until(lambda: _answers(port))
    return process


def _answers(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
            client.noop()
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _kill_while_sending(
    process: subprocess.Popen[bytes],
    start: Start,
    port: int,
    raw: bytes,
    recipient: str,
    chance: random.Random,
) -> subprocess.Popen[bytes]:
    """Kill at a random moment of one delivery, start again; the sender will bring the mail once more."""
    killer = subprocess.Popen(
        ["sh", "-c", f"sleep {chance.uniform(0, 0.03):.4f}; kill -9 {process.pid}"]
    )
    with contextlib.suppress(OSError, smtplib.SMTPException):
        post(port, raw, "svetlana@orbita.example", recipient)
    killer.wait(10)
    process.wait(10)
    return _ready(start, port)


def _send_until_taken(port: int, raw: bytes, recipient: str) -> None:
    """Bring the mail as a mail server does: again and again until it hears 250."""
    problem: Exception | None = None
    for _attempt in range(50):
        try:
            post(port, raw, "svetlana@orbita.example", recipient)
        except (OSError, smtplib.SMTPException) as refusal:
            problem = refusal
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"never accepted: {problem!r}")


def _digest_all() -> None:
    while digest.sweep():
        pass
    relay.sweep()
