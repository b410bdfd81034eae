"""A partner's customer: a mail in their language, its link to the partner's own address and look (cap 29, 106)."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.mail.models import OutgoingMail
from firstline.people import portals
from firstline.people.models import Company, Host, Partner, Portal
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from tests.browser.stories import (
    check_accessible,
    everywhere,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, actor, open_by, resolve_by

NUMBER_LINE = {"ru": "Заявка", "bg": "Заявка", "en": "Ticket"}


@everywhere
@in_each_language
def test_a_mail_leads_to_the_partners_portal(
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
    portal = Portal.objects.create(
        partner=Partner.objects.get(), name="АгроКлимат Сервис", colour="#3f7a1f",
        contacts={code: f"Call us ({code})" for code in ("ru", "bg", "en")},
    )  # fmt: skip
    Host.objects.create(name="partner.localhost", portal=portal)
    portals.forget(portal)
    Company.objects.update(partner=portal.partner)
    speak(stage.svetlana, language)
    ticket = open_by(stage.svetlana, stage.hosting)
    reply(actor(stage.anna), ticket, Draft(text="We look into it."), via="web")
    resolve_by(stage.anna, ticket)
    settle()
    mails = {mail.kind: mail for mail in OutgoingMail.objects.filter(ticket=ticket)}
    assert {"received", "answered"} <= set(mails)
    assert {mail.reply_to for mail in mails.values()} == {mails["received"].reply_to}
    answer = OutgoingMail.objects.filter(ticket=ticket, kind="answered").earliest("pk")
    assert "АгроКлимат Сервис" in answer.sender_name
    assert f"{NUMBER_LINE[language]} {ticket.number}" in answer.text
    link = re.search(r"https?://\S+/portal/tickets/\S+", answer.text)
    assert link is not None
    address = link.group()
    assert address.startswith("http://partner.localhost:")
    stand_at(page, width)
    sign_in(page, address.partition("/portal/")[0], stage.svetlana)
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".brand")).to_have_text("АгроКлимат Сервис")
    expect(page.locator("footer").last).to_contain_text(f"Call us ({language})")
    expect(page.locator("main")).to_contain_text("We look into it.")
    check_accessible(page, f"{language} {width}")
