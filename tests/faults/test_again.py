"""D18 and D19: mail that comes twice, by two ways or to two of our addresses, and mail that lacks all."""

import smtplib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from firstline.files import store
from firstline.mail.inbound.pipe import deliver
from firstline.mail.models import Box, RawMail
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, open_by
from tests.cutting import wire
from tests.doors import letter, post, smtp_listener
from tests.faults.ledger import Ledger, of_size
from tests.faults.letters import SENDER, digest_all, judge, with_files
from tests.mail.test_corpus_intake import smtp_form
from tests.postfix import Server

Enter = Callable[[Ledger], None]
STORED = b"250 2.0.0 Stored"
PUBLIC = "help@orbita.example"


@pytest.mark.fault(row="D18")
@pytest.mark.parametrize("identified", [True, False], ids=["with Message-ID", "without"])
def test_postfix_brings_again_what_it_heard_no_yes_to(
    stage: Cast, postfix: Server, enter: Enter, identified: bool
) -> None:
    to, chance = stage.hosting.address, Random(18)
    cuts: list[bytes] = []
    mails = {number: with_files(number, to) for number in range(of_size(4, 30))}
    if not identified:
        mails = {number: _without(b"Message-ID", raw) for number, raw in mails.items()}

    def answered(said: bytes) -> bytes:
        """Cut before Postfix hears that it is stored, two times of three as long as that may be."""
        if STORED not in said or len(cuts) >= 3 * len(mails) or chance.random() < 0.33:
            return said
        cuts.append(said)
        raise ConnectionAbortedError

    with (
        smtp_listener("lmtp") as port,
        wire(port, answered=answered, near=postfix.targets["lmtp"]),
    ):
        with postfix.client("lmtp") as client:
            for raw in mails.values():
                client.sendmail(SENDER, [to], raw)
        postfix.empty(of_size(60, 900))
    what = f"{len(mails)} mails, of which Postfix did not hear 250 {len(cuts)} times"
    what += "" if identified else ", without a Message-ID"
    ledger = judge(Ledger("D18", what), mails, mails)
    enter(ledger)
    assert ledger.is_clean
    assert Message.objects.count() == len(mails)
    assert len(cuts) > 2


@pytest.mark.fault(row="D18")
def test_four_deliveries_of_a_mail_at_once(stage: Cast, enter: Enter) -> None:
    to = stage.hosting.address
    mails = {number: with_files(number, to) for number in range(of_size(10, 200))}
    with smtp_listener() as port, ThreadPoolExecutor(4) as pool:
        for raw in mails.values():
            for done in [pool.submit(post, port, raw, SENDER, to) for _time in range(4)]:
                done.result()
    ledger = judge(Ledger("D18", f"{len(mails)} mails, each brought 4 times at once"), mails, mails)
    enter(ledger)
    assert ledger.is_clean
    assert Message.objects.count() == len(mails)


@pytest.mark.fault(row="D18")
@pytest.mark.parametrize("way", ["one envelope", "two envelopes", "at once"])
def test_a_mail_to_two_addresses_of_a_department(
    stage: Cast, postfix: Server, enter: Enter, way: str
) -> None:
    """By an alias and in copy: who answers all names the ticket's address and the public one."""
    Box.objects.create(address=PUBLIC, department=stage.hosting)
    local, _at, domain = stage.hosting.address.rpartition("@")
    known = open_by(stage.svetlana, stage.hosting)
    own, answer = stage.hosting.address, f"{local}+{known.reply_token}@{domain}"
    mails = {0: with_files(0, f"{PUBLIC}, {own}"), 1: with_files(1, f"{PUBLIC}, {answer}")}
    envelopes = {0: [PUBLIC, own], 1: [PUBLIC, answer]}
    before = Message.objects.count()
    with smtp_listener("lmtp") as port, wire(port, near=postfix.targets["lmtp"]):
        with postfix.client("lmtp") as client:
            for number, raw in mails.items():
                addresses = envelopes[number]
                for some in [addresses] if way == "one envelope" else [[one] for one in addresses]:
                    client.sendmail(SENDER, some, raw)
                    if way == "two envelopes":
                        postfix.empty()
        postfix.empty()
    digest_all()
    came = Counter(str(row.message_id) for row in RawMail.objects.all())
    ledger = Ledger("D18", f"2 mails to two addresses of a department, {way}")
    told = Message.objects.count() - before
    ledger.dup, ledger.lost = max(sum(came.values()), told) - 2, 2 - min(len(came), 2)
    enter(ledger)
    assert ledger.is_clean
    assert known.messages.count() == 2
    assert Ticket.objects.count() == 2


@pytest.mark.fault(row="D18")
def test_a_mail_to_two_departments_is_seen_in_both(
    stage: Cast, postfix: Server, enter: Enter
) -> None:
    both = [stage.hosting.address, stage.equipment.address]
    with smtp_listener("lmtp") as port, wire(port, near=postfix.targets["lmtp"]):
        with postfix.client("lmtp") as client:
            client.sendmail(SENDER, both, with_files(0, ", ".join(both)))
        postfix.empty()
    digest_all()
    seen = Counter(Ticket.objects.values_list("department__address", flat=True))
    ledger = Ledger("D18", "a mail to two departments", lost=len(set(both) - set(seen)))
    ledger.dup = sum(times - 1 for times in seen.values())
    enter(ledger)
    assert ledger.is_clean


