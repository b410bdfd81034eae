"""The partner's and the platform's panels: a ticket stays, goes over, is talked about, and comes back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft
from tests.browser.stories import (
    DESKTOP,
    PHONE,
    check_accessible,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by

pytestmark = pytest.mark.usefixtures("complaints")


@pytest.mark.parametrize(
    ("language", "width"), [("ru", DESKTOP), ("bg", DESKTOP), ("en", DESKTOP), ("ru", PHONE)]
)
def test_a_ticket_goes_over_and_comes_back(
    stage: Cast, live_server: object, page: Page, browser: Browser, language: str, width: int
) -> None:
    url = str(live_server)
    for person in (stage.partner_agent, stage.anna):
        speak(person, language)
    ticket = open_by(stage.kirill, stage.hosting, "Весы", "Ничего не показывают.")
    note(actor(stage.partner_agent), ticket, Draft("Не платят"), via="web")
    stand_at(page, width)
    sign_in(page, url, stage.partner_agent)
    platform = browser.new_page()
    stand_at(platform, width)
    sign_in(platform, url, stage.anna)

    # Before: the platform sees that somebody waits, and nothing of what was written.
    platform.goto(f"{url}/partners/")
    expect(platform.get_by_text(ticket.number)).to_be_visible()
    expect(platform.get_by_text("Весы")).to_have_count(0)
    check_accessible(platform, "partners")

    # The partner's panel is the platform's: the same claim, the same composer.
    page.goto(f"{url}/tickets/{ticket.number}/")
    expect(page.locator("[data-key=KeyA]").first).to_be_visible()
    page.locator("[popovertarget=give]:not(.btn--icon)").first.click()
    window = page.locator("#give")
    expect(window.locator(".shown li")).to_have_count(1)
    expect(window).to_contain_text("Ничего не показывают.")
    expect(window).not_to_contain_text("Не платят")
    check_accessible(page, "hand-over")
    window.locator("#reason").fill("Нет запчасти")
    window.locator("button[type=submit]").click()
    expect(page.locator(".feed")).to_contain_text("Нет запчасти")
    expect(page.locator("[data-key=KeyA]:visible")).to_have_count(0)
    expect(page.locator(".ticket__head .lines")).to_have_count(1)

    # Between the lines: a look of its own, from one line to the other.
    _choose(page, "between")
    page.locator("#text").fill("Звоните после обеда")
    page.locator("button[data-for=between]").click()
    expect(page.locator(".msg[data-kind=between]")).to_contain_text("Звоните после обеда")
    check_accessible(page, "with the platform")

    platform.goto(f"{url}/tickets/{ticket.number}/")
    expect(platform.locator(".msg[data-kind=between]")).to_contain_text("Звоните после обеда")
    expect(platform.locator(".feed")).not_to_contain_text("Не платят")
    platform.locator("[data-key=KeyA]").first.click()
    expect(platform.locator(".ticket__times .avatar")).to_have_text("АС")
    check_accessible(platform, "handed over")
    platform.locator("[popovertarget=give]:not(.btn--icon)").first.click()
    platform.locator("#give #reason").fill("Запчасть в пути")
    platform.locator("#give button[type=submit]").click()
    expect(platform.locator("#give")).to_have_count(0)
    page.goto(f"{url}/tickets/{ticket.number}/")
    expect(page.locator(".feed")).to_contain_text("Запчасть в пути")
    expect(page.locator(".lines")).to_have_count(1)
    platform.close()


def _choose(page: Page, mode: str) -> None:
    page.locator(f".mode:has(input[value={mode}])").click()
    expect(page.locator(f"input[value={mode}]")).to_be_checked()
