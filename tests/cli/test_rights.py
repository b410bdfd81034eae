"""What the desk writes is for its owner's eyes only, whatever the shell's umask is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_commands import ADMIN, MAIL
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files as Unix has them")
OTHERS = 0o077


class Desk:
    """A data folder that is not there yet, and the command on it, with an open umask."""

    def __init__(self, data: Path) -> None:
        self.data = data
        kept = {name: one for name, one in os.environ.items() if not name.startswith("FIRSTLINE_")}
        self.environment = kept | {
            "FIRSTLINE_DATA": str(data),
            "FIRSTLINE_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "firstline.wiring.settings",
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "firstline.cli.main", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, env=self.environment, umask=0o022, stdin=pipe, stdout=pipe, stderr=pipe
        )

    def __call__(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str]:
        process = self.start(*arguments)
        said, _errors = process.communicate(stdin, timeout=120)
        return process.returncode, said.decode()


def paths(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.rglob("*")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that took a mail and sent a confirmation, which is kept as a file."""
    desk = Desk(tmp_path_factory.mktemp("rights") / "data")
    assert desk("setup", *ADMIN)[0] == 0
    assert desk("mail", "deliver", "--from", "ann@orbita.example", stdin=MAIL)[0] == 0
    worker = desk.start("run", "--only", "worker")
    try:
        wait_until(lambda: list(desk.data.glob("outbox/*")), 60)
        found = {path.name for path in paths(desk.data)}
        assert {"firstline.db-wal", "firstline.db-shm", "queue.db", "secret.key"} <= found
        open_ = [path for path in paths(desk.data) if path.stat().st_mode & OTHERS]
        assert open_ == []
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    return desk


def test_all_that_is_written_is_private(desk: Desk) -> None:
    found = list(paths(desk.data))
    assert len(found) > 100
    assert [path for path in found if path.stat().st_mode & OTHERS] == []
    assert "ok      rights: readable by its owner only" in desk("check")[1]


def test_check_tells_of_wider_rights_and_how_to_mend_them(desk: Desk) -> None:
    """As an older version left them."""
    for path in paths(desk.data):
        path.chmod(path.stat().st_mode | 0o044)
    code, said = desk("check")
    line = next(line for line in said.splitlines() if " rights: " in line)
    assert code == 1
    assert line.startswith("FAILED  rights: others can read what is here")
    command = line.partition("mend it by: ")[2]
    subprocess.run(command, shell=True, check=True)  # noqa: S602  # it is meant for a shell
    assert [path for path in paths(desk.data) if path.stat().st_mode & OTHERS] == []
    assert desk("check")[0] == 0


def test_a_folder_that_nobody_else_may_enter_protects_what_is_in_it(desk: Desk) -> None:
    (desk.data / "firstline.db").chmod(0o644)
    assert desk("check")[0] == 0
    desk.data.chmod(0o755)
    assert desk("check")[0] == 1
    (desk.data / "firstline.db").chmod(0o600)
    assert desk("check")[0] == 0
