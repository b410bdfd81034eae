"""A private Postfix for tests: a real mail server on free ports, gone with the test.

Debian has it as postfix. Only root can start one, below a temporary folder: nothing of the machine's
own is touched. Where there is none tests are skipped, unless FIRSTLINE_TEST_REQUIRE_POSTFIX says
that they must not be.
"""

import contextlib
import os
import re
import shutil
import smtplib
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.postgresql import free_port

HOST = "mx.tests.example"
ENTRIES = ("lmtp", "smtp", "pipe")  # by which of its ports a mail comes says where it goes
# Postfix changes nothing in a mail but adds its Received: no line is broken, no header made.
SETTINGS = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = {host}
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
local_header_rewrite_clients =
message_drop_headers =
disable_mime_input_processing = yes
disable_mime_output_conversion = yes
smtp_line_length_limit = 0
lmtp_line_length_limit = 0
message_size_limit = 0
header_size_limit = 10000000
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
default_destination_concurrency_limit = 10
default_transport = discard
relay_transport = discard
desk_destination_concurrency_limit = 4
desk_destination_recipient_limit = 1
"""
SERVICES = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
desk unix - n n - - pipe user=nobody argv=/usr/bin/perl {folder}/bring.pl ${{sender}} ${{recipient}}
"""
# pipe(8) runs no command as root, and nobody may read the desk's files: it hands on what it got to
# whoever runs the desk, and ends as the desk's command ended.
BRING = """
use IO::Socket::INET;
my $desk = IO::Socket::INET->new("127.0.0.1:{port}") or exit 75;
binmode STDIN; binmode $desk;
print $desk join("\\t", @ARGV), "\\n";
while (read STDIN, my $part, 65536) {{ print $desk $part }}
shutdown $desk, 1;
my $code = <$desk>;
kill 9, $$ unless length $code and $code >= 0;
exit $code;
"""
RECEIVED = re.compile(rb"\AReceived: from [^\n]*\n(?:[ \t][^\n]*\n)+")
Run = Callable[[bytes, str, str], int]  # a mail, its sender and its recipient → the exit code


@dataclass
class Server:
    """A running Postfix. What comes to `ports[entry]` is brought to `targets[entry]` until it is taken."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    targets: dict[str, int] = field(default_factory=dict)

    @property
    def etc(self) -> str:
        return str(self.folder / "etc")

    def client(self, entry: str) -> smtplib.SMTP:
        """A mail program that sends by this server."""
        return smtplib.SMTP("127.0.0.1", self.ports[entry], timeout=60)

    def waiting(self) -> int:
        """How many mails it holds."""
        told = subprocess.run(["postqueue", "-c", self.etc, "-j"], capture_output=True, check=True)
        return len(told.stdout.splitlines())

    def push(self) -> None:
        """Let it try all that waits, now."""
        subprocess.run(["postqueue", "-c", self.etc, "-f"], check=True)

    def empty(self, seconds: float = 60) -> None:
        """Return when it holds nothing any more; fail the test where that takes longer."""
        end = time.monotonic() + seconds
        while self.waiting():
            assert time.monotonic() < end, (self.folder / "log").read_text()[-3000:]
            self.push()
            time.sleep(0.3)


def as_sent(raw: bytes) -> bytes:
    """What came to the desk, without the line that Postfix wrote on top."""
    return RECEIVED.sub(b"", raw, count=1)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A Postfix that brings mail to the desk's doors."""
    _look()
    with tempfile.TemporaryDirectory(prefix="firstline-postfix-") as name:
        made = Server(Path(name))
        made.ports = {entry: free_port() for entry in ENTRIES}
        made.targets = {entry: free_port() for entry in ENTRIES}
        _configure(made)
        control = ["postfix", "-c", made.etc]
        subprocess.run([*control, "start"], check=True, capture_output=True)
        try:
            _wait(made)
            yield made
        finally:
            subprocess.run([*control, "stop"], check=False, capture_output=True)


@contextlib.contextmanager
def piping(made: Server, run: Run) -> Iterator[None]:
    """Let `run` do what the command of Postfix's pipe does; a negative exit code is a kill."""

    class Bringing(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            sender, _tab, recipient = self.rfile.readline().decode().rstrip("\n").partition("\t")
            code = run(self.rfile.read(), sender, recipient)
            self.wfile.write(f"{code}\n".encode())

    class Door(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    with Door(("127.0.0.1", made.targets["pipe"]), Bringing) as door:
        thread = threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            door.shutdown()
            thread.join(10)


def _look() -> None:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    why = "" if shutil.which("postfix", path=path) else "There is no Postfix"
    why = why or ("" if os.geteuid() == 0 else "Only root can start a Postfix")
    if why and os.environ.get("FIRSTLINE_TEST_REQUIRE_POSTFIX"):
        pytest.fail(f"{why} (Debian: apt install postfix).")
    if why:
        pytest.skip(f"{why} (Debian: apt install postfix).")


def _configure(made: Server) -> None:
    folder = made.folder
    folder.chmod(0o755)
    for part in ("etc", "queue", "data"):
        (folder / part).mkdir()
    shutil.chown(folder / "data", "postfix")
    doors = {entry: f"{entry}:inet:127.0.0.1:{port}" for entry, port in made.targets.items()}
    doors |= {"smtp": f"smtp:[127.0.0.1]:{made.targets['smtp']}", "pipe": "desk:"}
    listening = [
        f"127.0.0.1:{port} inet n - n - - smtpd -o content_filter={doors[entry]}\n"
        for entry, port in made.ports.items()
    ]
    (folder / "etc/main.cf").write_text(SETTINGS.format(folder=folder, host=HOST))
    (folder / "etc/master.cf").write_text("".join(listening) + SERVICES.format(folder=folder))
    (folder / "bring.pl").write_text(BRING.format(port=made.targets["pipe"]))


def _wait(made: Server) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        with contextlib.suppress(OSError, smtplib.SMTPException), made.client("lmtp"):
            return
        time.sleep(0.05)
    raise AssertionError((made.folder / "log").read_text())
