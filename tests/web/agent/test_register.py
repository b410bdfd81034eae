"""The register: states, orders, pages by key, and the search."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import Cast, open_by

SignIn = Callable[[Person], Client]


@pytest.mark.parametrize(
    "order", ["created", "-created", "updated", "-updated", "priority", "-priority"]
)
def test_pages_by_key_show_each_ticket_once(cast: Cast, signed_in: SignIn, order: str) -> None:
    for number in range(60):
        open_by(cast.svetlana, cast.hosting, f"Ticket {number:02}", priority=number % 4 + 1)
    agent, seen, address = signed_in(cast.anna), [], f"/tickets/?state=all&order={order}"
    while address:
        page = agent.get(address).text
        seen += [part.split("<")[0] for part in page.split('class="register__subject" href="')[1:]]
        address = ""
        if 'rel="next"' in page:
            address = "/tickets/" + page.split('rel="next" href="')[1].split('"')[0].replace(
                "&amp;", "&"
            )
    assert len(seen) == 60
    assert len(set(seen)) == 60


def test_states(cast: Cast, signed_in: SignIn) -> None:
    open_by(cast.svetlana, cast.hosting, "Still open")
    done = open_by(cast.svetlana, cast.hosting, "Long done")
    agent = signed_in(cast.anna)
    agent.post(f"/tickets/{done.number}/resolutions/", {"text": "It works again."})
    for state, shown, hidden in (
        ("open", "Still open", "Long done"),
        ("closed", "Long done", "Still open"),
    ):
        page = agent.get(f"/tickets/?state={state}").text
        assert shown in page
        assert hidden not in page
    everything = agent.get("/tickets/?state=all").text
    assert "Still open" in everything
    assert "Long done" in everything


def test_search_by_number_word_and_another_form_of_it(
    cast: Cast, signed_in: SignIn, settle: Callable[[], None]
) -> None:
    wanted = open_by(cast.svetlana, cast.hosting, "Не уходят письма", "Почтовый сервер молчит.")
    open_by(cast.svetlana, cast.hosting, "Другое дело", "Вентилятор шумит.")
    settle()
    agent = signed_in(cast.anna)
    for words in (wanted.number, "письмо", "сервера", "почтовый серв"):
        page = agent.get("/tickets/", {"q": words}).text
        assert "Не уходят письма" in page, words
        assert "Другое дело" not in page, words
    assert "Nothing found" in agent.get("/tickets/", {"q": "холодильник"}).text


@pytest.mark.parametrize(
    "bad", ["after=xx", "after=1_2_3", "order=;drop", "state=%00", "q=%22*(", "after=%FF"]
)
def test_nonsense_in_the_address_is_harmless(cast: Cast, signed_in: SignIn, bad: str) -> None:
    open_by(cast.svetlana, cast.hosting)
    assert signed_in(cast.anna).get(f"/tickets/?{bad}").status_code == 200
    assert Ticket.objects.count() == 1
