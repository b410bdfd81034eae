"""What customers do with alerts: opened, acknowledged, answered; and what follows when nobody does."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.base import clock
from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound, as_customer
from firstline.tickets import desk, history, timers
from firstline.tickets.actions.acknowledge import acknowledge, receive, remind
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import close
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Alert, AlertReceipt, Ticket
from tests.cast import Cast, actor, open_by


def tell(cast: Cast, hours: float | None = None) -> Ticket:
    """An alert of yesterday; `hours` after which somebody is to have acknowledged it."""
    moment = timezone.now() - timedelta(hours=24)
    with clock.at(moment):
        ticket = alert(
            actor(cast.anna),
            cast.project,
            "suspicious",
            "Many sign-ins",
            Draft("Look at your server."),
            via="web",
            acknowledge_by=None if hours is None else moment + timedelta(hours=hours),
        )
    return Ticket.objects.select_related("alert").get(pk=ticket.pk)


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("alert").get(pk=ticket.pk)


def kinds(ticket: Ticket) -> list[str]:
    return list(Event.objects.filter(subject_id=ticket.pk).values_list("kind", flat=True))


def test_the_first_opening_counts(cast: Cast, django_assert_num_queries: Any) -> None:
    ticket = tell(cast)
    first = timezone.now() - timedelta(hours=2)
    with clock.at(first):
        receive(actor(cast.pyotr), ticket)
    with django_assert_num_queries(1):
        receive(as_customer(cast.pyotr), ticket)
    receipt = AlertReceipt.objects.get()
    assert (receipt.person_id, receipt.opened_at) == (cast.pyotr.pk, first)
    assert receipt.acknowledged_at is None


def test_no_staff_opens_it_and_nobody_inside_a_project(cast: Cast) -> None:
    ticket = tell(cast)
    inside = dataclasses.replace(actor(cast.svetlana), behind=cast.anna)
    for one in (actor(cast.anna), inside):
        receive(one, ticket)
        with pytest.raises(Forbidden):
            acknowledge(one, ticket, via="portal")
    receive(actor(cast.svetlana), open_by(cast.svetlana, cast.hosting))
    reply(inside, ticket, Draft("In her name"), via="portal")
    assert not AlertReceipt.objects.exists()
    assert again(ticket).alert.acknowledged_at is None


def test_each_person_acknowledges_once(cast: Cast) -> None:
    ticket = tell(cast)
    first = acknowledge(actor(cast.pyotr), ticket, via="portal")
    assert first.opened_at == first.acknowledged_at
    assert acknowledge(actor(cast.pyotr), ticket, via="portal") == first
    acknowledge(actor(cast.svetlana), ticket, via="api")
    assert again(ticket).alert.acknowledged_at == first.acknowledged_at
    assert kinds(ticket) == ["ticket.alerted", "ticket.acknowledged", "ticket.acknowledged"]
    for person in (cast.svetlana, cast.anna):
        entries = history.timeline(actor(person), ticket)
        lines = [line.text for entry in entries for line in entry.lines]
        assert "Пётр Петров has read the alert" in lines


def test_nobody_else_and_nothing_else(cast: Cast) -> None:
    ticket, other = tell(cast), open_by(cast.svetlana, cast.hosting)
    for person, what in ((cast.zlata, ticket), (cast.svetlana, other)):
        with pytest.raises(NotFound):
            acknowledge(actor(person), what, via="portal")
    assert not AlertReceipt.objects.exists()


@pytest.mark.parametrize("via", ["portal", "mail"])
def test_an_answer_acknowledges_and_by_mail_opens_no_page(cast: Cast, via: str) -> None:
    ticket = tell(cast)
    reply(as_customer(cast.pyotr), ticket, Draft("It was me"), via=via)
    receipt = AlertReceipt.objects.get()
    assert receipt.acknowledged_at is not None
    assert (receipt.opened_at is None) == (via == "mail")
    assert again(ticket).alert.acknowledged_at == receipt.acknowledged_at


def test_an_automatic_answer_acknowledges_nothing(cast: Cast) -> None:
    ticket = tell(cast)
    reply(as_customer(cast.pyotr), ticket, Draft("Away"), via="mail", automatic=True)
    assert not AlertReceipt.objects.exists()


def groups(cast: Cast) -> dict[str, int]:
    return {group.key: group.count for group in desk.desk(actor(cast.anna)) if group.count}


def test_overdue_comes_to_the_desk_once(cast: Cast) -> None:
    ticket = tell(cast, hours=1)
    assert groups(cast) == {}
    timers.tick()
    timers.tick()
    now = again(ticket)
    assert now.alert.reminded_at is not None
    assert (now.awaiting, now.desk_group) == ("support", "reply")
    assert groups(cast) == {"reply": 1}
    assert kinds(ticket).count("ticket.alert_overdue") == 1
    assert not remind(ticket.pk)
    told = [line.text for one in history.timeline(actor(cast.anna), ticket) for line in one.lines]
    assert "Nobody acknowledged the alert in time" in told
    entries = history.timeline(actor(cast.pyotr), ticket)
    assert "Nobody" not in str([line.text for entry in entries for line in entry.lines])


def test_late_is_better_than_never_and_takes_it_off_the_desk(cast: Cast) -> None:
    ticket = tell(cast, hours=1)
    timers.tick()
    acknowledge(actor(cast.pyotr), ticket, via="portal")
    assert groups(cast) == {}
    assert again(ticket).awaiting == "customer"


def test_what_stays_on_the_desk_when_it_is_acknowledged(cast: Cast) -> None:
    """An answer waits for us, whoever reads the alert after it."""
    ticket = tell(cast, hours=1)
    timers.tick()
    reply(actor(cast.pyotr), ticket, Draft("What is this?"), via="portal")
    acknowledge(actor(cast.svetlana), ticket, via="portal")
    assert groups(cast) == {"reply": 1}


@pytest.mark.parametrize("how", ["acknowledged", "answered", "closed", "later", "no deadline"])
def test_who_is_not_reminded(cast: Cast, how: str) -> None:
    ticket = tell(cast, hours={"later": 48, "no deadline": None}.get(how, 1))
    does: dict[str, Callable[[], object]] = {
        "acknowledged": lambda: acknowledge(actor(cast.pyotr), ticket, via="portal"),
        "answered": lambda: reply(actor(cast.pyotr), ticket, Draft("Yes"), via="portal"),
        "closed": lambda: close(actor(cast.svetlana), ticket, via="portal"),
    }
    does.get(how, lambda: None)()
    timers.tick()
    assert not remind(ticket.pk)
    assert again(ticket).alert.reminded_at is None
    assert "ticket.alert_overdue" not in kinds(ticket)


def test_a_deadline_lies_ahead_and_within_a_year(cast: Cast) -> None:
    for hours in (0, -1, 24 * 400):
        with pytest.raises(Exception, match="within a year"):
            tell(cast, hours=hours)
    assert not Alert.objects.exists()
