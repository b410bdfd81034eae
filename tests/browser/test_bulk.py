"""Many tickets at once in a real browser: chosen by mouse and by key, done, looked at; at 360 px too."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.actions import bulk
from firstline.tickets.models import Bulk, Ticket
from tests.browser.stories import (
    DESKTOP,
    LANGUAGES,
    PHONE,
    check_accessible,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, open_by

STORIES = [*((language, DESKTOP) for language in LANGUAGES), ("ru", PHONE)]


@pytest.mark.parametrize(("language", "width"), STORIES)
def test_resolve_three_of_four(
    stage: Cast,
    page: Page,
    live_server: LiveServer,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.anna, language)
    tickets = [open_by(stage.svetlana, stage.hosting, f"Number {one}") for one in range(4)]
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/")
    bar = page.locator("form#bulk")
    expect(bar).to_be_hidden()
    boxes = page.locator("[data-select]")
    expect(boxes).to_have_count(4)
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(bar).to_be_visible()
    expect(page.locator("[data-chosen]")).to_contain_text("3")
    check_accessible(page, f"the register with a bar, {language}, {width}")
    bar.locator("[value=resolve]").click()
    window = page.locator("dialog#window")
    expect(window.locator("textarea")).to_be_focused()
    check_accessible(page, f"the window of a bulk, {language}, {width}")
    window.locator("textarea").fill("It works again.")
    window.locator("footer [type=submit]").click()
    expect(page.locator("progress")).to_have_attribute("max", "3")
    expect(page).to_have_url(f"{live_server.url}/bulk/{Bulk.objects.get().pk}/?back=%2Ftickets%2F")
    bulk.work(Bulk.objects.get().pk)
    expect(page.locator("progress")).to_have_attribute("value", "3")
    check_accessible(page, f"a bulk that is done, {language}, {width}")
    assert Ticket.objects.filter(phase="resolved").count() == 3
    page.locator("#bulk-progress a.btn--primary").click()
    expect(page).to_have_url(f"{live_server.url}/tickets/")
    expect(page.locator(".register__subject")).to_have_count(1)
    assert tickets


def test_on_the_desk_by_key(
    stage: Cast, page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    for number in range(3):
        open_by(stage.svetlana, stage.hosting, f"Number {number}")
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.anna)
    expect(page.locator(".ticket-row__subject")).to_have_count(3)
    page.keyboard.press("j")
    expect(page.locator(".ticket-row__subject").first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-select]:checked")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".ticket-row__subject").last).to_be_focused()
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-select]:checked")).to_have_count(3)
    check_accessible(page, "the desk with a bar")
    page.locator("form#bulk [type=reset]").click()
    expect(page.locator("[data-select]:checked")).to_have_count(0)
    expect(page.locator("form#bulk")).to_be_hidden()


def test_the_box_of_a_row_takes_the_mouse(
    stage: Cast, page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting, "To be chosen")
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.anna)
    row = page.locator(f"[id='row-{ticket.number}']")
    expect(row).to_be_visible()
    address = page.url
    box = row.locator("[data-select]").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(row.locator("[data-select]")).to_be_checked()
    expect(page.locator("[data-chosen]")).to_contain_text("1")
    assert page.url == address
    expect(row.locator("[aria-current]")).to_have_count(0)
