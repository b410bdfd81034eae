"""Notes for support and escalation in a real browser: two editors at once, and the window."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people.models import Team
from firstline.tickets.models import Ticket
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

# the notes, save, save on top, escalate, the second level, at least one
WORDS = {
    "ru": (
        "Сохранить заметки",
        "Сохранить моё поверх",
        "Эскалировать",
        "Второй уровень",
        "хотя бы одно",
    ),
    "bg": (
        "Запиши бележките",
        "Запиши моето отгоре",
        "Ескалирай",
        "Второ ниво",
        "поне едно",
    ),
    "en": ("Save the notes", "Save mine on top", "Escalate", "Second level", "at least one"),
}


@pytest.fixture
def ticket(stage: Cast) -> Ticket:
    Team.objects.create(names={"ru": "Базы данных", "bg": "Бази данни", "en": "Databases"})
    Team.objects.get().members.add(stage.supervisor.pk)
    return open_by(stage.svetlana, stage.hosting)


def side(page: Page) -> None:
    """Open the details where they begin folded."""
    page.locator(".ticket__side").evaluate("side => { side.open = true; }")


@in_each_language
def test_notes_of_two_and_an_escalation(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    browser: Browser,
    complaints: list[str],
    language: str,
) -> None:
    save, on_top, escalate, second, at_least = WORDS[language]
    width = PHONE if language == "bg" else DESKTOP
    speak(stage.anna, language)
    address = f"{live_server.url}/tickets/{ticket.number}/"
    other = browser.new_page()
    for one, person in ((page, stage.anna), (other, stage.supervisor)):
        stand_at(one, width)
        sign_in(one, live_server.url, person)
        one.goto(address)
        expect(one.locator("#subject")).to_be_visible()
        side(one)

    other.locator("#notes-text").fill("Theirs: the copy runs at 03:30")
    other.locator("#notes button[type=submit]").click()
    expect(other.locator("#notes [name=based_on]")).to_have_value("1")
    page.locator("#notes-text").fill("Mine: waiting for Olga")
    # As if it was drawn larger: htmx must not carry that into what comes, the policy refuses it.
    page.locator("#notes-text").evaluate("field => { field.style.height = '9rem'; }")
    page.get_by_role("button", name=save).click()
    expect(page.locator("#notes .errors")).to_be_focused()
    expect(page.locator("#notes .notes__theirs")).to_contain_text("Theirs: the copy runs at 03:30")
    expect(page.locator("#notes-text")).to_have_value("Mine: waiting for Olga")
    check_accessible(page, "the conflict")
    page.get_by_role("button", name=on_top).click()
    expect(page.locator("#notes [name=based_on]")).to_have_value("2")
    assert list(ticket.notes.values_list("author", "text")) == [
        (stage.supervisor.pk, "Theirs: the copy runs at 03:30"),
        (stage.anna.pk, "Mine: waiting for Olga"),
    ]

    # What was typed and not saved is back, and still knows what it was written on top of.
    other.locator("#notes-text").fill("Third thought")
    other.goto(f"{live_server.url}/desk/")
    expect(other.locator(".desk__list")).to_be_attached()
    other.goto(address)
    side(other)
    expect(other.locator("#notes-text")).to_have_value("Third thought")
    other.locator("#notes button[type=submit]").click()
    expect(other.locator("#notes .notes__theirs")).to_contain_text("Mine: waiting for Olga")
    other.context.close()

    page.locator("#notes a.btn").click()
    window = page.locator("dialog#window")
    expect(window.locator("article")).to_have_count(2)
    check_accessible(page, "the versions")
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()

    button = page.locator(".ticket__actions").get_by_role("link", name=escalate)
    button.click()
    expect(window.locator("[name=level]").first).to_be_focused()
    window.locator("#reason").fill("100 of 100 connections")
    page.keyboard.press("Control+Enter")
    expect(window.locator(".error").first).to_contain_text(at_least)
    check_accessible(page, "the window of escalation")
    page.keyboard.press("Escape")
    button.click()
    expect(window.locator("#reason")).to_have_value("100 of 100 connections")
    window.get_by_label(second).check()
    window.locator("#team").select_option(index=1)
    window.locator("button[type=submit]").click()
    expect(window).to_be_hidden()
    expect(page.locator(".ticket__notice")).to_be_visible()
    expect(page.locator(".feed")).to_contain_text("100 of 100 connections")
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.level.key, now.team_id, now.responsible_id) == (
        "second",
        Team.objects.get().pk,
        None,
    )


def test_without_scripts(
    stage: Cast, ticket: Ticket, live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.locator("#notes-text").fill("For the next shift")
    page.locator("#notes button[type=submit]").click()
    expect(page.locator("#notes-text")).to_have_value("For the next shift")
    page.locator("#notes a.btn").click()
    expect(page.locator("article")).to_have_count(1)
    page.go_back()
    page.locator(".ticket__actions a[href$='/escalations/']").click()
    page.locator("[name=level][value=second]").check()
    page.locator("button[type=submit]", has_text="Escalate").click()
    expect(page.locator("#subject")).to_be_visible()
    assert Ticket.objects.get(pk=ticket.pk).level.key == "second"
    context.close()
