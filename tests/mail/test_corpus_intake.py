"""Every mail of the corpus through the SMTP listener: each has an outcome, and none is lost (C57, G4)."""

import csv
import mailbox
import re
import smtplib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from firstline.base.db import is_sqlite
from firstline.mail.inbound.pipe import deliver
from firstline.mail.inbound.take import intake_key
from firstline.mail.models import OutgoingMail, RawMail
from firstline.tickets.models import Message
from tests.cast import Cast
from tests.doors import Sink, mail_sink, smtp_listener
from tests.faults.ledger import of_size

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "mail-corpus"

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the mail corpus is not beside the project"
)


def corpus() -> Iterator[bytes]:
    """The raw messages, those of mailboxes one by one."""
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            path = CORPUS / row["origin"] / row["file"]
            if row["kind"] == "message":
                yield path.read_bytes()
            elif row["kind"] == "mbox":
                box = mailbox.mbox(path, create=False)
                yield from (box.get_bytes(key) for key in box.keys())  # noqa: SIM118  # a mailbox, no dict
                box.close()


def test_every_mail_has_an_outcome(stage: Cast, settings: Any, settle: Callable[[], None]) -> None:
    mails = list(corpus())[:: 1 if is_sqlite() else of_size(4, 1)]
    desk = stage.hosting.address
    with mail_sink() as sink, smtp_listener() as port:
        settings.OUTGOING_MAIL = sink.setting
        began = time.monotonic()
        send_all(port, mails, desk)
        taken = time.monotonic() - began
        settle()
        total = time.monotonic() - began
        distinct = {intake_key(smtp_form(raw), desk) for raw in mails}
        print(f"{len(mails)} mails, {len(mails) - len(distinct)} of them twice")
        print(f"taken in {taken:.1f} s, all digested after {total:.1f} s")
        check_all_placed(distinct)
        check_nobody_wrong_is_answered(sink)


def test_every_mail_through_the_pipe_has_an_outcome(
    stage: Cast, settings: Any, settle: Callable[[], None]
) -> None:
    """The function behind the command: to start a Python for each mail would take half an hour."""
    mails, desk = list(corpus())[:: of_size(8, 1)], stage.hosting.address
    with mail_sink() as sink:
        settings.OUTGOING_MAIL = sink.setting
        for raw in mails:
            assert deliver(raw, envelope_sender(raw), [desk])
        settle()
        check_all_placed({intake_key(raw, desk) for raw in mails})
        check_nobody_wrong_is_answered(sink)


def check_all_placed(distinct: set[str]) -> None:
    """Each is a ticket, an addition, a linked bounce, or stands in the list of mail not placed."""
    outcomes = Counter(RawMail.objects.values_list("outcome", flat=True))
    print(f"{sum(outcomes.values())} mails: {dict(outcomes)}")
    assert set(RawMail.objects.values_list("key", flat=True)) == distinct
    assert sum(outcomes.values()) == len(distinct)
    assert set(outcomes) <= {"opened", "joined", "bounce", "not-understood"}
    assert Message.objects.count() == outcomes["opened"] + outcomes["joined"]


def send_all(port: int, mails: list[bytes], desk: str) -> None:
    """Bring each mail over one connection, with the envelope sender that its header tells."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        for raw in mails:
            client.sendmail(envelope_sender(raw), [desk], smtp_form(raw))


def envelope_sender(raw: bytes) -> str:
    """The Return-Path, else the address in From, else the null sender."""
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:100_000])
    for name in ("Return-Path", "From"):
        if name in head:
            address = parseaddr(str(head[name]))[1]
            return (
                address
                if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", address, re.ASCII)
                and len(address) < 200
                else ""
            )
    return ""


def smtp_form(raw: bytes) -> bytes:
    """The mail as it arrives: SMTP knows lines that end in CRLF, and no others."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def check_nobody_wrong_is_answered(sink: Sink) -> None:
    """No mail goes to a bounce, a machine, a list or a null sender (C14, C16)."""
    natures = {
        row.ticket_id: row.trace[0][1]
        for row in RawMail.objects.filter(outcome="opened")
        if row.trace
    }
    told = OutgoingMail.objects.filter(kind="received")
    assert [mail.recipient for mail in told if natures[mail.ticket_id] != "person"] == []
    for _sender, recipients in sink.envelopes:
        local = parseaddr(recipients[0])[1].partition("@")[0].lower()
        assert local
        assert local not in {"mailer-daemon", "postmaster", "no-reply", "noreply"}


def test_the_key_ignores_only_what_hops_write() -> None:
    mail = b"Message-ID: <1@x.example>\r\nSubject: a\r\n\r\nbody\r\n"
    again = b"Received: from a by b;\r\n\tSun, 22 Nov 2026\r\n" + mail
    other = mail.replace(b"body", b"other")
    desk = "desk@desk.example"
    assert intake_key(mail, desk) == intake_key(again, desk)
    assert intake_key(mail, desk) != intake_key(other, desk)
    assert intake_key(mail, desk) != intake_key(mail, "sales@desk.example")
