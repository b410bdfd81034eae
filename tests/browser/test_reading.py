"""A mail with pictures from elsewhere: nothing is fetched before the press, and nothing tells who."""

import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail
from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.browser.stories import PHONE, check_accessible, sign_in, stand_at
from tests.cast import Cast, actor

PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


class Listener(ThreadingHTTPServer):
    """Somebody else's server, which remembers each question with its header."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(200)
        self.send_header("Content-Type", "image/gif")
        self.send_header("Set-Cookie", "seen=1; SameSite=None")
        self.end_headers()
        self.wfile.write(PIXEL)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def elsewhere() -> Iterator[Listener]:
    server = Listener()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ticket(stage: Cast, elsewhere: Listener, settle: Callable[[], None]) -> Ticket:
    """A mail that tries every way to fetch something."""
    at = elsewhere.url
    body = f"""<html><head><link rel=stylesheet href="{at}/sheet"><link rel=preload href="{at}/pre" as=image>
    <style>@import url({at}/import); body{{background:url({at}/css)}} a[href]{{content:url({at}/attr)}}
    p{{position:fixed;top:0}}</style><meta http-equiv=refresh content="0;url={at}/refresh"></head>
    <body background="{at}/body"><p style="background:url({at}/style);position:fixed">Please look</p>
    <img src="{at}/img" srcset="{at}/srcset 2x" alt="Picture"><picture><source srcset="{at}/source"></picture>
    <video src="{at}/video" poster="{at}/poster"></video><audio src="{at}/audio"></audio>
    <table background="{at}/table"><tr><td>x</td></tr></table><iframe src="{at}/frame"></iframe>
    <object data="{at}/object"></object><embed src="{at}/embed"><svg><image href="{at}/svg"/></svg>
    <input type=image src="{at}/input"><script src="{at}/script"></script><form action="{at}/form"></form>
    </body></html>"""
    raw = (
        f"From: Svetlana <{stage.svetlana.email}>\r\nTo: hosting@desk.example\r\nSubject: Look\r\n"
        "Message-ID: <look@example.com>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    )
    take(raw.encode(), sender="", recipients=["hosting@desk.example"], source="smtp")
    settle()
    found = RawMail.objects.latest("pk").ticket
    assert found is not None
    return found


def test_nothing_is_fetched_before_the_press(
    stage: Cast, ticket: Ticket, elsewhere: Listener, live_server: LiveServer, page: Page
) -> None:
    """C23, C25."""
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.get_by_text("Show the mail as it was sent").click()
    frame = page.frame_locator("iframe.letter__frame")
    expect(frame.get_by_text("Please look")).to_be_visible()
    page.wait_for_timeout(500)
    assert elsewhere.asked == []
    page.get_by_text("About the mail").click()
    check_accessible(page, "a mail")
    stand_at(page, PHONE)
    check_accessible(page, "a mail on a telephone")
    page.get_by_role("link", name="Load pictures").click()
    expect(frame.locator("img[src]")).to_have_js_property("naturalWidth", 1)
    assert [path for path, _header in elsewhere.asked] == ["/img"]
    (_path, header) = elsewhere.asked[0]
    assert "cookie" not in header
    assert "referer" not in header
    expect(page.get_by_role("heading", name="Look").first).to_be_visible()  # the page itself stayed
    expect(page.locator(".letter__bar")).to_be_hidden()  # what it asked is answered
    expect(page.locator("iframe.letter__frame")).to_be_focused()


LONG = "(GMT+01:00)\u00a0Bruxelles/Copenhague/Madrid/Paris/" + "Amsterdam" * 12


@pytest.fixture
def long_words(stage: Cast, settle: Callable[[], None]) -> Ticket:
    """A mail whose words are longer than a telephone is wide."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Svetlana <{stage.svetlana.email}>", "hosting@desk.example"
    mail["Subject"] = "Long"
    mail.set_content(f"{LONG}\n\n> {LONG}\n")
    take(bytes(mail), sender="", recipients=["hosting@desk.example"], source="smtp")
    settle()
    found = RawMail.objects.latest("pk").ticket
    assert found is not None
    note(actor(stage.anna), found, Draft(text=LONG), via="web")
    return found


def test_long_words_do_not_widen_the_feed(
    stage: Cast, long_words: Ticket, live_server: LiveServer, browser: Browser
) -> None:
    for person, side in ((stage.anna, ""), (stage.svetlana, "/portal")):
        page = browser.new_page()
        stand_at(page, PHONE)
        sign_in(page, live_server.url, person)
        page.goto(f"{live_server.url}{side}/tickets/{long_words.number}/")
        page.get_by_text("Show the quote").click()
        expect(page.locator(".msg blockquote")).to_be_visible()
        wide = (
            "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.className)"
        )
        for parts in (".feed", ".msg", ".msg__body", ".msg blockquote"):
            assert page.locator(parts).evaluate_all(wide) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.close()
