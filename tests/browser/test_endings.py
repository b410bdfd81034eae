"""How a ticket ends: by an answer and once, with a way back; and where those stand that wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, PendingMessage, Ticket
from tests.browser.stories import (
    DESKTOP,
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by, resolve_by

TEXT = "The certificate was renewed."
PLACES = {
    "ru": ("Мои в ожидании", "Отложены", "Ждут клиента"),
    "bg": ("Мои в изчакване", "Отложени", "Чакат клиента"),
    "en": ("Mine, waiting", "Deferred", "For the customer"),
}
ASKS = {
    "ru": ("Закрыть заявку", "Закрыть заявку?"),
    "bg": ("Затвори заявката", "Да се затвори ли заявката?"),
    "en": ("Close the ticket", "Close the ticket?"),
}


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 30


@pytest.fixture
def ticket(stage: Cast) -> Ticket:
    return open_by(stage.svetlana, stage.hosting)


def phase(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).phase


def test_of_two_open_windows_the_second_keeps_its_text(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, browser: Browser
) -> None:
    other = browser.new_context(viewport={"width": DESKTOP, "height": 900}).new_page()
    stand_at(page, DESKTOP)
    for window, person in ((page, stage.anna), (other, stage.supervisor)):
        sign_in(window, live_server.url, person)
        window.goto(f"{live_server.url}/tickets/{ticket.number}/")
        window.keyboard.press("KeyS")
        expect(window.locator("#resolve-text")).to_be_focused()
    page.keyboard.type(TEXT)
    other.keyboard.type("It works again.")
    other.keyboard.press("Control+Enter")
    other.locator(".msg--queued").get_by_role("button", name="Send now").press("Enter")
    expect(other.locator(".ticket__head .status")).to_have_attribute("data-phase", "resolved")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_contain_text("Already resolved by Старшая Смирнова")
    expect(page.locator("#text")).to_have_value(TEXT)
    check_accessible(page, "resolved already")
    page.reload()
    expect(page.locator("#text")).to_have_value(TEXT)
    assert phase(ticket) == "resolved"
    assert not Message.objects.filter(author=stage.anna).exists()
    other.context.close()


def test_resolved_in_the_menu_of_statuses_opens_the_window(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page
) -> None:
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.keyboard.press("KeyV")
    page.locator("#moves").get_by_role("button", name="Resolved").press("Enter")
    expect(page.locator("#resolve-text")).to_be_focused()
    assert phase(ticket) == "new"


@in_each_language
def test_closing_is_taken_back_with_the_button_and_the_key(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], language: str
) -> None:
    first = open_by(stage.svetlana, stage.equipment, "The lamp")
    open_by(stage.svetlana, stage.equipment, "The door")
    speak(stage.boris, language)
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.boris)
    page.goto(f"{live_server.url}/tickets/{first.number}/")
    page.keyboard.press("KeyD")
    toast = page.locator(".toast[data-toast]")
    expect(toast).to_contain_text(first.number)
    expect(page.locator("#subject")).to_have_text("The door")
    check_accessible(page, "about to close")
    page.keyboard.press("Control+KeyZ")
    expect(page.locator("#subject")).to_have_text("The lamp")
    expect(page.locator("#ticket [data-pending]")).to_have_count(0)
    assert not PendingMessage.objects.filter(state="waiting").exists()
    page.keyboard.press("KeyD")
    expect(page.locator("#subject")).to_have_text("The door")
    page.goto(f"{live_server.url}/tickets/{first.number}/")
    check_accessible(page, "about to close, on its page")
    page.locator("#ticket [data-pending] [data-undo]").click()
    expect(page.locator("#ticket [data-pending]")).to_have_count(0)
    assert phase(first) == "new"


@in_each_language
@everywhere
def test_one_place_lists_what_waits_of_mine(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    asked, later = (open_by(stage.svetlana, stage.hosting, name) for name in ("Asked", "Later"))
    for one in (asked, later):
        claim(actor(stage.anna), one, via="web")
    reply(actor(stage.anna), asked, Draft("Which browser?"), via="web")
    until = timezone.now() + timedelta(days=3)
    move(actor(stage.anna), later, "needs-clarification", via="web", until=until)
    speak(stage.anna, language)
    place, deferred, customer = PLACES[language]
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    expect(page.locator(".ticket-row")).to_have_count(0)
    page.locator(".views").get_by_role("link", name=place).click()
    expect(page.locator(".ticket-row")).to_contain_text(["Asked"])
    expect(page.locator(".views").get_by_role("link", name=customer)).to_contain_text("1")
    check_accessible(page, "waiting for the customer")
    page.locator(".views").get_by_role("link", name=deferred).click()
    expect(page.locator(".ticket-row")).to_contain_text(["Later"])
    check_accessible(page, "deferred")
    page.locator(".ticket-row__subject").click()
    expect(page.locator("#subject")).to_have_text("Later")
    page.goto(f"{live_server.url}/tickets/")
    page.keyboard.press("KeyG")
    page.keyboard.press("KeyW")
    page.wait_for_url("**/waiting/customer/")


@in_each_language
@everywhere
def test_the_portal_asks_before_it_closes_for_good(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    resolve_by(stage.anna, ticket)
    speak(stage.svetlana, language)
    close, asks = ASKS[language]
    stand_at(page, width)
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}/portal/tickets/{ticket.number}/")
    page.get_by_role("button", name=f"{close}…").press("Enter")
    window = page.get_by_role("dialog", name=asks)
    expect(window).to_be_visible()
    check_accessible(page, "asks before closing")
    window.get_by_role("button").first.press("Enter")
    expect(window).to_be_hidden()
    assert phase(ticket) == "resolved"
    page.get_by_role("button", name=f"{close}…").press("Enter")
    window.get_by_role("button", name=close).press("Enter")
    expect(page.locator("[data-phase=closed]").first).to_be_visible()
    assert phase(ticket) == "closed"


def test_without_scripts_the_portal_asks_as_well(
    stage: Cast, ticket: Ticket, live_server: LiveServer, browser: Browser
) -> None:
    resolve_by(stage.anna, ticket)
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(f"{live_server.url}/portal/tickets/{ticket.number}/")
    page.locator("#answer summary").click()
    page.locator("#text").fill("Thank you")
    page.get_by_role("button", name="Close the ticket…").click()
    page.get_by_role("dialog").get_by_role("button", name="Close the ticket").click()
    expect(page.locator(".msg").last).to_contain_text("Thank you")
    assert phase(ticket) == "closed"
    page.context.close()
