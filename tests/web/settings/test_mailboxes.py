"""Mailboxes in the settings: tried, joined, changed, switched off, removed, by administrators alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.base import secrets
from firstline.cli import check
from firstline.events.models import Event
from firstline.mail.models import Folder, Mailbox
from firstline.people.models import Person
from tests import dovecot as imap
from tests.cast import Cast
from tests.web.pages import hidden_fields, html

BOXES, NEW = "/settings/mailboxes/", "/settings/mailboxes/new/"
MAIL = b"From: a@x.example\r\nSubject: Hm\r\n\r\nHm\r\n"


@pytest.fixture
def admin(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.administrator)


@pytest.fixture
def dovecot(settings: Any) -> Iterator[imap.Server]:
    """A mail server on this machine that may be asked."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    with imap.server() as server:
        yield server


def typed(cast: Cast, port: int = 993, **changes: str) -> dict[str, str]:
    """What an administrator enters."""
    values = {"address": "help@orbita.example", "department": str(cast.hosting.pk)}
    values |= {"host": "127.0.0.1", "port": str(port), "security": "none", "folders": "INBOX"}
    return values | {"proof": "password", "password": imap.PASSWORD} | changes


def filled(admin: Client, page: str, fields: dict[str, str]) -> dict[str, str]:
    """What a browser sends from this page."""
    return hidden_fields(admin.get(page)) | fields


def make(cast: Cast, **changes: Any) -> Mailbox:
    """A mailbox that is there."""
    secret = secrets.close("of its own")
    where = {"host": "imap.orbita.example", "user": "help@orbita.example", "secret": secret}
    values = {"address": "help@orbita.example", "department": cast.hosting, **where}
    made = Mailbox.objects.create(**values | changes)
    Folder.objects.create(mailbox=made)
    return made


def test_a_mailbox_is_tried_and_joined(cast: Cast, admin: Client, dovecot: imap.Server) -> None:
    dovecot.put(MAIL, MAIL)
    dovecot.put(MAIL, folder="Support")
    before = dovecot.contents()
    body = filled(admin, NEW, typed(cast, dovecot.port))
    shown = html(admin.post(f"{NEW}trials/", body))
    assert "The server lets us in" in shown
    assert 'Support</td><td role="cell" class="num">1<' in shown
    assert not Mailbox.objects.exists()
    page = html(admin.post(NEW, body, follow=True))
    assert "The mailbox is read from now on" in page
    assert "not read yet" in page
    folder = Folder.objects.get()
    assert (folder.last_uid, folder.old_uid, folder.is_told_by_date) == (2, 2, False)
    assert dovecot.contents() == before
    assert imap.PASSWORD not in Mailbox.objects.get().secret
    kept = html(admin.get(f"{BOXES}{Mailbox.objects.get().pk}/"))
    told = " ".join(str(event.data) for event in Event.objects.all())
    for text in (page, shown, kept, told):
        assert imap.PASSWORD not in text


def test_what_the_server_refuses_stands_at_its_field(
    cast: Cast, admin: Client, dovecot: imap.Server
) -> None:
    for change, field in (
        ({"password": "wrong"}, "password"),
        ({"folders": "Nowhere"}, "folders"),
        ({"port": "1"}, "host"),
        ({"security": "starttls"}, "security"),
        ({"address": cast.hosting.address}, "address"),
    ):
        answer = admin.post(NEW, filled(admin, NEW, typed(cast, dovecot.port) | change))
        assert answer.status_code == 422, change
        assert f'id="{field}-error"' in answer.text
        assert imap.PASSWORD not in answer.text
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "::ffff:127.0.0.1"]
)
def test_hosts_inside_are_all_refused_with_the_same_words(
    cast: Cast, admin: Client, host: str
) -> None:
    with imap.server() as server:
        pages = []
        for port in (server.port, 1):
            body = typed(cast, port, host=host)
            answer = admin.post(f"{NEW}trials/", body, headers={"HX-Request": "true"})
            pages.append(html(answer))
    assert "There is no such host, or it lies inside our network" in pages[0]
    assert pages[0] == pages[1]


def test_a_kept_secret_goes_nowhere_else(cast: Cast, admin: Client, dovecot: imap.Server) -> None:
    box = make(cast)
    body = filled(admin, f"{BOXES}{box.pk}/", typed(cast, dovecot.port, password=""))
    for address in (f"{BOXES}{box.pk}/trials/", f"{BOXES}{box.pk}/"):
        answer = admin.post(address, body)
        assert answer.status_code == 422
        assert "also when host or user changed" in html(answer)
    assert Mailbox.objects.get().host == "imap.orbita.example"


def test_the_list_and_the_check_say_how_mailboxes_fare(
    cast: Cast, admin: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    box, now = make(cast), timezone.now()
    Mailbox.objects.update(read_at=now - timedelta(seconds=20), leased_until=now + timedelta(30))
    assert "read 2" in html(admin.get(BOXES))
    Mailbox.objects.update(failing_since=now - timedelta(hours=1), problem="login: <b>No</b>")
    page = admin.get(BOXES).text
    assert "failing since" in page
    assert "&lt;b&gt;No&lt;/b&gt;" in page
    with pytest.raises(RuntimeError, match="refuses the user name or the password"):
        check._mailboxes()
    page = html(admin.post(f"{BOXES}{box.pk}/pauses/", follow=True))
    assert "switched off" in page
    assert check._mailboxes() == "0 read by IMAP"
    admin.post(f"{BOXES}{box.pk}/pauses/ends/")
    assert Mailbox.objects.get().is_active
    page = html(admin.post(f"{BOXES}{box.pk}/removals/", follow=True))
    assert "is removed here" in page
    assert not Mailbox.objects.exists()


MATRIX: dict[str, tuple[str, int]] = {
    "": ("get", 200),
    "new/": ("get", 200),
    "{pk}/": ("get", 200),
    "new/#": ("post", 422),
    "new/trials/": ("post", 422),
    "{pk}/#": ("post", 422),
    "{pk}/trials/": ("post", 422),
    "{pk}/pauses/": ("post", 302),
    "{pk}/pauses/ends/": ("post", 302),
    "{pk}/sign-ins/": ("post", 422),
    "oauth/": ("get", 302),
    "{pk}/removals/": ("post", 302),
}


@pytest.mark.parametrize("who", ["supervisor", "anna", "partner_agent", "observer", "svetlana", ""])
@pytest.mark.parametrize("route", MATRIX)
def test_only_administrators_may(
    cast: Cast, signed_in: Callable[[Person], Client], admin: Client, route: str, who: str
) -> None:
    method, expected = MATRIX[route]
    client = signed_in(getattr(cast, who)) if who else Client()
    box = make(cast)
    before = (list(Mailbox.objects.values()), Event.objects.count())
    address = BOXES + route.format(pk=box.pk).rstrip("#")
    refused = {"svetlana": 404, "": 302 if method == "get" else 401}.get(who, 403)
    assert getattr(client, method)(address, {}).status_code == refused
    assert (list(Mailbox.objects.values()), Event.objects.count()) == before
    assert getattr(admin, method)(address, {}).status_code == expected


def test_a_mailbox_that_there_is_not(admin: Client) -> None:
    for route in ("1/", "1/trials/", "1/pauses/", "1/pauses/ends/", "1/removals/"):
        assert admin.post(BOXES + route, {}).status_code == 404


def test_the_list_asks_a_fixed_number_of_questions(cast: Cast, admin: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get(BOXES)
        return len(queries)

    make(cast)
    asked()
    before = asked()
    for number in range(4):
        make(cast, address=f"help{number}@orbita.example")
    assert asked() == before
