"""A private Postfix with postgrey, as a relay that greylists; gone with the test.

Debian has them as postfix and postgrey. Without them, or without root, which Postfix needs, tests are
skipped, unless FIRSTLINE_TEST_REQUIRE_POSTFIX says that they must not be.
"""

import contextlib
import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgresql import free_port

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
MASTER = """
127.0.0.1:{port} inet n - n - 20 smtpd
smtp       unix - - n - - smtp
qmgr       unix n - n 300 1 qmgr
cleanup    unix n - n - 0 cleanup
rewrite    unix - - n - - trivial-rewrite
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
flush      unix n - n 1000? 0 flush
error      unix - - n - - error
retry      unix - - n - - error
anvil      unix - - n - 1 anvil
scache     unix - - n - 1 scache
proxymap   unix - - n - - proxymap
postlog    unix-dgram n - n - 1 postlogd
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = relay.example
mynetworks = 127.0.0.0/8
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:{sink}
smtp_host_lookup = native
smtpd_peername_lookup = no
smtpd_recipient_restrictions =
  check_recipient_access inline:{{{known}}}
  check_policy_service inet:127.0.0.1:{greylist}
  permit_mynetworks, reject
"""


@contextmanager
def greylisting(sink: int, delay: int, known: Mapping[str, str]) -> Iterator[int]:
    """A relay to the server at port `sink`: whom it does not know waits for so many seconds.

    `known` says what it answers at once for other addresses, as in access(5). Gives its port.
    """
    programs = [shutil.which(name, path=PATH) for name in ("postfix", "postgrey")]
    if None in programs or os.geteuid() != 0:
        if os.environ.get("FIRSTLINE_TEST_REQUIRE_POSTFIX"):
            pytest.fail("There is no Postfix with postgrey (Debian: apt install postfix postgrey).")
        pytest.skip("Needs root, Postfix and postgrey (Debian: apt install postfix postgrey).")
    with tempfile.TemporaryDirectory(prefix="firstline-postfix-") as name:
        folder, port, greylist = Path(name), free_port(), free_port()
        folder.chmod(0o755)
        entries = ", ".join(f"{{{address} = {answer}}}" for address, answer in known.items())
        main = MAIN.format(folder=folder, sink=sink, greylist=greylist, known=entries)
        with _postgrey(folder, greylist, delay), _postfix(folder, main, MASTER.format(port=port)):
            _wait(port, folder)
            yield port


@contextmanager
def _postgrey(folder: Path, port: int, delay: int) -> Iterator[None]:
    (folder / "postgrey").mkdir()
    shutil.chown(folder / "postgrey", "postgrey", "postgrey")
    whitelist = folder / "whitelist"
    whitelist.write_text("")
    options = [f"--inet=127.0.0.1:{port}", f"--delay={delay}", f"--dbdir={folder}/postgrey"]
    options += ["--auto-whitelist-clients=0", f"--whitelist-clients={whitelist}"]
    options += [f"--whitelist-recipients={whitelist}"]
    with (folder / "postgrey.log").open("wb") as log:
        process = subprocess.Popen(["/usr/sbin/postgrey", *options], stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def _postfix(folder: Path, main: str, master: str) -> Iterator[None]:
    conf = folder / "conf"
    for part in ("conf", "queue", "data"):
        (folder / part).mkdir()
    shutil.chown(folder / "data", "postfix")
    (conf / "main.cf").write_text(main)
    (conf / "master.cf").write_text(master)
    environment = os.environ | {"PATH": PATH, "MAIL_CONFIG": str(conf)}
    with (folder / "start.log").open("wb") as log:
        command = ["postfix", "-c", str(conf)]
        subprocess.run([*command, "start"], env=environment, stdout=log, stderr=log, check=True)
        try:
            yield
        finally:
            subprocess.run([*command, "stop"], env=environment, stdout=log, stderr=log, check=True)


def _wait(port: int, folder: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
                client.noop()
            return
        time.sleep(0.1)
    logs = [path.read_text() for path in folder.glob("*.log")]
    raise AssertionError("\n".join(["Postfix did not start", *logs]))
