"""A new ticket in a real browser: fields that appear, files by three ways, drafts, refusals, keys."""

from collections.abc import Callable

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.records.models import Equipment, ServiceObject
from firstline.tickets.models import Ticket, TicketType
from tests.browser.stories import (
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast
from tests.web.portal.filling import repair

NEW = "/portal/tickets/new/"
HAND_OVER = """([how, name]) => {
  const held = new DataTransfer();
  held.items.add(new File(["x".repeat(2000)], name, { type: "image/png" }));
  const event = how === "drop" ? new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true });
  document.querySelector(how === "drop" ? "[data-drop]" : "#text").dispatchEvent(event);
}"""


@pytest.fixture
def kind(stage: Cast) -> TicketType:
    """A type of hosting with fields of its own, and a second site with another machine."""
    site = ServiceObject.objects.create(name="Корпус 6", company=stage.orbita)
    Equipment.objects.create(model="ВО-7", serial="1187", company=stage.orbita, site=site)
    return repair(stage)


def send_button(page: Page) -> Locator:
    return page.locator("#new-ticket button[type=submit]:visible")


def choose(page: Page, cast: Cast, kind: TicketType) -> None:
    """Choose the department and the type, and wait for the fields that come with it."""
    page.locator("#department").select_option(str(cast.hosting.pk))
    page.locator("#type").select_option(str(kind.pk))
    expect(page.locator("[id='details.model']")).to_be_visible()


def fill(page: Page) -> None:
    """What is typed by hand."""
    page.locator("#callback_phone").fill("+7 900 000-55-20")
    page.locator("#subject").fill("The site is slow")
    page.locator("#text").fill("Since yesterday")


@in_each_language
@everywhere
def test_a_ticket_with_all_that_belongs_to_it(
    stage: Cast,
    kind: TicketType,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.svetlana, language)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}{NEW}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_accessible(page, "empty")
    expect(page.locator("#equipment option")).to_have_count(3)
    choose(page, stage, kind)
    page.locator("[id='details.state']").select_option("hot")
    page.locator("#object").select_option(str(stage.site.pk))
    expect(page.locator("#equipment option")).to_have_count(2)
    page.locator("#equipment").select_option(str(stage.machine.pk))
    fill(page)
    page.locator("#subject").fill("")
    log: FilePayload = {"name": "журнал.log", "mimeType": "text/plain", "buffer": b"502"}
    film: FilePayload = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 10_500_000}
    page.locator("#files").set_input_files([log, film])
    expect(page.locator("[data-file-refusals]")).to_contain_text("film.mp4 (10")
    page.evaluate(HAND_OVER, ["drop", "чертёж.png"])
    page.evaluate(HAND_OVER, ["paste", "image.png"])
    expect(page.locator("[data-file-list] li")).to_have_count(3)
    with translation.override(language):
        pasted = gettext("screenshot")
    expect(page.locator("[data-file-list] li").last).to_contain_text(f"{pasted}-2")
    send_button(page).click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".errors li")).to_have_count(2)
    check_accessible(page, "refused")
    expect(page.locator("#text")).to_have_value("Since yesterday")
    expect(page.locator("#equipment")).to_have_value(str(stage.machine.pk))
    expect(page.locator("[id='details.state']")).to_have_value("hot")
    expect(page.locator("[data-file-list] li")).to_have_count(3)
    page.locator(".errors a").first.click()
    expect(page.locator("[id='details.model']")).to_be_focused()
    page.keyboard.type("МК-8")
    page.locator("#subject").fill("The site is slow")
    page.locator("[data-file-list] button").nth(1).click()
    expect(page.locator("[data-file-list] li")).to_have_count(2)
    send_button(page).click()
    page.wait_for_url(f"{live_server.url}/portal/?new=*")
    ticket = Ticket.objects.get()
    expect(page.locator("[role=status]").first).to_contain_text(ticket.number)
    assert page.url.endswith(ticket.number)
    assert (ticket.equipment, ticket.object) == (stage.machine, stage.site)
    assert ticket.details == {"model": "МК-8", "state": "hot"}
    names = [one.file.name for one in ticket.messages.get().attachments.select_related("file")]
    assert names[0] == "журнал.log"
    assert names[1].startswith(f"{pasted}-2")
    page.goto(f"{live_server.url}{NEW}")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("[data-draft-note]")).to_be_hidden()


