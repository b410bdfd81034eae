"""Loops: a robot that answers everything, and two desks that face each other (C14-C17)."""

import asyncio
import os
import smtplib
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail, RawMail
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.doors import Sink, _in_thread, letter, post
from tests.waiting import wait_until

Settle = Callable[[], None]
MOST = 5  # mails of a pair in an hour
OTHER = "support@other.example"
SIGNS = (b"auto-submitted", b"precedence", b"x-auto-response-suppress", b"list-")


def test_a_robot_that_answers_everything(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, signed_in: Callable[[Person], Client]
) -> None:
    """It has no sign of being one, and answers each mail of ours as a new mail."""
    robot, desk, answered = "robot@bot.example", stage.hosting.address, 0
    post(smtp, letter(robot, desk, "Help 0", "It is down."), robot, desk)
    settle()
    for number in range(1, 12):
        fresh = letter(robot, desk, f"Help {number}", f"I got your mail {number}.")
        post(smtp, fresh, robot, desk)
        to = str(sink.to(robot)[-1]["Reply-To"])
        post(smtp, letter(robot, to, "Re: yours", f"I got your answer {number}."), robot, to)
        answered += 2
        settle()
    assert RawMail.objects.exclude(outcome="").count() == answered + 1
    assert Message.objects.filter(kind="in").count() == answered + 1
    assert len(sink.to(robot)) <= MOST
    looped = Event.objects.filter(kind="ticket.looped")
    assert looped.count() == Ticket.objects.count() - MOST
    looping = Ticket.objects.order_by("-pk")[0].number
    page = signed_in(stage.anna).get(f"/tickets/{looping}/").content.decode()
    assert "Looks like a loop: robot@bot.example" in page


class Gateway:
    """A server between two desks that takes away every sign of a machine."""

    def __init__(self) -> None:
        self.target, self.passed = 0, 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.to_thread(self._pass_on, envelope)
        return "250 OK"

    def _pass_on(self, envelope: Envelope) -> None:
        content: Any = envelope.original_content
        head, _empty, body = content.partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(SIGNS)]
        self.passed += 1
        with smtplib.SMTP("127.0.0.1", self.target, timeout=20) as client:
            whole = b"\r\n".join(kept) + b"\r\n\r\n" + body
            client.sendmail(envelope.mail_from or "", envelope.rcpt_tos, whole)


@contextmanager
def gateway() -> Iterator[tuple[Gateway, int]]:
    found = Gateway()

    async def listening() -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(found, hostname="gate.example"), "127.0.0.1", 0
        )

    with _in_thread(listening) as port:
        yield found, port


@contextmanager
def other_desk(folder: Path, smtp_port: int, port: int, sends_to: int) -> Iterator[Path]:
    """A desk of its own, in a process of its own; its database."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FIRSTLINE_")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment |= {
        "FIRSTLINE_DATA": str(folder),
        "FIRSTLINE_PORT": str(port),
        "FIRSTLINE_SMTP_PORT": str(smtp_port),
        "FIRSTLINE_MAIL_DOMAIN": "other.example",
        "FIRSTLINE_EMAIL_URL": f"smtp://127.0.0.1:{sends_to}",
    }
    command = [sys.executable, "-m", "firstline.cli.main"]
    who = ["--email", "head@company.example", "--name", "Head", "--password", "correct horse 9!"]
    subprocess.run([*command, "setup", *who], env=environment, check=True, timeout=60)
    process = subprocess.Popen([*command, "run"], env=environment)
    try:
        wait_until(lambda: _answers(smtp_port), 30)
        yield folder / "firstline.db"
    finally:
        process.kill()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=2) as client:
            return client.noop()[0] == 250
    except OSError:
        return False


def count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


@pytest.fixture
def ports() -> list[int]:
    found = []
    sockets = []
    for _ in range(2):
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        sockets.append(one)
        found.append(one.getsockname()[1])
    for one in sockets:
        one.close()
    return found


def test_two_desks_that_face_each_other(
    stage: Cast, smtp: int, settle: Settle, settings: Any, tmp_path: Path, ports: list[int]
) -> None:
    """Nothing between them says that a machine writes, and both confirm what comes."""
    desk = stage.hosting.address
    with (
        gateway() as (to_other, out),
        gateway() as (to_us, back),
        other_desk(tmp_path, ports[0], ports[1], back) as database,
    ):
        to_other.target, to_us.target = ports[0], smtp
        settings.OUTGOING_MAIL = {
            "host": "127.0.0.1", "port": out, "username": "", "password": "",
            "use_ssl": False, "use_tls": False,
        }  # fmt: skip
        for number in range(4):
            post(out, letter(desk, OTHER, f"Hello {number}", "Text"), desk, OTHER)
        quiet, before = time.monotonic(), -1
        end = quiet + 25
        while time.monotonic() < end and time.monotonic() - quiet < 4:
            settle()
            now = to_other.passed + to_us.passed
            if now != before:
                quiet, before = time.monotonic(), now
            time.sleep(0.2)
        assert count(database, "mail_rawmail") == to_other.passed
        assert RawMail.objects.exclude(outcome="").count() == to_us.passed
        assert 1 <= count(database, "mail_outgoingmail") <= MOST
        assert OutgoingMail.objects.filter(recipient=OTHER).count() <= MOST
        print(f"passed: {to_us.passed} to us, {to_other.passed} to the other")
