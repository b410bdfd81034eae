"""My tickets and projects in a real browser: in three languages, on a desktop and a phone, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.events import relay
from firstline.people.models import Person
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import close
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from tests.browser.stories import (
    DESKTOP,
    PHONE,
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by

NUMBERS = "td[data-at=number]"


@pytest.fixture
def desk(stage: Cast) -> Cast:
    """Five tickets of Svetlana's, one of them old and closed, and an alert to her project."""
    for subject in ("Беседка", "Apple", "Замок", "яблоня"):
        open_by(stage.svetlana, stage.hosting, subject, f"About {subject}", project=stage.project)
    done = open_by(stage.svetlana, stage.equipment, "Old lamp", "It does not burn")
    close(actor(stage.svetlana), done, via="portal")
    then = timezone.now() - timedelta(days=40)
    Ticket.objects.filter(pk=done.pk).update(created_at=then)
    told = Draft("Tonight from two to four.")
    alert(actor(stage.anna), stage.project, "suspicious", "The ports are closed", told, via="web")
    while relay.sweep():
        pass
    return stage


def expect_subjects(page: Page, *subjects: str) -> None:
    """Wait until the list holds exactly these, in this order: a new page may still be on its way."""
    expect(page.locator(".register__subject")).to_have_text([*subjects])


@everywhere
@in_each_language
def test_a_customer_looks_through_their_tickets(
    desk: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(desk.svetlana, language)
    Person.objects.filter(pk=desk.svetlana.pk).update(page_size=3)
    stand_at(page, width)
    sign_in(page, live_server.url, desk.svetlana)
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_accessible(page, "the list")
    views = page.locator("nav.views a")
    expect(views).to_have_text([re.compile(rf"\b{count}\s*$") for count in (6, 5, 1)])
    expect(views.nth(1)).to_have_attribute("aria-current", "true")
    sorts = page.locator("thead a" if width == DESKTOP else "nav.chips a")
    sorts.nth(1).click()
    expect_subjects(page, "Apple", "The ports are closed", "Беседка")
    page.locator("a[rel=next]").click()
    expect_subjects(page, "Замок", "яблоня")
    views.nth(2).click()
    expect_subjects(page, "Old lamp")
    check_accessible(page, "closed tickets")
    page.locator("#q").fill("замок")
    page.locator("#q").press("Enter")
    expect_subjects(page, "Замок")
    expect(page.locator("#q")).to_have_value("замок")
    page.locator("#q").fill("nothing like this")
    page.locator("#q").press("Enter")
    expect(page.locator("section.empty h2")).to_be_visible()
    check_accessible(page, "nothing found")


@everywhere
@in_each_language
def test_a_customer_finds_tickets_by_their_days(
    desk: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(desk.svetlana, language)
    stand_at(page, width)
    sign_in(page, live_server.url, desk.svetlana)
    page.locator("details.days > summary").click()
    day = (timezone.localtime() - timedelta(days=41)).date()
    page.locator("#from").fill(day.isoformat())
    page.locator("#to").fill((day + timedelta(days=2)).isoformat())
    page.locator("form[role=search] [type=submit]").click()
    expect_subjects(page, "Old lamp")
    expect(page.locator("#from")).to_have_value(day.isoformat())
    check_accessible(page, "days")
    page.locator("#to").fill((day - timedelta(days=2)).isoformat())
    page.locator("form[role=search] [type=submit]").click()
    expect(page.locator("#to-error")).to_be_visible()
    expect(page.locator("#to")).to_be_focused()
    check_accessible(page, "a wrong day")


@everywhere
@in_each_language
def test_a_member_reads_an_alert_in_the_project_and_answers(
    desk: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(desk.pyotr, language)
    stand_at(page, width)
    sign_in(page, live_server.url, desk.pyotr)
    banner = page.locator("aside.banner")
    expect(banner).to_contain_text("The ports are closed")
    check_accessible(page, "no tickets of one's own, and an alert")
    page.goto(f"{live_server.url}/portal/projects/")
    check_accessible(page, "projects")
    page.locator("a.card").click()
    expect(page).to_have_url(f"{live_server.url}/portal/projects/orbita-shop/")
    check_accessible(page, "a project")
    expect(page.locator(NUMBERS)).to_have_count(5)
    page.locator("section[aria-labelledby=alerts] .register__subject").click()
    expect(page).to_have_url(re.compile(r"/portal/tickets/SR\d+/"))
    page.locator("#answer > summary").click()
    page.locator("#text").fill("We looked at the forms.")
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".msg[data-kind=in]")).to_contain_text("We looked at the forms.")
    page.goto(f"{live_server.url}/portal/")
    expect(banner).to_have_count(0)
    assert Message.objects.filter(kind="in", author=desk.pyotr).count() == 1
    assert Ticket.objects.get(alert__isnull=False).desk_group == "reply"


def test_everything_works_without_javascript(
    desk: Cast, live_server: LiveServer, browser: Browser
) -> None:
    desk.vera.customer.company = desk.orbita
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, desk.vera)
    page.locator("nav.views").first.locator("a").nth(1).click()
    expect(page.locator(NUMBERS)).to_have_count(5)
    page.locator("thead a", has_text="Number").click()
    expect(page.locator(NUMBERS).first).to_have_text("SR00000006")
    page.locator("nav.views").nth(1).get_by_role("link", name="Closed").click()
    expect_subjects(page, "Old lamp")
    page.locator("details.days > summary").click()
    page.locator("#from").fill(timezone.localdate().isoformat())
    page.locator("form[role=search] [type=submit]").click()
    expect(page.locator(NUMBERS)).to_have_count(5)
    expect(page.locator(".register")).not_to_contain_text("Old lamp")
    context.close()


def test_with_keys_alone(
    desk: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    ticket = open_by(desk.svetlana, desk.hosting, "The newest")
    reply(actor(desk.anna), ticket, Draft("Which one?"), via="web")
    sign_in(page, live_server.url, desk.svetlana)
    page.goto(f"{live_server.url}/portal/?new={ticket.number}")
    expect(page.locator("tr[aria-current]")).to_contain_text("The newest")
    wanted = page.locator(".register__subject").first
    for _press in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/portal/tickets/{ticket.number}/")


def test_the_new_ticket_is_marked_on_a_phone(
    desk: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    stand_at(page, PHONE)
    number = Ticket.objects.get(subject="Замок").number
    sign_in(page, live_server.url, desk.svetlana)
    page.goto(f"{live_server.url}/portal/?new={number}")
    expect(page.locator("tr[aria-current]")).to_have_count(1)
    expect(page.locator("tr[aria-current] b.chip")).to_be_visible()
    check_accessible(page, "the new ticket")
