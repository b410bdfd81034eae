"""Every key of the table in a real browser, by its place on a Russian keyboard; and the palette."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.tickets.models import Ticket
from firstline.web.agent.keys import KEYS
from tests.browser.stories import (
    DESKTOP,
    check_accessible,
    in_each_language,
    sign_in,
    speak,
    stand_at,
)
from tests.cast import Cast, open_by

# What a Russian layout writes at the place of each key, and the number of that key.
RUSSIAN = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "йцукенгшщзфывапролдячсмить", strict=True))
PLAIN = {"Slash": (".", 191), "Enter": ("Enter", 13), "Escape": ("Escape", 27)}
PLAIN |= {"ArrowDown": ("ArrowDown", 40), "ArrowUp": ("ArrowUp", 38)}
# all keys, tickets, actions
WORDS = {
    "ru": ("Клавиши", "Заявки", "Действия"),
    "bg": ("Клавиши", "Заявки", "Действия"),
    "en": ("Keys", "Tickets", "Actions"),
}


def press(page: Page, chord: str) -> None:
    """Press a key as a Russian keyboard does: the place is the key's, the sign is Cyrillic."""
    session = page.context.new_cdp_session(page)
    for one in chord.split():
        *held, code = one.split("+")
        key, number = PLAIN.get(code) or (RUSSIAN[code[-1]], ord(code[-1]))
        if held == ["Shift"] and code == "Slash":
            key = ","
        modifiers = (2 if "Control" in held else 0) + (8 if "Shift" in held else 0)
        values = {"code": code, "key": key, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        if len(key) == 1 and not modifiers & 2:
            values["text"] = key
        elif code == "Enter":
            values["text"] = "\r"
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", **values})
        values.pop("text", None)
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **values})
    session.detach()


@pytest.fixture
def ticket(stage: Cast) -> Ticket:
    """The second of three tickets, of a project, so that all that can be done can be done with it."""
    open_by(stage.svetlana, stage.hosting, "Another one")
    ticket = open_by(stage.svetlana, stage.hosting, "A shop in Varna", project=stage.project)
    open_by(stage.svetlana, stage.hosting, "A third one")
    return ticket


def effects(page: Page, url: str, ticket: Ticket) -> dict[str, Callable[[], None]]:
    """What has to be so after each key, on the page of the ticket."""
    row = page.locator(".desk__list .ticket-row__subject:focus")
    mode = page.locator("#composer [name=mode]:checked")
    window = page.locator("dialog#window")
    return {
        "KeyJ": lambda: expect(row).to_have_text("A third one"),
        "KeyK": lambda: expect(row).to_have_text("Another one"),
        "KeyX": lambda: expect(page.locator(".desk__list :checked")).to_have_count(1),
        "Shift+KeyX": lambda: expect(page.locator(".desk__list :checked")).to_have_count(1),
        "KeyU": lambda: expect(row).to_have_text(ticket.subject),
        "Slash": lambda: expect(page.locator("#search")).to_be_focused(),
        "Control+KeyK": lambda: expect(page.locator("#palette input")).to_be_focused(),
        "KeyG KeyW": lambda: expect(page).to_have_url(f"{url}/waiting/customer/"),
        "KeyG KeyD": lambda: expect(page).to_have_url(f"{url}/desk/"),
        "KeyG KeyL": lambda: expect(page).to_have_url(f"{url}/tickets/"),
        "Shift+Slash": lambda: expect(page.locator("#keys")).to_be_visible(),
        "KeyA": lambda: expect(page.locator(".ticket__times .who.push")).to_be_visible(),
        "KeyR": lambda: expect(mode).to_have_value("reply"),
        "KeyC": lambda: expect(page.locator("#comment-text")).to_be_focused(),
        "KeyH": lambda: expect(mode).to_have_value("hidden"),
        "KeyS": lambda: expect(page.locator("#resolve-text")).to_be_focused(),
        "KeyE": lambda: expect(window.locator("[name=level]").first).to_be_visible(),
        "KeyP": lambda: expect(page.locator("#enter")).to_be_visible(),
        "KeyV": lambda: expect(page.locator("#moves button").first).to_be_focused(),
        "KeyW": lambda: expect(window).to_contain_text("Assign"),
        "KeyM": lambda: expect(window).to_contain_text("Merge"),
        "KeyL": lambda: expect(window).to_contain_text("Link"),
        "KeyI": lambda: expect(window).to_contain_text("incident"),
        "KeyY": lambda: expect(window).to_contain_text("Tags"),
        "KeyT": lambda: expect(page.locator("#until-at")).to_be_visible(),
        "KeyZ": lambda: expect(page.locator("#notes-text")).to_be_focused(),
    }


