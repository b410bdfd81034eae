"""A colleague comes in, in a real browser: invited, the mail's link, a password, the desk; and goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people.models import Person
from firstline.tickets.actions.assign import assign
from tests.browser.stories import (
    LANGUAGES,
    check_accessible,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by
from tests.letters import letters_to

EMAIL = "georgi@desk.example"
NEW = "an entirely new passphrase"
WIDTHS = [*((language, 1280) for language in LANGUAGES), ("bg", 360)]


@pytest.mark.parametrize(("language", "width"), WIDTHS)
def test_a_colleague_is_invited_and_begins_to_work(
    stage: Cast,
    settle: Callable[[], None],
    live_server: LiveServer,
    page: Page,
    browser: Browser,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.administrator, language)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.administrator)
    page.goto(f"{live_server.url}/settings/staff/")
    page.locator(".page__head .btn--primary").click()
    page.locator("#name").fill("Георги Атанасов")
    page.locator("#email").fill(EMAIL)
    page.locator("#more").fill("Мария Иванова maria@desk.example")
    page.locator("#language").select_option(language)
    page.locator("main form .btn--primary").click()
    expect(page.locator("#departments-error")).to_be_visible()
    check_accessible(page, "a refused invitation")
    page.locator(f"[name=departments][value='{stage.hosting.pk}']").check()
    page.locator("main form .btn--primary").click()
    expect(page.locator("main table")).to_contain_text(EMAIL)
    expect(page.locator("main table")).to_contain_text("maria@desk.example")
    check_accessible(page, "the list")
    settle()
    (letter,) = letters_to(EMAIL)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
    theirs = context.new_page()
    theirs.goto(live_server.url + letter.path)
    expect(theirs.locator("h1")).to_contain_text("Георги Атанасов")
    check_accessible(theirs, "the invitation")
    theirs.locator("#password1").fill(NEW)
    theirs.locator("#password2").fill(NEW)
    theirs.locator("main form .btn--primary").click()
    theirs.wait_for_url(f"{live_server.url}/desk/")
    expect(theirs.locator("html")).to_have_attribute("lang", language)
    ticket = open_by(stage.svetlana, stage.hosting)
    theirs.goto(f"{live_server.url}/tickets/{ticket.number}/")
    expect(theirs.locator("main")).to_contain_text(ticket.subject)
    dismiss(stage, page, live_server.url, ticket.number)
    theirs.goto(f"{live_server.url}/desk/")
    theirs.wait_for_url(f"{live_server.url}/sign-in/*")
    context.close()


def dismiss(stage: Cast, page: Page, url: str, number: str) -> None:
    """Give them the ticket and deactivate them: it goes to Anna, and they are signed out."""
    person = Person.objects.select_related("staff").get(email=EMAIL)
    ticket = stage.hosting.ticket_set.get(number=number)
    assign(actor(stage.administrator), ticket, person.staff, via="web")
    page.goto(f"{url}/settings/staff/{person.pk}/")
    check_accessible(page, "one colleague")
    page.locator("#tickets_to").select_option(str(stage.anna.pk))
    page.locator("main form .btn--bad").click()
    expect(page.locator("#bulk-progress")).to_contain_text(stage.anna.name)
    page.goto(f"{url}/settings/staff/?state=deactivated")
    expect(page.locator("main table")).to_contain_text(EMAIL)
