"""A department is made, its public address forwarded and checked, in each language and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.mail.models import BoxCheck
from tests.browser.stories import (
    DESKTOP,
    PHONE,
    check_accessible,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast
from tests.doors import Sink, post

NAMES = {"ru": "Цены и предложения", "bg": "Цени и оферти", "en": "Prices and offers"}
SYSTEM = "prices-and-offers@desk.example"


def make(page: Page, url: str) -> None:
    """A department with Anna in it."""
    page.goto(f"{url}/settings/departments/")
    page.locator(".page__head .btn--primary").click()
    for code, name in NAMES.items():
        page.locator(f"#name_{code}").fill(name)
    page.locator("#agents label", has_text="anna@desk.example").click()
    page.locator("main form .btn--primary").click()
    expect(page.locator("#system")).to_have_value(SYSTEM)


@in_each_language
def test_a_department_is_made_and_its_forwarding_checked(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    smtp: int,
    sink: Sink,
    settle: Callable[[], None],
    language: str,
) -> None:
    speak(stage.administrator, language)
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.administrator)
    make(page, live_server.url)
    expect(page.get_by_role("heading", level=2).first).to_have_text(NAMES[language])
    page.locator("#box").fill("Equipment@desk.example")
    page.locator("form:has(#box) .btn").click()
    expect(page.locator("#box")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_be_focused()
    check_accessible(page, "a refused box")
    page.locator("#box").fill("help@planina.example")
    page.locator("form:has(#box) .btn").click()
    page.locator("form[action$='/checks/'] .btn--primary").click()
    steps = page.locator("#check .steps li")
    expect(steps).to_have_count(1)
    settle()
    expect(page.locator("#check [data-state=done]")).to_have_count(2)
    expect(page.locator("#check [data-state=wait]")).to_have_count(1)
    check_accessible(page, "a check that runs")
    post(smtp, sink.raw[0], SYSTEM, SYSTEM)
    settle()
    expect(page.locator("#check .delivery")).to_have_attribute("data-state", "delivered")
    expect(page.locator("#check [hx-get]")).to_have_count(0)
    check_accessible(page, "a check that ended")
    page.goto(f"{live_server.url}/settings/departments/")
    expect(
        page.locator(".card", has_text=NAMES[language]).locator("[data-phase=resolved]")
    ).to_be_visible()
    check_accessible(page, "all departments")
    assert BoxCheck.objects.get().arrived_at is not None


@pytest.mark.parametrize("width", [PHONE])
def test_on_a_phone(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], width: int
) -> None:
    stand_at(page, width)
    sign_in(page, live_server.url, stage.administrator)
    make(page, live_server.url)
    check_accessible(page, "a department")
    page.locator("#box").fill("a-rather-long-public-address@planina-host.example")
    page.locator("form:has(#box) .btn").click()
    expect(page.locator("form[action$='/checks/']")).to_be_visible()
    page.locator("details summary").first.click()
    check_accessible(page, "a box")
    page.locator(".who").click()
    expect(page.locator("main table")).to_be_visible()
    check_accessible(page, "a department with a box")
