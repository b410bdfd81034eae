"""Who gets the answer, chosen in the browser: ticked, kept with the draft, shown at the message; and
a forward, on a wide window and on a telephone.
"""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.models import Message
from tests.browser.stories import check_accessible, everywhere, sign_in, stand_at
from tests.cast import Cast, open_by

OTHER = "marko@partner.example"


@everywhere
def test_copies_are_chosen_kept_and_shown_and_a_message_is_forwarded(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str], width: int
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    ours = stage.hosting.address
    Message.objects.update(
        recipients={"to": [["", ours]], "cc": [["Marko", OTHER]], "ours": [ours]}
    )
    stand_at(page, width)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    form = page.locator("#composer")
    form.locator("#text").fill("We are on it.")
    form.locator(".copies summary").click()
    form.get_by_label("Marko").check()
    form.get_by_label("Hidden copy to (Bcc)").fill("secret@our.example")
    expect(form.locator("[data-draft-state]")).to_have_text("Draft kept")
    expect(form.locator(".btn [data-copies]")).to_have_text("+ copies: 2")
    check_accessible(page, f"copies {width}")
    page.reload()
    expect(form.get_by_label("Marko")).to_be_checked()
    expect(form.get_by_label("Hidden copy to (Bcc)")).to_have_value("secret@our.example")
    form.locator("[type=submit][data-for=reply]").click()
    said = page.locator(".msg[data-kind=out]")
    expect(said).to_contain_text(OTHER)
    expect(said).to_contain_text("secret@our.example")
    page.get_by_role("link", name="Forward this message").first.click()
    window = page.locator("form.window")
    window.get_by_label("To whom").fill("vendor@maker.example")
    window.get_by_label("Your text").fill("Please look.")
    check_accessible(page, f"forward {width}")
    window.locator("[type=submit]").click()
    expect(page.locator("#ticket")).to_contain_text("Forwarded outside")
    expect(page.locator("#ticket")).to_contain_text("vendor@maker.example")
    assert complaints == []
