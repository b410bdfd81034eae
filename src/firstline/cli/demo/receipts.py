"""What the people of the story did with their alerts: opened, acknowledged, or nothing in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from firstline.base import clock
from firstline.people.access import as_customer
from firstline.people.models import Person
from firstline.tickets.actions.acknowledge import acknowledge, receive, remind
from firstline.tickets.models import Ticket


def deadline(told: dict[str, Any], moment: datetime) -> datetime | None:
    """By when the alert of this moment is to be acknowledged, if the story says so."""
    hours = told.get("acknowledge_hours")
    return moment + timedelta(hours=float(hours)) if hours else None


def read(
    told: dict[str, Any], ticket: Ticket, moment: datetime, people: Mapping[str, Person]
) -> None:
    """Tell who opened the alert and who acknowledged it, each so many minutes after `moment`."""
    ticket = Ticket.objects.select_related("alert").get(pk=ticket.pk)
    for one in told.get("read", ()):
        actor = as_customer(people[one["by"]])
        with clock.at(moment + timedelta(minutes=float(one["opened_minutes"]))):
            receive(actor, ticket)
        if "acknowledged_minutes" in one:
            with clock.at(moment + timedelta(minutes=float(one["acknowledged_minutes"]))):
                acknowledge(actor, ticket, via="portal")


def pass_time(ticket: Ticket, until: datetime | None, now: datetime) -> None:
    """Let the deadline pass where it lies behind and nobody acknowledged the alert."""
    if until is not None and until < now:
        with clock.at(until + timedelta(minutes=1)):
            remind(ticket.pk)
