"""Escalation: to a level, an agent, a team; who is named sees the ticket (cap 63-64, 76, 89)."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Staff, Team
from firstline.people.roles import Permission
from firstline.tickets import access, history, workers
from firstline.tickets.access import OtherLine
from firstline.tickets.actions.claim import Closed, claim
from firstline.tickets.actions.escalate import escalate
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.move import close
from firstline.tickets.models import Level, Ticket
from tests.cast import Cast, actor, make_cast, open_by, resolve_by

REASON = "100 of 100 connections"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting)


def team_of(*people: Any, name: str = "Databases") -> Team:
    team = Team.objects.create(names={"en": name})
    team.members.add(*(person.pk for person in people))
    return team


def other_level() -> Level:
    return Level.objects.filter(is_first=False).first()  # type: ignore[return-value]


def staff(person: Any) -> Staff:
    return Staff.objects.get(pk=person.pk)


def lines_of(person: Any, ticket: Ticket) -> str:
    entries = history.timeline(actor(person), ticket)
    return "\n".join(line.text for entry in entries for line in entry.lines)


def test_a_level_moves_the_ticket_to_its_group_and_keeps_the_status(
    cast: Cast, ticket: Ticket
) -> None:
    claim(actor(cast.anna), ticket, via="web")
    before = Ticket.objects.get(pk=ticket.pk).status
    moved = escalate(actor(cast.anna), ticket, level=other_level(), reason=REASON, via="web")
    moved.refresh_from_db()
    assert (moved.level, moved.desk_group) == (other_level(), "level")
    assert (moved.responsible, moved.status) == (None, before)
    assert REASON in lines_of(cast.supervisor, ticket)
    assert f"{cast.anna.name} → nobody" in lines_of(cast.supervisor, ticket)


def test_an_agent_answers_from_now_on_and_a_new_ticket_opens(cast: Cast, ticket: Ticket) -> None:
    moved = escalate(actor(cast.anna), ticket, responsible=staff(cast.supervisor), via="web")
    moved.refresh_from_db()
    assert moved.responsible_id == cast.supervisor.pk
    assert list(moved.agents.values_list("pk", flat=True)) == [cast.supervisor.pk]
    assert (moved.phase, moved.level.is_first) == ("open", True)
    assert Event.objects.get(kind="ticket.escalated").data["to"] == cast.supervisor.pk


def test_a_team_finds_it_as_nobodys(cast: Cast, ticket: Ticket) -> None:
    claim(actor(cast.anna), ticket, via="web")
    team = team_of(cast.supervisor)
    moved = escalate(actor(cast.anna), ticket, team=team, via="web")
    assert (moved.team, moved.responsible) == (team, None)
    assert "team: none → Databases" in lines_of(cast.observer, ticket)


def test_the_team_stays_with_its_agent_and_goes_with_the_level(cast: Cast, ticket: Ticket) -> None:
    team = team_of(cast.supervisor, cast.anna)
    escalate(actor(cast.anna), ticket, team=team, via="web")
    moved = escalate(actor(cast.anna), ticket, responsible=staff(cast.supervisor), via="web")
    assert moved.team == team
    moved = escalate(actor(cast.anna), ticket, level=other_level(), via="web")
    assert moved.team is None


def test_at_least_one_and_another_than_now(cast: Cast, ticket: Ticket) -> None:
    escalate(actor(cast.anna), ticket, responsible=staff(cast.supervisor), via="web")
    first = Level.objects.get(is_first=True)
    chosen: list[dict[str, Any]] = [{}, {"level": first}, {"responsible": staff(cast.supervisor)}]
    chosen += [{"reason": "x" * 6000, "level": other_level()}]
    for one in chosen:
        before = Event.objects.count()
        with pytest.raises(ValidationError):
            escalate(actor(cast.anna), ticket, **one, via="web")
        assert Event.objects.count() == before
    Level.objects.filter(pk=other_level().pk).update(is_active=False)
    with pytest.raises(ValidationError):
        escalate(actor(cast.anna), ticket, level=other_level(), via="web")


def test_only_who_sees_the_ticket_can_be_named(cast: Cast, ticket: Ticket) -> None:
    for person in (cast.boris, cast.observer, cast.partner_agent):
        with pytest.raises(ValidationError):
            escalate(actor(cast.anna), ticket, responsible=staff(person), via="web")
        with pytest.raises(ValidationError):
            escalate(actor(cast.anna), ticket, team=team_of(person), via="web")
    cast.supervisor.is_active = False
    cast.supervisor.save()
    with pytest.raises(ValidationError):
        escalate(actor(cast.anna), ticket, responsible=staff(cast.supervisor), via="web")
    assert not Event.objects.filter(kind="ticket.escalated").exists()


@pytest.mark.parametrize("own_first_line", [True, False])
@pytest.mark.parametrize("held", ["partner", "platform", "ours"])
def test_who_is_offered_is_who_may_work_on_it(cast: Cast, held: str, own_first_line: bool) -> None:
    """The list and the rights agree for everybody (C74)."""
    cast.partner.own_first_line = own_first_line
    cast.partner.save()
    opener = cast.svetlana if held == "ours" else cast.kirill
    ticket = open_by(opener, cast.hosting)
    if held == "platform" and own_first_line:
        hand_over(actor(cast.partner_agent), ticket, "Beyond us", via="web")
        ticket.refresh_from_db()
    able = []
    for person in cast.staff:
        try:
            access.get_for(actor(person), ticket.number, Permission.TICKET_CLAIM)
        except (Forbidden, NotFound):
            continue
        able.append(person)
    for person in able:
        offered = {one.pk for one in workers.workers_for(actor(person), ticket)}
        wanted = able
        if person == cast.partner_agent:
            wanted = [cast.partner_agent]
        assert offered == {one.pk for one in wanted}


def test_the_reason_is_for_the_line_alone(cast: Cast) -> None:
    ticket = open_by(cast.kirill, cast.hosting)
    hand_over(actor(cast.partner_agent), ticket, reason="Beyond us", via="web")
    escalate(actor(cast.anna), ticket, level=other_level(), reason=REASON, via="web")
    assert REASON in lines_of(cast.anna, ticket)
    assert REASON not in lines_of(cast.partner_agent, ticket)
    assert REASON not in lines_of(cast.kirill, ticket)
    with pytest.raises(OtherLine):
        escalate(
            actor(cast.partner_agent), ticket, responsible=staff(cast.partner_agent), via="web"
        )


def test_who_may_not_escalate_changes_nothing(cast: Cast, ticket: Ticket) -> None:
    for person, refusal in (
        (cast.observer, Forbidden),
        (cast.svetlana, Forbidden),
        (cast.boris, NotFound),
    ):
        with pytest.raises(refusal):
            escalate(actor(person), ticket, level=other_level(), via="web")
    resolve_by(cast.anna, ticket)
    close(actor(cast.anna), ticket, via="web")
    with pytest.raises(Closed):
        escalate(actor(cast.anna), ticket, level=other_level(), via="web")
    assert Ticket.objects.get(pk=ticket.pk).level.is_first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_two_at_the_same_moment(turn: int) -> None:
    """Each accepted change stands in the history, and the last one on the ticket."""
    cast = make_cast()
    ticket = open_by(cast.svetlana, cast.hosting)
    start = threading.Barrier(2)

    def press(who: Any, to: Any) -> None:
        start.wait(10)
        try:
            escalate(actor(who), ticket, responsible=staff(to), via="web")
        finally:
            connections.close_all()

    pairs = [(cast.anna, cast.supervisor), (cast.supervisor, cast.anna)]
    threads = [threading.Thread(target=press, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    events = list(Event.objects.filter(kind="ticket.escalated").order_by("id"))
    assert len(events) == 2
    assert events[1].data["responsible_from"] == events[0].data["responsible_to"]
    assert Ticket.objects.get(pk=ticket.pk).responsible_id == events[1].data["to"]
