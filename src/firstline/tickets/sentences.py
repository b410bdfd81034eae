"""What merges, links, splits, assignments and tags say in the history."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.base.languages import pick
from firstline.events.models import Event
from firstline.people.access import Actor
from firstline.tickets.access import each_of, visible_to


def veil(actor: Actor, events: list[Event]) -> None:
    """Take the numbers of tickets that the reader can't see out of these events: one query, if any."""
    others = {event.data["other"] for event in events if "other" in event.data}
    if not others:
        return
    seen = set(each_of(visible_to(actor)).filter(pk__in=others).values_list("pk", flat=True))
    for event in events:
        if "other" in event.data and event.data["other"] not in seen:
            event.data = {**event.data, "number": "", "split_from": ""}


def sentence(event: Event, who: str) -> str:
    """The event in the reader's language; empty for any other kind."""
    data = event.data
    values = {"who": who, "number": data.get("number") or _("a ticket you cannot see")}
    match event.kind:
        case "ticket.merged":
            return _("%(who)s merged this ticket into %(number)s") % values
        case "ticket.took_in":
            return _("%(who)s merged %(number)s into this ticket") % values
        case "ticket.unmerged":
            return _("%(who)s separated this ticket from %(number)s again") % values
        case "ticket.gave_back":
            return _("%(who)s separated %(number)s from this ticket again") % values
        case "ticket.linked":
            return _linked(data, values)
        case "ticket.unlinked":
            return _("%(who)s removed the link with %(number)s") % values
        case "ticket.split":
            return _("%(who)s made a ticket of its own of a message: %(number)s") % values
        case "ticket.assigned":
            return _assigned(data, who)
        case "ticket.requester_changed":
            values |= {"before": data["from"] or _("nobody"), "name": data["to"]}
            return _("%(who)s changed the contact from %(before)s to %(name)s") % values
        case "ticket.agents_added":
            values["names"] = ", ".join(data["names"])
            return _("%(who)s added to the ticket: %(names)s") % values
        case "ticket.agents_removed":
            values["names"] = ", ".join(data["names"])
            return _("%(who)s took off the ticket: %(names)s") % values
        case "ticket.tagged":
            return _tagged(data, who)
    return ""


def _linked(data: dict[str, Any], values: dict[str, str]) -> str:
    match data["bond"], data["way"]:
        case "duplicate", "to":
            return _("%(who)s marked this ticket as a duplicate of %(number)s") % values
        case "duplicate", _way:
            return _("%(who)s marked %(number)s as a duplicate of this ticket") % values
        case "part", "to":
            return _("%(who)s added this ticket to the incident %(number)s") % values
        case "part", _way:
            return _("%(who)s added %(number)s to this incident") % values
    return _("%(who)s linked this ticket with %(number)s") % values


def _assigned(data: dict[str, Any], who: str) -> str:
    before = data.get("from", "")
    values = {"who": who, "name": data["name"] or pick(data.get("names", {})), "before": before}
    if data["to"] and before:
        return _("%(who)s passed the ticket from %(before)s to %(name)s") % values
    if values["name"]:
        return _("%(who)s assigned the ticket to %(name)s") % values
    return _("%(who)s took the ticket off everybody: nobody has it now") % values


def _tagged(data: dict[str, Any], who: str) -> str:
    values = {"who": who, "added": ", ".join(data["added"]), "removed": ", ".join(data["removed"])}
    if data["added"] and data["removed"]:
        return _("%(who)s added the tags %(added)s and removed %(removed)s") % values
    if data["added"]:
        return _("%(who)s added the tags: %(added)s") % values
    return _("%(who)s removed the tags: %(removed)s") % values