@pytest.mark.fault(row="D18")
def test_a_mail_known_under_a_former_address_stays_one(stage: Cast, enter: Enter) -> None:
    """A department takes another address and keeps the old one; a mailbox numbers its mails anew."""
    former, raw = stage.hosting.address, with_files(0, stage.hosting.address)
    deliver(raw, SENDER, [former])
    stage.hosting.address = "support@desk.example"
    stage.hosting.save()
    Box.objects.create(address=former, department=stage.hosting)
    deliver(raw, SENDER, [former])
    deliver(raw, SENDER, ["support@desk.example"])
    ledger = judge(Ledger("D18", "a mail again, when its address has changed"), {0: raw}, {0: raw})
    enter(ledger)
    assert ledger.is_clean


HEAD = b"From: Svetlana <svetlana@orbita.example>\r\nTo: hosting@desk.example\r\n"
BARE = {
    "no Message-ID": HEAD + b"Subject: No id\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\nText\r\n",
    "empty Message-ID": HEAD + b"Message-ID:\r\nSubject: Empty id\r\n\r\nText\r\n",
    "two Message-IDs": HEAD + b"Message-ID: <a@x.example>\r\nMessage-ID: <b@x.example>\r\n\r\nText\r\n",
    "no Date": HEAD + b"Message-ID: <d@x.example>\r\nSubject: No date\r\n\r\nText\r\n",
    "no From": b"To: hosting@desk.example\r\nSubject: No sender\r\n\r\nText\r\n",
    "nothing but text": b"\r\nText of a mail without a header\r\n",
    "header only": HEAD + b"Subject: No text\r\n",
    "header and no text": HEAD + b"Subject: No text, too\r\n\r\n",
    "three empty lines": b"\r\n\r\n\r\n",
    "0 bytes": b"",
}  # fmt: skip
OUTCOMES = {"opened", "joined", "bounce", "not-understood"}


@pytest.mark.fault(row="D19")
@pytest.mark.parametrize("way", ["Postfix", "LMTP", "pipe"])
def test_a_mail_that_lacks_all_has_an_outcome(
    stage: Cast, postfix: Server, enter: Enter, way: str
) -> None:
    to = stage.hosting.address
    with smtp_listener("lmtp") as port, wire(port, near=postfix.targets["lmtp"]):
        for raw in BARE.values():
            if way == "pipe":
                assert deliver(raw, SENDER, [to])
                continue
            entry = port if way == "LMTP" else postfix.ports["lmtp"]
            kind = smtplib.LMTP if way == "LMTP" else smtplib.SMTP
            with kind("127.0.0.1", entry) as client:
                client.sendmail(SENDER, [to], raw)
        postfix.empty()
    digest_all()
    outcomes = Counter(RawMail.objects.values_list("outcome", flat=True))
    told = ", ".join(f"{times} {outcome}" for outcome, times in sorted(outcomes.items()))
    ledger = Ledger("D19", f"{len(BARE)} mails that lack something, by {way} ({told})")
    ledger.lost = len(BARE) - sum(outcomes[one] for one in OUTCOMES)
    ledger.torn = sum(len(store.read(row.sha256)) != row.size for row in RawMail.objects.all())
    enter(ledger)
    assert ledger.is_clean
    assert outcomes["opened"] == Ticket.objects.count()


@pytest.mark.fault(row="D19")
@pytest.mark.parametrize("by_postfix", [True, False], ids=["Postfix", "listener"])
def test_missing_and_shared_message_ids(
    stage: Cast, postfix: Server, enter: Enter, by_postfix: bool
) -> None:
    """C58: no id; the same id and bytes twice; the same id and other bytes; to two departments."""
    here, there = stage.hosting.address, stage.equipment.address
    sent = [_mail("none", ""), *[_mail("twice", "t")] * 2, _mail("one", "o"), _mail("other", "o")]
    both = _mail("both", "b")
    with smtp_listener("lmtp") as port, wire(port, near=postfix.targets["lmtp"]):
        entry = postfix.ports["lmtp"] if by_postfix else port
        kind = smtplib.SMTP if by_postfix else smtplib.LMTP
        with kind("127.0.0.1", entry) as client:
            for raw, to in [*((raw, here) for raw in sent), (both, here), (both, there)]:
                client.sendmail(SENDER, [to], raw)
        postfix.empty()
    digest_all()
    found = Counter(Ticket.objects.values_list("subject", "department__address"))
    wanted = {(name, here): 1 for name in ("none", "twice", "one", "other", "both")}
    wanted[("both", there)] = 1
    ledger = Ledger("D19", "no id, the same id and bytes, other bytes, two departments (C58)")
    ledger.lost = len(set(wanted) - set(found))
    ledger.dup = sum(found.values()) - len(found)
    enter(ledger)
    assert ledger.is_clean
    assert found == wanted


def _mail(subject: str, name: str) -> bytes:
    ids = {"Message_ID": f"<{name}@orbita.example>"} if name else {}
    return smtp_form(letter(SENDER, "hosting@desk.example", subject, subject, **ids).as_bytes())


def _without(name: bytes, raw: bytes) -> bytes:
    lines = raw.split(b"\r\n")
    return b"\r\n".join(one for one in lines if not one.lower().startswith(name.lower()))
