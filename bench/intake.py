"""Mails a second: through the SMTP listener, until each is a ticket or part of one."""

import json
import smtplib
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from bench.backlog import wait_until_done
from bench.desk import ROOT, Desk
from bench.mails import letters
from bench.server import Server

SENDERS = 4


@dataclass(frozen=True, slots=True)
class Intake:
    """Mails a second up to each step, and the CPU of the server for one mail in milliseconds."""

    taken: float  # acknowledged, that is on the disk
    digested: float  # in their tickets
    answered: float  # confirmations written and sent, too
    cpu: float
    parsed: float  # by the parser alone, without server and database


def measure(server: Server, number: int, parsed: float) -> Intake:
    """Send mails by SENDERS connections at once, and wait until all work is done."""
    mails = letters(server.desk, number, f"intake-{time.time():.0f}")
    cpu, begun = server.cpu(), time.perf_counter()
    parts = [mails[place::SENDERS] for place in range(SENDERS)]
    threads = [threading.Thread(target=_send, args=(server.smtp_port, part)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    wait_until_done(server.desk, "mail")
    digested = time.perf_counter() - begun
    wait_until_done(server.desk)
    answered = time.perf_counter() - begun
    spent = (server.cpu() - cpu) / number * 1000
    return Intake(number / taken, number / digested, number / answered, spent, parsed)


def _send(port: int, mails: list[tuple[str, str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as server:
        for sender, recipient, raw in mails:
            server.sendmail(sender, [recipient], raw)


def inside(desk: Desk, *arguments: str) -> dict[str, float]:
    """What a process of its own finds out without the server, see bench/inside.py."""
    command = [sys.executable, "-m", "bench.inside", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=desk.environment, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
