"""Every mail of the corpus lies in a Dovecot: each is taken in and has an outcome (issue 5, C57)."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.utils import timezone

from firstline.mail.inbound.take import intake_key
from firstline.mail.models import RawMail
from firstline.tickets.models import Message
from tests import dovecot as imap
from tests.cast import Cast
from tests.doors import mail_sink
from tests.faults.ledger import of_size
from tests.mail.imap.conftest import caught_up, join
from tests.mail.test_corpus_intake import CORPUS, check_nobody_wrong_is_answered, corpus
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the mail corpus is not beside the project"
)


def as_served(raw: bytes) -> bytes:
    """The mail as the server hands it out: IMAP knows no NUL, for which Dovecot writes 0x80.

    It ends each line with CRLF, however many CR there were.
    """
    return re.sub(rb"\r*\n", b"\r\n", raw).replace(b"\0", b"\x80")


def test_every_mail_has_an_outcome(
    stage: Cast,
    dovecot: imap.Server,
    reading: Callable[[], AbstractContextManager[Any]],
    settings: Any,
    settle: Callable[[], None],
) -> None:
    """An ordinary run takes every eighth mail; the fault suite's size is all of them."""
    mails = list(corpus())[:: of_size(8, 1)]
    mailbox = join(stage, dovecot)
    dovecot.fill((raw, timezone.now()) for raw in mails)
    wanted = {intake_key(as_served(raw), stage.hosting.address) for raw in mails}
    with mail_sink() as sink:
        settings.OUTGOING_MAIL = sink.setting
        with reading():
            wait_until(caught_up(mailbox), 120)
        settle()
        check_nobody_wrong_is_answered(sink)
    assert set(RawMail.objects.values_list("key", flat=True)) == wanted
    outcomes = Counter(RawMail.objects.values_list("outcome", flat=True))
    print(f"{len(mails)} mails by IMAP, {len(wanted)} of them unlike: {dict(outcomes)}")
    assert set(outcomes) <= {"opened", "joined", "bounce", "not-understood"}
    assert sum(outcomes.values()) == len(wanted)
    assert Message.objects.count() == outcomes["opened"] + outcomes["joined"]
