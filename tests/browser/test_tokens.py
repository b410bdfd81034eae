"""API tokens in a browser: created, used, revoked, in each language, on a desktop and a phone."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.people.models import Token
from tests.api.client import Api
from tests.browser.stories import (
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast


@everywhere
@in_each_language
def test_a_token_is_created_and_revoked(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    language: str,
    width: int,
) -> None:
    speak(stage.anna, language)
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/settings/tokens/")
    page.locator("#name").fill("Zabbix")
    page.locator("form[aria-labelledby=new] [type=submit]").click()
    expect(page.locator("#scopes-error")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Zabbix")
    page.locator("[name=may][value=reading]").check()
    page.locator("form[aria-labelledby=new] [type=submit]").click()
    secret = page.locator("#secret").input_value()
    assert secret.startswith("fl_")
    assert Api(secret).get("tickets").status_code == 200
    check_accessible(page)
    page.goto(f"{live_server.url}/settings/tokens/")
    expect(page.locator("#secret")).to_have_count(0)
    expect(page.locator("main table time").first).to_be_visible()
    page.locator(f"#token-{Token.objects.get().pk} [type=submit]").click()
    expect(page.locator("main table")).to_have_count(0)
    assert Api(secret).get("tickets").status_code == 401
