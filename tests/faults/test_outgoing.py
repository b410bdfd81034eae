"""Mail out while the server that carries it is ill: nothing lost, no ghosts (D13, D14)."""

import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from firstline.base.db import atomic
from firstline.events import relay as events
from firstline.mail.deliveries import deliveries_of
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import breaks, send
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.faults.ledger import Ledger, of_size
from tests.faults.relays import Relay, nobody, relay, self_signed, setting, speaking

FAULTS = (
    "down",
    "refused",
    "no-tls",
    "bad-certificate",
    "auth",
    "wants-auth",
    "hangs",
    "drips",
    "451",
)
SLOW = {"hangs": 3, "drips": 1}  # mails that are made to wait for it, each by itself
SILENCE = 0.5  # seconds until one of these counts as gone; four times that for a whole mail
Enter = Callable[[Ledger], None]


def answers(cast: Cast, number: int) -> list[OutgoingMail]:
    """Answers, five on each ticket, one mail each, none of them sent yet."""
    Person.objects.update(wants_receipts=False)
    readers = (cast.svetlana, cast.pyotr, cast.vera)
    tickets = [open_by(readers[n % 3], cast.hosting) for n in range(number // 5)]
    for count in range(number):
        ticket = tickets[count % len(tickets)]
        reply(actor(cast.anna), ticket, Draft(f"Answer {count}"), via="web")
    while events.sweep():
        pass
    return list(OutgoingMail.objects.filter(kind="answered").order_by("pk"))


def press_on(most: int | None = None) -> None:
    """Let all that waits be tried once, as the sweeper does when its time has come."""
    waiting = OutgoingMail.objects.filter(state="waiting")
    waiting.update(due_at=timezone.now())
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:most]):
        send.send(pk)


def ledger_of(row: str, what: str, mails: list[OutgoingMail], *servers: Relay) -> Ledger:
    """What of these mails their readers got. A copy for an attempt of which nobody heard is no DUP."""
    wanted = {(mail.header_id, mail.recipient) for mail in mails}
    got = sum((server.counted for server in servers[1:]), servers[0].counted)
    ghost = len(set(got) - wanted)
    tries = dict(OutgoingMail.objects.values_list("header_id", "unheard"))
    dup = sum(max(number - 1 - (tries[key[0]] or 0), 0) for key, number in got.items())
    copies = got.total() - len(got) - dup
    return Ledger(row, what, len(wanted - set(got)), dup, ghost, copies=copies)


@contextmanager
def ill(fault: str, folder: Path, settings: Any) -> Iterator[Relay]:
    """The desk's mail server, with this fault."""
    with ExitStack() as stack:
        script, port = Relay(), 0
        other: dict[str, Any] = {}
        if fault == "down":
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
        elif fault == "refused":
            port = stack.enter_context(speaking([b"554 5.3.2 not now\r\n"]))
        elif fault == "drips":
            port = stack.enter_context(speaking([b"220 a slow one\r\n"], pause=0.5))
        elif fault == "no-tls":
            script, other = stack.enter_context(relay()), {"use_tls": True}
        elif fault == "bad-certificate":
            script = stack.enter_context(relay(tls_context=self_signed(folder)))
            other = {"use_tls": True}
        elif fault == "auth":
            script = stack.enter_context(relay(authenticator=nobody, auth_require_tls=False))
            other = {"username": "desk", "password": "old"}
        elif fault == "wants-auth":
            lines = [b"220 hello\r\n", b"250 relay.example\r\n", b"530 5.7.0 who are you\r\n"]
            port = stack.enter_context(speaking(lines))
        else:
            script = stack.enter_context(relay())
            script.hangs = fault == "hangs"
            script.to_mail = "250 OK" if fault == "hangs" else "451 4.3.0 try again"
        settings.OUTGOING_MAIL = setting(script.port or port, **other)
        yield script


