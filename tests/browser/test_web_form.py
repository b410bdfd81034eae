"""A form on somebody else's site, confirmed by mail (cap 151); portals with a look of their own (cap 106)."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people import portals
from firstline.people.actions.portals import Look, change_portal
from firstline.tickets.models import Request, Ticket, WebForm
from tests.browser.stories import (
    PHONE,
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by
from tests.doors import Sink
from tests.web.forms import WORDS, letters, link_in, make

HOSTILE = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
AWKWARD = ("#ffff66", "#05050f")
FIELDS = ("name", "email", "phone", "subject", "text")
Settle = Callable[[], None]


@pytest.fixture
def form(stage: Cast, live_server: LiveServer, settings: Any) -> WebForm:
    """A form of hosting on a desk whose public address is the server of the test."""
    settings.PUBLIC_URL = live_server.url
    intros = {"ru": "Ответим за день.", "bg": "Отговаряме за ден.", "en": "We answer in a day."}
    return make(stage.hosting, intros=intros)


@pytest.fixture
def site(live_server: LiveServer) -> Iterator[Callable[[str], str]]:
    """Another site, on a host and port of its own; its pages hold what they are asked for."""
    pages: dict[str, str] = {}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())

        def log_message(self, *arguments: object) -> None:
            """Keep the output of the tests quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def publish(page: str) -> str:
        path = f"/{len(pages)}.html"
        pages[path] = page
        return f"http://127.0.0.1:{server.server_port}{path}"

    yield publish
    server.shutdown()
    server.server_close()


def page_with(form: WebForm, url: str, language: str) -> str:
    """Somebody's page with our line in it."""
    line = f'<script src="{url}/forms/{form.key}.js" async></script>'
    return (
        f'<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">'
        f"<title>Shop</title><h1>Shop</h1><div>{line}</div><p id=below>Below</p></html>"
    )


def fill(place: Page | FrameLocator, **words: str) -> None:
    """Type into all fields, as slowly as a person."""
    for name in FIELDS:
        place.locator(f"#{name}").fill({**WORDS, **words}[name])
    place.locator("#send").evaluate("() => new Promise(done => setTimeout(done, 2100))")
    place.locator("#send").click()


