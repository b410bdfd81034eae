"""Assigning and tagging: small verbs, checked like the large ones."""

import pytest
from django.core.exceptions import ValidationError

from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Team
from firstline.tickets.access import OtherLine
from firstline.tickets.actions.assign import assign
from firstline.tickets.actions.claim import Closed
from firstline.tickets.actions.tag import tag, typed
from firstline.tickets.models import Tag, Ticket
from tests.cast import Cast, actor, close_by, open_by


def test_to_somebody_to_a_team_to_nobody(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    team = Team.objects.create(names={"ru": "Ночь", "bg": "Нощ", "en": "Night"})
    who = actor(cast.anna)
    assign(who, ticket, cast.supervisor.staff, via="web")
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.responsible_id, row.phase) == (cast.supervisor.pk, "open")
    assert row.agents.get().pk == cast.supervisor.pk
    assign(who, ticket, team, via="web")
    row.refresh_from_db()
    assert (row.responsible_id, row.team_id) == (None, team.pk)
    assign(who, ticket, None, via="web")
    row.refresh_from_db()
    assert (row.responsible_id, row.team_id) == (None, None)
    told = [event.data.get("to") for event in Event.objects.filter(kind="ticket.assigned")]
    assert told == [cast.supervisor.pk, None, None]
    assign(who, ticket, None, via="web")
    assert Event.objects.filter(kind="ticket.assigned").count() == 3


def test_only_to_who_can_answer(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    for person in (cast.boris, cast.observer, cast.partner_agent):
        with pytest.raises(ValidationError):
            assign(actor(cast.anna), ticket, person.staff, via="web")
    for person, refusal in (
        (cast.observer, Forbidden),
        (cast.svetlana, Forbidden),
        (cast.boris, NotFound),
        (cast.partner_agent, NotFound),
    ):
        with pytest.raises(refusal):
            assign(actor(person), ticket, cast.anna.staff, via="web")
    theirs = open_by(cast.kirill, cast.hosting)
    with pytest.raises(OtherLine):
        assign(actor(cast.supervisor), theirs, cast.anna.staff, via="web")
    assign(actor(cast.partner_agent), theirs, cast.partner_agent.staff, via="web")
    close_by(cast.anna, ticket)
    with pytest.raises(Closed):
        assign(actor(cast.anna), ticket, cast.supervisor.staff, via="web")
    assert Ticket.objects.get(pk=ticket.pk).responsible_id == cast.anna.pk


def test_tags_come_and_go(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    who = actor(cast.anna)
    tag(who, ticket, typed("dns, Почта ,  dns,\n,"), via="web")
    assert set(ticket.tags.values_list("name", flat=True)) == {"dns", "Почта"}
    tag(who, ticket, ["dns", "urgent"], ["Почта", "unknown"], via="web")
    assert set(ticket.tags.values_list("name", flat=True)) == {"dns", "urgent"}
    events = Event.objects.filter(kind="ticket.tagged").order_by("id")
    assert events[1].data == {"added": ["urgent"], "removed": ["Почта"]}
    tag(who, ticket, ["dns"], via="web")
    assert events.count() == 2
    for names in (["x" * 61], [str(number) for number in range(30)]):
        with pytest.raises(ValidationError):
            tag(who, ticket, names, via="web")
    for person, refusal in ((cast.observer, Forbidden), (cast.boris, NotFound)):
        with pytest.raises(refusal):
            tag(actor(person), ticket, ["secret"], via="web")
    assert not Tag.objects.filter(name="secret").exists()
