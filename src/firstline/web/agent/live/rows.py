"""The rows that the live stream carries: those of the desk's list, in the reader's own words."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from firstline.base import zones
from firstline.people.access import Actor


def rows(actor: Actor, language: str, tickets: Sequence[Any]) -> dict[int, str]:
    """Each of these tickets as a row of the list, by its id.

    A row is shared by all who read the same language in the same zone with the same rights: nothing
    else in it may depend on who reads.
    """
    zone = zones.zone(actor.person.time_zone if actor.person else "")
    with translation.override(language), timezone.override(zone):
        return {ticket.pk: row(actor, ticket) for ticket in tickets}


def row(actor: Actor, ticket: Any) -> str:
    """One row, in the language and zone of the moment."""
    return render_to_string("agent/desk/rows.html", {"tickets": [ticket], "actor": actor}).strip()
