"""Tag a ticket."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.models import Tag, Ticket

LONGEST = 60
MOST = 30


def tag(
    actor: Actor, ticket: Ticket, add: Iterable[str] = (), remove: Iterable[str] = (), *, via: str
) -> Ticket:
    """Add tags and take others away; what is there, or gone, already is no news.

    Raises NotFound, Forbidden, ValidationError.
    """
    wanted, unwanted = read(add), read(remove)
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_TAG)
        has = set(ticket.tags.values_list("name", flat=True))
        added = [name for name in wanted if name not in has and name not in unwanted]
        removed = [name for name in unwanted if name in has]
        if len(has) + len(added) - len(removed) > MOST:
            raise ValidationError(
                {"add": _("A ticket takes at most %(number)d tags.") % {"number": MOST}}
            )
        for name in added:
            ticket.tags.add(Tag.objects.get_or_create(name=name)[0])
        ticket.tags.remove(*Tag.objects.filter(name__in=removed))
        if added or removed:
            change.record(actor, ticket, "ticket.tagged", via, added=added, removed=removed)
            change.save(ticket)
    return ticket


def read(names: Iterable[str]) -> list[str]:
    """The names as they are kept: on one line, each once. Raises ValidationError."""
    found = list(dict.fromkeys(filter(None, (one_line(name, LONGEST + 1) for name in names))))
    if any(len(name) > LONGEST for name in found):
        raise ValidationError(
            {"add": _("A tag has at most %(number)d characters.") % {"number": LONGEST}}
        )
    return found


def typed(text: str) -> list[str]:
    """The tags in a field, parted by commas. Raises ValidationError."""
    return read(text.split(","))
