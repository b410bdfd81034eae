"""The logs of the proxies, set up as deploy/ says, hold no key either."""

import http.client
import secrets
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.postgresql import free_port
from tests.serving.conftest import PROXIES, need
from tests.waiting import wait_until


@pytest.mark.parametrize("front", ["nginx", "caddy"], indirect=True)
def test_no_key_in_the_logs_of_a_proxy(stage: Cast, front: int, tmp_path: Path) -> None:
    key = secrets.token_urlsafe(16)
    for path in (f"/invitations/{key}/", f"/sign-in/?code={key}", "/portal/tickets/2026-000001/"):
        connection = http.client.HTTPConnection("127.0.0.1", front, timeout=10)
        referrer = f"http://127.0.0.1/invitations/{key}/"
        connection.request("GET", path, headers={"Host": "127.0.0.1", "Referer": referrer})
        connection.getresponse().read()
        connection.close()

    def said() -> str:
        return "".join(path.read_text() for path in tmp_path.glob("*.log"))

    wait_until(lambda: "/portal/tickets/2026-000001/" in said(), 10)
    assert "/invitations" in said()
    assert "/sign-in/" in said()
    assert key not in said()


@pytest.mark.parametrize("name", PROXIES)
def test_no_key_is_logged_where_the_desk_is_away(name: str, tmp_path: Path) -> None:
    """What a proxy could not pass on is an error of its own, with a log of its own."""
    need(name)
    key = secrets.token_urlsafe(16)
    with PROXIES[name](tmp_path, free_port()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", f"/invitations/{key}/", headers={"Host": "127.0.0.1"})
        assert connection.getresponse().status == 502
        connection.close()
    said = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert "/invitations" in said
    assert key not in said
