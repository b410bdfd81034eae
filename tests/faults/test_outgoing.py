"""Mail out while the server that carries it is ill: D13 to D15 of the list of faults, with figures.

LOST: answers that their reader never got. DUP: copies that a reader got twice, with whether the
Message-ID was the same. GHOST: mails for what never happened.
"""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from firstline.base.db import atomic
from firstline.events import relay as events
from firstline.mail.deliveries import deliveries_of
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import send
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from firstline.tickets.recipients import Recipients
from tests.cast import Cast, actor, open_by
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
SLOW = {"hangs", "drips"}


def answers(cast: Cast, number: int) -> list[OutgoingMail]:
    """Answers on three tickets, one mail each, none of them sent yet."""
    Person.objects.update(wants_receipts=False)
    tickets = [open_by(one, cast.hosting) for one in (cast.svetlana, cast.pyotr, cast.vera)]
    for count in range(number):
        reply(actor(cast.anna), tickets[count % 3], Draft(f"Answer {count}"), via="web")
    events.sweep()
    return list(OutgoingMail.objects.filter(kind="answered").order_by("pk"))


def press_on(rounds: int) -> None:
    """Let all that waits be tried, as the sweeper does when its time has come."""
    for _round in range(rounds):
        OutgoingMail.objects.filter(state="waiting").update(due_at=timezone.now())
        for pk in OutgoingMail.due():
            send.send(pk)


def figures(name: str, mails: list[OutgoingMail], *servers: Relay) -> tuple[int, int, int]:
    """LOST, DUP and GHOST, printed as well."""
    wanted = {(mail.header_id, mail.recipient) for mail in mails}
    got: Counter[tuple[str, str]] = Counter()
    for server in servers:
        got += server.counted
    lost, ghost = len(wanted - set(got)), len(set(got) - wanted)
    double = sum(number - 1 for number in got.values())
    print(f"\n{name}: {len(mails)} mails, LOST {lost}, DUP {double}, GHOST {ghost}")
    return lost, double, ghost


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


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_while_the_server_is_ill(
    stage: Cast, settings: Any, tmp_path: Path, fault: str
) -> None:
    """D13: all is delivered once it is well; twice only where it hung after taking the mail."""
    settings.MAIL_SECONDS = 1
    mails = answers(stage, 3 if fault in SLOW else 30)
    with ill(fault, tmp_path, settings) as server:
        press_on(1 if fault in SLOW else 3)
        assert not OutgoingMail.objects.exclude(state="waiting").exists()
        told = deliveries_of([mails[0].message_id or 0])[mails[0].message_id or 0]
        assert (told.state, bool(told.why)) == ("retry", True)
        with relay() as well:
            settings.OUTGOING_MAIL = setting(well.port)
            press_on(12)
            lost, double, ghost = figures(fault, mails, server, well)
    assert (lost, ghost) == (0, 0)
    assert double == (3 if fault == "hangs" else 0)  # the same Message-ID: one key each
    first = [mail.header_id for mail in mails if mail.recipient == stage.svetlana.email]
    assert [one for one in well.order if one in first] == first


def undone(cast: Cast, ticket: Ticket, text: str) -> None:
    """An answer whose transaction fails after its mail is in the outbox."""
    with atomic():
        reply(actor(cast.anna), ticket, Draft(text), via="web")
        events.sweep()
        raise OSError("the disk is gone")


def test_what_was_rolled_back_is_never_sent(stage: Cast, settings: Any) -> None:
    """D14: the outbox is written with the change, so there is no mail for what never was."""
    ticket = open_by(stage.svetlana, stage.hosting)
    events.sweep()
    with relay() as well:
        settings.OUTGOING_MAIL = setting(well.port)
        press_on(1)
        known = list(OutgoingMail.objects.all())
        for count in range(20):
            with pytest.raises(OSError, match="the disk is gone"):
                undone(stage, ticket, f"Never {count}")
        events.sweep()
        press_on(2)
        assert figures("rolled back", known, well) == (0, 0, 0)


def test_of_three_readers_the_right_ones_are_tried_again(stage: Cast, settings: Any) -> None:
    """D15: 250 once, 450 until it is taken, 550 shown on the ticket; greylisting keeps nobody out."""
    Person.objects.update(wants_receipts=False)
    ticket = open_by(stage.svetlana, stage.hosting)
    later, never = "later@x.example", "never@x.example"
    answers_to = {later: "450 4.2.0 greylisted", never: "550 5.1.1 no such user"}
    draft = Draft("To all three", recipients=Recipients(cc=(("", later), ("", never))))
    for _number in range(10):
        reply(actor(stage.anna), ticket, draft, via="web")
    events.sweep()
    mails = list(OutgoingMail.objects.order_by("pk"))
    assert len(mails) == 30
    with relay() as server:
        server.to_recipient = lambda address: answers_to.get(address, "250 OK")
        settings.OUTGOING_MAIL = setting(server.port)
        press_on(12)
        assert Counter(address for _id, address in server.kept) == {stage.svetlana.email: 10}
        failed = OutgoingMail.objects.filter(state="parked")
        assert set(failed.values_list("recipient", "attempts")) == {(never, 1)}
        shown = deliveries_of([mails[0].message_id or 0])[mails[0].message_id or 0]
        assert (shown.state, shown.recipient) == ("failed", never)
        del answers_to[later]
        press_on(12)
        wanted = [mail for mail in mails if mail.recipient != never]
        assert figures("mixed recipients", wanted, server) == (0, 0, 0)


def test_greylisting_costs_little_more_than_its_own_time() -> None:
    """D15: with the pauses between tries, a server that wants 300 s gets the mail within 360 s."""
    mail, waited = OutgoingMail(), 0.0
    while waited < 300:
        mail.attempts += 1
        waited += mail.pause().total_seconds()
    assert waited <= 360
