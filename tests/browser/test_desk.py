"""The desk in a browser: walked by the keyboard, folded, side by side, and its levels in the settings.

In each language on a desktop, once on a phone.
"""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people.models import Person
from firstline.tickets.models import Level
from tests.browser.stories import (
    DESKTOP,
    PHONE,
    check_accessible,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, open_by

WORDS = {
    # new, first level, second level, retire
    "ru": ("Новые", "Первый уровень — требуется ответ", "Второй уровень", "Вывести уровень"),
    "bg": ("Нови", "Първо ниво – нужен е отговор", "Второ ниво", "Изведи нивото"),
    "en": ("New tickets", "First level — reply needed", "Second level", "Retire the level"),
}
SCROLLED = "document.querySelector('.desk__list').scrollTop"
IN_ROW = "document.activeElement.closest('.ticket-row')?.id"


@in_each_language
def test_a_day_at_the_desk(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], language: str
) -> None:
    tickets = [open_by(stage.svetlana, stage.hosting, f"Ticket {at}") for at in range(20)]
    open_by(stage.svetlana, stage.hosting, "Deep", level=Level.objects.get(key="second"))
    speak(stage.anna, language)
    new, first, second, _retire = WORDS[language]
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.anna)
    for heading in (new, first, second):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    check_accessible(page, "the desk")
    # arrows and letters walk, Enter opens, U returns; the list stays where it is
    page.keyboard.press("ArrowDown")
    page.keyboard.press("KeyJ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("KeyK")
    page.wait_for_function(f"{IN_ROW} === 'row-{tickets[1].number}'")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/tickets/{tickets[1].number}/")
    expect(page.locator("#subject")).to_have_text("Ticket 1")
    last = page.locator(f"#row-{tickets[19].number} a")
    last.scroll_into_view_if_needed()
    page.wait_for_function(f"{SCROLLED} > 100")
    last.click()
    expect(page.locator("#subject")).to_have_text("Ticket 19")
    expect(page.locator(".ticket-row [aria-current]")).to_have_text("Ticket 19")
    page.wait_for_function(f"{SCROLLED} > 100")
    page.reload()
    expect(page.locator("#subject")).to_have_text("Ticket 19")
    page.wait_for_function(f"{SCROLLED} > 100")
    page.locator("#subject").click()
    page.keyboard.press("KeyU")
    page.wait_for_function(f"{IN_ROW} === 'row-{tickets[19].number}'")
    check_accessible(page, "with a ticket")
    # what is unfolded stays so
    with page.expect_response("**/desk/folds/") as told:
        page.locator("#level-second summary").click()
    assert told.value.status == 204
    page.goto(f"{live_server.url}/desk/")
    expect(page.get_by_role("link", name="Deep")).to_be_visible()
    assert Person.objects.get(pk=stage.anna.pk).staff.folded == {"second": False}


def test_the_next_ticket_opens_when_one_is_closed(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    one, two = (open_by(stage.svetlana, stage.equipment, f"Ticket {at}") for at in (1, 2))
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.boris)
    page.get_by_role("link", name="Ticket 1").click()
    expect(page.locator("#subject")).to_have_text("Ticket 1")
    page.locator("[popovertarget=moves]").click()
    page.locator("#moves button", has_text="Closed").click()
    expect(page.locator("#subject")).to_have_text("Ticket 2")
    expect(page.locator("#subject")).to_be_focused()
    expect(page.get_by_text(f"{one.number}: Status: Closed")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/tickets/{two.number}/")
    expect(page.locator(f"#row-{one.number}")).to_have_count(0)
    expect(page.locator(".ticket-row [aria-current]")).to_have_text("Ticket 2")


def test_on_a_phone_there_is_one_pane(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    open_by(stage.svetlana, stage.hosting, "The site does not open")
    stand_at(page, PHONE)
    sign_in(page, live_server.url, stage.anna)
    check_accessible(page, "the list")
    row = page.get_by_role("link", name="The site does not open")
    row.click()
    expect(row).to_be_hidden()
    expect(page.locator("#subject")).to_be_visible()
    expect(page.locator("#subject")).to_be_focused()
    check_accessible(page, "the ticket")
    page.keyboard.press("KeyU")
    expect(row).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/desk/")


@in_each_language
def test_levels_in_the_settings(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], language: str
) -> None:
    open_by(stage.svetlana, stage.hosting, "Deep", level=Level.objects.get(key="second"))
    speak(stage.administrator, language)
    _new, _first, second, retire = WORDS[language]
    stand_at(page, PHONE if language == "bg" else DESKTOP)
    sign_in(page, live_server.url, stage.administrator)
    page.goto(f"{live_server.url}/settings/levels/")
    check_accessible(page, "the levels")
    page.locator("#vendor [type=submit]").first.click()
    expect(page.locator("tbody tr").nth(2)).to_have_attribute("id", "vendor")
    page.get_by_role("link", name=second).click()
    expect(page.locator("#target")).to_be_visible()
    check_accessible(page, "a level")
    page.locator("#target").select_option("vendor")
    page.get_by_role("button", name=retire).click()
    expect(page.locator("#second form")).to_have_attribute(
        "action", "/settings/levels/second/restorations/"
    )
    page.goto(f"{live_server.url}/settings/levels/new/")
    for code in ("ru", "bg", "en"):
        page.locator(f"#name_{code}").fill(f"Night {code}")
    page.locator("main form [type=submit]").first.click()
    expect(page.get_by_role("link", name=f"Night {language}")).to_be_visible()
