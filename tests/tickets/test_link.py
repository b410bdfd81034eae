"""Links: both sides say so, once, and nothing of a ticket that the reader can't see."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets import access, history, links
from firstline.tickets.actions.link import link, unlink
from firstline.tickets.models import Ticket, TicketLink
from tests.cast import Cast, actor, make_cast, open_by


def history_of(person: Person, ticket: Ticket) -> str:
    who = actor(person)
    seen = access.get_for(who, ticket.number, Permission.TICKET_VIEW)
    entries = history.timeline(who, seen)
    return "\n".join(line.text for entry in entries for line in entry.lines)


def seen_by(person: Person, ticket: Ticket) -> list[links.Line]:
    who = actor(person)
    return links.of(who, access.get_for(who, ticket.number, Permission.TICKET_VIEW)).lines


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("related", "linked this ticket with {two}", "linked this ticket with {one}"),
        ("duplicate", "as a duplicate of {two}", "marked {one} as a duplicate of this ticket"),
        ("part", "to the incident {two}", "added {one} to this incident"),
    ],
)
def test_both_say_so_once(cast: Cast, kind: str, here: str, there: str) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One")
    two = open_by(cast.zlata, cast.hosting, "Two", category="incident")
    for _time in range(2):
        link(actor(cast.anna), one, two, kind, via="web")
    if kind == "related":
        link(actor(cast.anna), two, one, kind, via="web")
    names = {"one": one.number, "two": two.number}
    assert history_of(cast.anna, one).count(here.format(**names)) == 1
    assert history_of(cast.anna, two).count(there.format(**names)) == 1
    (line,), (back,) = seen_by(cast.anna, one), seen_by(cast.anna, two)
    assert (line.ticket, back.ticket, line.kind) == (two, one, kind)
    assert (line.way, back.way) == ("to", "from")
    unlink(actor(cast.anna), two, back.pk, via="web")
    assert seen_by(cast.anna, one) == []
    assert f"removed the link with {two.number}" in history_of(cast.anna, one)


def test_nothing_of_a_ticket_out_of_sight(cast: Cast) -> None:
    """The administrator links across departments; Anna learns that there is a ticket, no more."""
    one = open_by(cast.svetlana, cast.hosting, "One")
    two = open_by(cast.zlata, cast.equipment, "A marker of Zlata's")
    row = link(actor(cast.administrator), one, two, "related", via="web")
    (line,) = seen_by(cast.anna, one)
    assert line.ticket is None
    told = history_of(cast.anna, one)
    assert "a ticket you cannot see" in told
    assert two.number not in told
    assert two.number in history_of(cast.administrator, one)
    with pytest.raises(NotFound):
        unlink(actor(cast.anna), one, row.pk, via="web")
    assert "linked" not in history_of(cast.svetlana, one)


def test_refusals_change_nothing(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One")
    two = open_by(cast.svetlana, cast.hosting, "Two")
    hidden = open_by(cast.svetlana, cast.equipment, "Three")
    for person, other, refusal in (
        (cast.observer, two, Forbidden),
        (cast.svetlana, two, Forbidden),
        (cast.boris, two, NotFound),
        (cast.anna, hidden, NotFound),
        (cast.anna, one, ValidationError),
    ):
        with pytest.raises(refusal):
            link(actor(person), one, other, "related", via="web")
    with pytest.raises(ValidationError):
        link(actor(cast.anna), one, two, "part", via="web")
    with pytest.raises(ValidationError):
        link(actor(cast.anna), one, two, "friend", via="web")
    assert not TicketLink.objects.exists()
    row = link(actor(cast.anna), one, two, "duplicate", via="web")
    with pytest.raises(ValidationError):
        link(actor(cast.anna), two, one, "duplicate", via="web")
    with pytest.raises(NotFound):
        unlink(actor(cast.anna), open_by(cast.svetlana, cast.hosting), row.pk, via="web")
    assert TicketLink.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_two_at_once_make_one_link(turn: int) -> None:
    cast = make_cast()
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    start, problems = threading.Barrier(2), []

    def press(here: Ticket, there: Ticket) -> None:
        who = actor(cast.anna)
        start.wait(10)
        try:
            link(who, here, there, "related", via="web")
        except Exception as problem:
            problems.append(repr(problem))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert TicketLink.objects.count() == 1
