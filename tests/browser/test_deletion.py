"""Deleting a ticket in a real browser: the window, the next ticket, who looks on, and axe."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.models import Ticket
from tests.browser.stories import DESKTOP, PHONE, check_accessible, sign_in, stand_at
from tests.cast import Cast, open_by


def test_delete_and_go_on(
    stage: Cast,
    page: Page,
    live_server: LiveServer,
    settle: Callable[[], None],
    complaints: list[str],
) -> None:
    one = open_by(stage.svetlana, stage.hosting, "Spam", "Buy now")
    two = open_by(stage.svetlana, stage.hosting, "The printer", "It smokes")
    settle()
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.administrator)
    page.goto(f"{live_server.url}/tickets/{one.number}/")
    page.locator("[popovertarget=more]").click()
    check_accessible(page, "the menu")
    page.locator(f"#more a[href$='{one.number}/deletions/']").click()
    window = page.locator("dialog#window")
    button = window.locator("footer [type=submit]")
    expect(window).to_contain_text("1 message goes with it")
    check_accessible(page, "the window")
    stand_at(page, PHONE)
    check_accessible(page, "the window on a phone")
    stand_at(page, DESKTOP)
    button.click()  # the browser asks for the tick
    expect(window.locator("#understood")).to_be_focused()
    assert Ticket.objects.count() == 2
    window.locator("#understood").check()
    window.locator("#why").fill("Spam")
    button.click()
    expect(page.locator("#ticket")).to_have_attribute("data-number", two.number)
    expect(page).to_have_url(f"{live_server.url}/tickets/{two.number}/")
    expect(page.locator(".ticket__notice[role=status]")).to_have_text(
        f"{one.number}: Deleted for good."
    )
    expect(page.locator(f"[id='row-{one.number}']")).to_have_count(0)
    expect(page.locator("dialog[open]")).to_have_count(0)
    check_accessible(page, "the next ticket")
