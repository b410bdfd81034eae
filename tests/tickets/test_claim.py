"""Claims: one winner, whoever else pressed at the same moment (product 3.6, C67)."""

import threading

import pytest
from django.db import connections

from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person
from firstline.tickets.actions.claim import TakenBy, claim
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, make_cast, open_by


def test_the_first_wins_and_the_second_is_told_who(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    claim(actor(cast.anna), ticket, via="web")
    with pytest.raises(TakenBy) as taken:
        claim(actor(cast.supervisor), ticket, via="web")
    assert taken.value.person == cast.anna
    claim(actor(cast.supervisor), ticket, via="web", take_over=True)
    ticket.refresh_from_db()
    assert (ticket.responsible_id, ticket.status.key) == (cast.supervisor.pk, "open")
    kinds = list(Event.objects.filter(subject_id=ticket.pk).values_list("kind", flat=True))
    assert kinds == ["ticket.opened", "ticket.claimed", "ticket.moved", "ticket.claimed"]


def test_who_may_not_claim_changes_nothing(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    for person, refusal in (
        (cast.observer, Forbidden),
        (cast.svetlana, Forbidden),
        (cast.boris, NotFound),
    ):
        with pytest.raises(refusal):
            claim(actor(person), ticket, via="web")
    ticket.refresh_from_db()
    assert ticket.responsible_id is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_two_at_the_same_moment(turn: int) -> None:
    """Several turns: the second must often wait for a row that the first is just changing."""
    cast = make_cast()
    ticket = open_by(cast.svetlana, cast.hosting)
    start, results = threading.Barrier(2), []

    def press(person: Person) -> None:
        who = actor(person)
        start.wait(10)
        try:
            claim(who, ticket, via="web")
            results.append("won")
        except TakenBy:
            results.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(one,)) for one in (cast.anna, cast.supervisor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["told", "won"]
    assert Ticket.objects.get(pk=ticket.pk).responsible_id in {cast.anna.pk, cast.supervisor.pk}
