"""Servers that keep one mail back, or answer nonsense about it: the others come in at once."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.files import store
from firstline.mail.inbound.imap import again, lease, reader
from firstline.mail.inbound.imap.box import opened
from firstline.mail.models import Folder, Mailbox, Outcome, RawMail
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from tests import dovecot as imap
from tests.cast import Cast
from tests.mail.imap.conftest import join, mail, subjects, taken
from tests.mail.imap.faulty import ANY, CONTENT, FAULTS, SIZES, Fault, faulty
from tests.waiting import wait_until

Reading = Callable[[], AbstractContextManager[Any]]
NOTE = b"does not hand this mail out"
HANDED = Path(__file__).parents[4] / "shared" / "faults" / "other"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again soon."""
    monkeypatch.setattr(again, "PAUSE", 0.2)
    monkeypatch.setattr(again, "LONGEST", 0.4)


def is_in(number: int, text: str = "It does not work.") -> Callable[[], bool]:
    """Whether the mail is stored as it is."""
    want = mail(number, text)
    return lambda: any(store.read(one.sha256) == want for one in RawMail.objects.all())


def are_in(numbers: set[int]) -> bool:
    """Whether all these mails are stored as they are."""
    return all(is_in(number)() for number in numbers)


def is_well() -> bool:
    """Whether the mailbox was read to its end, and nothing is in the way."""
    row = Mailbox.objects.get()
    return row.read_at is not None and row.failing_since is None


def notes() -> list[RawMail]:
    """The notes that stand for mails."""
    return [one for one in RawMail.objects.order_by("pk") if NOTE in store.read(one.sha256)]


@pytest.mark.parametrize("name", FAULTS)
def test_one_mail_is_kept_back(
    stage: Cast, dovecot: imap.Server, reading: Reading, name: str
) -> None:
    fault = FAULTS[name]
    join(stage, dovecot)
    dovecot.put(mail(1), mail(2), mail(3))
    with faulty(dovecot.port, fault) as (wire, server):
        Mailbox.objects.update(port=wire.port)
        with reading():
            wait_until(lambda: is_in(1)() and is_in(3)(), 5)
            if fault.heals:
                wait_until(is_in(2), 10)
                assert not notes()
            else:
                wait_until(notes, 10)
                assert not is_in(2)()
                dovecot.put(mail(4))  # the mailbox does not stand still
                wait_until(is_in(4), 5)
                assert len(notes()) == 1
            wait_until(is_well, 10)
            first = subjects()
            server.is_ill = False
            wait_until(is_in(2), 10)
            wait_until(lambda: not Folder.objects.get().later, 10)
    expected = ["Mail 1", "Mail 2", "Mail 3"] + ([] if fault.heals else ["Mail 4"])
    known = sorted(first)
    assert known == (expected if fault.to != ANY else ["Mail 1", "Mail 3", "Mail 4"])
    assert sorted(subjects()) == expected
    assert Mailbox.objects.get().failing_since is None
    assert not RawMail.objects.filter(outcome=Outcome.NOT_UNDERSTOOD).exists()
    texts = Message.objects.filter(ticket__subject="Mail 2").values_list("text", flat=True)
    assert [one for one in texts if "It does not work." in one]


def test_a_note_stands_with_sender_and_subject_and_the_mail_joins_it(
    stage: Cast, dovecot: imap.Server, reading: Reading, signed_in: Callable[[Person], Client]
) -> None:
    join(stage, dovecot)
    dovecot.put(mail(1), mail(2, "The invoice is wrong."), mail(3))
    with faulty(dovecot.port, FAULTS["NIL"]) as (wire, server):
        Mailbox.objects.update(port=wire.port)
        with reading():
            wait_until(notes, 10)
            assert sorted(subjects()) == ["Mail 1", "Mail 2", "Mail 3"]
            ticket = Ticket.objects.get(subject="Mail 2")
            assert ticket.requester is not None
            assert ticket.requester.email == "svetlana@orbita.example"
            page = signed_in(stage.administrator).get(f"/tickets/{ticket.number}/").text
            assert "The mail server does not hand this mail out" in page
            server.is_ill = False
            wait_until(is_in(2, "The invoice is wrong."), 10)
    assert sorted(subjects()) == ["Mail 1", "Mail 2", "Mail 3"]
    page = signed_in(stage.administrator).get(f"/tickets/{ticket.number}/").text
    assert "The invoice is wrong." in page


def test_several_bad_mails_in_one_set(stage: Cast, dovecot: imap.Server, reading: Reading) -> None:
    join(stage, dovecot)
    dovecot.put(*(mail(number) for number in range(1, 41)))
    bad = {1, 2, 7, 20, 21, 40}
    good = {number for number in range(1, 41) if number not in bad}
    for fault in (FAULTS["NO to sizes"], FAULTS["NIL"]):
        RawMail.objects.all().delete()
        Folder.objects.update(last_uid=0, later={})
        with faulty(dovecot.port, fault, bad) as (wire, server):
            Mailbox.objects.update(port=wire.port)
            with reading():
                wait_until(lambda: are_in(good), 10)
                wait_until(is_well, 10)
                server.is_ill = False
                wait_until(lambda: are_in(bad), 10)


