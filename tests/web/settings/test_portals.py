"""Portals in the settings: look, logo, contacts, host names; administrators only, shown at once."""

import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from firstline.events.models import Event
from firstline.files import store
from firstline.mail.models import OutgoingMail
from firstline.people import portals
from firstline.people.models import Host, Partner, Person, Portal
from tests.cast import Cast
from tests.web.pages import html

PORTALS = "/settings/portals/"
LOOK = {
    "name": "АгроКлимат Сервис",
    "colour": "#8A1F5C",
    "contact_ru": "+7 800 000-18-44",
    "contact_bg": "+359 2 000 18 44",
    "contact_en": "+44 7700 900184",
    "privacy_url": "https://agro.example/privacy",
    "registration": "open",
    "shows_agents": "on",
}
HOSTILE = '"><script>alert(1)</script>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def admin(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.administrator)


@pytest.fixture
def own(cast: Cast) -> Portal:
    """Our own portal."""
    return portals.own()


def partner_of(cast: Cast) -> Partner:
    """The one partner there is."""
    partner = cast.partner_agent.staff.partner
    assert partner is not None
    return partner


def address(portal: Portal, more: str = "") -> str:
    return f"{PORTALS}{portal.pk}/{more}"


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300), exif: bytes = b"") -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "#335577").save(made, kind, **({"exif": exif} if exif else {}))
    return made.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes that claims to be 60 000 pixels a side."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def upload(client: Client, portal: Portal, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("logo.png", content, "image/png")
    return client.post(address(portal), {**LOOK, **fields, "logo": file})


def test_a_look_is_changed_and_shown_to_strangers(own: Portal, admin: Client) -> None:
    page = html(admin.post(address(own), LOOK, follow=True))
    assert "Saved. The portal shows it from now on." in page
    own.refresh_from_db()
    portals.at.__globals__["cache"].clear()  # as after the commit, which tests never reach
    stranger = html(Client().get("/sign-in/"))
    assert "АгроКлимат Сервис" in stranger
    assert "+44 7700 900184" in stranger
    assert 'href="https://agro.example/privacy"' in stranger
    assert "+7 800 000-18-44" in html(Client().get("/sign-in/?language=ru"))
    assert own.colour == "#8a1f5c"
    assert (own.registration, own.shows_agents) == ("open", True)
    event = Event.objects.get(kind="portal.changed")
    assert event.data["name"] == ["", "АгроКлимат Сервис"]


def test_a_change_shows_as_soon_as_it_is_committed(
    stage: Cast, signed_in: Callable[[Person], Client]
) -> None:
    assert "Новое имя" not in html(Client().get("/sign-in/"))
    signed_in(stage.administrator).post(address(portals.own()), {**LOOK, "name": "Новое имя"})
    assert "Новое имя" in html(Client().get("/sign-in/"))