def test_a_closed_tab_loses_nothing_and_a_draft_is_its_persons(
    stage: Cast, kind: TicketType, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}{NEW}")
    choose(page, stage, kind)
    page.locator("[id='details.model']").fill("МК-8")
    page.locator("#object").select_option(str(stage.site.pk))
    expect(page.locator("#equipment option")).to_have_count(2)
    fill(page)
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(f"{live_server.url}{NEW}")
    expect(again.locator("[data-draft-note]")).to_be_visible()
    expect(again.locator("[id='details.model']")).to_have_value("МК-8")
    expect(again.locator("#type")).to_have_value(str(kind.pk))
    expect(again.locator("#object")).to_have_value(str(stage.site.pk))
    expect(again.locator("#equipment option")).to_have_count(2)
    expect(again.locator("#text")).to_have_value("Since yesterday")
    expect(again.locator("#callback_name")).to_have_value("Светлана Иванова")
    context.clear_cookies()
    sign_in(again, live_server.url, stage.pyotr)
    again.goto(f"{live_server.url}{NEW}")
    expect(again.locator("#text")).to_have_value("")
    expect(again.locator("[data-draft-note]")).to_be_hidden()
    context.clear_cookies()
    sign_in(again, live_server.url, stage.svetlana)
    again.goto(f"{live_server.url}{NEW}")
    expect(again.locator("#text")).to_have_value("Since yesterday")
    again.locator("[data-draft-discard]").click()
    expect(again.locator("#text")).to_have_value("")
    expect(again.locator("[id='details.model']")).to_have_count(0)
    expect(again.locator("#callback_name")).to_have_value("Светлана Иванова")
    again.reload()
    expect(again.locator("[data-draft-note]")).to_be_hidden()
    expect(again.locator("#text")).to_have_value("")


def test_without_javascript(
    stage: Cast, kind: TicketType, live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}{NEW}")
    page.locator("#department").select_option(str(stage.hosting.pk))
    page.locator("#type").select_option(str(kind.pk))
    fill(page)
    page.get_by_role("button", name="Show the fields of this type").click()
    expect(page.locator("#text")).to_have_value("Since yesterday")
    page.locator("#files").set_input_files(
        {"name": "a.log", "mimeType": "text/plain", "buffer": b"502"}
    )
    page.locator("#subject").press("Enter")
    expect(page.locator(".errors a")).to_have_count(1)
    expect(page.locator("#files-hint b")).to_be_visible()
    page.locator("[id='details.model']").fill("МК-8")
    expect(page.locator("#files")).to_be_visible()
    page.locator("#files").set_input_files(
        {"name": "a.log", "mimeType": "text/plain", "buffer": b"502"}
    )
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(f"{live_server.url}/portal/?new=*")
    ticket = Ticket.objects.get()
    assert ticket.details == {"model": "МК-8"}
    assert ticket.messages.get().attachments.count() == 1
    context.close()


def test_with_the_keyboard_alone(
    stage: Cast, kind: TicketType, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}{NEW}")

    def walk_to(field: str) -> None:
        """Press Tab until the field has the focus."""
        for _step in range(40):
            if page.evaluate("document.activeElement.id") == field:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way to {field}")

    walk_to("department")
    page.keyboard.type("Hosting")
    walk_to("type")
    page.keyboard.type("Repair")
    expect(page.locator("[id='details.model']")).to_be_visible()
    for field, words in (
        ("details.model", "MK-8"),
        ("callback_phone", "+7 900 000-55-20"),
        ("subject", "Slow"),
        ("text", "Since yesterday"),
    ):
        walk_to(field)
        page.keyboard.type(words)
    walk_to("files")
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    page.locator("#text").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"{live_server.url}/portal/?new=*")
    assert Ticket.objects.get().details == {"model": "MK-8"}


def test_a_session_that_ended_and_a_network_that_failed_lose_nothing(
    stage: Cast, kind: TicketType, live_server: LiveServer, page: Page
) -> None:
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}{NEW}")
    choose(page, stage, kind)
    page.locator("[id='details.model']").fill("МК-8")
    fill(page)
    page.context.set_offline(True)
    send_button(page).click()
    expect(page.locator("[data-not-sent]")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Since yesterday")
    page.context.set_offline(False)
    page.context.clear_cookies(name="firstline_session")
    send_button(page).click()
    expect(page.locator("#kept")).to_have_value("Since yesterday")
    expect(page.locator("#kept-subject")).to_have_value("The site is slow")
    other = page.context.new_page()
    sign_in(other, live_server.url, stage.svetlana)
    for _press in range(2):  # the first one finds that signing in has changed the form's secret
        page.locator("main button[type=submit]").click()
        page.wait_for_load_state()
        if "new=" in page.url:
            break
    page.wait_for_url(f"{live_server.url}/portal/?new=*")
    ticket = Ticket.objects.get()
    assert (ticket.details, ticket.type) == ({"model": "МК-8"}, kind)


def test_pressed_twice_it_is_one_ticket(
    stage: Cast, live_server: LiveServer, page: Page, settle: Callable[[], None]
) -> None:
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}{NEW}")
    page.locator("#department").select_option(str(stage.hosting.pk))
    fill(page)
    send_button(page).dblclick()
    page.wait_for_url(f"{live_server.url}/portal/?new=*")
    assert Ticket.objects.count() == 1
