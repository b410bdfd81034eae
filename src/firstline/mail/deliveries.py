"""What became of the mails that carried our messages (product 7.6: shown at each message)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    IntegerField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Lower

from firstline.mail import reasons
from firstline.mail.models import OutgoingMail, Suppression

# Where one message went to several people, the one that needs attention comes first.
ATTENTION = ("sent", "kept", "queued", "retry", "failed")
TAKEN = ("sent", "kept")  # nothing more happens to these
NAMED = 12  # addresses on one line
STOP = "stop"  # a row of the question below that tells of an address, not of a mail


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail's way: `state` is as `state_of` tells it; `due_at` is the next try.

    `may_be_double`: an attempt before the last one ended, or was ended, before the server answered.
    `stop`: why nothing is sent to its recipient any more.
    """

    state: str
    recipient: str
    problem: str
    due_at: datetime
    sent_at: datetime | None
    may_be_double: bool = False
    stop: Suppression | None = None

    @property
    def urgency(self) -> tuple[int, bool]:
        """How much it needs somebody's attention."""
        return ATTENTION.index(self.state), self.may_be_double

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to tell but when it was sent."""
        return self.state in TAKEN and not self.may_be_double

    @property
    def why(self) -> str:
        """The problem in plain words, with what the server said."""
        if self.stop and self.problem.startswith(reasons.SUPPRESSED):
            return self.stop.why
        return reasons.plain(self.problem)


@dataclass(frozen=True, slots=True)
class Sent:
    """Those whom one message was sent to in the same minute, or kept for as a file, and no more is to be said."""

    state: str
    at: datetime | None
    addresses: list[str]

    @property
    def shown(self) -> str:
        """The addresses, as many as a line holds."""
        return ", ".join(self.addresses[:NAMED])

    @property
    def rest(self) -> int:
        """How many more there are."""
        return len(self.addresses[NAMED:])


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one message: one delivery for each address, the most urgent first."""

    each: list[Delivery]

    @property
    def apart(self) -> list[Delivery]:
        """Those of which each has to be looked at by itself."""
        return [one for one in self.each if not one.is_plain]

    @property
    def together(self) -> list[Sent]:
        """The others, by the minute they were sent in."""
        minutes: dict[tuple[str, datetime | None], Sent] = {}
        plain = (one for one in self.each if one.is_plain)
        for one in sorted(plain, key=lambda one: one.sent_at or one.due_at):
            minute = one.sent_at.replace(second=0, microsecond=0) if one.sent_at else None
            here = minutes.setdefault((one.state, minute), Sent(one.state, one.sent_at, []))
            here.addresses.append(one.recipient)
        return list(minutes.values())


@dataclass(slots=True)
class Ways:
    """Of messages by their ids what became of them; and where nothing is sent, by the address."""

    by_message: dict[int, Told] = field(default_factory=dict)
    stopped: dict[str, Suppression] = field(default_factory=dict)


def deliveries_of(message_ids: Iterable[int]) -> dict[int, Delivery]:
    """The most urgent delivery of each message that was mailed, by the message's id, in one query."""
    return {pk: told.each[0] for pk, told in ways_of(message_ids, ()).by_message.items()}


def ways_of(message_ids: Iterable[int], addresses: Iterable[str]) -> Ways:
    """What became of the mails of these messages, and which of their recipients and of these
    addresses nothing is sent to; in one query, none for nothing."""
    ids, known = list(message_ids), {one.lower() for one in addresses if one}
    ways, rows = Ways(), sorted(_rows(ids, known), key=itemgetter(0))
    for pk, _message, state, problem, address, since, *_rest in rows:
        if state == STOP:
            row = Suppression(pk=pk, address=address, reason=problem, since=since)
            ways.stopped[address] = row
    found: dict[int, dict[str, Delivery]] = defaultdict(dict)
    for _pk, message_id, state, *rest in rows:
        if state != STOP:
            new = _delivery(ways, state, *rest)
            each, address = found[message_id], new.recipient.lower()
            if address not in each or new.urgency > each[address].urgency:
                each[address] = new
    for message_id, each in found.items():
        mails = sorted(each.values(), key=lambda one: one.urgency, reverse=True)
        ways.by_message[message_id] = Told(mails)
    return ways


def state_of(state: str, problem: str, server: str | None) -> str:
    """The state of a mail as its readers know it: sent, kept, queued, retry or failed.

    Sent is what a mail server took; where none is set, a mail is kept as a file and reaches nobody.
    """
    if state == OutgoingMail.State.DONE:
        return "sent" if server else "kept"
    if state == OutgoingMail.State.PARKED:
        return "failed"
    return "retry" if problem else "queued"


def _delivery(
    ways: Ways,
    kept: str,
    problem: str,
    recipient: str,
    due_at: datetime,
    sent_at: datetime | None,
    unheard: int | None,
    server: str | None,
) -> Delivery:
    state = state_of(kept, problem, server)
    may_be_double = bool(unheard) and state in {*TAKEN, "failed"}
    stop = ways.stopped.get(recipient.lower())
    return Delivery(state, recipient, problem, due_at, sent_at, may_be_double, stop)


def _rows(ids: list[int], known: set[str]) -> Iterable[tuple[Any, ...]]:
    """The mails in their order, and the addresses that nothing is sent to, in the same columns."""
    stops = Suppression.objects.filter(address__in=known)
    if not ids:
        return _as_rows(stops) if known else ()
    mails = OutgoingMail.objects.filter(message__in=ids).order_by()
    fields = ("id", "message_id", "state", "problem", "recipient", "due_at", "sent_at", "unheard")
    rows = mails.values_list(*fields, "server")
    theirs = Suppression.objects.filter(address__in=mails.values_list(Lower("recipient")))
    others = [_as_rows(stops)] if known else []
    return rows.union(_as_rows(theirs), *others, all=True)


def _as_rows(stops: QuerySet[Suppression]) -> "QuerySet[Suppression, tuple[Any, ...]]":
    return stops.order_by().values_list(
        "id",
        Cast(Value(None), BigIntegerField()),
        Value(STOP, TextField()),
        "reason",
        "address",
        "since",
        Cast(Value(None), DateTimeField()),
        Cast(Value(None), IntegerField()),
        Value("", TextField()),
    )
