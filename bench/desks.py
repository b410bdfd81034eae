"""Open desks with changes each second: how long until each screen is right, and what it costs.

    python -m bench.desks [--screens 50] [--changes 20] [--seconds 20]

Makes a small desk of its own in a temporary folder (SQLite), starts the real server on it, opens the
streams, and lets this process change tickets by the product's own actions. A screen is right when
the row of the changed ticket, or a newer one, has come to it.
"""

import argparse
import asyncio
import os
import random
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles

from bench.desk import Desk, enter, environment_of
from bench.server import Server

WARM = 3.0
LATE = 5.0
OPEN_TICKETS = 400


class Screens:
    """The streams of all screens, and when each ticket was last told on each of them."""

    def __init__(self, port: int, sessions: list[str]) -> None:
        self.port, self.sessions = port, sessions
        self.told: list[dict[str, float]] = [{} for _session in sessions]
        self.bytes = 0

    async def listen(self, place: int) -> None:
        """Read one stream until it is cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)
        cookie = f"Cookie: firstline_session={self.sessions[place]}\r\n"
        asked = f"GET /live/?language=ru&age=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n"
        writer.write(asked.encode())
        while line := await reader.readline():
            self.bytes += len(line)
            if line.startswith(b"data: "):
                now = time.monotonic()
                for part in line.split(b'{"number":"')[1:]:
                    self.told[place][part.partition(b'"')[0].decode()] = now
        raise RuntimeError("a stream ended")


def _make(people: int) -> tuple[list[str], list[str]]:
    """Staff in four departments with sessions, and open tickets; session keys and ticket numbers."""
    from django.test import Client

    from firstline.cli.migrate import prepare
    from firstline.people.access import SYSTEM
    from firstline.people.actions.people import create_staff, meet
    from firstline.people.models import Person
    from firstline.people.roles import Level
    from firstline.tickets.actions.open import Fields, open_ticket
    from firstline.tickets.messages import Draft
    from firstline.tickets.models import Department, Workflow

    prepare()
    workflow = Workflow.objects.get(key="service")
    departments = [
        Department.objects.create(
            address=f"d{turn}@desk.example", names={"ru": f"Отдел {turn}"}, workflow=workflow
        )
        for turn in range(4)
    ]
    sessions = []
    for turn in range(people):
        person = create_staff(f"agent{turn}@desk.example", f"Сотрудник {turn}", Level.AGENT)
        for department in departments:
            department.agents.add(person.pk)
        client = Client()
        client.force_login(Person.objects.get(pk=person.pk))
        sessions.append(client.cookies["firstline_session"].value)
    customer = meet("customer@customers.example", "Клиент", "ru")
    numbers = []
    for turn in range(OPEN_TICKETS):
        fields = Fields(
            subject=f"Заявка {turn}", department=departments[turn % 4], requester=customer
        )
        numbers.append(open_ticket(SYSTEM, fields, Draft(text="Текст"), via="portal").number)
    return sessions, numbers


def _change(
    numbers: list[str], changes: int, seconds: int, done: list[tuple[str, float, float]]
) -> None:
    """Change tickets at this pace; `done` gets each with its beginning and its end."""
    from firstline.people.access import actor_of
    from firstline.people.models import Person
    from firstline.people.roles import Permission
    from firstline.tickets.access import get_for
    from firstline.tickets.actions.claim import claim
    from firstline.tickets.actions.reply import reply
    from firstline.tickets.messages import Draft

    agents = [actor_of(person) for person in Person.objects.filter(email__startswith="agent")[:10]]
    customer = actor_of(Person.objects.get(email="customer@customers.example"))
    begun = time.monotonic()
    for turn in range(changes * seconds):
        time.sleep(max(begun + turn / changes - time.monotonic(), 0))
        number, agent = random.choice(numbers), random.choice(agents)
        ticket = get_for(agent, number, Permission.TICKET_VIEW)
        began, before = time.monotonic(), _newest()
        if turn % 3 == 0:
            claim(agent, ticket, via="web", take_over=True)
        else:
            reply(customer if turn % 3 == 1 else agent, ticket, Draft(text="Ещё"), via="portal")
        if _newest() > before:  # to claim what one has already is no change
            done.append((number, began, time.monotonic()))


def _newest() -> int:
    from firstline.events.models import Event

    return Event.objects.order_by("-id").values_list("id", flat=True)[0]


async def _measure(server: Server, sessions: list[str], work: threading.Thread) -> Screens:
    screens = Screens(server.port, sessions)
    streams = [asyncio.create_task(screens.listen(place)) for place in range(len(sessions))]
    await asyncio.sleep(WARM)
    return await _follow(screens, streams, work)


async def _follow(
    screens: Screens, streams: list["asyncio.Task[None]"], work: threading.Thread
) -> Screens:
    DELAYS.clear()
    work.start()
    judged = 0
    owed: list[tuple[str, float, float, set[int]]] = []
    while work.is_alive() or owed:
        await asyncio.sleep(0.02)
        for number, began, at in DONE[judged:]:
            owed.append((number, began, at, set(range(len(streams)))))
        judged = len(DONE)
        for number, began, at, places in owed:
            for place in list(places):
                told = screens.told[place].get(number, 0.0)
                # It may be told before the action has returned: after the commit come its jobs.
                if told >= began or time.monotonic() - at > LATE:
                    places.discard(place)
                    DELAYS.append(max(told - at, 0.0) if told >= began else LATE)
        owed = [one for one in owed if one[3]]
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return screens


DONE: list[tuple[str, float, float]] = []
DELAYS: list[float] = []


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.desks")
    parser.add_argument("--screens", type=int, default=50)
    parser.add_argument("--changes", type=int, default=20, help="a second")
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="firstline-desks-") as name:
        folder = Path(name)
        enter(environment_of(folder))
        sessions, numbers = _make(options.screens)
        desk = Desk(folder, OPEN_TICKETS, OPEN_TICKETS, 1, "")
        with Server(desk) as server:
            time.sleep(WARM)
            work = threading.Thread(
                target=_change, args=(numbers, options.changes, options.seconds, DONE)
            )
            before, begun = server.cpu(), time.monotonic()
            screens = asyncio.run(_measure(server, sessions, work))
            passed, spent = time.monotonic() - begun, server.cpu() - before
    _print(options.screens, passed, spent, screens.bytes)
    return 0


def _print(screens: int, passed: float, spent: float, size: int) -> None:
    cuts = quantiles(DELAYS, n=100)
    print(f"{screens} screens, {len(DONE)} changes in {passed:.0f} s ({os.cpu_count()} CPUs)")
    print(f"until a screen is right: p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, ", end="")
    print(f"p99 {cuts[98]:.2f} s, max {max(DELAYS):.2f} s; {len(DELAYS)} of them")
    print(f"never within {LATE:.0f} s: {sum(delay >= LATE for delay in DELAYS)}")
    print(f"server: {spent / passed:.2f} CPU; {size / passed / screens / 1024:.1f} KB/s a screen")


if __name__ == "__main__":
    raise SystemExit(main())
