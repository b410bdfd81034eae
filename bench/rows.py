"""Plans become rows of all tables, a block of tickets at a time.

Inside a block, messages and events of all its tickets are written in the order of time, as they
come in on a real desk: the rows of one ticket lie apart, which is what a disk has to live with.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from random import Random

from django.conf import settings

from bench.load import Row, Table, moment
from bench.people import Cast
from bench.plan import Move, Plan
from bench.texts import Texts, html_of, quoted
from firstline.base.numbers import DEFAULT_MASK, format_number
from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.tickets.messages import excerpt
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.workflow import Phase, Status
from firstline.tickets.workflow import desk_group

KINDS = {"i": "in", "o": "out", "c": "comment", "h": "hidden"}
VISIBLE = {kind: "internal" if kind == "h" else "public" for kind in KINDS}
TICKET = (
    "id number subject description requester_id company_id project_id opened_by_id department_id type_id "
    "level_id status_id phase category priority channel responsible_id awaiting desk_group "
    "waiting_since pending_until created_at updated_at last_customer_message_at "
    "last_staff_reply_at first_reply_at resolved_at closed_at reply_token"
)
MESSAGE = "id ticket_id kind visibility channel author_id author_name text quote html at"
EVENT = "id kind at actor_id subject_kind subject_id via data"
MAIL = (
    "id event_id ticket_id message_id kind recipient recipient_name sender sender_name reply_to "
    "header_id in_reply_to subject text html state attempts due_at created_at sent_at"
)


IN_PROJECT = 0.3  # of all tickets
EPOCH = datetime.fromtimestamp(0, UTC)  # the mask of a new desk has no date


class Writer:
    """The tables that grow with the number of tickets, and the ids given in them so far."""

    def __init__(self, cast: Cast, texts: Texts) -> None:
        self.cast, self.texts = cast, texts
        self.names = {one.pk: one.person.name for one in cast.staff}
        self.types = [one.pk for one in cast.types]
        self.statuses = {
            department.pk: {status.key: status for status in department.workflow.statuses.all()}
            for department in cast.departments
        }
        self.moves: dict[tuple[int, str, str, str], str] = {}
        self.tickets, self.messages = Table(Ticket, TICKET), Table(Message, MESSAGE)
        self.events, self.mails = Table(Event, EVENT), Table(OutgoingMail, MAIL)
        self.agents = Table(Ticket.agents.through, "ticket_id staff_id")
        self.tags = Table(Ticket.tags.through, "ticket_id tag_id")

    @property
    def tables(self) -> list[Table]:
        return [self.tickets, self.messages, self.events, self.mails, self.agents, self.tags]

    def write(self, random: Random, plans: Sequence[Plan], tags: Sequence[int]) -> None:
        """Insert everything about these tickets."""
        ids = _in_order_of_time(plans, self.messages.number + 1)
        block = Block(self, random, ids)
        for plan in plans:
            block.tell(plan)
        self.tickets.insert(block.tickets)
        self.messages.insert(sorted(block.messages, key=lambda row: row[0]))
        events, event_ids = _numbered(block.events, self.events.number + 1)
        self.events.insert(events)
        first = self.mails.number + 1
        mails = sorted(block.mails, key=lambda row: row[2])
        self.mails.insert(
            [(first + place, event_ids[row[0]], *row[1:]) for place, row in enumerate(mails)]
        )
        self.agents.insert([(plan.id, plan.agent) for plan in plans if plan.claimed_at])
        self.tags.insert([(plan.id, tags[plan.id % 50]) for plan in plans if plan.id % 3 == 0])


class Block:
    """The rows of a block of tickets while they are put together."""

    def __init__(self, writer: Writer, random: Random, ids: dict[int, list[int]]) -> None:
        self.writer, self.random, self.ids = writer, random, ids
        self.tickets: list[Row] = []
        self.messages: list[Row] = []
        self.events: list[tuple[float, Row]] = []
        self.mails: list[Row] = []

    def tell(self, plan: Plan) -> None:
        """Add all rows of one ticket."""
        writer, random, client = self.writer, self.random, plan.client
        subject = writer.texts.subject(random, client.language, plan.machine)
        token = f"{random.getrandbits(128):032x}"
        said = [self._say(plan, place) for place in range(len(plan.plot))]
        self.tickets.append(self._ticket(plan, subject, said[0], token))
        self._event(
            plan, plan.at[0], "opened", client.id, plan.channel, _opened(self.ids[plan.id][0])
        )
        if plan.claimed_at:
            self._event(plan, plan.claimed_at, "claimed", plan.agent, "web", "{}")
        for move in plan.moves:
            via = "web" if move.actor else "mail" if move.why else "system"
            self._event(plan, move.at, "moved", move.actor, via, self._moved(plan, move))
        for place in range(1, len(plan.plot)):
            event = self._replied(plan, place)
            if plan.plot[place] in "oc":
                self._mail(plan, place, event, subject, said[place], token)

    def _say(self, plan: Plan, place: int) -> str:
        """Add one message and return its text."""
        random, kind, client = self.random, plan.plot[place], plan.client
        inside = kind != "i"
        author = plan.agent if inside else client.id
        name = self.writer.names[plan.agent] if inside else client.name
        machine = plan.machine if place == 0 or random.random() < 0.3 else ""
        text = self.writer.texts.letter(random, client.language, machine, name)
        by_mail = not inside and plan.channel == "mail"
        quote = quoted(text, client.language, name) if by_mail and place else ""
        html = html_of(text) if by_mail and random.random() < 0.5 else ""
        channel = "web" if inside else plan.channel
        row = (self.ids[plan.id][place], plan.id, KINDS[kind], VISIBLE[kind], channel)
        self.messages.append((*row, author, name, text, quote, html, moment(plan.at[place])))
        return text

    def _replied(self, plan: Plan, place: int) -> int:
        kind = plan.plot[place]
        actor, via = (plan.client.id, plan.channel) if kind == "i" else (plan.agent, "web")
        data = f'{{"message": {self.ids[plan.id][place]}, "kind": "{KINDS[kind]}"}}'
        return self._event(
            plan, plan.at[place], "noted" if kind == "h" else "replied", actor, via, data
        )

    def _event(
        self, plan: Plan, at: float, verb: str, actor: int | None, via: str, data: str
    ) -> int:
        """Add an event; returns its place among those of the block."""
        self.events.append(
            (at, (f"ticket.{verb}", moment(at), actor, "ticket", plan.id, via, data))
        )
        return len(self.events) - 1

    def _moved(self, plan: Plan, move: Move) -> str:
        """What a move leaves in the log, written once for each kind of move."""
        key = (plan.department.workflow_id, move.source, move.target, move.why)
        if key not in self.writer.moves:
            statuses = self.writer.statuses[plan.department.pk]
            data = _move_data(statuses[move.source], statuses[move.target], move.why)
            self.writer.moves[key] = data
        return self.writer.moves[key]

    def _mail(
        self, plan: Plan, place: int, event: int, subject: str, text: str, token: str
    ) -> None:
        """Add the letter that carried an answer, sent long ago."""
        number, client, at = _number(plan.id), plan.client, moment(plan.at[place])
        address = plan.department.address
        local, _at, domain = address.rpartition("@")
        header_id = f"<{self.random.getrandbits(128):032x}@{settings.MAIL_DOMAIN}>"
        sender = (address, f"{self.writer.names[plan.agent]} ({settings.DESK_NAME})")
        to = (client.email, client.name, *sender, f"{local}+{token}@{domain}", header_id, "")
        said = (f"[{number}] Re: {subject}", text, html_of(text))
        ids = (event, plan.id, self.ids[plan.id][place])
        self.mails.append((*ids, "answered", *to, *said, "done", 1, at, at, at))

    def _ticket(self, plan: Plan, subject: str, text: str, token: str) -> Row:
        random, at, client = self.random, plan.at, plan.client
        status = self.writer.statuses[plan.department.pk][plan.status]
        answered, asked = plan.last("o"), plan.last("i") or at[0]
        awaits_us = answered is None or asked > answered
        ended = {move.target: move.at for move in plan.moves}
        closed = ended.get("closed")
        resolved = ended.get("resolved", closed)
        updated = max(at[-1], plan.moves[-1].at if plan.moves else 0)
        first_reply = at[plan.plot.index("o")] if answered else None
        awaiting = "support" if awaits_us else "customer"
        since = next(then for then in at if then > (answered or 0)) if awaits_us else answered
        return (
            plan.id, _number(plan.id), subject, excerpt(text), client.id, client.company_id,
            client.project_id if random.random() < IN_PROJECT else None, client.id,
            plan.department.pk, random.choice(self.writer.types), plan.level.pk, status.pk,
            status.phase, "incident" if random.random() < 0.3 else "request",
            plan.priority, plan.channel, plan.agent if plan.claimed_at else None, awaiting,
            _group(plan, status, awaiting, first_reply), moment(since or 0),
            _maybe(plan.pending_until), moment(at[0]), moment(updated), moment(asked),
            _maybe(answered), _maybe(first_reply), _maybe(resolved), _maybe(closed), token,
        )  # fmt: skip


def _in_order_of_time(plans: Sequence[Plan], first: int) -> dict[int, list[int]]:
    """Ids for the messages of each ticket, growing with the time at which they were written."""
    order = sorted((at, plan.id, place) for plan in plans for place, at in enumerate(plan.at))
    ids: dict[int, list[int]] = {plan.id: [0] * len(plan.at) for plan in plans}
    for number, (_at, ticket, place) in enumerate(order, first):
        ids[ticket][place] = number
    return ids


def _numbered(events: Sequence[tuple[float, Row]], first: int) -> tuple[list[Row], list[int]]:
    """The events as rows in the order of time, and the id of each by its place before."""
    order = sorted(range(len(events)), key=lambda place: events[place][0])
    ids = [0] * len(events)
    rows = []
    for number, place in enumerate(order, first):
        ids[place] = number
        rows.append((number, *events[place][1]))
    return rows, ids


def _group(plan: Plan, status: Status, awaiting: str, first_reply: float | None) -> str:
    """The group of the desk, by the product's own rule for all that may be on it."""
    if status.phase in (Phase.RESOLVED, Phase.CLOSED):
        return ""
    row = Ticket(phase=status.phase, level=plan.level, awaiting=awaiting)
    if plan.pending_until is not None:
        row.pending_until = datetime.fromtimestamp(plan.pending_until, UTC)
    row.first_reply_at = None if first_reply is None else datetime.fromtimestamp(first_reply, UTC)
    return desk_group(row).value


def _move_data(source: Status, target: Status, why: str) -> str:
    """The data of a move's event (tickets/change.py)."""
    data = {"from": source.names, "to": target.names, "phase": target.phase}
    data |= {"from_phase": source.phase, "from_key": source.key, "to_key": target.key}
    return json.dumps(data | ({"why": why} if why else {}))


@lru_cache(maxsize=16)
def _number(ticket: int) -> str:
    return format_number(DEFAULT_MASK, ticket, EPOCH)


def _maybe(at: float | None) -> str | None:
    return None if at is None else moment(at)


def _opened(message: int) -> str:
    return f'{{"message": {message}, "automatic": false}}'
