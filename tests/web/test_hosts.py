"""Host names: whose portal each shows, and that none of a stranger's gets anywhere (cap 106, C35, C42)."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as desk
from django.test import Client

from firstline.people import host_names, portals
from firstline.people.actions.portals import add_host, open_portal, remove_host
from firstline.people.models import Person, Portal
from tests.cast import PASSWORD, Cast, actor, open_by
from tests.doors import Sink
from tests.web.forms import make, send, text_of
from tests.web.pages import form_of, html

SIGN_IN = "/sign-in/"
PARTNERS = "help.north.example"
ADDRESS = re.compile(r"https?://[^/\s\"'<>]+")


@pytest.fixture
def portal(cast: Cast) -> Portal:
    """The partner's portal with a name, a colour, contacts and an address; Orbita is theirs."""
    partner, administrator = cast.partner_agent.staff.partner, actor(cast.administrator)
    assert partner is not None
    portal = open_portal(administrator, partner.pk, via="web")
    Portal.objects.filter(pk=portal.pk).update(
        name="Северный контур", colour="#8a1f5c", contacts={"en": "Call +7 800 000 18 44"}
    )
    add_host(administrator, portal, PARTNERS, via="web")
    cast.orbita.partner = partner
    cast.orbita.save()
    portals.forget(portal)
    return Portal.objects.get(pk=portal.pk)


def status(host: str, **headers: str) -> int:
    return int(Client(headers={"host": host, **headers}).get(SIGN_IN).status_code)


@pytest.mark.parametrize(
    "host",
    [
        "testserver", "TestServer", "testserver.", "testserver:8000", "localhost", "127.0.0.1:8000",
        "[::1]", "[::1]:8000",
    ],
)  # fmt: skip
def test_our_own_names_are_answered(cast: Cast, host: str) -> None:
    assert status(host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "testserver.evil.example", "eviltestserver", "testserver@evil.example",
        "evil.example:80", "evil.example.", "[::2]", "[fe80::1]:8000", "10.0.0.1", "", " ",
        "testserver, evil.example", "testserver/evil.example", "a" * 300, "x" * 70 + ".example",
        "testserver:evil", "*", "%", "тест.example",
    ],
)  # fmt: skip
def test_any_other_name_is_refused(cast: Cast, portal: Portal, host: str) -> None:
    assert status(host.encode().decode("latin-1")) == 400


@pytest.mark.parametrize("name", ["x-forwarded-host", "forwarded", "x-host", "x-original-host"])
def test_what_a_request_says_of_its_host_elsewhere_counts_for_nothing(
    cast: Cast, portal: Portal, name: str
) -> None:
    page = html(Client(headers={name: "evil.example"}).get(SIGN_IN))
    assert "evil" not in page
    named = html(Client(headers={name: PARTNERS}).get(SIGN_IN))
    assert "Северный контур" not in named


def test_a_partners_name_shows_the_partners_portal(cast: Cast, portal: Portal) -> None:
    for host in (PARTNERS, PARTNERS.upper(), f"{PARTNERS}.", f"{PARTNERS}:8443"):
        page = html(Client(headers={"host": host}).get(SIGN_IN))
        assert "Северный контур" in page
        assert "Call +7 800 000 18 44" in page
        assert "Firstline</title>" not in page
    own = html(Client().get(SIGN_IN))
    assert "Северный контур" not in own
    assert "portal-brand" not in own


def test_the_colour_and_logo_are_public_and_kept(cast: Cast, portal: Portal) -> None:
    client = Client(headers={"host": PARTNERS})
    link = re.search(r'href="(/portal-brand/[^"]+\.css)"', html(client.get(SIGN_IN)))
    assert link is not None
    sheet = client.get(link[1])
    assert sheet.headers["Content-Type"] == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "--accent:light-dark(#8a1f5c," in sheet.content.decode()
    assert client.get(link[1].replace("-", "-0", 1)).status_code == 404
    assert client.get(f"/portal-brand/{portal.pk}-x.webp").status_code == 404
    assert client.get("/portal-brand/999999-0123456789abcdef.css").status_code == 404


