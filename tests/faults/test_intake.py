"""D1: the intake is killed with -9 again and again, while Postfix or a provider brings mail to it.

What Postfix has taken, and what a provider has posted, must be there once and whole.
"""

import http.client
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from firstline.mail.actions.hooks import make_hook
from tests.cast import actor, make_cast
from tests.faults.conftest import Start
from tests.faults.ledger import Ledger, of_size
from tests.faults.letters import SENDER, judge, numbered
from tests.faults.mould import KILLED, Mould
from tests.postfix import Server, piping
from tests.waiting import listens, wait_until

pytestmark = pytest.mark.fault(row="D1")
Enter = Callable[[Ledger], None]
MAILS = of_size(20, 2000)
# From the start to the kill, in seconds.
LIVES = of_size(100, 300) / 1000, of_size(500, 3000) / 1000
AT_ONCE = 4


@pytest.fixture
def mails(transactional_db: None) -> dict[int, bytes]:
    """What is to come in."""
    return numbered(MAILS, make_cast().hosting.address)


def send(postfix: Server, entry: str, mails: dict[int, bytes], to: str, pause: float = 0) -> None:
    """Hand all to Postfix; it must take each."""
    with postfix.client(entry) as client:
        for raw in mails.values():
            assert client.sendmail(SENDER, [to], raw) == {}
            time.sleep(pause)


def kill_until(desk: Mould, part: str, port: int, end: Callable[[], bool]) -> int:
    """Start this part of the desk, kill it, start it again, until the end; how often."""
    chance, kills = random.Random(20261122), 0
    while not end():
        with desk.child("run", part) as child:
            wait_until(lambda: listens(port), pause=0.005)
            assert not child.ends_within(chance.uniform(*LIVES))
        kills += 1
    return kills


def test_postfix_brings_mail_to_a_listener_that_is_killed(
    desk: Mould, postfix: Server, mails: dict[int, bytes], enter: Enter
) -> None:
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(
            send, postfix, "lmtp", mails, "hosting@desk.example", of_size(50, 10) / 1000
        )
        port = postfix.targets["lmtp"]
        kills = kill_until(desk, "mail", port, lambda: sent.done() and not postfix.waiting())
    sent.result()
    what = f"{MAILS} mails by Postfix and LMTP, the listener killed {kills} times"
    ledger = judge(Ledger("D1", what), mails, mails)
    enter(ledger)
    assert ledger.is_clean
    assert kills > 1


@dataclass
class Killed:
    """The command of a pipe, of which many a run is killed at a moment that nobody chose."""

    desk: Mould
    chance: random.Random = field(default_factory=lambda: random.Random(20261122))
    kills: int = 0

    def __call__(self, raw: bytes, sender: str, recipient: str) -> int:
        patience = self.chance.uniform(0, 0.12) if self.chance.random() < 0.4 else None
        code = self.desk.deliver(raw, sender, recipient, patience)
        self.kills += code == KILLED
        return code


def test_postfix_brings_mail_to_a_pipe_that_is_killed(
    desk: Mould, postfix: Server, mails: dict[int, bytes], enter: Enter
) -> None:
    killed = Killed(desk)
    with piping(postfix, killed):
        send(postfix, "pipe", mails, "hosting@desk.example")
        postfix.empty(of_size(60, 900))
    what = f"{MAILS} mails by Postfix and pipe, the command killed {killed.kills} times"
    ledger = judge(Ledger("D1", what), mails, mails)
    enter(ledger)
    assert ledger.is_clean
    assert killed.kills > 1


def test_a_provider_posts_mail_to_a_web_server_that_is_killed(
    desk: Mould, ports: dict[str, int], enter: Enter
) -> None:
    stage = make_cast()
    mails = numbered(MAILS, stage.hosting.address)
    _hook, secret = make_hook(actor(stage.administrator), stage.hosting, "mime", "", via="web")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        posted: list[Future[int]] = [
            pool.submit(post_until_taken, ports["web"], f"/hooks/mail/mime/{secret}/", raw)
            for raw in mails.values()
        ]
        kills = kill_until(desk, "web", ports["web"], lambda: all(one.done() for one in posted))
    again = sum(one.result() for one in posted)
    what = f"{MAILS} mails by a web hook, the server killed {kills} times, {again} posted again"
    ledger = judge(Ledger("D1", what), mails, mails)
    enter(ledger)
    assert ledger.is_clean
    assert kills > 1


def post_until_taken(port: int, address: str, raw: bytes) -> int:
    """What a provider does; how often it had to do it again."""
    end, again = time.monotonic() + of_size(60, 900), 0
    while time.monotonic() < end:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            line.request("POST", address, raw, {"Content-Type": "message/rfc822"})
            answer = line.getresponse()
            answer.read()
            if answer.status == 200:
                time.sleep(of_size(100, 20) / 1000)
                return again
            assert answer.status == 503, answer.status
        except (OSError, http.client.HTTPException):
            pass
        finally:
            line.close()
        again += 1
        time.sleep(of_size(200, 50) / 1000)
    raise AssertionError("never taken")


def test_mails_through_the_very_command_of_a_pipe(
    start: Start, transactional_db: None, enter: Enter
) -> None:
    """From nothing, as a mail server starts it, and with the corpus's own mails."""
    to = make_cast().hosting.address
    mails = numbered(of_size(1, 20), to)
    command = [sys.executable, "-m", "firstline.cli.main", "mail", "deliver", "--to", to]
    for raw in mails.values():
        subprocess.run(command, input=raw, env=os.environ | start.environment, check=True)
    ledger = judge(Ledger("D1", f"{len(mails)} mails by the command of a pipe"), mails, mails)
    enter(ledger)
    assert ledger.is_clean
