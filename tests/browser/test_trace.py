"""Why a mail stands where it stands: its plain text, its trace, a trial; and where nothing is sent."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail, Suppression
from tests.browser.stories import check_accessible, everywhere, sign_in, stand_at
from tests.cast import Cast


@everywhere
def test_an_agent_learns_why_a_mail_is_here_and_sends_there_again(
    stage: Cast,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    settle: Callable[[], None],
    width: int,
) -> None:
    email = stage.svetlana.email
    raw = f"From: {email}\r\nSubject: Look\r\nMessage-ID: <look@x>\r\n\r\nPlease look\r\n"
    take(raw.encode(), sender=email, recipients=["hosting@desk.example"], source="smtp")
    settle()
    ticket = RawMail.objects.get().ticket
    assert ticket is not None
    Suppression.objects.create(address=email, reason="550 5.1.1 no such user")
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    side = page.locator(".ticket__side")
    if side.get_attribute("open") is None:
        side.locator("> summary").click()
    expect(side).to_contain_text(f"Nothing is sent to {email}")
    check_accessible(page, f"nothing is sent there {width}")
    side.get_by_role("button", name="Send there again").click()
    expect(page.locator("#ticket")).not_to_contain_text("Nothing is sent to")
    assert not Suppression.objects.exists()

    page.get_by_text("About the mail").click()
    page.get_by_role("link", name="Why it stands here").click()
    expect(page.locator("main .steps")).to_contain_text(ticket.number)
    expect(page.locator("pre.source")).to_contain_text("Please look")
    check_accessible(page, f"the trace {width}")
    page.get_by_role("button", name="Read it again as a trial").click()
    expect(page.locator("main .steps")).to_have_count(2)
    check_accessible(page, f"a trial {width}")
