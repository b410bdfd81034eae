"""How a department's mail comes in and goes out, set in the browser: its server, its signature, web
hooks and a mailbox; on a wide window and on a telephone.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.mail.models import Mailbox
from tests import dovecot as imap
from tests.browser.stories import check_accessible, everywhere, sign_in, stand_at
from tests.cast import Cast
from tests.doors import Sink

LETTER = b"From: a@x.example\r\nSubject: Hm\r\n\r\nHm\r\n"


@pytest.fixture
def dovecot(settings: Any) -> Iterator[imap.Server]:
    """A mail server on this machine that may be asked."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    with imap.server() as server:
        yield server


def enter(page: Page, url: str, cast: Cast, width: int) -> None:
    """The administrator at this width."""
    stand_at(page, width)
    sign_in(page, url, cast.administrator)


def refused(page: Page, field: str) -> None:
    """The form came back: the list on top has the focus, the field says what is wrong with it."""
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator(field)).to_have_attribute("aria-invalid", "true")


@everywhere
def test_the_server_and_the_signature(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    sink: Sink,
    settings: Any,
    width: int,
) -> None:
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1"]
    enter(page, live_server.url, stage, width)
    page.goto(f"{live_server.url}/settings/departments/{stage.hosting.pk}/server/")
    form = page.locator("form[aria-labelledby=server]")
    form.locator("#host").fill("127.0.0.1")
    form.locator("#port").fill("99999")
    form.locator("#security").select_option("none")
    form.locator(".btn--primary").click()
    refused(page, "#port")
    check_accessible(page, f"a refused server {width}")
    form.locator("#port").fill(str(sink.port))
    form.locator("[formaction]").click()
    expect(page.locator(".banner[role=status]")).to_contain_text("The server took the letter")
    assert len(sink.raw) == 1
    form.locator(".btn--primary").click()
    expect(page.locator("form[action$='/removals/'] button")).to_be_visible()
    expect(form.locator("#port")).to_have_value(str(sink.port))
    page.locator("form[action$='/keys/'] button").click()
    expect(page.locator("#record")).to_have_value(re.compile("v=DKIM1; "))
    check_accessible(page, f"a key {width}")


@everywhere
def test_web_hooks(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], width: int
) -> None:
    enter(page, live_server.url, stage, width)
    page.goto(f"{live_server.url}/settings/departments/{stage.hosting.pk}/hooks/")
    form = page.locator("form[aria-labelledby=new]")
    form.locator(".btn--primary").click()
    refused(page, "#provider")
    check_accessible(page, f"a refused hook {width}")
    form.locator("#provider").select_option("mailgun")
    form.locator(".btn--primary").click()
    expect(page.locator("#address")).to_be_visible()
    expect(page.locator("main table")).to_contain_text("Mailgun")
    check_accessible(page, f"a hook {width}")
    page.locator("main table form button").click()
    expect(page.locator("main table")).to_have_count(0)


@everywhere
def test_a_mailbox(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    dovecot: imap.Server,
    width: int,
) -> None:
    dovecot.put(LETTER)
    enter(page, live_server.url, stage, width)
    page.goto(f"{live_server.url}/settings/mailboxes/")
    page.locator(".page__head .btn--primary").click()
    page.locator("#address").fill("help@orbita.example")
    page.locator("#department").select_option(str(stage.hosting.pk))
    page.locator("#host").fill("127.0.0.1")
    page.locator("#port").fill(str(dovecot.port))
    page.locator("#security").select_option("none")
    page.locator("#password").fill("a wrong one")
    save, attempt = page.locator("main form .btn--primary"), page.locator("[formaction]")
    attempt.click()
    expect(page.locator("#trial [role=alert]")).to_be_visible()
    check_accessible(page, f"a trial that failed {width}")
    page.locator("#password").fill(imap.PASSWORD)
    attempt.click()
    expect(page.locator("#trial table")).to_contain_text("INBOX")
    check_accessible(page, f"a trial {width}")
    save.click()
    expect(page.locator("main table")).to_contain_text("help@orbita.example")
    check_accessible(page, f"the mailboxes {width}")
    page.locator("main table a").click()
    page.locator("form[action$='/pauses/'] button").click()
    expect(page.locator("main table")).to_contain_text("switched off")
    page.locator("main table a").click()
    check_accessible(page, f"one mailbox {width}")
    page.locator("form[action$='/removals/'] button").click()
    expect(page.locator("main table")).to_have_count(0)
    assert not Mailbox.objects.filter(is_active=True).exists()
