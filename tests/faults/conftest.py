"""Faults: the desk as real processes that are killed, on the engine that the tests run on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from tests import dovecot as imap
from tests import postfix as mta
from tests import postgresql
from tests.doors import Sink, mail_sink
from tests.faults.ledger import Ledger
from tests.faults.mould import Mould, mould

LEDGERS = pytest.StashKey[list[str]]()


@pytest.fixture
def enter(pytestconfig: pytest.Config) -> Callable[[Ledger], None]:
    """Puts a ledger among the figures that are printed at the end of the run."""

    def note(ledger: Ledger) -> None:
        pytestconfig.stash.setdefault(LEDGERS, []).append(str(ledger))

    return note


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the ledgers of all faults that were run."""
    if lines := config.stash.get(LEDGERS, []):
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


@dataclass
class Start:
    """Starts `firstline run --only PART` on the test's own database and files."""

    environment: dict[str, str]
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __call__(self, part: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "firstline.cli.main", "run", "--only", part]
        with (self.folder / f"{part}.log").open("ab") as log:
            environment = os.environ | self.environment
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.running.append(process)
        return process

    def stop(self) -> None:
        """Kill what still runs."""
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(10)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The mail server that the processes send through."""
    with mail_sink() as sink:
        yield sink


@pytest.fixture
def start(transactional_db: None, sink: Sink, free_port: int, tmp_path: Path) -> Iterator[Start]:
    """What starts the desk's processes; whatever runs at the end of the test is killed."""
    environment = {
        "FIRSTLINE_DATA": str(settings.DATA),
        "FIRSTLINE_DATABASE_URL": database_url(),
        "FIRSTLINE_SMTP_PORT": str(free_port),
        "FIRSTLINE_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "FIRSTLINE_LOG_LEVEL": "WARNING",
        "FIRSTLINE_MAIL_A_MINUTE": "100000",
        "FIRSTLINE_MAIL_A_MINUTE_TO_DOMAIN": "100000",
        "DJANGO_SETTINGS_MODULE": "firstline.wiring.settings",
    }
    starter = Start(environment, tmp_path)
    yield starter
    starter.stop()


@pytest.fixture(scope="session")
def postfix() -> Iterator[mta.Server]:
    """A real mail server, which tries again every second what the desk has not taken."""
    with mta.server() as server:
        yield server


@pytest.fixture(scope="session")
def ports(request: pytest.FixtureRequest) -> dict[str, int]:
    """Where the processes of `desk` listen: where Postfix brings its mail, and one for the web."""
    server: mta.Server = request.getfixturevalue("postfix")
    return server.targets | {"web": postgresql.free_port()}


@pytest.fixture(scope="session")
def _mould(django_db_setup: None, ports: dict[str, int]) -> Iterator[Mould]:
    environment = {
        "FIRSTLINE_DATA": str(settings.DATA),
        "FIRSTLINE_DATABASE_URL": database_url(),
        "FIRSTLINE_SMTP_PORT": str(ports["smtp"]),
        "FIRSTLINE_LMTP_PORT": str(ports["lmtp"]),
        "FIRSTLINE_PORT": str(ports["web"]),
        "FIRSTLINE_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "firstline.wiring.settings",
    }
    with mould(environment) as made:
        yield made


@pytest.fixture
def desk(transactional_db: None, _mould: Mould) -> Mould:
    """What starts processes of the desk on the test's own database and files, and quickly."""
    return _mould


def database_url() -> str:
    """The address of the test database, as the product reads it from the environment."""
    database = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        return f"sqlite://{database['NAME']}"
    user = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
    return f"postgresql://{user}{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


@pytest.fixture
def dovecot(settings: Any) -> Iterator[imap.Server]:
    """A mail server whose mailboxes may be read."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    with imap.server() as server:
        yield server


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    return postgresql.free_port()