def test_a_server_that_refuses_every_mail_is_ill_and_no_mail_is_blamed(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    join(stage, dovecot)
    dovecot.put(*(mail(number) for number in range(1, 4)))
    with reading():
        wait_until(taken(3))
    for to in (SIZES, CONTENT):
        dovecot.put(mail(f"new {to!r}"))
        before = RawMail.objects.count()
        fault = Fault(to, lambda _answer: None)
        with faulty(dovecot.port, fault, set(range(100))) as (wire, server):
            if to == CONTENT:
                server.fault = Fault(b"BODY.PEEK[]", lambda _answer: None)
            Mailbox.objects.update(port=wire.port, leased_until=timezone.now())
            with reading():
                wait_until(lambda: Mailbox.objects.get().failing_since is not None, 10)
                time.sleep(0.5)
                assert RawMail.objects.count() == before
                assert Mailbox.objects.get().problem.startswith("refused: ")
                server.is_ill = False
                wait_until(taken(before + 1), 20)
                wait_until(is_well, 10)
    assert not notes()


def test_bad_is_told_in_the_servers_words(
    stage: Cast, dovecot: imap.Server, reading: Reading, signed_in: Callable[[Person], Client]
) -> None:
    join(stage, dovecot)
    dovecot.put(mail(1))
    with reading():
        wait_until(taken(1))
    dovecot.put(mail(2))
    fault = Fault(SIZES, lambda _answer: None, word=b"BAD")
    with faulty(dovecot.port, fault, {1, 2}) as (wire, _server):
        Mailbox.objects.update(port=wire.port)
        with reading():
            wait_until(lambda: Mailbox.objects.get().failing_since is not None, 10)
    page = signed_in(stage.administrator).get("/settings/mailboxes/").text
    assert "Server error while fetching messages" in page
    assert "command error" not in page
    assert "b&#x27;" not in page


def test_empty_mails_are_mails_of_their_own(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    join(stage, dovecot)
    now = timezone.now()
    dovecot.fill((b"", now - timedelta(seconds=number)) for number in range(2))
    dovecot.put(mail(3))
    with reading():
        wait_until(is_in(3), 10)
        wait_until(is_well, 10)
    assert RawMail.objects.filter(size=0).count() == 2
    assert subjects() == ["Mail 3"]


def test_notes_without_a_header_are_told_apart(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    """Each stands in the list of what was not understood until its mail is there."""
    join(stage, dovecot)
    dovecot.put(*(mail(number) for number in range(1, 5)))
    with faulty(dovecot.port, FAULTS["NO to everything about it"], {2, 3}) as (wire, server):
        Mailbox.objects.update(port=wire.port)
        with reading():
            wait_until(lambda: len(notes()) == 2, 10)
            assert sorted(subjects()) == ["Mail 1", "Mail 4"]
            assert RawMail.objects.filter(outcome=Outcome.NOT_UNDERSTOOD).count() == 2
            server.is_ill = False
            wait_until(lambda: is_in(2)() and is_in(3)(), 10)
            wait_until(is_well, 10)
    assert sorted(subjects()) == [f"Mail {number}" for number in range(1, 5)]
    assert not RawMail.objects.filter(outcome=Outcome.NOT_UNDERSTOOD).exists()


def test_a_short_literal_that_breaks_the_connection(
    stage: Cast, dovecot: imap.Server, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The literal is announced longer than it is: what follows is taken for a part of it."""
    monkeypatch.setattr(reader, "opened", lambda account: opened(account, seconds=1))
    monkeypatch.setattr(lease, "LONGEST", 0.05)
    monkeypatch.setattr(lease, "SHORTEST", 0.05)
    join(stage, dovecot)
    dovecot.put(mail(1), mail(2), mail(3))
    fault = Fault(CONTENT, lambda answer: answer.replace(b"It does not work.\r\n", b""))
    with faulty(dovecot.port, fault) as (wire, server):
        Mailbox.objects.update(port=wire.port)
        with reading():
            wait_until(lambda: is_in(1)() and is_in(3)(), 20)
            wait_until(notes, 30)
            server.is_ill = False
            wait_until(is_in(2), 20)
            wait_until(lambda: not Folder.objects.get().later, 10)
    assert sorted(subjects()) == ["Mail 1", "Mail 2", "Mail 3"]


def test_what_former_versions_remember_is_asked_for(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    join(stage, dovecot)
    dovecot.put(mail(1), mail(2), mail(3))
    Folder.objects.update(uid_validity=0)
    with reading():
        wait_until(taken(3))
    RawMail.objects.all().delete()
    Folder.objects.update(later={"2": 1, "9": 2})
    with reading():
        wait_until(is_in(2), 10)
        wait_until(lambda: Folder.objects.get().later == {}, 10)
    assert RawMail.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("r15-imap-fetch-leaves-one-out.txt", "leaves the mail out"),
        ("r17-imap-no-to-the-question-about-sizes.txt", "NO to sizes"),
    ],
)
def test_the_handed_answers_are_among_these(file: str, name: str) -> None:
    """What the desk was found to fail at is what the server of these tests does."""
    path = HANDED / file
    if not path.exists():
        pytest.skip("../shared is not there")
    assert "UID" in path.read_text()
    assert FAULTS[name].to == SIZES
