"""Notes for support: each line's own, all versions kept, nothing lost between two editors (C67)."""

import threading

import pytest
from django.db import connections

from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person
from firstline.tickets import history, notes
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.notes import NotesChanged, write_notes
from firstline.tickets.models import NotesVersion, Ticket
from tests.cast import Cast, actor, make_cast, open_by

MARKER = "The pool is at its limit"


def test_versions_stand_with_who_and_when(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    assert notes.current(actor(cast.anna), ticket) is None
    write_notes(actor(cast.anna), ticket, f"{MARKER}\r\n", based_on=0, via="web")
    write_notes(actor(cast.supervisor), ticket, "Moved to 03:30", based_on=1, via="api")
    found = notes.versions(actor(cast.observer), ticket)
    told = [(one.number, one.text, one.author) for one in found.rows]
    assert told == [(2, "Moved to 03:30", cast.supervisor), (1, MARKER, cast.anna)]
    assert found.next is None


def test_the_same_text_writes_nothing(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    assert write_notes(actor(cast.anna), ticket, "  ".strip(), based_on=0, via="web") is None
    first = write_notes(actor(cast.anna), ticket, MARKER, based_on=0, via="web")
    again = write_notes(actor(cast.supervisor), ticket, MARKER, based_on=0, via="web")
    assert first == again
    assert NotesVersion.objects.count() == 1
    assert Event.objects.filter(kind="ticket.notes_changed").count() == 1


def test_who_wrote_meanwhile_is_not_overwritten(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    write_notes(actor(cast.anna), ticket, "Hers", based_on=0, via="web")
    with pytest.raises(NotesChanged) as conflict:
        write_notes(actor(cast.supervisor), ticket, "Mine", based_on=0, via="web")
    assert (conflict.value.theirs.text, conflict.value.mine) == ("Hers", "Mine")
    write_notes(
        actor(cast.supervisor), ticket, "Mine", based_on=conflict.value.theirs.number, via="web"
    )
    assert [one.text for one in notes.versions(actor(cast.anna), ticket).rows] == ["Mine", "Hers"]


def test_each_line_has_its_own(cast: Cast) -> None:
    ticket = open_by(cast.kirill, cast.hosting)
    write_notes(actor(cast.partner_agent), ticket, "Of the partner", based_on=0, via="web")
    hand_over(actor(cast.partner_agent), ticket, reason="Beyond us", via="web")
    write_notes(actor(cast.anna), ticket, "Of the platform", based_on=0, via="web")
    for person, text in ((cast.partner_agent, "Of the partner"), (cast.anna, "Of the platform")):
        mine = notes.current(actor(person), ticket)
        assert mine is not None
        assert mine.text == text
        lines = [
            line.text for entry in history.timeline(actor(person), ticket) for line in entry.lines
        ]
        assert len([line for line in lines if "notes" in line]) == 1
    assert notes.current(actor(cast.kirill), ticket) is None


def test_events_do_not_carry_the_text(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    write_notes(actor(cast.anna), ticket, MARKER, based_on=0, via="web")
    event = Event.objects.get(kind="ticket.notes_changed")
    assert event.data == {"line": 0, "version": 1}


def test_who_may_not_write_changes_nothing(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    for person, refusal in (
        (cast.observer, Forbidden),
        (cast.svetlana, Forbidden),
        (cast.boris, NotFound),
        (cast.partner_agent, NotFound),
    ):
        with pytest.raises(refusal):
            write_notes(actor(person), ticket, MARKER, based_on=0, via="web")
    assert not NotesVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
@pytest.mark.parametrize("before", [0, 1])
def test_two_at_the_same_moment(turn: int, before: int) -> None:
    """One is saved, the other is told both texts; whatever stood before."""
    cast = make_cast()
    ticket = open_by(cast.svetlana, cast.hosting)
    if before:
        write_notes(actor(cast.anna), ticket, "Before", based_on=0, via="web")
    start, results = threading.Barrier(2), []

    def save(person: Person) -> None:
        who = actor(person)
        start.wait(10)
        try:
            write_notes(who, ticket, person.name, based_on=before, via="web")
            results.append("saved")
        except NotesChanged as conflict:
            results.append(f"{conflict.theirs.text} {conflict.mine}")
        finally:
            connections.close_all()

    people = (cast.anna, cast.supervisor)
    threads = [threading.Thread(target=save, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    told = next(result for result in results if result != "saved")
    assert len(results) == 2
    assert "saved" in results
    assert all(person.name in told for person in people)
    assert Ticket.objects.get(pk=ticket.pk).notes.count() == before + 1
