"""A resolved mail is rated by a press and opens its ticket, by somebody who has no password at hand."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.mail.models import OutgoingMail
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Rating
from tests.browser.stories import check_accessible, everywhere, in_each_language, speak, stand_at
from tests.cast import Cast, actor, open_by


@everywhere
@in_each_language
def test_rated_read_and_answered_without_a_password(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    settle: Callable[[], None],
    settings: Any,
    language: str,
    width: int,
) -> None:
    settings.PUBLIC_URL = live_server.url
    speak(stage.svetlana, language)
    ticket = open_by(stage.svetlana, stage.hosting)
    resolve(actor(stage.anna), ticket, Draft("Restarted, it works."), via="web")
    settle()
    mail = OutgoingMail.objects.get(kind="answered")
    [no] = re.findall(r"https?://\S+/ratings/\?helped=no", mail.text)
    stand_at(page, width)
    page.goto(no)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("input[value=no]")).to_be_checked()
    check_accessible(page, "rating")
    page.locator("main button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Restarted, it works.")
    assert Rating.objects.get().helped is False
    check_accessible(page, "ticket")
    page.locator("#answer summary").click()
    page.locator("#text").fill("It does not.")
    page.locator("#answer button[type=submit]").click()
    expect(page.locator(".msg").last).to_contain_text("It does not.")
    assert ticket.messages.latest("pk").author == stage.svetlana
    page.goto(f"{live_server.url}/portal/")
    expect(page.locator("input[name=password]")).to_be_visible()
