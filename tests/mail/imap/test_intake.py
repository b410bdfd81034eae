"""Mailboxes are read whole: whatever other programs mark, move or delete there (C58-C60, C72, C73)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from firstline.events import relay
from firstline.mail.inbound.imap import reader
from firstline.mail.models import Folder, Mailbox, OutgoingMail, RawMail
from firstline.people.models import Person
from firstline.tickets.actions.delete import delete
from firstline.tickets.models import Ticket
from tests import dovecot as imap
from tests.cast import Cast, actor
from tests.mail.imap.conftest import ADDRESS, caught_up, join, mail, subjects, taken
from tests.waiting import wait_until

Reading = Callable[[], AbstractContextManager[Any]]
MONTH_AGO = timezone.now() - timedelta(days=30)


def test_new_mail_is_heard_of_at_once(stage: Cast, dovecot: imap.Server, reading: Reading) -> None:
    mailbox = join(stage, dovecot)
    with reading():
        wait_until(caught_up(mailbox))
        dovecot.put(mail(1))
        wait_until(taken(1), 5)
    row = RawMail.objects.get()
    assert (row.source, row.recipient, row.mailbox) == ("imap", ADDRESS, mailbox)
    assert subjects() == ["Mail 1"]
    assert Ticket.objects.get().department == stage.hosting
    assert Mailbox.objects.get().reader == ""


def test_a_server_that_tells_nothing_is_asked(
    stage: Cast, allowed: None, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "NOT_TOLD", 0.2)
    with imap.server(idle=False) as server:
        assert "IDLE" not in server.client().capabilities
        mailbox = join(stage, server)
        with reading():
            wait_until(caught_up(mailbox))
            server.put(mail(1))
            wait_until(taken(1), 5)
    assert subjects() == ["Mail 1"]


def test_what_others_mark_move_or_date_back_is_taken_in(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    mailbox = join(stage, dovecot)
    dovecot.put(mail("seen"), flags=r"(\Seen)")
    dovecot.put(mail("old"), at=MONTH_AGO)
    dovecot.put(mail("moved"), folder="Later", at=MONTH_AGO)
    with reading():
        wait_until(taken(2))
        with dovecot.client() as client:
            client.select("Later")
            client.uid("MOVE", "1", "INBOX")
        wait_until(taken(3), 5)
        wait_until(caught_up(mailbox))
    assert sorted(subjects()) == ["Mail moved", "Mail old", "Mail seen"]
    relay.sweep()
    receipts = OutgoingMail.objects.filter(kind="received").values_list(
        "ticket__subject", flat=True
    )
    assert list(receipts) == ["Mail seen"]  # nobody is told today that a mail of last month is here


def test_nothing_in_the_mailbox_is_changed(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    dovecot.put(mail(1), mail(2))
    mailbox = join(stage, dovecot, takes_old=True)
    dovecot.put(mail(3), flags=r"(\Flagged)")
    before = dovecot.contents()
    with reading():
        wait_until(taken(3))
        wait_until(caught_up(mailbox))
    after = dovecot.contents()
    assert len(after) == 3
    assert after == before


def test_the_server_numbers_its_mails_anew(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    dovecot.put(mail("before"), at=MONTH_AGO)
    mailbox = join(stage, dovecot)
    dovecot.put(mail(1), mail(2))
    with reading():
        wait_until(taken(2))
    validity = Folder.objects.get().uid_validity
    dovecot.forget_uids()
    dovecot.put(mail(3))
    with reading():
        wait_until(taken(3))
        wait_until(caught_up(mailbox))
    assert Folder.objects.get().uid_validity != validity
    assert sorted(subjects()) == ["Mail 1", "Mail 2", "Mail 3"]


def test_somebody_expunges_meanwhile(stage: Cast, dovecot: imap.Server, reading: Reading) -> None:
    mailbox = join(stage, dovecot)
    dovecot.put(*(mail(number) for number in range(60)))
    with reading():
        wait_until(taken(10))
        with dovecot.client() as client:
            client.select("INBOX")
            client.store("1:5,41:50", "+FLAGS", r"\Deleted")
            client.expunge()
        dovecot.put(mail("last"))
        wait_until(lambda: Folder.objects.get().last_uid == 61)
        wait_until(caught_up(mailbox))
    found = set(subjects())
    assert {f"Mail {number}" for number in (*range(5, 40), *range(51, 60))} <= found
    assert "Mail last" in found


def test_two_folders_are_read(
    stage: Cast, dovecot: imap.Server, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "NOT_TOLD", 0.3)
    dovecot.put(mail("there"), folder="Поддержка")
    mailbox = join(stage, dovecot, folders=["INBOX", "Поддержка"])
    with reading():
        dovecot.put(mail("inbox"))
        dovecot.put(mail("folder"), mail("inbox"), folder="Поддержка")
        wait_until(taken(2))
        wait_until(caught_up(mailbox))
    assert sorted(subjects()) == ["Mail folder", "Mail inbox"]


def test_one_mail_in_two_mailboxes_is_seen_in_both(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    join(stage, dovecot)
    join(stage, dovecot, address="sales@orbita.example", department=stage.equipment)
    both = mail("both", Message_ID="<same@orbita.example>")
    other = mail("other", "Another text", Message_ID="<same@orbita.example>")
    dovecot.put(both, both, other)
    dovecot.put(both, user="sales@orbita.example")
    with reading():
        wait_until(taken(3))
    assert sorted(subjects()) == ["Mail both", "Mail both", "Mail other"]
    assert set(Ticket.objects.values_list("department", flat=True)) == {
        stage.hosting.pk,
        stage.equipment.pk,
    }


def test_mails_without_an_id(stage: Cast, dovecot: imap.Server, reading: Reading) -> None:
    join(stage, dovecot)
    dovecot.put(mail(1, Message_ID=""), mail(2, Message_ID="<>"))
    with reading():
        wait_until(taken(2))
    assert sorted(subjects()) == ["Mail 1", "Mail 2"]


def test_joining_that_fails_half_way_loses_nothing(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    dovecot.put(*(mail(number) for number in range(105)))
    before = dovecot.contents()
    for wrong in ({"password": "wrong"}, {"folders": ["INBOX", "Nowhere"]}, {"port": 1}):
        with pytest.raises(ValidationError):
            join(stage, dovecot, **wrong)
    assert dovecot.contents() == before
    assert len(before) == 105
    assert not Mailbox.objects.exists()
    mailbox = join(stage, dovecot)
    dovecot.put(mail("new"))
    with reading():
        wait_until(taken(1))
        wait_until(caught_up(mailbox))
    assert subjects() == ["Mail new"]
    assert len(dovecot.contents()) == 106


def test_old_mail_is_taken_in_if_chosen_and_nobody_is_written_to(
    stage: Cast, dovecot: imap.Server, reading: Reading
) -> None:
    dovecot.put(*(mail(number) for number in range(105)), at=MONTH_AGO)
    mailbox = join(stage, dovecot, takes_old=True)
    with reading():
        wait_until(taken(105))
        wait_until(caught_up(mailbox))
    assert set(RawMail.objects.values_list("source", flat=True)) == {"old"}
    assert subjects() == [f"Mail {number}" for number in range(105)]
    relay.sweep()
    assert OutgoingMail.objects.count() == 0


def test_what_was_deleted_here_comes_back_only_if_it_is_wanted(
    stage: Cast,
    dovecot: imap.Server,
    reading: Reading,
    signed_in: Callable[[Person], Client],
    settle: Callable[[], None],
) -> None:
    mailbox = join(stage, dovecot)
    dovecot.put(mail(1))
    with reading():
        wait_until(taken(1))
    assert subjects() == ["Mail 1"]
    before = dovecot.contents()
    delete(actor(stage.administrator), Ticket.objects.get(), via="web")
    dovecot.forget_uids()
    with reading():
        wait_until(caught_up(mailbox))
        wait_until(lambda: Folder.objects.get().last_uid == 1)
    settle()
    assert subjects() == []
    row = RawMail.objects.get()
    assert row.outcome == "deleted"
    assert len(dovecot.contents()) == len(before) == 1  # it still lies on the server
    boss = signed_in(stage.administrator)
    assert f'href="/mail/{row.pk}/"' in boss.get("/mail/").text
    boss.post(f"/mail/{row.pk}/retries/")
    assert subjects() == ["Mail 1"]
    settle()
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == ["received"]
    dovecot.forget_uids()
    with reading():
        wait_until(caught_up(mailbox))
    assert subjects() == ["Mail 1"]
