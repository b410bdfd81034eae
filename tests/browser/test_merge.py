"""Merging and separating in a real browser: found as one types, at 360 px too, and axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.models import Ticket
from tests.browser.stories import (
    DESKTOP,
    LANGUAGES,
    PHONE,
    check_accessible,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, open_by

STORIES = [*((language, DESKTOP) for language in LANGUAGES), ("bg", PHONE)]


@pytest.fixture
def pair(stage: Cast, settle: Callable[[], None]) -> tuple[Ticket, Ticket]:
    """Two tickets that the search finds."""
    one = open_by(stage.svetlana, stage.hosting, "One", "first words")
    two = open_by(stage.svetlana, stage.hosting, "The printer", "second words")
    settle()
    return one, two


@pytest.mark.parametrize(("language", "width"), STORIES)
def test_merge_look_and_separate(
    stage: Cast,
    page: Page,
    live_server: LiveServer,
    pair: tuple[Ticket, Ticket],
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.anna, language)
    one, two = pair
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{one.number}/")
    page.locator("[popovertarget=more]").click()
    check_accessible(page, f"the menu, {language}, {width}")
    page.locator(f"#more a[href$='{one.number}/merges/']").click()
    window = page.locator("dialog#window")
    expect(window.locator("#q")).to_be_focused()
    window.locator("#q").press_sequentially("print")
    choice = window.locator(f"[name=other][value='{two.number}']")
    expect(choice).to_be_checked()
    check_accessible(page, f"the window, {language}, {width}")
    window.locator("footer [type=submit]").click()
    expect(page.locator("#ticket")).to_have_attribute("data-number", two.number)
    expect(page).to_have_url(f"{live_server.url}/tickets/{two.number}/")
    feed = page.locator(".feed")
    expect(feed).to_contain_text("first words")
    expect(feed).to_contain_text("second words")
    expect(feed.locator("article.msg").first).to_contain_text(one.number)
    check_accessible(page, f"a ticket with another in it, {language}, {width}")
    side = page.locator("details.ticket__side")
    side.locator("summary").first.click()  # folded: the ticket stands beside the list
    side.locator(f"form[action$='{one.number}/unmerges/'] button").click()
    expect(page).to_have_url(f"{live_server.url}/tickets/{one.number}/")
    expect(page.locator("#ticket")).to_have_attribute("data-number", one.number)
    expect(page.locator(".ticket__head .status")).to_have_attribute("data-phase", "new")


def test_opened_by_its_address_it_is_a_page(
    stage: Cast,
    page: Page,
    live_server: LiveServer,
    pair: tuple[Ticket, Ticket],
    complaints: list[str],
) -> None:
    speak(stage.anna, "en")
    one, two = pair
    failed: list[str] = []
    page.on("console", lambda told: failed.append(told.text))
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{one.number}/links/?kind=part")
    page.locator("#main form.window footer [type=submit]").click()
    expect(page.locator("#main .errors")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator(f"[name=other][value='{two.number}']").check()
    page.locator("[name=kind][value=related]").check()
    page.locator("#main form.window footer [type=submit]").click()
    expect(page).to_have_url(f"{live_server.url}/tickets/{one.number}/")
    expect(page.locator(".ticket__notice[role=status], .banner--edge").first).to_be_visible()
    assert not [text for text in failed if "targetError" in text]


def test_what_is_typed_the_moment_it_stands_is_heard(
    stage: Cast,
    page: Page,
    live_server: LiveServer,
    pair: tuple[Ticket, Ticket],
    complaints: list[str],
) -> None:
    """The form listens as soon as it is there: no moment in which typing is lost."""
    one, two = pair
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{one.number}/")
    page.evaluate(
        """() => new MutationObserver(() => {
            const field = document.querySelector("#window #q");
            if (!field || field.value) return;
            field.value = "print";
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }).observe(document.querySelector("#window"), { childList: true })"""
    )
    page.keyboard.press("m")
    expect(page.locator(f"#window [name=other][value='{two.number}']")).to_be_checked()
