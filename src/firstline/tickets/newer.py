"""Whether somebody else wrote on a ticket while an agent was answering it."""

from collections.abc import Iterable

from firstline.people.access import Actor
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility

ANSWERS = frozenset({Kind.OUT, Kind.COMMENT})


class NewerMessage(Exception):
    """Somebody wrote publicly after what the author had seen; `message` is the first of these."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.pk)
        self.message = message


class CustomerWrote(NewerMessage):
    """The first of them is the customer's."""


class ColleagueAnswered(NewerMessage):
    """The first of them is an answer or a public comment of a colleague."""


def check(actor: Actor, ticket: Ticket, seen: int | None) -> None:
    """Refuse what was written in ignorance. The caller holds the ticket's lock.

    `seen`: id of the newest message that the author had before their eyes; None asks nothing. On one
    ticket ids follow the order of writing, because each verb holds its row.
    Raises CustomerWrote, ColleagueAnswered.
    """
    if seen is None:
        return
    for message in after(actor, ticket.messages.filter(pk__gt=seen).order_by("pk"), seen):
        raise (CustomerWrote if message.kind == Kind.IN else ColleagueAnswered)(message)


def after(actor: Actor, messages: Iterable[Message], seen: int) -> list[Message]:
    """Those of `messages` that stop an answer by the actor: public, not their own, later than `seen`."""
    return [
        one
        for one in messages
        if one.pk > seen
        and one.visibility == Visibility.PUBLIC
        and not one.is_foreign
        and (one.kind == Kind.IN or (one.kind in ANSWERS and one.author_id != actor.id))
    ]
