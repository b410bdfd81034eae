"""The inbox before the real server with its stream: a mail goes from New to Closed (cap 152-156)."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from firstline.people.models import Person
from firstline.tickets.actions import pending
from firstline.tickets.models import PendingMessage, Ticket
from tests.browser.stories import DESKTOP, PHONE, check_accessible, in_each_language, speak
from tests.cast import Cast
from tests.doors import letter, post
from tests.live.conftest import House, house, process, session_of  # noqa: F401  # fixtures

SOON = 10_000
WORDS = {
    "en": ("Waiting", "Closed"),
    "ru": ("В ожидании", "Закрытые"),
    "bg": ("В изчакване", "Затворени"),
}


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    expect.set_options(timeout=SOON)
    yield
    expect.set_options(timeout=5000)


def enter(browser: Browser, house: House, person: Person, width: int) -> Page:  # noqa: F811
    """A window that stands in the inbox and hears the stream."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies(
        [{"name": "firstline_session", "value": session_of(person), "url": house.url}]
    )
    page = context.new_page()
    with page.expect_request("**/live/?*"):
        page.goto(f"{house.url}/inbox/")
    return page


def mail(cast: Cast, subject: str, **headers: str) -> EmailMessage:
    return letter(cast.svetlana.email, "equipment@desk.example", subject, "Please help", **headers)


def send(smtp: int, cast: Cast, message: EmailMessage, settle: Callable[[], None]) -> None:
    """A customer's mail comes in by SMTP and is read, as the workers do it."""
    post(smtp, message, cast.svetlana.email, str(message["To"]))
    settle()


def row(page: Page, subject: str) -> Locator:
    return page.locator(".desk__list .ticket-row", has_text=subject)


def count(page: Page, tab: str) -> Locator:
    return page.locator(f"[data-count={tab}]")


def open_tab(page: Page, tab: str) -> None:
    page.locator(f".views a[href$='/{tab}/']").click()
    expect(page.locator(f".group[data-group={tab}]")).to_be_visible()


@in_each_language
def test_from_new_to_closed(
    stage: Cast,
    house: House,  # noqa: F811
    smtp: int,
    settle: Callable[[], None],
    browser: Browser,
    language: str,
) -> None:
    speak(stage.boris, language)
    page = enter(browser, house, stage.boris, DESKTOP)
    expect(page.locator(".group__none")).to_be_visible()
    # what comes in stands there without a reload, below what stands there already
    send(smtp, stage, mail(stage, "The first printer"), settle)
    expect(row(page, "The first printer")).to_be_visible()
    expect(page.locator(".group__none")).to_have_count(0)
    send(smtp, stage, mail(stage, "The second printer"), settle)
    expect(row(page, "The second printer")).to_be_visible()
    expect(count(page, "new")).to_have_text("2")
    check_accessible(page, "the list")

    # an agent is added: it is open
    page.keyboard.press("j")
    expect(row(page, "The first printer").locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_have_text("The first printer")
    number = Ticket.objects.get(subject="The first printer").number
    expect(page).to_have_url(f"{house.url}/tickets/{number}/")
    page.locator("#subject").focus()
    page.keyboard.press("n")
    page.locator("#window label", has_text=stage.boris.name).locator("input").check()
    check_accessible(page, "the window")
    page.locator("#window [type=submit]").click()
    expect(page.locator(".ticket__side")).to_contain_text(stage.boris.name)
    expect(count(page, "open")).to_have_text("1")
    expect(count(page, "new")).to_have_text("1")
    expect(row(page, "The first printer")).to_have_attribute("data-left", "")

    # the page opened anew shows the same list; the reply makes it wait
    page.reload()
    expect(page.locator(".group[data-group=new]")).to_be_visible()
    open_tab(page, "open")
    row(page, "The first printer").locator("a").click()
    page.locator("#text").fill("Switch it off and on")
    page.locator("#composer .btn--primary[type=submit]").click()
    page.locator("form[action*='/departures/'] button").first.click()
    expect(count(page, "waiting")).to_have_text("1")
    open_tab(page, "waiting")
    expect(page.locator(".views [aria-current]")).to_contain_text(WORDS[language][0])
    expect(row(page, "The first printer")).to_be_visible()

    # the customer answers: open again, and told beside the open list
    open_tab(page, "open")
    ticket = Ticket.objects.get(number=number)
    answer = mail(stage, f"Re: [{number}] The first printer")
    answer.replace_header("To", f"equipment+{ticket.reply_token}@desk.example")
    send(smtp, stage, answer, settle)
    expect(row(page, "The first printer")).to_be_visible()
    expect(count(page, "waiting")).to_have_text("0")

    # to close it brings the next one of the same list
    open_tab(page, "new")
    send(smtp, stage, mail(stage, "The third printer"), settle)
    expect(row(page, "The third printer")).to_be_visible()
    row(page, "The second printer").locator("a").click()
    expect(page.locator("#subject")).to_have_text("The second printer")
    page.locator("#subject").focus()
    page.keyboard.press("d")
    expect(page.locator("#subject")).to_have_text("The third printer")
    expect(row(page, "The second printer")).to_have_count(0)
    check_accessible(page, "the next one")
    PendingMessage.objects.update(due_at=timezone.now())  # it can't be taken back any more
    pending.sweep()
    expect(count(page, "closed")).to_have_text("1")
    open_tab(page, "closed")
    expect(page.locator(".views [aria-current]")).to_contain_text(WORDS[language][1])
    expect(row(page, "The second printer")).to_be_visible()
    page.context.close()


def test_on_a_phone(
    stage: Cast,
    house: House,  # noqa: F811
    smtp: int,
    settle: Callable[[], None],
    browser: Browser,
) -> None:
    stage.hosting.workflow = stage.equipment.workflow
    stage.hosting.save()
    stage.hosting.agents.add(stage.boris.staff)
    page = enter(browser, house, stage.boris, PHONE)
    send(smtp, stage, mail(stage, "The only printer"), settle)
    expect(row(page, "The only printer")).to_be_visible()
    check_accessible(page, "the list")
    page.locator("[popovertarget=inbox-of]").click()
    check_accessible(page, "whose mail")
    page.locator("#inbox-of a", has_text="Equipment").click()
    row(page, "The only printer").locator("a").click()
    expect(page.locator("#subject")).to_be_visible()
    check_accessible(page, "the ticket")
    page.locator(".ticket__back").click()
    expect(page).to_have_url(f"{house.url}/inbox/{stage.equipment.pk}/new/")
    expect(row(page, "The only printer")).to_be_visible()
    page.context.close()
