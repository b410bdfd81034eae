"""Requests of strangers, many at the same moment: each is counted, and each becomes one ticket."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from firstline.events.models import Event
from firstline.tickets.actions.requests import TooMany, Words, confirm, send_request
from firstline.tickets.forms import key_of
from firstline.tickets.models import Request, Ticket
from tests.cast import Cast
from tests.web.forms import WORDS, make


def at_once(number: int, do: Callable[[int], object]) -> list[Any]:
    """What `do(0)`, `do(1)` … return, all started at the same moment."""
    start, results = threading.Barrier(number), []

    def run(place: int) -> None:
        start.wait(10)
        try:
            results.append(do(place))
        except TooMany:
            results.append(TooMany)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_parallel_presses_make_one_ticket(stage: Cast) -> None:
    form = make(stage.hosting)
    send_request(form, Words(**WORDS, language="en"), nonce="n", source="192.0.2.1")
    tickets = at_once(6, lambda _place: confirm(key_of("n")))
    assert Ticket.objects.count() == 1
    assert {ticket.pk for ticket in tickets} == {Ticket.objects.get().pk}
    assert Event.objects.filter(kind="ticket.opened").count() == 1


@pytest.mark.parametrize("same", ["source", "email"])
def test_parallel_requests_are_all_counted(stage: Cast, same: str) -> None:
    forms = make(stage.hosting), make(stage.equipment)

    def send(place: int) -> object:
        email = WORDS["email"] if same == "email" else f"v{place}@mail.example"
        words = Words(**{**WORDS, "email": email}, language="en")
        source = "192.0.2.1" if same == "source" else f"192.0.2.{place}"
        send_request(forms[place % 2], words, nonce=f"n{place}", source=source)
        return "kept"

    assert Counter(at_once(9, send)) == {"kept": 5, TooMany: 4}
    assert Request.objects.count() == 5