@pytest.mark.fault(row="D13")
def test_nothing_is_lost_while_the_server_is_ill(
    stage: Cast, settings: Any, tmp_path: Path, enter: Enter
) -> None:
    """The same answers over each: all is there in the end, twice only where it hung after “.”."""
    settings.MAIL_A_MINUTE = settings.MAIL_A_MINUTE_TO_DOMAIN = 100_000
    mails = answers(stage, of_size(10, 1000))
    for fault in FAULTS:
        OutgoingMail.objects.update(state="waiting", attempts=0, unheard=None, sent_at=None)
        with ill(fault, tmp_path, settings) as server:
            held = while_it_is_ill(fault, settings)
            told = deliveries_of([mails[0].message_id or 0])[mails[0].message_id or 0]
            assert (told.state, bool(told.why)) == ("retry", True)
            settings.MAIL_SECONDS = 30
            with relay() as well:
                settings.OUTGOING_MAIL = setting(well.port)
                while OutgoingMail.objects.filter(state="waiting").exists():
                    press_on()
                what = f"{len(mails)} mails, {fault}; to try them all took a worker {held:.1f} s"
                ledger = ledger_of("D13", what, mails, server, well)
        enter(ledger)
        assert (ledger.is_clean, ledger.copies) == (True, len(server.kept))
        assert bool(server.kept) == (fault == "hangs")
        doubted = OutgoingMail.objects.filter(unheard__gt=0).values_list("header_id", flat=True)
        assert set(doubted) == {header_id for header_id, _reader in server.kept}
        assert held < 4 * SILENCE + len(mails) * 0.1  # one found out about it for the others
        assert_in_order(mails, well)


def while_it_is_ill(fault: str, settings: Any) -> float:
    """Try some mails whatever happens, then all as the desk does; how long that held the worker."""
    settings.MAIL_SECONDS = {"hangs": SILENCE, "drips": SILENCE / 2}.get(fault, 5)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(breaks, "SHORTEST", 0)  # each mail tries: the server is given no break
        without.setattr(breaks, "LONGEST", 0)
        press_on(SLOW.get(fault))
    begun = time.monotonic()
    press_on()
    assert not OutgoingMail.objects.exclude(state="waiting").exists()
    return time.monotonic() - begun


def assert_in_order(mails: list[OutgoingMail], server: Relay) -> None:
    """The answers on each ticket came in their order."""
    by_ticket: defaultdict[int | None, list[str]] = defaultdict(list)
    for mail in mails:
        by_ticket[mail.ticket_id].append(mail.header_id)
    place = {header_id: place for place, header_id in enumerate(server.order)}
    for ids in by_ticket.values():
        assert sorted(ids, key=place.__getitem__) == ids


def test_a_server_that_is_well_again_gets_all_at_once(
    stage: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What rested with the server need not wait for the end of its pause."""
    monkeypatch.setattr(breaks, "SHORTEST", 1)
    settings.MAIL_SECONDS = SILENCE
    mails = answers(stage, 15)
    with relay() as server:
        settings.OUTGOING_MAIL, server.hangs = setting(server.port), True
        press_on(3)  # the first ones of three tickets
        tried, *others = OutgoingMail.objects.order_by("pk")[:3]
        assert [tried.attempts, *(one.attempts for one in others)] == [1, 0, 0]
        assert {one.problem for one in others} == {tried.problem} != {""}
        server.hangs, settings.MAIL_SECONDS = False, 30
        time.sleep(1)
        OutgoingMail.objects.filter(pk=others[0].pk).update(due_at=timezone.now())
        send.send(others[0].pk)
        assert others[1].pk in OutgoingMail.due()
        while OutgoingMail.objects.filter(state="waiting").exists():
            press_on()
        assert ledger_of("", "", mails, server).lost == 0


def undone(cast: Cast, ticket: Ticket, text: str) -> None:
    """An answer whose transaction fails after its mail is in the outbox."""
    with atomic():
        reply(actor(cast.anna), ticket, Draft(text), via="web")
        events.sweep()
        raise OSError("the disk is gone")


@pytest.mark.fault(row="D14")
def test_what_was_rolled_back_is_never_sent(stage: Cast, settings: Any, enter: Enter) -> None:
    """The outbox is written with the change, so there is no mail for what never was."""
    ticket, number = open_by(stage.svetlana, stage.hosting), of_size(20, 500)
    events.sweep()
    with relay() as well:
        settings.OUTGOING_MAIL = setting(well.port)
        press_on()
        known = list(OutgoingMail.objects.all())
        for count in range(number):
            with pytest.raises(OSError, match="the disk is gone"):
                undone(stage, ticket, f"Never {count}")
        events.sweep()
        press_on()
        ledger = ledger_of("D14", f"{number} answers rolled back after enqueueing", known, well)
    enter(ledger)
    assert ledger.is_clean
