"""Getting in, in a real browser: registering, a one-time password, an invitation, too many tries."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people import portals
from firstline.people.actions import invitations, one_time
from firstline.people.actions.invitations import Invited
from firstline.people.actions.people import meet
from firstline.people.models import Person, Portal
from tests.browser.stories import (
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor
from tests.letters import letters_to

EMAIL = "gromova@zarya.example"
NEW = "an entirely new passphrase"
Settle = Callable[[], None]


@pytest.fixture
def mode(stage: Cast) -> Callable[[str], None]:
    """Let people come into the portal in this way."""

    def change(registration: str) -> None:
        Portal.objects.filter(partner=None).update(
            registration=registration,
            privacy_url="https://privacy.example/",
            contacts={"ru": "+7 800 000-18-44", "bg": "+359 2 000 18 44", "en": "+44 20 0000"},
        )
        portals.forget(portals.own())

    return change


def press(page: Page) -> None:
    """Press the one main button of the page."""
    main_button(page).click()


def main_button(page: Page) -> Locator:
    return page.locator("main form .btn--primary[type=submit]").first


def fill_registration(page: Page, url: str, language: str) -> None:
    page.goto(f"{url}/register/?language={language}")
    page.locator("#name").fill("Громова Лидия Павловна")
    page.locator("#email").fill(EMAIL)
    page.locator("#phone").fill("+7 900 000-55-20")
    page.locator("#company_name").fill("Птицефабрика «Заря»")
    page.locator("#contract_number").fill("С-0412/25")
    page.locator("#language").select_option(language)
    page.locator("#time_zone").select_option("Asia/Yekaterinburg")
    page.locator("#consent").check()
    press(page)
    page.wait_for_url(f"{url}/register/sent/")


def come_in_once(page: Page, url: str, password: str) -> None:
    """Sign in by the one-time password, choose another, and stand before the tickets."""
    page.goto(f"{url}/sign-in/")
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(password.upper().replace("-", " "))
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{url}/password/first/")
    page.goto(f"{url}/portal/")
    page.wait_for_url(f"{url}/password/first/?next=*")
    choose(page)
    page.wait_for_url(f"{url}/portal/")


def choose(page: Page) -> None:
    page.locator("#password1").fill(NEW)
    page.locator("#password2").fill(NEW)
    press(page)


@everywhere
@in_each_language
def test_a_stranger_registers_and_comes_in(
    stage: Cast,
    mode: Callable[[str], None],
    settle: Settle,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    mode("open")
    stand_at(page, width)
    fill_registration(page, live_server.url, language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    settle()
    (letter,) = letters_to(EMAIL)
    assert f'<html lang="{language}">' in letter.html
    come_in_once(page, live_server.url, letter.password)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("main")).to_be_visible()
    person = Person.objects.get(email=EMAIL)
    assert (person.language, person.time_zone) == (language, "Asia/Yekaterinburg")
    assert person.check_password(NEW)


@everywhere
@in_each_language
def test_an_agent_invites_and_the_customer_comes_in(
    stage: Cast,
    settle: Settle,
    live_server: LiveServer,
    page: Page,
    browser: Browser,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.anna, language)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/customers/")
    page.locator(".page__head .btn--primary").click()
    page.locator("#name").fill("Лидия Громова")
    page.locator("#email").fill(EMAIL)
    page.locator("#company").press_sequentially("орб")
    expect(page.locator("#companies option")).to_have_count(1)
    page.locator("#company").fill("Орбита")
    page.locator("#language").select_option(language)
    page.locator("[name=sees_company]").check()
    page.locator("form[action='/customers/invitations/'] [type=submit]").click()
    expect(page.locator("main table")).to_contain_text(EMAIL)
    settle()
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
    theirs = context.new_page()
    theirs.goto(live_server.url + letters_to(EMAIL)[0].path)
    expect(theirs.locator("h1")).to_contain_text("Лидия Громова")
    choose(theirs)
    theirs.wait_for_url(f"{live_server.url}/portal/")
    expect(theirs.locator("html")).to_have_attribute("lang", language)
    context.close()
    person = Person.objects.get(email=EMAIL)
    assert (person.company, person.customer.sees_company) == (stage.orbita, True)


def test_all_of_it_works_without_javascript(
    stage: Cast,
    mode: Callable[[str], None],
    settle: Settle,
    live_server: LiveServer,
    browser: Browser,
) -> None:
    mode("approval")
    url = live_server.url
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    fill_registration(page, url, "en")
    settle()
    ours = browser.new_context(java_script_enabled=False)
    agent = ours.new_page()
    sign_in(agent, url, stage.anna)
    agent.goto(f"{url}/customers/registrations/")
    agent.locator("input[name=company]").fill("рби")
    agent.get_by_role("button", name="Let in").click()
    agent.locator("select[name=company_id]").select_option(label="Орбита")
    agent.get_by_role("button", name="Let in").click()
    expect(agent.get_by_text("The person is let in.")).to_be_visible()
    settle()
    come_in_once(page, url, letters_to(EMAIL)[0].password)
    assert Person.objects.get(email=EMAIL).company == stage.orbita
    for one in (context, ours):
        one.close()


def test_what_is_wrong_is_read_and_reached_by_the_keyboard(
    stage: Cast, mode: Callable[[str], None], live_server: LiveServer, page: Page
) -> None:
    mode("open")
    page.goto(f"{live_server.url}/register/?language=en")
    page.locator("#company_name").fill("Птицефабрика")
    main_button(page).press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_attribute("aria-describedby", "name-error")
    expect(page.locator("#company_name")).to_have_value("Птицефабрика")
    check_accessible(page, "refused registration")


def test_the_clock_of_the_browser_is_offered(
    stage: Cast, mode: Callable[[str], None], live_server: LiveServer, browser: Browser
) -> None:
    mode("open")
    context = browser.new_context(timezone_id="Asia/Yekaterinburg")
    page = context.new_page()
    page.goto(f"{live_server.url}/register/")
    expect(page.locator("#time_zone")).to_have_value("Asia/Yekaterinburg")
    context.close()


def test_the_owner_is_let_in_while_others_guess(
    stage: Cast, live_server: LiveServer, page: Page, browser: Browser
) -> None:
    """C75: the browser that was there before; a new one is shown the way by mail."""
    sign_in(page, live_server.url, stage.svetlana)
    page.locator("header form [type=submit]").click()
    context = browser.new_context()
    stranger = context.new_page()
    for _try in range(6):
        stranger.goto(f"{live_server.url}/sign-in/")
        stranger.locator("[name=login]").fill(stage.svetlana.email)
        stranger.locator("[name=password]").fill("guess")
        stranger.locator("[name=password]").press("Enter")
        expect(stranger.locator(".errors")).to_be_visible()
    check_accessible(stranger, "too many tries")
    stranger.locator("main a.btn.start").first.click()
    stranger.wait_for_url(f"{live_server.url}/password/")
    sign_in(page, live_server.url, stage.svetlana)
    context.close()


@everywhere
def test_every_page_is_accessible(
    stage: Cast,
    mode: Callable[[str], None],
    settle: Settle,
    live_server: LiveServer,
    page: Page,
    width: int,
) -> None:
    stand_at(page, width)
    invitations.invite(actor(stage.anna), Invited(EMAIL, "Лидия", "ru"), via="web")
    settle()
    public = ["/sign-in/", "/register/", "/register/sent/", "/password/", "/password/sent/"]
    public += ["/invitations/none/", letters_to(EMAIL)[0].path, "/password/1-none/"]
    for registration in ("open", "approval", "invitation"):
        mode(registration)
        for path in public if registration == "open" else public[:3]:
            page.goto(live_server.url + path)
            check_accessible(page, f"{registration} {path}")
    come_by_one_time(page, live_server.url)
    check_accessible(page, "first password")


def come_by_one_time(page: Page, url: str) -> None:
    person = meet("once@zarya.example", "Once", "en")
    password = one_time.issue(person)
    page.goto(f"{url}/sign-in/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{url}/password/first/")


@everywhere
def test_the_agents_pages_are_accessible(
    stage: Cast,
    mode: Callable[[str], None],
    settle: Settle,
    live_server: LiveServer,
    page: Page,
    width: int,
) -> None:
    stand_at(page, width)
    mode("approval")
    fill_registration(page, live_server.url, "en")
    invitations.invite(actor(stage.anna), Invited("l@x.example", "Лидия", "ru"), via="web")
    settle()
    sign_in(page, live_server.url, stage.anna)
    for path in ("", "?find=nobody", "invitations/", "registrations/"):
        page.goto(f"{live_server.url}/customers/{path}")
        check_accessible(page, path)
    press(page)
    page.goto(f"{live_server.url}/customers/registrations/")
    check_accessible(page, "company to be confirmed")
