"""Own settings in a browser: in each language, on a desktop and a phone, with and without scripts."""

import re

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people.models import Person
from tests.browser.stories import (
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import PASSWORD, Cast, open_by

NEW = "an entirely new passphrase"
WORDS = {
    # save, change the password, sign out there, the heading
    "ru": ("Сохранить", "Сменить пароль", "Завершить", "Настройки"),
    "bg": ("Запиши", "Смени паролата", "Излез оттам", "Настройки"),
    "en": ("Save", "Change the password", "Sign out there", "Settings"),
}


@everywhere
@in_each_language
def test_a_customer_changes_everything(
    stage: Cast,
    live_server: LiveServer,
    browser: Browser,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    for number in range(11):
        open_by(stage.svetlana, stage.hosting, f"Ticket {number}")
    speak(stage.svetlana, "bg" if language == "en" else "en")
    save, change, leave, settings = WORDS[language]
    elsewhere = browser.new_context().new_page()
    sign_in(elsewhere, live_server.url, stage.svetlana)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.svetlana)

    page.goto(f"{live_server.url}/settings/")
    page.locator("#phone").fill("+359 2 000 18 44")
    page.locator(f"[name=language][value={language}]").check()
    page.locator("#time_zone").select_option("Asia/Yekaterinburg")
    page.locator("#page_size").select_option("10")
    page.locator("[name=wants_status]").uncheck()
    page.locator("main form [type=submit]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_text(settings)
    expect(page.locator("#time_zone")).to_have_value("Asia/Yekaterinburg")
    expect(page.locator("[name=wants_status]")).not_to_be_checked()
    expect(page.get_by_role("button", name=save)).to_be_visible()
    check_accessible(page)
    page.goto(f"{live_server.url}/portal/?state=all")
    expect(page.locator(".register__subject")).to_have_count(10)

    page.goto(f"{live_server.url}/settings/sessions/")
    there = page.locator("main table").get_by_role("button", name=leave)
    there.click()
    expect(there).to_have_count(0)
    elsewhere.goto(f"{live_server.url}/portal/")
    expect(elsewhere.locator("#id_login")).to_be_visible()
    elsewhere.context.close()

    page.goto(f"{live_server.url}/settings/password/")
    page.locator("#id_oldpassword").fill("not the old one")
    for field in ("#id_password1", "#id_password2"):
        page.locator(field).fill(NEW)
    page.get_by_role("button", name=change).click()
    expect(page.locator("#id_oldpassword")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_be_focused()
    page.locator("#id_oldpassword").fill(PASSWORD)
    for field in ("#id_password1", "#id_password2"):
        page.locator(field).fill(NEW)
    page.get_by_role("button", name=change).click()
    expect(page.get_by_role("status").first).to_be_visible()
    person = Person.objects.get(pk=stage.svetlana.pk)
    assert person.check_password(NEW)
    assert (person.phone, person.page_size) == ("+359 2 000 18 44", 10)


@everywhere
def test_everything_works_with_the_keyboard_and_without_javascript(
    stage: Cast, live_server: LiveServer, browser: Browser, width: int
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/desk/")
    page.locator(".topbar a[href='/settings/profile/']").focus()
    page.keyboard.press("Enter")
    page.locator("#name").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Anna S.")
    page.locator("[name=language][value=en]").focus()
    page.keyboard.press("ArrowUp")
    page.locator("#name").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "bg")
    expect(page.locator("#name")).to_have_value("Anna S.")
    page.locator("#name").fill("  ")
    page.locator("#phone").fill("12")
    page.locator("main form [type=submit]").click()
    expect(page.locator(".errors li")).to_have_count(2)
    expect(page.locator("#phone")).to_have_value("12")
    page.locator(".errors a").first.click()
    expect(page).to_have_url(re.compile("#name$"))
    context.close()


@everywhere
def test_pages_are_accessible(stage: Cast, live_server: LiveServer, page: Page, width: int) -> None:
    for person in (stage.svetlana, stage.anna):
        page.context.clear_cookies()
        stand_at(page, width)
        sign_in(page, live_server.url, person)
        for path in ("profile", "password", "sessions"):
            page.goto(f"{live_server.url}/settings/{path}/")
            check_accessible(page, path)
        page.goto(f"{live_server.url}/settings/password/")
        page.locator("main form").evaluate("form => form.noValidate = true")
        page.locator("main form [type=submit]").click()
        expect(page.locator(".errors")).to_be_visible()
        check_accessible(page, "a refused password")
