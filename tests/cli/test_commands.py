"""The `firstline` command as a person or a mail server calls it, on an empty data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MAIL = b"From: ann@orbita.example\nTo: support@desk.example\nSubject: Help\n\nIt is down.\n"
ADMIN = [
    "--email",
    "admin@desk.example",
    "--name",
    "Ann Adams",
    "--password",
    "correct horse battery",
]


class Desk:
    """A data folder of its own, and the command on it."""

    def __init__(self, data: Path) -> None:
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")
        }
        self.environment |= {"FIRSTLINE_DATA": str(data), "FIRSTLINE_LOG_LEVEL": "ERROR"}
        self.environment["DJANGO_SETTINGS_MODULE"] = "firstline.wiring.settings"

    def __call__(
        self, *arguments: str, stdin: bytes = b"", **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "firstline.cli.main", *arguments]
        environment = self.environment | variables
        return subprocess.run(
            command, input=stdin, env=environment, capture_output=True, timeout=120
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that was set up as the README says."""
    desk = Desk(tmp_path_factory.mktemp("data"))
    made = desk("setup", *ADMIN)
    assert made.returncode == 0, made.stderr.decode()
    assert b"support@desk.example" in made.stdout
    return desk


def test_setup_is_for_an_empty_system(desk: Desk) -> None:
    again = desk("setup", *ADMIN)
    assert again.returncode == 1
    assert b"Somebody works here already" in again.stderr


def test_a_weak_password_is_refused(tmp_path: Path) -> None:
    refused = Desk(tmp_path)(
        "setup", "--email", "a@b.example", "--name", "A", "--password", "12345"
    )
    assert refused.returncode == 1
    assert b"too short" in refused.stderr


def test_staff_and_token(desk: Desk) -> None:
    hired = desk(
        "staff", "create", "--email", "bo@desk.example", "--name", "Bo", "--level", "agent",
        "--department", "support@desk.example",
    )  # fmt: skip
    assert hired.returncode == 0, hired.stderr.decode()
    unknown = desk(
        "staff", "create", "--email", "cy@desk.example", "--name", "Cy", "--level", "agent",
        "--department", "no such",
    )  # fmt: skip
    assert unknown.returncode == 1
    token = desk("token", "create", "--for", "bo@desk.example", "--scope", "tickets:ticket:view")
    assert token.returncode == 0
    assert token.stdout.decode().split()[-1].startswith("fl_")
    assert desk("token", "create", "--for", "bo@desk.example", "--scope", "all").returncode == 1
    assert desk("token", "create", "--for", "nobody@desk.example", "--scope", "*").returncode == 1
    without = desk("token", "create", "--for", "bo@desk.example")
    assert (without.returncode, b"--scope" in without.stderr) == (1, True)


def test_tokens_are_listed_and_revoked(desk: Desk) -> None:
    made = ("token", "create", "--for", "admin@desk.example", "--scope", "*")
    assert desk(*made, "--name", "Monitor", "--days", "30").returncode == 0
    listed = desk("token", "list").stdout.decode()
    (line,) = (one for one in listed.splitlines() if "Monitor" in one)
    number, email, name, scopes, _made, used, expires = line.split("\t")
    assert (email, name, scopes, used) == ("admin@desk.example", "Monitor", "*", "never used")
    assert expires.startswith("expires 20")
    assert desk("token", "revoke", number).returncode == 0
    assert "Monitor" not in desk("token", "list", "--for", "admin@desk.example").stdout.decode()
    assert desk("token", "revoke", number).returncode == 1
    for wrong in ("²", "-1", "9" * 5000):
        assert desk("token", "revoke", wrong).returncode == 2
    assert desk(*made, "--days", "0").returncode == 1


def test_a_pipe_delivers(desk: Desk) -> None:
    assert desk("mail", "deliver", stdin=MAIL).returncode == 0
    assert desk("mail", "deliver", stdin=MAIL.replace(b"support@", b"nobody@")).returncode == 67
    later = desk(
        "mail", "deliver", stdin=MAIL, FIRSTLINE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"
    )
    assert later.returncode == 75


def test_check_tells_the_state(desk: Desk) -> None:
    well = desk("check")
    assert well.returncode == 0, well.stdout.decode()
    assert b"incoming mail" in well.stdout
    ill = desk("check", FIRSTLINE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert ill.returncode == 1
    assert b"FAILED  database" in ill.stdout


def test_a_wrong_configuration_is_named(desk: Desk) -> None:
    wrong = desk("check", FIRSTLINE_PORT="eighty", FIRSTLINE_LANGUAGE="de")
    assert wrong.returncode == 1
    assert b"FIRSTLINE_PORT" in wrong.stderr
    assert b"FIRSTLINE_LANGUAGE" in wrong.stderr


def test_a_taken_port_is_named(desk: Desk) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = desk("run", FIRSTLINE_PORT=port)
    assert refused.returncode == 1
    assert f"Port {port}".encode() in refused.stderr
    assert b"FIRSTLINE_PORT" in refused.stderr