def test_links_in_mails_name_the_readers_portal_whatever_the_host(
    cast: Cast, portal: Portal, settle: Callable[[], None], sink: Sink
) -> None:
    """C35: the password, the receipt and the form's letter."""
    for host in ("localhost", PARTNERS):
        poisoned = Client(headers={"host": host, "x-forwarded-host": "evil.example"})
        for person in (cast.svetlana, cast.zlata):
            poisoned.post("/password/", {"email": person.email})
    open_by(cast.svetlana, cast.hosting)
    open_by(cast.zlata, cast.hosting)
    send(make(cast.hosting, portal=portal), headers={"host": "localhost"})
    settle()
    addresses = {
        person.email: {
            address for mail in sink.to(person.email) for address in ADDRESS.findall(text_of(mail))
        }
        for person in (cast.svetlana, cast.zlata)
    }
    assert addresses == {
        cast.svetlana.email: {f"http://{PARTNERS}:8000"},
        cast.zlata.email: {desk.PUBLIC_URL},
    }
    (letter,) = sink.to("maria@mail.example")
    assert set(ADDRESS.findall(text_of(letter))) == {f"http://{PARTNERS}:8000"}
    assert len(sink.to(cast.svetlana.email)) == 3


def test_a_name_counts_from_the_commit_until_it_is_removed(stage: Cast) -> None:
    administrator = actor(stage.administrator)
    partner = stage.partner_agent.staff.partner
    assert partner is not None
    portal = open_portal(administrator, partner.pk, via="web")
    assert status(PARTNERS) == 400
    host = add_host(administrator, portal, PARTNERS, via="web")
    assert status(PARTNERS) == 200
    remove_host(administrator, portal, host.pk, via="web")
    assert status(PARTNERS) == 400


def test_what_another_process_removed_is_refused_within_seconds(
    cast: Cast, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert portals.REMEMBERED <= 5
    monkeypatch.setattr(portals, "REMEMBERED", 0.2)
    assert status(PARTNERS) == 200
    portal.hosts.all().delete()
    time.sleep(0.3)
    assert status(PARTNERS) == 400


def test_cookies_are_for_one_host_only(cast: Cast, portal: Portal) -> None:
    client = Client(headers={"host": PARTNERS})
    client.post(SIGN_IN, {"login": cast.svetlana.email, "password": PASSWORD})
    assert {"firstline_session", "firstline_csrf"} & set(client.cookies)
    assert {one["domain"] for one in client.cookies.values()} == {""}
    assert client.cookies["firstline_session"]["httponly"] is True


def test_a_redirect_stays_on_the_host_that_was_asked(cast: Cast, portal: Portal) -> None:
    """C42: also between two names of ours."""
    for place in ("http://testserver/", f"//{desk.OWN_HOSTS[0]}/", f"https://{PARTNERS}.evil/"):
        client = Client(headers={"host": PARTNERS})
        sent = {"login": cast.svetlana.email, "password": PASSWORD, "next": place}
        assert client.post(SIGN_IN, sent).headers["Location"] == "/"
    client = Client(headers={"host": PARTNERS})
    same = {"login": cast.svetlana.email, "password": PASSWORD, "next": "/portal/?state=open"}
    assert client.post(SIGN_IN, same).headers["Location"] == "/portal/?state=open"
    door = Client(headers={"host": PARTNERS}).get("/portal/").headers["Location"]
    assert door.startswith("/sign-in/?next=")


@pytest.mark.parametrize(
    ("origin", "code"), [(f"https://{PARTNERS}", 302), ("https://evil.example", 403)]
)
def test_forms_are_taken_behind_a_proxy_with_https(
    cast: Cast, portal: Portal, settings: Any, origin: str, code: int
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"host": PARTNERS, "x-forwarded-proto": "https"}
    client = Client(enforce_csrf_checks=True, headers=headers)
    page = client.get(SIGN_IN)
    fields = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    sent = {"login": cast.svetlana.email, "password": PASSWORD, "csrfmiddlewaretoken": fields[0]}
    answer = client.post(SIGN_IN, sent, headers={"origin": origin, "referer": f"{origin}/sign-in/"})
    assert answer.status_code == code


def test_a_customer_writes_and_reads_at_the_partners_address(
    cast: Cast, portal: Portal, signed_in: Callable[[Person], Client]
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    client = signed_in(cast.svetlana)
    client.defaults["HTTP_HOST"] = PARTNERS
    page = f"/portal/tickets/{ticket.number}/"
    assert "Северный контур" in html(client.get(page))
    answer = client.post(f"{page}replies/", form_of(client, page, text="From here"))
    assert answer.headers["Location"] == page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Help.North.Example", "help.north.example"),
        (" help.north.example. ", "help.north.example"),
        ("поддержка.рф", "xn--80aaidzbxds2a.xn--p1ai"),
        ("partner.localhost", "partner.localhost"),
    ],
)
def test_names_are_kept_as_browsers_send_them(typed: str, kept: str) -> None:
    normal = host_names.normal(typed)
    assert normal.startswith("xn--") if kept.startswith("xn--") else normal == kept
    assert host_names.shown(normal) == typed.strip().rstrip(".").lower()
