"""Entering a project in the browser: the key, the window, the bar, an answer, and back (cap 81)."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.events.models import Event
from tests.browser.stories import check_accessible, sign_in, speak, stand_at
from tests.cast import Cast, open_by

ENTER = {"ru": "Войти в проект", "bg": "Влез в проекта", "en": "Enter project"}
LEAVE = {"ru": "Выйти из проекта", "bg": "Излез от проекта", "en": "Leave project"}


@pytest.mark.parametrize(
    ("language", "width"), [("ru", 1280), ("bg", 1280), ("en", 1280), ("ru", 360)]
)
def test_through_a_customers_eyes_and_back(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.anna, language)
    speak(stage.svetlana, "bg" if language == "ru" else "ru")
    ticket = open_by(stage.svetlana, stage.hosting, project=stage.project)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    button = page.locator("button[popovertarget=enter]").first
    expect(button).to_contain_text(ENTER[language])
    if width > 400:
        page.keyboard.press("p")
    else:
        button.click()
    window = page.locator("#enter")
    expect(window.get_by_role("radio").first).to_be_checked()
    expect(window).to_contain_text(stage.pyotr.name)
    check_accessible(page, "window")
    window.locator("button[type=submit]").click()
    bar = page.locator(".banner--eyes")
    expect(bar).to_contain_text(stage.svetlana.name)
    expect(bar).to_have_attribute("lang", language)
    expect(page.locator("html")).not_to_have_attribute("lang", language)
    check_accessible(page, "project")
    page.goto(f"{live_server.url}/portal/tickets/{ticket.number}/")
    page.locator("#answer > summary").click()
    page.locator("#text").fill("I write for her.")
    page.locator("form.answer button.btn--primary[type=submit]").click()
    written = page.locator("article.msg").filter(has_text="I write for her.")
    expect(written).to_contain_text(stage.anna.name)
    expect(written).to_contain_text(stage.svetlana.name)
    check_accessible(page, "ticket")
    page.goto(f"{live_server.url}/settings/password/")
    expect(page.locator("main")).to_contain_text(LEAVE[language])
    expect(page.locator("input[type=password]")).to_have_count(0)
    check_accessible(page, "refused")
    expect(bar.locator("button")).to_have_text(LEAVE[language])
    bar.locator("button").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#subject")).to_be_visible()
    expect(bar).to_have_count(0)
    assert page.url == f"{live_server.url}/tickets/{ticket.number}/"
    page.goto(f"{live_server.url}/customers/projects/{stage.project.identifier}/visits/")
    expect(page.locator("main")).to_contain_text(stage.svetlana.name)
    check_accessible(page, "visits")
    kinds = set(Event.objects.filter(subject_kind="project").values_list("kind", flat=True))
    assert kinds == {"project.entered", "project.left"}