def test_saving_what_is_there_records_nothing(own: Portal, admin: Client) -> None:
    admin.post(address(own), LOOK)
    admin.post(address(own), LOOK)
    assert Event.objects.filter(kind="portal.changed").count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"colour": "red"}, "colour", "six digits"),
        ({"colour": "#12345"}, "colour", "six digits"),
        ({"colour": "#000;}*{"}, "colour", "six digits"),
        ({"privacy_url": "javascript:alert(1)"}, "privacy_url", "beginning with https://"),
        ({"privacy_url": "agro.example"}, "privacy_url", "beginning with https://"),
        ({"name": "x" * 101}, "name", "at most 100"),
        ({"contact_bg": "x" * 301}, "contact_bg", "at most 300"),
        ({"registration": "everybody"}, "registration", "Choose one"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_changed(
    own: Portal, admin: Client, fields: dict[str, str], field: str, told: str
) -> None:
    answer = admin.post(address(own), {**LOOK, **fields})
    page = html(answer)
    assert answer.status_code == 422
    assert told in page
    assert f'id="{field}-error"' in page
    assert 'value="+359 2 000 18 44"' in page or field == "contact_bg"
    assert Portal.objects.get(pk=own.pk).name == ""
    assert not Event.objects.filter(kind="portal.changed").exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_served_to_all(own: Portal, admin: Client, kind: str) -> None:
    upload(admin, own, picture(kind, exif=b"" if kind == "PNG" else b"Exif\0\0secret place"))
    own.refresh_from_db()
    assert own.logo is not None
    kept = store.read(own.logo.sha256)
    with Image.open(BytesIO(kept)) as image:
        assert (image.format, image.size) == ("WEBP", (512, 171))
    assert b"secret" not in kept
    portals.at.__globals__["cache"].clear()
    source = re.search(r'<img class="brand__logo" src="([^"]+)"', html(Client().get("/sign-in/")))
    assert source is not None
    served = Client().get(source[1])
    assert served.content == kept
    assert served.headers["Content-Type"] == "image/webp"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert "immutable" in served.headers["Cache-Control"]
    assert Client().get(source[1].replace(".webp", "0.webp")).status_code == 404


def test_a_logo_is_removed(own: Portal, admin: Client) -> None:
    upload(admin, own, picture())
    admin.post(address(own), {**LOOK, "drops_logo": "on"})
    assert Portal.objects.get(pk=own.pk).logo is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SVG, "SVG can carry scripts"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n' + SVG, "SVG can carry scripts"),
        (b"<html><script>alert(1)</script></html>", "no picture that we can read"),
        (b"GIF89a" + b"\0" * 40, "no picture that we can read"),
        (picture()[:60], "no picture that we can read"),
        (bomb(), "no picture that we can read"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (1024 * 1024), "larger than 1 MB"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_reason(
    own: Portal, admin: Client, content: bytes, told: str
) -> None:
    answer = upload(admin, own, content, name="Typed and kept")
    assert answer.status_code == 422
    assert told in html(answer)
    assert 'value="Typed and kept"' in html(answer)
    assert Portal.objects.get(pk=own.pk).logo is None


def test_a_partner_gets_a_portal_once(cast: Cast, admin: Client) -> None:
    partner = partner_of(cast)
    assert "Make a portal" in html(admin.get(PORTALS))
    for _press in range(2):
        page = html(admin.post(PORTALS, {"partner": partner.pk}, follow=True))
    portal = Portal.objects.get(partner=partner)
    assert portal.name == partner.name
    assert "Now give it a look" in page
    assert "Make a portal" not in html(admin.get(PORTALS))
    assert admin.post(PORTALS, {"partner": "999"}).status_code == 404
    assert admin.post(PORTALS, {"partner": "x"}).status_code == 404
    answer = admin.post(address(portal), {**LOOK, "name": " "})
    assert "Write the name that the partner's customers know." in html(answer)


def test_host_names_are_added_and_removed(own: Portal, admin: Client) -> None:
    page = html(admin.post(address(own, "hosts/"), {"host": " Help.Agro.Example. "}, follow=True))
    assert "The portal answers at help.agro.example" in page
    host = Host.objects.get()
    assert (host.name, host.portal) == ("help.agro.example", own)
    assert portals.address_of(own) == "http://help.agro.example:8000"
    removal = address(own, f"hosts/{host.pk}/removals/")
    assert "Nothing answers at help.agro.example any more." in html(
        admin.post(removal, follow=True)
    )
    assert admin.post(removal).status_code == 404
    events = Event.objects.filter(kind="portal.changed").order_by("pk")
    assert [event.data for event in events] == [
        {"added": "help.agro.example"},
        {"removed": "help.agro.example"},
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type a host name"),
        ("https://help.agro.example", "Only the name itself"),
        ("help.agro.example:8000", "Only the name itself"),
        ("help.agro.example/portal", "Only the name itself"),
        ("me@agro.example", "Only the name itself"),
        ("[::1]", "Only the name itself"),
        ("192.0.2.7", "an IP address"),
        ("1.2.3", "an IP address"),
        ("localhost", "is no host name"),
        ("testserver", "is no host name"),
        ("-help.agro.example", "is no host name"),
        ("help..example", "is no host name"),
        ("help agro.example", "is no host name"),
        ("*.agro.example", "is no host name"),
        ("a" * 64 + ".example", "is no host name"),
        ("ab." * 80 + "example", "is no host name"),
        (HOSTILE, "Only the name itself"),
    ],
)
def test_what_is_no_host_name_is_refused(own: Portal, admin: Client, typed: str, told: str) -> None:
    answer = admin.post(address(own, "hosts/"), {"host": typed})
    assert answer.status_code == 422
    assert told in html(answer)
    assert "<script>alert" not in answer.content.decode()
    assert Host.objects.count() == 0


def test_a_national_name_is_told_as_it_is_listed(own: Portal, admin: Client) -> None:
    page = html(admin.post(address(own, "hosts/"), {"host": "help.климат.рф"}, follow=True))
    assert "The portal answers at help.климат.рф as soon" in page
    removal = address(own, f"hosts/{Host.objects.get().pk}/removals/")
    assert "Nothing answers at help.климат.рф any more." in html(admin.post(removal, follow=True))


def test_a_name_belongs_to_one_portal_and_never_to_two(
    cast: Cast, own: Portal, admin: Client, settings: Any
) -> None:
    admin.post(PORTALS, {"partner": partner_of(cast).pk})
    other = Portal.objects.exclude(pk=own.pk).get()
    admin.post(address(own, "hosts/"), {"host": "help.agro.example"})
    for portal in (own, other):
        answer = admin.post(address(portal, "hosts/"), {"host": "HELP.agro.example"})
        assert "is taken by another portal or by this one" in html(answer)
    settings.OWN_HOSTS = [*settings.OWN_HOSTS, "desk.agro.example"]
    answer = admin.post(address(other, "hosts/"), {"host": "desk.agro.example"})
    assert "is the desk's own address already" in html(answer)
    assert Host.objects.count() == 1


def test_a_host_is_removed_only_from_its_own_portal(cast: Cast, own: Portal, admin: Client) -> None:
    admin.post(PORTALS, {"partner": partner_of(cast).pk})
    other = Portal.objects.exclude(pk=own.pk).get()
    host = Host.objects.create(name="help.agro.example", portal=own)
    assert admin.post(address(other, f"hosts/{host.pk}/removals/")).status_code == 404
    assert Host.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("supervisor", 403), ("anna", 403), ("observer", 403), ("partner_agent", 403),
        ("svetlana", 404), ("stranger", 401),
    ],
)  # fmt: skip
def test_only_administrators_shape_portals(
    cast: Cast, own: Portal, signed_in: Callable[[Person], Client], who: str, code: int
) -> None:
    host = Host.objects.create(name="help.agro.example", portal=own)
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    read = {401: 302}.get(code, code)
    assert client.get(PORTALS).status_code == read
    assert client.get(address(own)).status_code == read
    assert client.post(PORTALS, {"partner": 1}).status_code == code
    assert client.post(address(own), LOOK).status_code == code
    assert client.post(address(own, "hosts/"), {"host": "new.agro.example"}).status_code == code
    assert client.post(address(own, f"hosts/{host.pk}/removals/")).status_code == code
    own.refresh_from_db()
    assert (own.name, Host.objects.count()) == ("", 1)
    assert (Event.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_hostile_names_stay_names(own: Portal, admin: Client) -> None:
    """C18, C21: on pages, and in headers of mails."""
    admin.post(
        address(own), {**LOOK, "name": f"{HOSTILE}\r\nBcc: evil", "contact_en": f"{HOSTILE}\u202e"}
    )
    own.refresh_from_db()
    assert own.name == f"{HOSTILE} Bcc: evil"
    assert own.contacts["en"] == HOSTILE
    portals.at.__globals__["cache"].clear()
    for page in (Client().get("/sign-in/"), admin.get(PORTALS), admin.get(address(own))):
        assert "<script>alert" not in page.content.decode()


def test_lists_and_pages_ask_a_fixed_number_of_questions(
    cast: Cast, own: Portal, admin: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    partner = partner_of(cast)
    admin.get(PORTALS)
    with django_assert_num_queries(5) as few:
        admin.get(PORTALS)
    portal = Portal.objects.create(partner=partner, name="One more")
    for place in range(5):
        Host.objects.create(name=f"h{place}.agro.example", portal=portal)
    with django_assert_num_queries(len(few)):
        admin.get(PORTALS)
    with django_assert_num_queries(5):
        admin.get(address(portal))
