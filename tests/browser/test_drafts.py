"""Drafts of an agent: marked as hidden until confirmed, typed in two windows, with files pasted and dropped."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.models import KeptDraft, Message, PendingMessage, Ticket
from tests.browser.stories import (
    DESKTOP,
    PHONE,
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, open_by

# Hands a small picture to an element, as the clipboard or the mouse does.
HAND_OVER = """([selector, kind, name]) => {
  const held = new DataTransfer();
  held.items.add(new File(['a picture'], name, { type: "image/png", lastModified: Math.random() * 1e12 }));
  const init = { bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent("paste", { ...init, clipboardData: held })
    : new DragEvent("drop", { ...init, dataTransfer: held });
  document.querySelector(selector).dispatchEvent(event);
  return event.defaultPrevented;
}"""
STATE = "#composer [data-draft-state]"
ELSEWHERE = "#composer [data-elsewhere]"


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 30


@pytest.fixture
def ticket(stage: Cast) -> Ticket:
    return open_by(stage.svetlana, stage.hosting)


def open_ticket(page: Page, server: LiveServer, cast: Cast, ticket: Ticket) -> None:
    sign_in(page, server.url, cast.anna)
    page.goto(f"{server.url}/tickets/{ticket.number}/")
    expect(page.locator("#text")).to_be_visible()


@pytest.mark.parametrize("again", ["reload", "device", "storage", "session"])
def test_a_text_typed_as_hidden_comes_back_as_hidden(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, browser: Browser, again: str
) -> None:
    open_ticket(page, live_server, stage, ticket)
    page.keyboard.press("KeyH")
    if again == "storage":  # the desk never hears of it: only this browser has the text
        page.route("**/drafts/", lambda route: route.abort())
    page.keyboard.type("They do not pay")
    page.locator("#composer .mode", has_text="Reply").click()
    if again == "storage":
        expect(page.locator(STATE)).to_contain_text("in this browser")
    else:
        page.locator("#text").press("Control+Enter")
        expect(page.locator("#composer [data-asks]")).to_contain_text("typed as a hidden comment")
    if again == "session":
        page.context.clear_cookies(name="firstline_session")
    if again == "device":
        page = browser.new_context().new_page()
        open_ticket(page, live_server, stage, ticket)
    elif again == "session":
        open_ticket(page, live_server, stage, ticket)
    else:
        page.reload()
    expect(page.locator("#text")).to_have_value("They do not pay")
    expect(page.locator("#composer [value=hidden]")).to_be_checked()
    page.locator("#composer .mode", has_text="Reply").click()
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#composer [data-asks]")).to_be_visible()
    assert not PendingMessage.objects.exists()
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".msg--queued")).to_contain_text("They do not pay")
    if again == "device":
        page.context.close()


def test_a_reply_that_is_made_a_hidden_comment_comes_back_as_one(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page
) -> None:
    open_ticket(page, live_server, stage, ticket)
    page.locator("#text").fill("They do not pay")
    expect(page.locator(STATE)).to_have_text("Draft kept")
    page.locator("#composer .mode", has_text="Hidden comment").click()
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.locator("#composer [value=hidden]")).to_be_checked()
    page.locator("#composer .mode", has_text="Reply").click()
    page.locator("#text").press("Control+Enter")
    expect(page.locator("#composer [data-asks]")).to_be_visible()
    assert not PendingMessage.objects.exists()


def test_two_windows_of_one_ticket(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page
) -> None:
    open_ticket(page, live_server, stage, ticket)
    page.locator("#text").fill("Hello.")
    expect(page.locator(STATE)).to_have_text("Draft kept")
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.locator("#text")).to_have_value("Hello.")
    second.locator("#text").fill("Hello. Of the second.")
    expect(second.locator(STATE)).to_have_text("Draft kept")
    page.locator("#text").fill("Hello. Of the first.")
    told = page.locator(ELSEWHERE)
    expect(told).to_contain_text("changed in another window")
    expect(told.locator("blockquote")).to_have_text("Hello. Of the second.")
    expect(page.locator("#text")).to_have_value("Hello. Of the first.")
    check_accessible(page, "two texts")
    second.close()

    # Undecided, both are there after a reload, and in any other window.
    page.reload()
    expect(page.locator("#text")).to_have_value("Hello. Of the second.")
    expect(told.locator("blockquote")).to_have_text("Hello. Of the first.")
    page.reload()
    expect(told.locator("blockquote")).to_have_text("Hello. Of the first.")
    told.get_by_role("button", name="Take both").click()
    both = "Hello. Of the first.\n\nHello. Of the second."
    expect(page.locator("#text")).to_have_value(both)
    expect(page.locator(STATE)).to_have_text("Draft kept")
    page.reload()
    expect(page.locator("#text")).to_have_value(both)
    expect(told).to_be_hidden()
    assert KeptDraft.objects.get().text == both


@pytest.mark.parametrize(
    ("choice", "text"),
    [("Take the other", "Of the second"), ("Keep mine", "Of the first")],
)
def test_one_of_two_texts_is_chosen(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, choice: str, text: str
) -> None:
    open_ticket(page, live_server, stage, ticket)
    second = page.context.new_page()
    second.goto(page.url)
    second.locator("#text").fill("Of the second")
    expect(second.locator(STATE)).to_have_text("Draft kept")
    second.close()
    page.locator("#text").fill("Of the first")
    page.locator(ELSEWHERE).get_by_role("button", name=choice).click()
    expect(page.locator(STATE)).to_have_text("Draft kept")
    expect(page.locator("#text")).to_have_value(text)
    page.locator("#text").press("End")
    page.keyboard.type(", and on")
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.locator("#text")).to_have_value(f"{text}, and on")
    expect(page.locator(ELSEWHERE)).to_be_hidden()


@in_each_language
@pytest.mark.parametrize("width", [DESKTOP, 390])
def test_a_colleague_answers_meanwhile(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    browser: Browser,
    complaints: list[str],
    settings: Any,
    language: str,
    width: int,
) -> None:
    settings.UNDO_SECONDS = 0
    speak(stage.anna, language)
    stand_at(page, width)
    open_ticket(page, live_server, stage, ticket)
    page.locator("#text").fill("Restart it.")
    colleague = browser.new_context().new_page()
    sign_in(colleague, live_server.url, stage.supervisor)
    colleague.goto(page.url)
    colleague.locator("#text").fill("It is restarted.")
    colleague.locator("#text").press("Control+Enter")
    expect(colleague.locator(".msg[data-kind=out]")).to_contain_text("It is restarted.")
    colleague.context.close()

    page.locator("#text").press("Control+Enter")
    told = page.locator("#composer .banner[data-tone=warn]:visible")
    words = {"ru": "Коллега ответил", "bg": "Колега отговори", "en": "A colleague answered"}
    expect(told).to_contain_text(words[language])
    expect(told).to_contain_text("It is restarted.")
    expect(page.locator("#text")).to_have_value("Restart it.")
    check_accessible(page, "a colleague answered")
    assert not Message.objects.filter(author=stage.anna).exists()
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".msg[data-kind=out]").last).to_contain_text("Restart it.")


@everywhere
def test_files_are_pasted_and_dropped(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    settings: Any,
    width: int,
) -> None:
    settings.UNDO_SECONDS = 0
    stand_at(page, width)
    open_ticket(page, live_server, stage, ticket)
    files = page.locator("#composer [data-file-list] li")
    assert page.evaluate(HAND_OVER, ["#text", "paste", "image.png"])
    expect(files).to_have_count(1)
    assert page.evaluate(HAND_OVER, ["#text", "paste", "image.png"])
    assert page.evaluate(HAND_OVER, ["#text", "drop", "plan.png"])
    assert page.evaluate(HAND_OVER, [".feed", "drop", "second plan.png"])
    expect(files).to_have_count(4)
    assert page.evaluate(
        HAND_OVER, ["header", "drop", "beside.png"]
    )  # not opened in place of the desk
    files.nth(1).get_by_role("button").click()
    expect(files).to_have_count(3)
    check_accessible(page, "files chosen")
    page.locator("#text").fill(" ")
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".errors")).to_be_visible()
    expect(files).to_have_count(3)
    page.locator("#text").fill("See the pictures.")
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".msg[data-kind=out]")).to_contain_text("See the pictures.")
    expect(files).to_have_count(0)
    names = [
        one.file.name for one in Message.objects.get(author=stage.anna).attachments.order_by("pk")
    ]
    assert names[0].startswith("screenshot-2")
    assert names[1:] == ["plan.png", "second plan.png"]


def test_files_in_the_window_of_resolving(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page
) -> None:
    stand_at(page, PHONE)
    open_ticket(page, live_server, stage, ticket)
    page.get_by_role("button", name="Resolve", exact=True).press("Enter")
    window = page.locator("#resolve")
    assert page.evaluate(HAND_OVER, ["#resolve-text", "paste", "image.png"])
    assert page.evaluate(HAND_OVER, ["#resolve", "drop", "plan.png"])
    expect(window.locator("[data-file-list] li")).to_have_count(2)
    expect(page.locator("#composer [data-file-list] li")).to_have_count(0)
    window.locator("[data-file-list] button").first.click()
    expect(window.locator("[data-file-list] li")).to_have_count(1)
    expect(window.locator("[data-file-list] li")).to_contain_text("plan.png")
    check_accessible(page, "window with files")
