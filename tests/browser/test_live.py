"""Two browsers at once before the real server with its stream: what one does, the other sees."""

import pytest
from playwright.sync_api import Browser, Page, expect

from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.browser.stories import check_accessible
from tests.cast import Cast, actor, open_by, resolve_by
from tests.live.conftest import House, house, process, session_of  # noqa: F401  # fixtures

SOON = 10_000
CLAIM = "I will answer"


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=SOON)


def enter(browser: Browser, house: House, person: Person, path: str = "/desk/") -> Page:  # noqa: F811
    """A window of its own, signed in, that hears the stream."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "firstline_session", "value": session_of(person), "url": house.url}]
    )
    page = context.new_page()
    with page.expect_request("**/live/?*"):
        page.goto(house.url + path)
    return page


def test_what_one_does_the_other_sees(stage: Cast, house: House, browser: Browser) -> None:  # noqa: F811
    first = open_by(stage.svetlana, stage.hosting, "The first ticket")
    anna = enter(browser, house, stage.anna)
    boss = enter(browser, house, stage.supervisor, f"/tickets/{first.number}/")
    row = anna.locator(f"[id='row-{first.number}']")
    before = row.bounding_box()

    # a new ticket waits behind a button and pushes nothing
    second = open_by(stage.svetlana, stage.hosting, "The second ticket")
    offer = anna.locator("[data-more=new] button")
    expect(offer).to_have_text("Show 1 new")
    expect(anna.locator("[data-count=new]")).to_have_text("2")
    expect(anna.get_by_text("The second ticket")).to_have_count(0)
    assert row.bounding_box() == before
    check_accessible(anna, "an offer")
    offer.click()
    expect(anna.locator(f"[id='row-{second.number}']")).to_be_visible()
    expect(offer).to_have_count(0)

    # who looks and who types stands on the row and in the composer's line
    expect(row.locator("[data-looking]")).to_have_attribute("title", "Старшая Смирнова is looking")
    boss.locator("#text").fill("I am about to")
    expect(row.locator("[data-looking]")).to_have_attribute("title", "Старшая Смирнова is typing")

    # a claim shows on the other's row and head; what is typed there and the focus stay
    row.locator("a").click()
    anna.get_by_role("button", name=CLAIM).click()
    expect(boss.locator(f"[id='row-{first.number}']")).to_contain_text("Анна Соколова")
    expect(boss.locator(".ticket__head")).to_contain_text("Анна Соколова answers")
    expect(boss.locator("[data-live-state]")).to_contain_text("Анна Соколова is looking")
    expect(boss.locator("#text")).to_have_value("I am about to")
    expect(boss.locator("#text")).to_be_focused()
    check_accessible(boss, "somebody looks")

    # a message is added at the end, below its mark
    reply(actor(stage.svetlana), first, Draft(text="It is back, thank you"), via="portal")
    expect(boss.locator(".feed__mark--new")).to_have_text("New for you")
    expect(boss.locator(".feed > .msg").last).to_contain_text("It is back, thank you")
    expect(boss.locator("#text")).to_have_value("I am about to")

    # what leaves its group keeps its place, and says so
    place = anna.locator(f"[id='row-{second.number}']").bounding_box()
    resolve_by(stage.supervisor, second)
    gone = anna.locator(f"[id='row-{second.number}'][data-left]")
    expect(gone).to_contain_text("not in this group any more")
    assert gone.bounding_box() == place
    for page in (anna, boss):
        page.context.close()


def test_a_cut_line_says_so_and_misses_nothing(
    stage: Cast,
    house: House,  # noqa: F811
    browser: Browser,
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting, "The first ticket")
    anna = enter(browser, house, stage.anna, f"/tickets/{ticket.number}/")
    anna.locator("#text").fill("Typed before")
    expect(anna.locator("[data-signal]")).to_be_hidden()
    anna.wait_for_timeout(1500)
    anna.context.set_offline(True)
    anna.evaluate("dispatchEvent(new Event('pagehide')); dispatchEvent(new Event('pageshow'))")
    expect(anna.locator("[data-signal]")).to_contain_text("No connection")
    reply(actor(stage.svetlana), ticket, Draft(text="Said during the cut"), via="portal")
    open_by(stage.svetlana, stage.hosting, "Opened during the cut")
    anna.context.set_offline(False)
    expect(anna.locator(".feed > .msg").last).to_contain_text("Said during the cut")
    anna.locator("[data-more=new] button").click()
    expect(anna.locator(".ticket-row", has_text="Opened during the cut")).to_be_visible()
    expect(anna.locator("[data-signal]")).to_be_hidden()
    expect(anna.locator("#text")).to_have_value("Typed before")

    # the ticket goes to others: its words leave the screen, what was typed stays
    Ticket.objects.filter(pk=ticket.pk).update(department=stage.equipment)
    reply(actor(stage.boris), Ticket.objects.get(pk=ticket.pk), Draft(text="Mine now"), via="web")
    expect(anna.locator("#ticket")).to_contain_text("given to others")
    expect(anna.locator("#ticket textarea")).to_have_value("Typed before")
    expect(anna.get_by_text("The first ticket")).to_have_count(0)
    expect(anna.get_by_text("Mine now")).to_have_count(0)
    anna.context.close()
