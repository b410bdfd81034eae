"""Two weeks of mail at once: all of it, oldest first, and nobody is told today of what is old (D17)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from firstline.events import relay
from firstline.mail.inbound import digest
from firstline.mail.inbound.imap.readers import Readers
from firstline.mail.inbound.place import LATE
from firstline.mail.models import OutgoingMail, RawMail
from firstline.tickets.models import Ticket
from tests import dovecot as imap
from tests.cast import Cast
from tests.faults.boxes import is_read_to
from tests.faults.ledger import Ledger, of_size
from tests.mail.imap.conftest import join, mail
from tests.waiting import wait_until

MAILS, DAYS = of_size(60, 10_000), 14
LEAST = of_size(100, 600)  # mails a minute, until each is a ticket and its reactions are done


def fill(server: imap.Server) -> dict[str, datetime]:
    """Mails of many people over the days; the newer half has the lower UIDs. Their dates."""
    now, step = timezone.now().replace(microsecond=0), DAYS * 86400 // MAILS
    dates = [now - timedelta(seconds=step * (MAILS - n)) for n in range(MAILS)]
    mails = [(mail(n, From=f"customer{n}@orbita.example"), at) for n, at in enumerate(dates)]
    server.fill(mails[MAILS // 2 :])
    server.contents()  # for so long it gives out UIDs
    server.fill(mails[: MAILS // 2])
    return {f"Mail {n}": at for n, at in enumerate(dates)}


@pytest.mark.fault(row="D17")
def test_a_backlog_of_two_weeks(
    stage: Cast, dovecot: imap.Server, enter: Callable[[Ledger], None]
) -> None:
    join(stage, dovecot)
    dates = fill(dovecot)
    begun, cpu, running = time.monotonic(), time.process_time(), Readers()
    running.start()
    try:
        wait_until(lambda: is_read_to(MAILS), 60 + MAILS / 10)
    finally:
        running.stop()
    stored = time.monotonic() - begun
    while digest.sweep() + relay.sweep():
        pass
    took, cpu = time.monotonic() - begun, time.process_time() - cpu
    subjects = list(Ticket.objects.order_by("pk").values_list("subject", flat=True))
    late = timezone.now() - LATE - timedelta(seconds=took)
    told = OutgoingMail.objects.filter(kind="received").values_list("ticket__subject", flat=True)
    to_old = sum(dates[subject] < late for subject in told)
    what = f"{MAILS} mails of {DAYS} days, {60 * MAILS / stored:.0f} stored a minute and "
    what += f"{60 * MAILS / took:.0f} done ({60 * MAILS / cpu:.0f} a minute of CPU); "
    what += f"{len(told)} receipts, {to_old} of them to old mail"
    lost, dup = len(set(dates) - set(subjects)), len(subjects) - len(set(subjects))
    ledger = Ledger("D17", what, lost, dup)
    enter(ledger)
    assert ledger.is_clean
    received = list(RawMail.objects.order_by("pk").values_list("received_at", flat=True))
    is_in_order = received == list(dates.values()) and subjects == list(dates)
    assert is_in_order
    assert to_old == 0
    assert told
    assert 60 * MAILS / took >= LEAST
