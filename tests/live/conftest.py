"""The desk as a real process with its live stream, and ears that listen to it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from firstline.people.models import Person
from tests.cast import Cast
from tests.faults.conftest import database_url
from tests.waiting import wait_until

SOON = 10.0  # a stream tells within two seconds (bench/desks.py); a machine with tests may be busy


@dataclass
class Ear:
    """One open stream, read by a thread of its own."""

    port: int
    session: str
    query: str = ""
    mark: str = ""
    status: int = 0
    is_over: bool = False
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def open(self) -> "Ear":
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"}
        if self.mark:
            headers["Last-Event-ID"] = self.mark
        self.connection.request("GET", f"/live/?{self.query}", headers=headers)
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        return self

    def close(self) -> None:
        """Cut the line, as a lost network does."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.answer.close()
        self.connection.close()

    def _read(self) -> None:
        kind = ""
        with suppress(OSError, http.client.HTTPException, AttributeError, ValueError):
            for raw in self.answer:
                line = raw.decode().rstrip("\n")
                if line.startswith("id: "):
                    self.mark = line[4:]
                elif line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    self.heard.append((kind, json.loads(line[6:])))
        self.is_over = True

    def news(self) -> list[dict[str, Any]]:
        return [data for kind, data in list(self.heard) if kind == "news"]

    def kinds(self) -> list[str]:
        return [kind for kind, _data in list(self.heard)]

    def numbers(self) -> set[str]:
        """All tickets that it heard of."""
        return {ticket["number"] for news in self.news() for ticket in news.get("tickets", [])}

    def entry(self, number: str) -> dict[str, Any]:
        """What it heard of a ticket last; waits for it."""
        wait_until(lambda: number in self.numbers(), SOON)
        told: list[dict[str, Any]] = [
            ticket
            for news in self.news()
            for ticket in news.get("tickets", [])
            if ticket["number"] == number
        ]
        return told[-1]

    def said(self) -> str:
        """Everything, as one text to look for leaks in."""
        return json.dumps([data for _kind, data in list(self.heard)], ensure_ascii=False)


@dataclass
class House:
    """The running desk: `listen(person)` opens a stream as that person."""

    port: int
    process: subprocess.Popen[bytes]
    ears: list[Ear] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listen(self, session: Person | str, query: str = "language=en", mark: str = "") -> Ear:
        key = session if isinstance(session, str) else session_of(session)
        ear = Ear(self.port, key, query, mark).open()
        self.ears.append(ear)
        return ear

    def hang_up(self) -> None:
        """Close all streams."""
        while self.ears:
            self.ears.pop().close()


def session_of(person: Person) -> str:
    """The key of a new session of this person."""
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="session")
def process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One process for all tests of this folder: to start it takes seconds."""
    with Served(tmp_path_factory.mktemp("web")) as house:
        yield house


@pytest.fixture
def house(process: House, stage: Cast) -> Iterator[House]:
    """The cast's desk, served by uvicorn; at the end nobody listens any more."""
    yield process
    process.hang_up()


class Served:
    """Starts `firstline run --only web` on the test's own database, with further variables."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self.variables = folder, variables

    def __enter__(self) -> House:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = int(probe.getsockname()[1])
        environment = os.environ | {
            "FIRSTLINE_DATA": str(settings.DATA),
            "FIRSTLINE_DATABASE_URL": database_url(),
            "FIRSTLINE_PORT": str(port),
            "FIRSTLINE_SMTP_PORT": "0",
            "FIRSTLINE_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "tests.live.uncached",
            **self.variables,
        }
        command = [sys.executable, "-m", "firstline.cli.main", "run", "--only", "web"]
        with (self.folder / "web.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.house = House(port, process)
        wait_until(self._answers, 90)
        return self.house

    def _answers(self) -> bool:
        assert self.house.process.poll() is None, (self.folder / "web.log").read_text()
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=5)
        try:
            connection.request("GET", "/health/live")
            with connection.getresponse() as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.1)
            return False
        finally:
            connection.close()

    def __exit__(self, *_: object) -> None:
        self.house.hang_up()
        self.house.process.terminate()
        try:
            self.house.process.wait(15)
        except subprocess.TimeoutExpired:
            self.house.process.kill()
            self.house.process.wait(10)
