"""An administrator joins a mailbox with OAuth 2: signs in at the provider, and comes back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.mail.models import Mailbox
from tests import dovecot as imap
from tests.browser.stories import DESKTOP, check_accessible, sign_in, stand_at
from tests.cast import Cast
from tests.provider import Provider, oauth_provider


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider on this machine that may be asked."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    with oauth_provider() as made:
        yield made


def test_a_mailbox_by_oauth(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], provider: Provider
) -> None:
    with imap.server(introspection=provider.token_url) as server:
        stand_at(page, DESKTOP)
        sign_in(page, live_server.url, stage.administrator)
        page.goto(f"{live_server.url}/settings/mailboxes/new/")
        page.locator("#address").fill("help@orbita.example")
        page.locator("#department").select_option(str(stage.hosting.pk))
        page.locator("#host").fill("127.0.0.1")
        page.locator("#port").fill(str(server.port))
        page.locator("#security").select_option("none")
        page.get_by_label("With OAuth 2").check()
        expect(page.locator("#callback")).to_have_value(re.compile("/settings/mailboxes/oauth/$"))
        page.locator("#client_id").fill("desk")
        page.get_by_text("Another provider than").click()
        page.locator("#authorize_url").fill(provider.authorize_url)
        page.locator("#token_url").fill(provider.token_url)
        check_accessible(page, "a new mailbox")
        page.get_by_role("button", name="Read this mailbox").click()
        expect(page.locator(".banner[role=status]")).to_contain_text("One step is left")
        check_accessible(page, "a mailbox that waits")
        button = page.get_by_role("button", name="sign in at the provider")
        provider.mood = "denied"
        button.click()
        expect(page.locator(".banner[role=status]")).to_contain_text("Not signed in")
        provider.mood = ""
        button.click()
        expect(page.locator(".banner[role=status]")).to_contain_text("Signed in.")
        expect(page).to_have_url(re.compile(r"/settings/mailboxes/\d+/$"))
        check_accessible(page, "a mailbox that is signed in")
    assert Mailbox.objects.get().is_active
