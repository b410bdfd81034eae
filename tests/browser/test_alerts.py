"""Alerts in a real browser: an agent sends one in a window, a customer reads and acknowledges it."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people.models import Project
from firstline.tickets.actions import broadcast
from firstline.tickets.models import Alert, Broadcast
from tests.browser.stories import (
    DESKTOP,
    PHONE,
    check_accessible,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast

# create, type, send, acknowledged by nobody yet, what the customer presses
WORDS = {
    "ru": ("Создать", "Жалоба", "Отправить", "Прочитано"),
    "bg": ("Създай", "Жалба", "Изпрати", "Прочетено"),
    "en": ("Create", "Complaint", "Send", "I have read it"),
}


def write(page: Page, type: str) -> None:
    page.get_by_role("radio", name=type).check()
    page.locator("#title").fill("A picture")
    page.locator("#text").fill("Take it down, please.")


@in_each_language
def test_from_the_window_to_the_receipt(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    browser: Browser,
    complaints: list[str],
    language: str,
) -> None:
    create, type, send, read = WORDS[language]
    speak(stage.anna, language)
    speak(stage.pyotr, language)
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/alerts/")
    opener = page.locator("[data-opens-window]")
    expect(opener).to_contain_text(create)
    opener.press("Enter")
    window = page.locator("dialog[open]")
    expect(page.locator("#projects")).to_be_focused()
    page.keyboard.type("shop")
    found, chip = window.get_by_role("checkbox", name="orbita-shop"), window.locator(".chip")
    expect(found).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    expect(chip).to_contain_text("Магазин")
    expect(page.locator("#projects")).to_be_focused()
    expect(page.locator("#projects")).to_have_value("")
    chip.get_by_role("checkbox").click()
    expect(chip).to_have_count(0)
    page.locator("#projects").fill("orbita-shop")
    page.keyboard.press("Enter")
    expect(chip).to_contain_text("Магазин")
    expect(page.locator("#projects")).to_have_value("")
    expect(page.locator("#projects")).to_be_focused()
    window.get_by_role("button", name=send, exact=True).click()
    expect(window.locator(".errors")).to_be_focused()
    expect(window.locator(".chip")).to_contain_text("orbita-shop")
    check_accessible(page, "the window with mistakes")
    write(page, type)
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(opener).to_be_focused()
    opener.press("Enter")
    expect(page.locator("#title")).to_have_value("A picture")
    window.get_by_role("button", name=send, exact=True).click()
    expect(page.locator(".register__subject")).to_have_text("A picture")
    check_accessible(page, "the list")

    number = Alert.objects.select_related("ticket").get().ticket.number
    customer = browser.new_page()
    sign_in(customer, live_server.url, stage.pyotr)
    customer.goto(f"{live_server.url}/portal/tickets/{number}/")
    button = customer.get_by_role("button", name=read)
    button.press("Enter")
    expect(button).to_have_count(0)
    expect(customer.locator("#read")).to_be_visible()
    check_accessible(customer, "acknowledged")
    customer.close()

    page.goto(f"{live_server.url}/alerts/{number}/")
    expect(page.locator("table .status[data-phase=resolved]")).to_have_count(1)
    check_accessible(page, "the receipts")


def test_to_many_from_a_phone(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    for number in range(3):
        Project.objects.create(identifier=f"p-{number}", name="Склад", owner=stage.zlata)
    stand_at(page, PHONE)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/alerts/")
    page.locator("[data-opens-window]").click()
    page.locator("#projects").fill("p-0 p-1, p-2")
    write(page, "Information")
    check_accessible(page, "the window on a phone")
    page.locator("dialog .btn--primary").click()
    bar = page.locator("#progress")
    expect(bar).to_contain_text("Sent to 0 of 3 projects")
    broadcast.work_off(Broadcast.objects.get().pk)
    expect(bar).to_contain_text("Sent to 3 of 3 projects")
    check_accessible(page, "the bar")
    page.get_by_role("link", name="Show these alerts").click()
    expect(page.locator(".register__subject")).to_have_count(3)
    check_accessible(page, "the list on a phone")


@pytest.mark.parametrize("find", ["orbita-shop", "shop"])
def test_without_scripts_it_is_a_page(
    stage: Cast, live_server: LiveServer, browser: Browser, find: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/alerts/")
    page.locator("[data-opens-window]").click()
    write(page, "Information")
    page.locator("#projects").fill(find)
    page.get_by_role("button", name="Find", exact=True).click()
    box = page.get_by_role("checkbox", name="orbita-shop")
    box.check()
    expect(page.locator("#title")).to_have_value("A picture")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".register__subject")).to_have_text("A picture")
    context.close()