@everywhere
@in_each_language
def test_a_visitor_of_another_site_writes_and_an_agent_reads_it(
    stage: Cast,
    form: WebForm,
    site: Callable[[str], str],
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    settle: Settle,
    sink: Sink,
    language: str,
    width: int,
) -> None:
    stand_at(page, width)
    page.goto(site(page_with(form, live_server.url, language)))
    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("lang", language)
    expect(frame.locator("h1")).to_have_text(form.names[language])
    frame.locator("#send").click()
    expect(frame.locator(".errors")).to_be_focused()
    expect(frame.locator(".errors")).to_be_in_viewport(ratio=1)
    expect(frame.locator("#email")).to_have_attribute("aria-invalid", "true")
    grown = "document.documentElement.scrollHeight <= innerHeight + 1"
    page.wait_for_timeout(300)
    assert frame.locator("main").evaluate(f"() => {grown}"), "the frame did not grow"
    fill(frame)
    expect(frame.locator("main")).to_contain_text(WORDS["email"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Ticket.objects.count() == 0
    settle()
    (letter,) = letters(sink)
    page.goto(f"{live_server.url}{link_in(letter)}?language={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("main")).to_contain_text(WORDS["text"])
    check_accessible(page, "confirmation")
    page.locator("main form [type=submit]").click()
    expect(page.locator("main form")).to_have_count(0)
    ticket = Ticket.objects.get()
    expect(page.locator("main")).to_contain_text(ticket.number)
    check_accessible(page, "confirmed")
    speak(stage.anna, language)
    sign_in(page, live_server.url, stage.anna)
    expect(page.locator("main")).to_contain_text(WORDS["subject"])


def test_the_link_works_without_javascript(
    stage: Cast,
    form: WebForm,
    live_server: LiveServer,
    browser: Browser,
    settle: Settle,
    sink: Sink,
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/forms/{form.key}/")
    for name in FIELDS:
        page.locator(f"#{name}").fill(WORDS[name])
    page.wait_for_timeout(2100)
    page.locator("#email").fill("no address")
    page.locator("#send").click()
    expect(page.locator("#text")).to_have_value(WORDS["text"])
    expect(page.locator("#email-error")).to_be_visible()
    page.locator("#email").fill(WORDS["email"])
    page.wait_for_timeout(2100)
    page.locator("#send").press("Enter")
    expect(page.locator("main")).to_contain_text(WORDS["email"])
    settle()
    page.goto(f"{live_server.url}{link_in(letters(sink)[0])}")
    page.locator("main form [type=submit]").click()
    expect(page.locator("main")).to_contain_text(Ticket.objects.get().number)
    context.close()


def test_a_corrected_address_after_going_back_is_sent(
    stage: Cast, form: WebForm, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    """Whether the browser shows the old page or asks for a fresh one."""
    page.goto(f"{live_server.url}/forms/{form.key}/")
    fill(page, email="mraia@mail.example")
    expect(page.locator("main")).to_contain_text("mraia@mail.example")
    page.go_back()
    fill(page)
    expect(page.locator(".errors").or_(page.get_by_text(WORDS["email"])).first).to_be_visible()
    if page.locator(".errors").count():
        expect(page.locator("#text")).to_have_value(WORDS["text"])
        page.wait_for_timeout(2100)
        page.locator("#send").click()
    expect(page.locator("main")).to_contain_text(WORDS["email"])
    assert sorted(Request.objects.values_list("email", flat=True)) == [
        "maria@mail.example",
        "mraia@mail.example",
    ]


def test_nothing_that_is_typed_runs_anywhere(
    stage: Cast,
    form: WebForm,
    site: Callable[[str], str],
    live_server: LiveServer,
    page: Page,
    settle: Settle,
    sink: Sink,
) -> None:
    """C20, C21: in the frame, on the page that confirms, and at the agent's."""
    form.names = form.intros = dict.fromkeys(("ru", "bg", "en"), HOSTILE)
    form.save()
    page.goto(site(page_with(form, live_server.url, "en")))
    frame = page.frame_locator("iframe")
    fill(frame, name=HOSTILE, subject=HOSTILE, text=HOSTILE, phone=HOSTILE[:40])
    expect(frame.locator("main")).to_contain_text(WORDS["email"])
    settle()
    page.goto(f"{live_server.url}{link_in(letters(sink)[0])}")
    expect(page.locator("main")).to_contain_text(HOSTILE)
    assert page.evaluate("window.hit") is None
    page.locator("main form [type=submit]").click()
    expect(page.locator("main h1")).to_be_visible()
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{Ticket.objects.get().number}/")
    expect(page.locator("#subject, h1").first).to_be_visible()
    assert page.evaluate("window.hit") is None


@everywhere
@pytest.mark.parametrize("colour", AWKWARD)
def test_a_portal_in_an_awkward_colour_can_be_read(
    stage: Cast, form: WebForm, live_server: LiveServer, page: Page, colour: str, width: int
) -> None:
    look = Look(
        name="Производственное объединение «Берёзовские корма»",
        colour=colour,
        contacts={"en": "Support: +44 7700 900185, weekdays 08:00–18:00, and by mail"},
        privacy_url="https://agro.example/privacy",
    )
    change_portal(actor(stage.administrator), portals.own(), look, via="web")
    ticket = open_by(stage.svetlana, stage.hosting)
    stand_at(page, width)
    for path in ("/sign-in/", f"/forms/{form.key}/", f"/forms/{form.key}/?embedded=1"):
        page.goto(f"{live_server.url}{path}")
        used = page.evaluate("getComputedStyle(document.body).getPropertyValue('--accent')")
        assert "#0a6074" not in used
        check_accessible(page, path)
    sign_in(page, live_server.url, stage.svetlana)
    for path in ("/portal/", f"/portal/tickets/{ticket.number}/"):
        page.goto(f"{live_server.url}{path}")
        check_accessible(page, path)


@in_each_language
def test_on_a_phone_every_section_can_be_seen_and_pressed(
    stage: Cast, live_server: LiveServer, page: Page, language: str
) -> None:
    speak(stage.svetlana, language)
    stand_at(page, PHONE)
    sign_in(page, live_server.url, stage.svetlana)
    links = page.locator(".portal-bar nav a")
    assert links.count() >= 3
    for place in range(links.count()):
        box = links.nth(place).bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE
    expect(page.locator(".portal-bar nav [aria-current]")).to_have_count(1)
    names = [links.nth(place).get_attribute("href") or "" for place in range(links.count())]
    for path in names:
        page.goto(f"{live_server.url}{path}")
        current = page.locator(".portal-bar nav [aria-current=page]")
        expect(current).to_have_attribute("href", path)


@everywhere
def test_the_settings_are_accessible(
    stage: Cast, form: WebForm, live_server: LiveServer, page: Page, width: int
) -> None:
    stand_at(page, width)
    sign_in(page, live_server.url, stage.administrator)
    portal = portals.own().pk
    for path in (
        "/settings/portals/",
        f"/settings/portals/{portal}/",
        "/settings/forms/",
        "/settings/forms/new/",
        f"/settings/forms/{form.pk}/",
    ):
        page.goto(f"{live_server.url}{path}")
        check_accessible(page, path)
    page.locator("[name=name_en]").fill("Another name")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Another name")).to_be_visible()
