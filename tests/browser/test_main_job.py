"""The agent's and the customer's day in a real browser: with keys, without JavaScript, in three languages."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people.models import Person
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from tests.browser.stories import sign_in, speak
from tests.cast import Cast, actor, open_by

WORDS = {
    "ru": ("Новые", "Отправлено", "Я отвечу"),
    "bg": ("Нови", "Изпратено", "Аз ще отговоря"),
    "en": ("New tickets", "Sent", "I will answer"),
}


@pytest.mark.parametrize("language", WORDS)
def test_an_agent_answers_with_the_keyboard(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], language: str
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting, "The site does not open")
    speak(stage.anna, language)
    group, _sent, claim = WORDS[language]
    sign_in(page, live_server.url, stage.anna)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", name=group)).to_be_visible()
    page.keyboard.press("KeyJ")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/tickets/{ticket.number}/")
    expect(page.locator(".ticket-row [aria-current]")).to_have_text(ticket.subject)
    expect(page.get_by_role("button", name=claim)).to_be_visible()
    page.locator("#subject").click()
    page.keyboard.press("KeyA")
    expect(page.get_by_role("button", name=claim)).to_have_count(0)
    page.keyboard.press("KeyR")
    page.keyboard.type("We are on it.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg[data-kind=out]")).to_contain_text("We are on it.")
    expect(page.locator("#text")).to_have_value("")
    expect(page).to_have_url(f"{live_server.url}/tickets/{ticket.number}/")
    page.keyboard.press("Tab")
    page.locator("#subject").click()
    page.keyboard.press("KeyH")
    page.keyboard.type("Only for us.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg[data-kind=hidden]")).to_contain_text("Only for us.")
    ticket.refresh_from_db()
    assert ticket.responsible_id == stage.anna.pk
    assert Message.objects.filter(ticket=ticket).count() == 3


def test_a_refused_text_stays_and_a_draft_comes_back(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.locator("#text").fill("Typed and not sent")
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator("#text")).to_have_value("Typed and not sent")
    page.locator("#text").fill("   ")
    page.locator("#composer [type=submit]:visible").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_everything_works_without_javascript(
    stage: Cast, live_server: LiveServer, browser: Browser
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, stage.anna)
    page.get_by_role("link", name=ticket.subject).click()
    page.get_by_role("button", name="I will answer").click()
    page.locator(".mode", has_text="Hidden comment").click()
    page.locator("#text").fill("For us")
    page.get_by_role("button", name="Save hidden").click()
    expect(page.locator(".msg[data-kind=hidden]")).to_contain_text("For us")
    page.locator("#text").fill("For the customer")
    page.get_by_role("button", name="Send to svetlana").click()
    expect(page.locator(".msg[data-kind=out]")).to_contain_text("For the customer")
    page.get_by_role("button", name="Status").click()
    page.get_by_role("button", name="In progress").click()
    expect(page.locator(".ticket__head .status")).to_have_text("In progress")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, live_server.url, stage.svetlana)
    page.get_by_role("link", name=ticket.subject).click()
    expect(page.locator("body")).to_contain_text("For the customer")
    expect(page.locator("body")).not_to_contain_text("For us")
    page.locator("summary", has_text="Answer").click()
    page.locator("#text").fill("Thank you")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("main")).to_contain_text("Thank you")
    assert Ticket.objects.get().awaiting == "support"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible(
    stage: Cast, live_server: LiveServer, browser: Browser, scheme: Any, width: int
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    reply(actor(stage.anna), ticket, Draft(text="An answer."), via="web")
    note(actor(stage.anna), ticket, Draft(text="A hidden word."), via="web")
    options: Any = {"width": width, "height": 900}
    for person, paths in (
        (stage.anna, ["/desk/", f"/tickets/{ticket.number}/", "/tickets/", "/mail/"]),
        (stage.svetlana, ["/portal/", f"/portal/tickets/{ticket.number}/"]),
    ):
        context = browser.new_context(viewport=options, color_scheme=scheme)
        page = context.new_page()
        sign_in(page, live_server.url, person)
        for path in paths:
            page.goto(f"{live_server.url}{path}")
            found = Axe().run(page).response["violations"]
            problems = [(one["id"], node["html"][:120]) for one in found for node in one["nodes"]]
            assert problems == [], path
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wide, path
        context.close()


def test_nothing_in_a_mail_runs(stage: Cast, live_server: LiveServer, page: Page) -> None:
    """C20, C21: payloads in subject, name, text and HTML stay letters."""
    payload = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    Person.objects.filter(pk=stage.svetlana.pk).update(name=payload)
    person = Person.objects.get(pk=stage.svetlana.pk)
    ticket = open_by(person, stage.hosting, payload, payload)
    Message.objects.filter(ticket=ticket).update(html=payload)
    sign_in(page, live_server.url, stage.anna)
    for path in ("/desk/", "/tickets/", f"/tickets/{ticket.number}/"):
        page.goto(f"{live_server.url}{path}")
        assert page.evaluate("window.hit") is None
    page.get_by_text("Show the mail as it was sent").click()
    page.wait_for_timeout(500)
    assert page.evaluate("window.hit") is None
