"""What an agent says: the windows, taking it back, a customer who writes meanwhile, drafts that stay."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.actions import pending
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import KeptDraft, Message, PendingMessage, Ticket
from tests.browser.stories import (
    DESKTOP,
    PHONE,
    check_accessible,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by

WORDS = {
    "ru": ("Решить", "Отправить и решить", "Отменить", "Отправить сейчас", "Сохранить скрыто"),
    "bg": ("Реши", "Изпрати и реши", "Върни", "Изпрати сега", "Запиши скрито"),
    "en": ("Resolve", "Send and resolve", "Undo", "Send now", "Save hidden"),
}


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 30


@pytest.fixture
def ticket(stage: Cast) -> Ticket:
    return open_by(stage.svetlana, stage.hosting)


def open_ticket(page: Page, server: LiveServer, cast: Cast, ticket: Ticket) -> None:
    """Anna at the ticket, with nothing in her hands."""
    sign_in(page, server.url, cast.anna)
    page.goto(f"{server.url}/tickets/{ticket.number}/")
    expect(page.locator("#text")).to_be_visible()


def let_it_leave() -> None:
    """The moment has come, and the worker does its work."""
    PendingMessage.objects.update(due_at=timezone.now())
    pending.sweep()


@in_each_language
def test_resolved_taken_back_and_sent_with_the_keyboard(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
) -> None:
    speak(stage.anna, language)
    stand_at(page, DESKTOP)
    title, send, undo, now, hidden = WORDS[language]
    open_ticket(page, live_server, stage, ticket)
    page.keyboard.press("KeyS")
    window = page.get_by_role("dialog", name=f"{title} {ticket.number}")
    expect(window.locator("textarea")).to_be_focused()
    expect(window).to_contain_text(stage.svetlana.email)
    check_accessible(page, "window of resolving")
    page.keyboard.type("The disk is larger now.")
    page.keyboard.press("Control+Enter")
    expect(window).to_be_hidden()
    expect(page.locator(".msg--queued")).to_contain_text("The disk is larger now.")
    check_accessible(page, "waiting to leave")
    page.locator(".msg--queued").get_by_role("button", name=undo).press("Enter")
    expect(window.locator("textarea")).to_have_value("The disk is larger now.")
    expect(page.locator(".msg--queued")).to_have_count(0)
    assert Message.objects.filter(author=stage.anna).count() == 0
    window.get_by_role("button", name=send).press("Enter")
    page.locator(".msg--queued").get_by_role("button", name=now).press("Enter")
    expect(page.locator(".msg[data-kind=out]")).to_contain_text("The disk is larger now.")
    expect(page.locator(".ticket__head .status")).to_have_attribute("data-phase", "resolved")

    page.keyboard.press("KeyH")
    page.keyboard.type("Ours")
    expect(page.get_by_role("button", name=hidden)).to_be_visible()
    check_accessible(page, "hidden")


def test_the_window_of_comments_on_a_phone(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    stand_at(page, PHONE)
    open_ticket(page, live_server, stage, ticket)
    page.get_by_role("button", name="Comment", exact=True).press("Enter")
    window = page.get_by_role("dialog", name=f"Comment on {ticket.number}")
    expect(window.get_by_role("button", name="Publish for svetlana")).to_be_visible()
    window.locator(".choice--staff").click()
    window.locator("textarea").fill("They do not pay")
    expect(window.get_by_role("button", name="Publish for")).to_be_hidden()
    check_accessible(page, "hidden comment")
    window.get_by_text("The customer, too").click()
    check_accessible(page, "comment")
    window.get_by_role("button", name="Publish for svetlana").click()
    expect(window.get_by_role("alert")).to_contain_text("typed as a hidden comment")
    check_accessible(page, "asks once")
    window.locator(".choice--staff").click()
    window.get_by_role("button", name="Save hidden").click()
    expect(page.locator(".msg[data-kind=hidden]")).to_contain_text("They do not pay")
    assert not PendingMessage.objects.exists()


def test_each_hidden_text_is_asked_about(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page
) -> None:
    stand_at(page, DESKTOP)
    open_ticket(page, live_server, stage, ticket)
    banner = page.locator("#composer [data-asks]")
    for secret in ("SECRET-ONE", "SECRET-TWO"):
        page.locator("#composer .mode", has_text="Hidden comment").click()
        page.locator("#text").fill(secret)
        page.locator("#composer .mode", has_text="Reply").click()
        page.locator("#text").press("Control+Enter")
        expect(banner).to_contain_text("typed as a hidden comment")
        expect(page.locator("#text")).to_have_value(secret)
        page.locator("#text").fill("")
        expect(banner).to_have_count(0)
    assert not PendingMessage.objects.exists()


def test_without_a_network_it_says_that_it_was_not_sent(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page
) -> None:
    open_ticket(page, live_server, stage, ticket)
    page.locator("#text").fill("On my way.")
    expect(page.locator("#composer [data-draft-state]")).to_have_text("Draft kept")
    page.context.set_offline(True)
    expect(page.locator("[data-signal]")).to_be_visible()
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#composer [data-not-sent]")).to_contain_text("there is no connection")
    expect(page.locator("#text")).to_have_value("On my way.")
    page.context.set_offline(False)
    expect(page.locator("[data-signal]")).to_be_hidden()
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".msg--queued")).to_contain_text("On my way.")


def test_it_leaves_by_itself_and_the_toast_goes_along(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    settings: Any,
) -> None:
    other = open_by(stage.svetlana, stage.hosting, "Another one")
    open_ticket(page, live_server, stage, ticket)
    page.locator("#text").fill("On my way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg--queued [data-left]")).to_contain_text("Leaves in")
    page.locator(".ticket-row__subject", has_text="Another one").click()
    expect(page.locator(f"#ticket[data-number={other.number}]")).to_be_visible()
    toast = page.locator(".toast:visible")
    expect(toast).to_contain_text(ticket.number)
    lowest, composer = toast.bounding_box(), page.locator("#composer").bounding_box()
    assert lowest
    assert composer
    assert lowest["y"] + lowest["height"] <= composer["y"]
    check_accessible(page, "toast")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(f"#ticket[data-number={ticket.number}] #text")).to_have_value("On my way.")
    expect(page.locator(".toast:visible")).to_have_count(0)

    settings.UNDO_SECONDS = 2
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".msg--queued")).to_be_visible()
    let_it_leave()
    expect(page.locator(".msg[data-kind=out]:not(.msg--queued)")).to_contain_text("On my way.")
    expect(page.locator(".msg--queued")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("")


def test_the_customer_writes_meanwhile(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, browser: Browser
) -> None:
    open_ticket(page, live_server, stage, ticket)
    page.locator("#text").fill("Restart it.")
    customer = browser.new_page()
    sign_in(customer, live_server.url, stage.svetlana)
    customer.goto(f"{live_server.url}/portal/tickets/{ticket.number}/")
    customer.locator("summary", has_text="Answer").click()
    customer.locator("#text").fill("I have restarted it.")
    customer.get_by_role("button", name="Send the answer").click()
    expect(customer.locator(".msg").last).to_contain_text("I have restarted it.")
    customer.close()

    page.locator("#text").press("Control+Enter")
    expect(page.locator("#composer").get_by_role("alert")).to_contain_text("The customer wrote")
    expect(page.locator(".feed")).to_contain_text("I have restarted it.")
    expect(page.locator("#text")).to_have_value("Restart it.")
    check_accessible(page, "conflict")
    page.get_by_role("button", name="Send as it is").click()
    expect(page.locator(".msg--queued")).to_contain_text("Restart it.")
    reply(actor(stage.svetlana), ticket, Draft("And again."), via="portal")
    let_it_leave()
    page.reload()
    expect(page.locator("[data-unsent]")).to_contain_text("was not sent")
    expect(page.locator("#text")).to_have_value("Restart it.")
    check_accessible(page, "came back")


def test_a_draft_survives_the_tab_the_session_and_the_network(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, browser: Browser
) -> None:
    """C66: another device has it; without network or session the browser keeps it."""
    open_ticket(page, live_server, stage, ticket)
    page.locator("#text").fill("First line")
    expect(page.locator("#composer [data-draft-state]")).to_have_text("Draft kept")
    elsewhere = browser.new_context().new_page()
    open_ticket(elsewhere, live_server, stage, ticket)
    expect(elsewhere.locator("#text")).to_have_value("First line")
    elsewhere.close()

    page.context.set_offline(True)
    page.locator("#text").fill("First line, second line")
    expect(page.locator("#composer [data-draft-state]")).to_contain_text("in this browser")
    page.context.set_offline(False)
    page.context.clear_cookies(name="firstline_session")
    page.locator("#text").fill("First line, second line, third")
    page.wait_for_timeout(600)
    page.goto("about:blank")
    open_ticket(page, live_server, stage, ticket)
    expect(page.locator("#text")).to_have_value("First line, second line, third")
    expect(page.locator("#composer [data-draft-state]")).to_have_text("Draft kept")
    assert KeptDraft.objects.get().text == "First line, second line, third"


def test_without_scripts(
    stage: Cast, ticket: Ticket, live_server: LiveServer, browser: Browser
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    stand_at(page, DESKTOP)
    open_ticket(page, live_server, stage, ticket)
    page.get_by_role("button", name="Resolve").click()
    reply(actor(stage.svetlana), ticket, Draft("Wait."), via="portal")
    page.locator("#resolve-text").fill("Done.")
    page.get_by_role("button", name="Send and resolve").click()
    expect(page.locator("#resolve").get_by_role("alert")).to_contain_text("The customer wrote")
    page.get_by_role("button", name="Send as it is").click()
    page.locator(".msg--queued").get_by_role("button", name="Undo").click()
    expect(page.locator("#resolve-text")).to_have_value("Done.")
    page.get_by_role("button", name="Send and resolve").click()
    page.locator(".msg--queued").get_by_role("button", name="Send now").click()
    expect(page.locator(".ticket__head .status")).to_have_text("Resolved")
    page.context.close()