IN_THE_LIST = {"ArrowDown", "ArrowUp", "Enter"}
NOT_PRESSED = {"Escape", "Control+Enter", "KeyF"}  # below
TWO_LINES = {"KeyB", "KeyO"}
IN_THE_INBOX = {"KeyN", "KeyD"}  # test_inbox.py
TO_TAKE_BACK = {"Control+KeyZ"}  # test_endings.py


def test_every_key_of_the_table_on_a_russian_keyboard(
    stage: Cast, ticket: Ticket, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    stand_at(page, 1440)
    sign_in(page, live_server.url, stage.anna)
    address = f"{live_server.url}/tickets/{ticket.number}/"
    table = effects(page, live_server.url, ticket)
    elsewhere = IN_THE_LIST | NOT_PRESSED | TWO_LINES | IN_THE_INBOX | TO_TAKE_BACK
    assert set(table) | elsewhere == {key.code for key in KEYS}

    page.goto(address)
    for key in KEYS:  # none fires while typing; what is typed stands in the field
        page.locator("#text").fill("")
        page.locator("#text").focus()
        if key.while_typing or key.code in IN_THE_LIST | TO_TAKE_BACK:
            continue
        press(page, key.code)
        expect(page.locator("#text")).to_be_focused()
        expect(page.locator("#text")).not_to_have_value("")
        expect(page.locator("dialog:modal, .dialog:popover-open")).to_have_count(0)
        expect(page).to_have_url(address)
    expect(page.locator("#composer [name=mode]:checked")).to_have_value("reply")
    assert Ticket.objects.get(pk=ticket.pk).responsible_id is None
    page.locator("#text").fill("")

    for code, happened in table.items():
        page.goto(address)
        expect(page.locator("#subject")).to_be_visible()
        page.locator("#subject").focus()
        press(page, code)
        happened()
        press(page, "Escape")
        expect(page.locator("dialog:modal, .dialog:popover-open")).to_have_count(0)

    Ticket.objects.filter(pk=ticket.pk).update(responsible=stage.supervisor.staff)
    page.goto(address)
    page.locator("#subject").focus()
    press(page, "KeyF")
    expect(page.locator("#take-over")).to_be_visible()
    press(page, "Escape")
    focused = page.locator(".desk__list .ticket-row__subject:focus")
    press(page, "KeyU")
    press(page, "ArrowDown")
    expect(focused).to_have_text("A third one")
    press(page, "ArrowUp")
    expect(focused).to_have_text(ticket.subject)
    other = page.locator(".desk__list .ticket-row__subject", has_text="Another one")
    other.focus()
    press(page, "Enter")
    expect(page.locator("#subject")).to_have_text("Another one")
    page.locator("#text").fill("Hello")
    page.locator("#text").focus()
    press(page, "Control+Enter")
    expect(page.locator(".msg").last).to_contain_text("Hello")


def test_the_keys_where_there_are_two_lines(
    stage: Cast, live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    ticket = open_by(stage.kirill, stage.hosting)
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.partner_agent)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.locator("#subject").focus()
    press(page, "KeyO")
    expect(page.locator("#give [name=reason]")).to_be_visible()
    press(page, "Escape")
    page.locator("#subject").focus()
    press(page, "KeyB")
    expect(page.locator("#composer [name=mode]:checked")).to_have_value("between")


@in_each_language
def test_the_palette_and_the_list_of_keys(
    stage: Cast,
    ticket: Ticket,
    live_server: LiveServer,
    page: Page,
    complaints: list[str],
    settle: Callable[[], None],
    language: str,
) -> None:
    keys, tickets, actions = WORDS[language]
    settle()
    speak(stage.anna, language)
    stand_at(page, DESKTOP)
    sign_in(page, live_server.url, stage.anna)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    press(page, "Shift+Slash")
    expect(page.get_by_role("heading", name=keys, exact=True)).to_be_visible()
    expect(page.locator("#keys tr")).to_have_count(len(KEYS))
    check_accessible(page, "the keys")
    press(page, "Escape")

    press(page, "Control+KeyK")
    options = page.get_by_role("option")
    expect(page.locator("#palette")).to_contain_text(actions)
    page.keyboard.type("varna")
    expect(options.first).to_contain_text(ticket.number)
    expect(page.locator("#palette")).to_contain_text(tickets)
    check_accessible(page, "the palette")
    page.keyboard.type("qqqq")
    expect(options).to_have_count(0)
    page.locator("#palette input").fill("Светлана")
    expect(page.get_by_role("option", name=stage.svetlana.email)).to_be_visible()
    page.locator("#palette input").fill("> ")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-tickets")).to_have_count(0)
    press(page, "ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    press(page, "ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.locator("#palette input").fill(ticket.number)
    press(page, "Enter")  # before the answer is there
    expect(page.locator("#subject")).to_have_text(ticket.subject)
    expect(page.locator("#palette")).to_be_hidden()
