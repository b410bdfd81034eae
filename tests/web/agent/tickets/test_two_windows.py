"""One ticket in two windows of one agent: neither takes away what was typed in the other."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.actions import drafts
from firstline.tickets.models import KeptDraft, Message, Ticket
from tests.cast import Cast, actor, make_cast, open_by
from tests.web.pages import form_of, hidden_fields, html

SignIn = Callable[[Person], Client]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting)


def keep(agent: Client, ticket: Ticket, text: str, window: str, version: str = "") -> Any:
    """What the script of a window sends while one types; its answer."""
    form = {"mode": "reply", "text": text, "draft_composer": version, "draft_page": window}
    return agent.post(f"/tickets/{ticket.number}/drafts/", form)


def test_the_second_is_told_and_shown_both(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent = signed_in(cast.anna)
    assert keep(agent, ticket, "Of the first", "one").status_code == 200
    answer = keep(agent, ticket, "Of the second", "two")
    assert answer.status_code == 409
    told = answer.json()
    assert (told["kept"]["text"], told["typed"]["text"]) == ("Of the first", "Of the second")
    assert KeptDraft.objects.get().text == "Of the first"
    decided = keep(agent, ticket, "Of both", "two", told["kept_at"])
    assert decided.status_code == 200
    assert keep(agent, ticket, "", "one", told["kept_at"]).status_code == 409
    assert KeptDraft.objects.get().text == "Of both"


def test_a_window_may_miss_an_answer_about_its_own_text(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    agent = signed_in(cast.anna)
    for text in ("One", "Other", "Third"):
        assert keep(agent, ticket, text, "one").status_code == 200
    assert keep(agent, ticket, "Third and more", "two").status_code == 200
    assert keep(agent, ticket, "Third, otherwise", "one").status_code == 409


@pytest.mark.parametrize("seconds", [0, 10])
def test_what_is_sent_from_one_leaves_the_text_of_the_other(
    cast: Cast, ticket: Ticket, signed_in: SignIn, settings: Any, seconds: int
) -> None:
    settings.UNDO_SECONDS = seconds
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    form = form_of(agent, address, text="Of the first", mode="reply")
    keep(agent, ticket, "Of the second", "two")
    assert agent.post(f"{address}replies/", form).status_code == 302
    assert KeptDraft.objects.get().text == "Of the second"
    assert "Of the second" in html(agent.get(address)).split('id="text"')[1]


def test_without_scripts_a_refused_form_shows_both(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    form = form_of(agent, address, text="Of the first", mode="hidden")
    keep(agent, ticket, "Of the second <b>", "two")
    answer = agent.post(f"{address}replies/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This draft was changed in another window or on another device." in page
    assert "Of the second &lt;b&gt;</blockquote>" in page
    assert "Of the first" in page.split('id="text"')[1]
    assert KeptDraft.objects.get().text == "Of the second <b>"
    again = {**hidden_fields(answer), "text": "Of the first", "mode": "hidden", "public": ""}
    assert agent.post(f"{address}hidden-comments/", again).status_code == 302
    assert KeptDraft.objects.get().text == "Of the second <b>"


def test_a_second_press_is_the_same_form_whatever_was_kept_meanwhile(
    cast: Cast, ticket: Ticket, signed_in: SignIn, settings: Any
) -> None:
    settings.UNDO_SECONDS = 0
    agent, address = signed_in(cast.anna), f"/tickets/{ticket.number}/"
    form = form_of(agent, address, text="Once", mode="reply")
    agent.post(f"{address}replies/", form)
    version = keep(agent, ticket, "Once", "one").json()["kept_at"]
    agent.post(f"{address}replies/", form | {"draft_composer": version, "draft_page": "one"})
    assert Message.objects.filter(text="Once").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_of_two_first_texts_at_once_one_is_refused(turn: int) -> None:
    cast = make_cast()
    ticket = open_by(cast.svetlana, cast.hosting)
    start, results, author = threading.Barrier(2), [], actor(cast.anna)

    def keep_one(mode: str) -> None:
        start.wait(10)
        try:
            drafts.keep(author, ticket, mode, f"By {mode}", basis=drafts.Basis(page=mode))
            results.append("kept")
        except drafts.ChangedElsewhere as changed:
            results.append(changed.kept.text)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=keep_one, args=[mode]) for mode in ("reply", "hidden")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == sorted(["kept", KeptDraft.objects.get().text], key=str)
