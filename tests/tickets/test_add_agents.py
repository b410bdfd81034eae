"""Agents of a ticket: several may be on it, each may answer, and a new one becomes open (cap 153, 154)."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person
from firstline.tickets import history
from firstline.tickets.actions.add_agents import add_agents, agents_of, remove_agents
from firstline.tickets.actions.claim import Closed
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    cast.equipment.agents.add(cast.anna.staff, cast.supervisor.staff)
    return open_by(cast.svetlana, cast.equipment, "The printer")


def test_the_whole_round(cast: Cast, ticket: Ticket, settle: Callable[[], None]) -> None:
    boris, anna = actor(cast.boris), actor(cast.anna)
    assert ticket.phase == "new"
    add_agents(boris, ticket, [cast.anna.staff, cast.supervisor.staff], via="web")
    row = fresh(ticket)
    assert (row.phase, row.responsible_id) == ("open", cast.anna.pk)
    assert [one.pk for one in agents_of(ticket)] == [cast.anna.pk, cast.supervisor.pk]
    # any of them answers, and who answers is on it
    for person in (cast.supervisor, cast.boris):
        reply(actor(person), ticket, Draft(text="We look into it"), via="web")
        assert fresh(ticket).phase == "waiting"
        reply(actor(cast.svetlana), ticket, Draft(text="And now?"), via="mail")
        assert fresh(ticket).phase == "open"
    assert {one.pk for one in agents_of(ticket)} == {
        cast.anna.pk,
        cast.supervisor.pk,
        cast.boris.pk,
    }
    move(anna, ticket, "closed", via="web")
    with pytest.raises(Closed):
        add_agents(boris, ticket, [cast.boris.staff], via="web")
    with pytest.raises(Closed):
        remove_agents(boris, ticket, [cast.boris.pk], via="web")
    # both were told by mail, once, and nobody else
    settle()
    told = OutgoingMail.objects.filter(kind="notice", subject__contains="You were added")
    assert {mail.recipient for mail in told} == {cast.anna.email, cast.supervisor.email}
    assert "added you to ticket" in told[0].text


def test_the_history_names_them(cast: Cast, ticket: Ticket) -> None:
    boris = actor(cast.boris)
    add_agents(boris, ticket, [cast.anna.staff, cast.supervisor.staff], via="web")
    add_agents(boris, ticket, [cast.anna.staff], via="web")  # is on it already
    remove_agents(boris, ticket, [cast.anna.pk, cast.administrator.pk], via="web")
    remove_agents(boris, ticket, [cast.anna.pk], via="web")  # is off it already
    told = [line.text for entry in history.timeline(boris, ticket) for line in entry.lines]
    names = f"{cast.anna.name}, {cast.supervisor.name}"
    assert [line for line in told if "the ticket:" in line] == [
        f"{cast.boris.name} added to the ticket: {names}",
        f"{cast.boris.name} took off the ticket: {cast.anna.name}",
    ]
    svetlana = actor(Person.objects.get(pk=cast.svetlana.pk))
    seen = [line.text for entry in history.timeline(svetlana, ticket) for line in entry.lines]
    assert not [line for line in seen if cast.anna.name in line]


def test_who_is_taken_off_leaves_it_to_the_next(cast: Cast, ticket: Ticket) -> None:
    boris = actor(cast.boris)
    add_agents(boris, ticket, [cast.anna.staff, cast.supervisor.staff], via="web")
    remove_agents(boris, ticket, [cast.anna.pk], via="web")
    assert fresh(ticket).responsible_id == cast.supervisor.pk
    remove_agents(boris, ticket, [cast.supervisor.pk], via="web")
    assert (fresh(ticket).responsible_id, fresh(ticket).phase) == (None, "open")


def test_only_who_can_answer_and_only_by_who_may(cast: Cast, ticket: Ticket) -> None:
    before = Event.objects.count()
    for nobody in (cast.observer, cast.partner_agent):
        with pytest.raises(ValidationError):
            add_agents(actor(cast.boris), ticket, [cast.anna.staff, nobody.staff], via="web")
    with pytest.raises(ValidationError):
        add_agents(actor(cast.boris), ticket, [], via="web")
    cast.equipment.agents.add(cast.observer.staff)
    for person, refusal in (
        (cast.observer, Forbidden),
        (cast.svetlana, Forbidden),
        (cast.zlata, NotFound),
        (cast.partner_agent, NotFound),
    ):
        with pytest.raises(refusal):
            add_agents(actor(person), ticket, [cast.anna.staff], via="web")
        with pytest.raises(refusal):
            remove_agents(actor(person), ticket, [cast.anna.pk], via="web")
    assert (agents_of(ticket), fresh(ticket).phase) == ([], "new")
    assert Event.objects.count() == before
