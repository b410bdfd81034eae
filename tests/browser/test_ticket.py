"""A customer's ticket in a real browser: answered, looked through, closed, rated and reopened.

In each language, on a desktop and at 360 px, with the keyboard, with and without scripts, and axe.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Message, Rating, Ticket
from tests.browser.stories import (
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by
from tests.files.papers import pdf, picture

# answer, send, close, thanks, change the rating, no, reopen
WORDS = {
    "ru": (
        "Ответить",
        "Отправить ответ",
        "Закрыть заявку",
        "Спасибо, помогло",
        "Изменить оценку",
        "Нет",
        "Открыть снова",
    ),
    "bg": (
        "Отговори",
        "Изпрати отговора",
        "Затвори заявката",
        "Благодаря, помогна",
        "Промени оценката",
        "Не",
        "Отвори отново",
    ),
    "en": (
        "Answer",
        "Send the answer",
        "Close the ticket",
        "Thanks, that helped",
        "Change the rating",
        "No",
        "Reopen the ticket",
    ),
}
SMALL_IS_DRAWN = "at => document.querySelectorAll('.file--seen img')[at].naturalWidth > 0"


@pytest.fixture
def ticket(stage: Cast) -> Ticket:
    """A ticket with a picture and a paper of three pages, answered by Anna."""
    files = [Enclosure("screen.png", picture(1200, 800)), Enclosure("paper.pdf", pdf(3))]
    ticket = open_by(stage.svetlana, stage.hosting, files=files)
    claim(actor(stage.anna), ticket, via="web")
    reply(actor(stage.anna), ticket, Draft("Which browser?"), via="web")
    return ticket


def address(live_server: LiveServer, ticket: Ticket) -> str:
    return f"{live_server.url}/portal/tickets/{ticket.number}/"


def phase(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).phase


@in_each_language
@everywhere
def test_a_ticket_from_answer_to_rating(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    tmp_path: Path,
    language: str,
    width: int,
) -> None:
    answer, send, close, thanks, change, no, reopen = WORDS[language]
    speak(stage.svetlana, language)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(address(live_server, ticket))
    field = page.locator("#text")
    expect(field).to_be_hidden()
    check_accessible(page, "before the answer")

    page.locator("summary", has_text=answer).focus()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("All of them")
    log = tmp_path / "log.txt"
    log.write_text("502")
    page.locator("#files").set_input_files(log)
    expect(page.locator("[data-file-list] .file")).to_contain_text("log.txt")
    check_accessible(page, "the answer")
    page.get_by_role("button", name=send).press("Enter")
    expect(page.locator(".msg").last).to_contain_text("All of them")
    expect(page.locator(".msg").last).to_contain_text("log.txt")
    expect(field).to_be_hidden()

    page.get_by_role("button", name=close).press("Enter")
    expect(page.get_by_role("button", name=thanks)).to_be_visible()
    assert phase(ticket) == "resolved"
    check_accessible(page, "resolved")
    page.get_by_role("button", name=thanks).press("Enter")
    expect(page.get_by_role("button", name=change)).to_be_visible()
    expect(page.get_by_role("button", name=thanks)).to_have_count(0)
    assert Rating.objects.get().helped
    assert phase(ticket) == "resolved"

    page.get_by_role("radio", name=no, exact=True).focus()
    page.keyboard.press("Space")
    page.locator("#rating-text").fill("It took a week")
    page.get_by_role("button", name=change).press("Enter")
    expect(page.locator(".msg").last).to_contain_text("It took a week")
    assert not Rating.objects.get().helped
    check_accessible(page, "rated")

    page.get_by_role("button", name=reopen).press("Enter")
    expect(page.get_by_role("button", name=reopen)).to_have_count(0)
    assert phase(ticket) == "open"


@in_each_language
@everywhere
def test_files_are_looked_through_with_the_keyboard(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.svetlana, language)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(address(live_server, ticket))
    small = page.locator(".file--seen img")
    for place in range(2):
        small.nth(place).scroll_into_view_if_needed()
        page.wait_for_function(SMALL_IS_DRAWN, arg=place)
    window = page.locator("dialog[open]")
    picture_link = page.locator("a[data-preview]").nth(0)
    picture_link.focus()
    page.keyboard.press("Enter")
    expect(window.locator("img")).to_have_attribute("alt", "screen.png")
    expect(window).to_have_accessible_name("screen.png")
    check_accessible(page, "picture")
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(picture_link).to_be_focused()

    page.locator("a[data-preview]").nth(1).press("Enter")
    counted = window.get_by_role("status")
    expect(counted).to_contain_text("1")
    window.locator("[data-preview-step=after]").press("Enter")
    expect(counted).to_contain_text("2")
    expect(window.locator("[data-preview-step=after]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(window.locator("[data-preview-step=after]")).to_have_count(0)
    expect(window.locator("[data-preview-step=before]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(counted).to_contain_text("2")
    page.wait_for_function("document.querySelector('dialog img').naturalWidth > 0")
    check_accessible(page, "paper")
    expect(page).to_have_url(address(live_server, ticket))
    window.locator("form [type=submit]").press("Enter")
    expect(window).to_have_count(0)

    page.goto(f"{live_server.url}{page.locator('a[data-preview]').nth(1).get_attribute('href')}")
    check_accessible(page, "a page of its own")


def test_an_unsent_answer_waits_open(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(address(live_server, ticket))
    page.locator("[data-opens=answer]").press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Typed and not sent")
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator("#text")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Typed and not sent")
    page.locator("#text").fill(" ")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("#text")).to_be_visible()
    check_accessible(page, "refused")
    page.locator("#text").fill("Sent at last")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".msg").last).to_contain_text("Sent at last")
    page.reload()
    expect(page.locator("#text")).to_be_hidden()


def test_a_file_that_cannot_be_drawn_is_a_plain_one(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting, files=[Enclosure("broken.pdf", b"%PDF-1.7 x")])
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(address(live_server, ticket))
    expect(page.locator(".file--seen")).to_have_count(0)
    page.get_by_role("link", name="broken.pdf").click()
    expect(page.locator("dialog[open]")).to_contain_text("There is no preview of this file.")
    check_accessible(page, "no preview")


def test_an_agent_looks_at_files_beside_the_list(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/")
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.locator("a[data-preview]").nth(1).click()
    expect(page.locator("dialog[open]").get_by_role("status")).to_contain_text("Page 1 of 3")
    check_accessible(page, "at the desk")
    page.keyboard.press("Escape")
    expect(page.locator("#ticket")).to_be_visible()


def test_everything_works_without_scripts(
    stage: Cast, ticket: Ticket, live_server: LiveServer, browser: Browser
) -> None:
    size: Any = {"width": 360, "height": 900}
    context = browser.new_context(java_script_enabled=False, viewport=size)
    page = context.new_page()
    sign_in(page, live_server.url, stage.svetlana)
    page.goto(address(live_server, ticket))
    expect(page.locator("#text")).to_be_hidden()
    page.locator("summary", has_text="Answer").click()
    page.locator("#text").fill("All of them")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".msg").last).to_contain_text("All of them")
    reply(actor(stage.anna), ticket, Draft("And now?"), via="web")
    page.goto(address(live_server, ticket))
    page.get_by_role("link", name="Answer", exact=True).click()
    expect(page.locator("#text")).to_be_visible()

    page.locator(".file--seen", has_text="paper.pdf").click()
    expect(page.get_by_role("heading", name="paper.pdf")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()
    page.locator("main a.who").click()
    page.get_by_role("button", name="Close the ticket").click()
    page.get_by_role("button", name="Thanks, that helped").click()
    expect(page.get_by_role("button", name="Change the rating")).to_be_visible()
    assert Rating.objects.get().helped
    page.locator("label.pick", has_text="No").click()
    page.locator("#rating-text").fill("Late")
    page.get_by_role("button", name="Change the rating").click()
    expect(page.locator(".msg").last).to_contain_text("Late")
    page.get_by_role("button", name="Reopen the ticket").click()
    expect(page.get_by_role("button", name="Reopen the ticket")).to_have_count(0)
    assert phase(ticket) == "open"
    assert Message.objects.filter(ticket=ticket).count() == 5
    context.close()
