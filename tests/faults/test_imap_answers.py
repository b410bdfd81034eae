"""Mail servers that answer wrongly about some mails (D16): the others come in, none is passed over."""

from collections.abc import Callable

import pytest

from firstline.files import store
from firstline.mail.inbound.imap import again
from firstline.mail.models import Folder, Mailbox, RawMail
from tests import dovecot as imap
from tests.cast import Cast
from tests.faults.boxes import fill, is_read_to, outcome
from tests.faults.ledger import Ledger, of_size
from tests.faults.test_wires import reading
from tests.mail.imap.conftest import join
from tests.mail.imap.faulty import FAULTS, faulty
from tests.waiting import wait_until

MAILS = of_size(30, 300)
NOTE = b"does not hand this mail out"


@pytest.mark.fault(row="D16")
@pytest.mark.parametrize("name", FAULTS)
def test_wrong_answers_about_some_mails(
    stage: Cast,
    dovecot: imap.Server,
    enter: Callable[[Ledger], None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr(again, "PAUSE", 0.2)
    monkeypatch.setattr(again, "LONGEST", 0.4)
    join(stage, dovecot)
    mails = fill(dovecot, MAILS)
    bad = set(range(2, MAILS, 10))
    with faulty(dovecot.port, FAULTS[name], bad) as (wire, server):
        Mailbox.objects.update(port=wire.port)
        with reading():
            wait_until(lambda: is_read_to(MAILS), 60)  # while the server is still ill
            if not FAULTS[name].heals:
                wait_until(lambda: len(notes()) == len(bad), 30)
            server.is_ill = False
            wait_until(lambda: not Folder.objects.get().later, 30)
    standing = notes()
    what = f"{MAILS} mails, {len(bad)} of them behind “{name}”, {len(standing)} notes"
    ledger = outcome("D16", what, mails, *standing)
    enter(ledger)
    assert ledger.is_clean
    assert len(standing) == (0 if FAULTS[name].heals else len(bad))


def notes() -> list[bytes]:
    """What stands for mails that are kept back."""
    contents = [store.read(one.sha256) for one in RawMail.objects.all()]
    return [one for one in contents if NOTE in one]
