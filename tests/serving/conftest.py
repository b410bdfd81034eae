"""The desk as a real process, with nothing in front and behind proxies set up as deploy/ says."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.live.conftest import House, Served
from tests.postgresql import free_port
from tests.waiting import listens, wait_until

DEPLOY = Path(__file__).parents[2] / "deploy"
SECONDS = 2.0  # FIRSTLINE_CLIENT_SECONDS of the desks here
NAME = "desk.example.com"  # of the examples


@pytest.fixture(scope="session")
def bare(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The desk with nothing in front."""
    with Served(
        tmp_path_factory.mktemp("bare"),
        FIRSTLINE_CLIENT_SECONDS=str(SECONDS),
        FIRSTLINE_CONNECTIONS_PER_CLIENT="80",
        FIRSTLINE_FILE_LIMIT_MB="1",
    ) as house:
        yield house


@pytest.fixture(scope="session")
def proxied(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The desk as it runs behind a proxy."""
    with Served(
        tmp_path_factory.mktemp("proxied"),
        FIRSTLINE_CLIENT_SECONDS=str(SECONDS),
        FIRSTLINE_BEHIND_PROXY="true",
    ) as house:
        yield house


@contextmanager
def nginx(folder: Path, target: int) -> Iterator[int]:
    """nginx with the example of deploy/, on a loopback port and without TLS; yields the port."""
    port = free_port()
    text = (DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r"    (listen \[::\]|ssl_).*\n", "", text)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = text.replace("/var/log/nginx", str(folder)).replace(NAME, "127.0.0.1")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{target}")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    head = f"{user}pid {folder}/pid;\nerror_log {folder}/error.log;\ndaemon off;\n"
    events = "events { worker_connections 1024; }\n"
    (folder / "nginx.conf").write_text(f"{head}{events}http {{\n{temporary}{text}\n}}\n")
    with _running(folder, "nginx", "-c", str(folder / "nginx.conf"), port=port):
        yield port


@contextmanager
def caddy(folder: Path, target: int) -> Iterator[int]:
    """Caddy with the example of deploy/, on a loopback port and without TLS; yields the port."""
    port = free_port()
    text = (DEPLOY / "Caddyfile").read_text().replace(NAME, f"http://127.0.0.1:{port}", 1)
    text = text.replace(f"{NAME} {{", f"http://127.0.0.1:{port} {{")
    text = text.replace("/var/log/caddy", str(folder))
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{target}")
    text = text.replace("{\n\tservers", "{\n\tadmin off\n\tservers", 1)
    (folder / "Caddyfile").write_text(text)
    with _running(folder, "caddy", "run", "--config", str(folder / "Caddyfile"), port=port):
        yield port


@contextmanager
def _running(folder: Path, program: str, *arguments: str, port: int) -> Iterator[None]:
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen([program, *arguments], stdout=log, stderr=log)
    try:
        wait_until(lambda: listens(port), 15)
        yield
    finally:
        process.terminate()
        process.wait(15)


PROXIES = {"nginx": nginx, "caddy": caddy}


def need(name: str) -> None:
    """Skip the test where the proxy is not installed."""
    if shutil.which(name) is None:
        if os.environ.get("FIRSTLINE_TEST_REQUIRE_PROXIES"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed (apt install {name})")


@pytest.fixture
def front(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """Port of the desk as people reach it: `nothing`, `nginx` or `caddy` in front."""
    if request.param == "nothing":
        yield request.getfixturevalue("bare").port
        return
    need(request.param)
    with ExitStack() as stack:
        house: House = request.getfixturevalue("proxied")
        yield stack.enter_context(PROXIES[request.param](tmp_path, house.port))
