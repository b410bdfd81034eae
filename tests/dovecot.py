"""A private Dovecot for tests: a real mail server on free ports, gone with the test.

Debian has it as dovecot-imapd. Without it tests are skipped, unless FIRSTLINE_TEST_REQUIRE_DOVECOT
says that they must not be.
"""

import contextlib
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from imap_tools.imap_utf7 import utf7_encode

from tests.postgresql import free_port

PASSWORD = "correct-horse"  # of mailboxes that live as long as a test
CERTIFY = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
CERTIFY += "-subj /CN=localhost -addext subjectAltName=DNS:localhost"
CONFIGURATION = """
protocols = imap
base_dir = {run}
state_dir = {run}
log_path = {folder}/dovecot.log
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
disable_plaintext_auth = no
ssl = {ssl}
{certificate}
mailbox_list_index = no
auth_mechanisms = plain login{mechanisms}
{capability}
passdb {{
  driver = static
  args = password={password}
}}
{oauth}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
mail_max_userip_connections = 0
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 200
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Server:
    """A running Dovecot; every user has the password PASSWORD, and a mailbox of their own."""

    folder: Path
    port: int
    tls_port: int
    authority: Path | None = None
    clients: list[imaplib.IMAP4] = field(default_factory=list)

    def client(self, user: str = "help@orbita.example") -> imaplib.IMAP4:
        """A mail program at this mailbox."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.login(user, PASSWORD)
        self.clients.append(client)
        return client

    def put(
        self,
        *mails: bytes,
        folder: str = "INBOX",
        user: str = "help@orbita.example",
        flags: str = "",
        at: datetime | None = None,
    ) -> None:
        """Let mails lie in the mailbox, in this order."""
        with self.client(user) as client:
            folder = '"' + utf7_encode(folder).decode() + '"'
            client.create(folder)
            stamp = imaplib.Time2Internaldate(at) if at else ""
            for mail in mails:
                kind, said = client.append(folder, flags, stamp, mail)
                assert kind == "OK", said

    def fill(
        self, mails: Iterable[tuple[bytes, datetime]], user: str = "help@orbita.example"
    ) -> None:
        """Let many mails lie in the inbox since these moments: quicker than by IMAP."""
        with self.client(user) as client:  # which makes it
            client.select("INBOX", readonly=True)
        owner = _user()
        for number, (mail, at) in enumerate(mails):
            name = f"{int(at.timestamp())}.M{number:06d}P1.tests"
            path = self.folder / "mail" / user / "new" / name
            path.write_bytes(mail.replace(b"\r\n", b"\n"))
            os.utime(path, (at.timestamp(), at.timestamp()))
            if os.geteuid() == 0:
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def forget_uids(self, user: str = "help@orbita.example") -> None:
        """Number all mails of the inbox anew, as a restored or moved server does."""
        box = self.folder / "mail" / user
        for path in (*box.glob("dovecot-uidlist*"), *box.glob("dovecot.index*")):
            path.unlink()
        (box / "dovecot-uidvalidity").unlink(missing_ok=True)
        for path in box.glob("dovecot-uidvalidity.*"):
            path.unlink()
        time.sleep(1.1)  # the new one is made from the clock

    def contents(self, user: str = "help@orbita.example", folder: str = "INBOX") -> list[bytes]:
        """All that lies in the mailbox with its flags: what must never change by us."""
        with self.client(user) as client:
            client.select(folder, readonly=True)
            _kind, data = client.fetch("1:*", "(UID FLAGS RFC822.SIZE)")
            return [one for one in data if isinstance(one, bytes)]


def find() -> str:
    """The program. Skips the test where there is none."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        if os.environ.get("FIRSTLINE_TEST_REQUIRE_DOVECOT"):
            pytest.fail("There is no Dovecot (Debian: apt install dovecot-imapd).")
        pytest.skip("There is no Dovecot (Debian: apt install dovecot-imapd).")
    return found


@contextlib.contextmanager
def server(*, idle: bool = True, tls: bool = False, introspection: str = "") -> Iterator[Server]:
    """A Dovecot; `introspection` is the address that says whose an OAuth 2 token is."""
    program = find()
    with tempfile.TemporaryDirectory(prefix="firstline-dovecot-") as name:
        folder = Path(name)
        made = Server(folder, free_port(), free_port())
        _configure(made, idle=idle, tls=tls, introspection=introspection)
        command = [program, "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **_lower())
        try:
            _wait(made, process)
            yield made
        finally:
            for client in made.clients:
                with contextlib.suppress(OSError, imaplib.IMAP4.error):
                    client.shutdown()
            process.terminate()
            process.wait(20)


def _configure(made: Server, *, idle: bool, tls: bool, introspection: str) -> None:
    folder, user = made.folder, _user()
    certificate = _certificate(made) if tls else ""
    oauth = _oauth(folder, introspection) if introspection else ""
    for part in ("mail", "home", "run"):
        (folder / part).mkdir()
    text = CONFIGURATION.format(
        folder=folder,
        run=folder / "run",
        user=user.pw_name,
        group=_group(user),
        ssl="yes" if tls else "no",
        certificate=certificate,
        capability="" if idle else "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS",
        mechanisms=" xoauth2 oauthbearer" if introspection else "",
        oauth=oauth,
        password=PASSWORD,
        port=made.port,
        tls_port=made.tls_port,
    )
    (folder / "dovecot.conf").write_text(text)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)


def _oauth(folder: Path, address: str) -> str:
    settings = f"tokeninfo_url = {address}?token=\nusername_attribute = email\n"
    (folder / "oauth2.conf").write_text(settings)
    args = f"mechanisms = xoauth2 oauthbearer\n  driver = oauth2\n  args = {folder}/oauth2.conf"
    return f"passdb {{\n  {args}\n}}"


def _certificate(made: Server) -> str:
    """A certificate for localhost that only those trust who are told to."""
    key, made.authority = made.folder / "key.pem", made.folder / "certificate.pem"
    subprocess.run(
        [*CERTIFY.split(), "-keyout", key, "-out", made.authority],
        check=True,
        capture_output=True,
    )
    return f"ssl_cert = <{made.authority}\nssl_key = <{key}"


def _wait(made: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error), made.client():
            return
        time.sleep(0.05)
    log = made.folder / "dovecot.log"
    raise AssertionError(log.read_text() if log.exists() else "Dovecot did not start")


def _user() -> pwd.struct_passwd:
    """Whoever runs the tests; root borrows another."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _lower() -> dict[str, Any]:
    """Whom root hands the server to."""
    user = _user()
    if os.geteuid() != 0:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _group(user: pwd.struct_passwd) -> str:
    import grp

    return grp.getgrgid(user.pw_gid).gr_name
