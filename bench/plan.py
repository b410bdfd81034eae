"""What is to be told of one made ticket, before any of it becomes a row.

Moments are seconds since 1970. The moves are those that the product would have made itself
(tickets/shipped.py), so a made history reads like a real one.
"""

from dataclasses import dataclass, field
from random import Random

from bench.fates import CLOSED, RESOLVED, WAITING, Fate
from bench.people import Cast, Client
from bench.texts import machine, machines
from firstline.tickets.models import Department, Level

HOUR = 3600.0
DAY = 24 * HOUR
TICKETS_A_DAY = 1000
CLOSES_AFTER = 7 * DAY
CHANNELS, CHANNEL_SHARES = ("mail", "portal", "phone", "api"), (65, 90, 96, 100)
PRIORITY_SHARES = (15, 75, 95, 100)  # low to critical, cumulated
LEVEL_SHARES = (50, 62, 86, 100)  # of the levels above the first, cumulated


@dataclass(slots=True)
class Move:
    """A change of status; `actor` is None where it came by itself."""

    at: float
    source: str
    target: str
    why: str = ""
    actor: int | None = None


@dataclass(slots=True)
class Plan:
    """One ticket: who, where, when, and how it ends."""

    id: int
    client: Client
    department: Department
    agent: int
    level: Level
    fate: Fate
    plot: str
    channel: str
    priority: int
    machine: str
    at: list[float]
    claimed_at: float | None = None
    pending_until: float | None = None
    moves: list[Move] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.moves[-1].target if self.moves else "new"

    def move(self, at: float, target: str, why: str = "", actor: int | None = None) -> None:
        if target != self.status:
            self.moves.append(Move(at, self.status, target, why, actor))

    def last(self, kinds: str) -> float | None:
        """When the last message of one of these kinds was written."""
        found = [at for at, kind in zip(self.at, self.plot, strict=True) if kind in kinds]
        return found[-1] if found else None


class Planner:
    """Plans tickets one by one; equal seeds plan equal desks."""

    def __init__(self, cast: Cast, tickets: int, now: float, fates: dict[int, Fate]) -> None:
        self.cast, self.tickets, self.now, self.fates = cast, tickets, now, fates
        self.begin = now - tickets / TICKETS_A_DAY * DAY
        self.machines = machines(tickets)
        levels = list(Level.objects.all())
        self.first = next(level for level in levels if level.is_first)
        self.others = [level for level in levels if not level.is_first]
        self.service = [one for one in cast.departments if one.workflow.key == "service"]
        self.closing = {one.pk for one in self.service}  # departments that know "resolved"

    def plan(self, random: Random, place: int) -> Plan:
        """The ticket at `place`, counted from 0 in the order of opening."""
        fate = self.fates.get(place, CLOSED)
        department = self.cast.department(random)
        if fate is RESOLVED and department.pk not in self.closing:
            department = random.choice(self.service)
        level = self.first
        if not fate.first_level or (fate is CLOSED and random.random() < 0.2):
            level = random.choices(self.others, cum_weights=LEVEL_SHARES)[0]
        plot = random.choice(fate.plots)
        plan = Plan(
            id=place + 1,
            client=self.cast.client(random),
            department=department,
            agent=random.choice(self.cast.agents[department.pk]).pk,
            level=level,
            fate=fate,
            plot=plot,
            channel=random.choices(CHANNELS, cum_weights=CHANNEL_SHARES)[0],
            priority=random.choices((1, 2, 3, 4), cum_weights=PRIORITY_SHARES)[0],
            machine=machine(random.randrange(self.machines)),
            at=self._moments(random, place, fate),
        )
        self._work(random, plan)
        self._end(random, plan)
        return plan

    def _moments(self, random: Random, place: int, fate: Fate) -> list[float]:
        """When the messages were written: some hours apart, all of them before now."""
        day_part = DAY / TICKETS_A_DAY
        opened = self.begin + place * day_part + random.random() * day_part / 2
        gaps = [random.expovariate(1 / (4 * HOUR)) for _ in range(4)]
        room = (self.now - opened) * 0.95
        stretch = min(room / sum(gaps), 1.0)
        if fate is RESOLVED and room > 5 * DAY:  # or the clock would close it at the first start
            stretch = (room - 5 * DAY * random.random()) / sum(gaps)
        moments = [opened]
        for gap in gaps:
            moments.append(moments[-1] + gap * stretch)
        return moments

    def _work(self, random: Random, plan: Plan) -> None:
        """The claim and the moves that messages cause."""
        mailbox = plan.department.pk not in self.closing
        for at, kind in zip(plan.at, plan.plot, strict=True):
            claims = kind == "o" or (kind in "hc" and random.random() < 0.5)
            if claims and plan.claimed_at is None:
                plan.claimed_at = at
                plan.move(at, "open", "agent_added")
            if mailbox and kind == "o":
                plan.move(at, "waiting", "staff_replied")
            elif mailbox and kind == "i" and plan.status == "waiting":
                plan.move(at, "open", "customer_wrote")
            elif kind == "o" and plan.status == "open" and random.random() < 0.6:
                plan.move(at, "in-progress", actor=plan.agent)

    def _end(self, random: Random, plan: Plan) -> None:
        """The moves to the state that the ticket is to be found in."""
        last = plan.at[-1]
        service = plan.department.pk in self.closing
        if plan.fate in (CLOSED, RESOLVED) and service:
            plan.move(last, "resolved", "resolved", plan.agent)
            if plan.fate is CLOSED:
                by_itself = last + CLOSES_AFTER < self.now
                at = last + CLOSES_AFTER if by_itself else last + (self.now - last) * 0.1
                plan.move(at, "closed", actor=None if by_itself else plan.agent)
        elif plan.fate is CLOSED:
            plan.move(last, "closed", "resolved", plan.agent)
        elif service and plan.fate is WAITING and random.random() < 0.4:
            plan.move(last, "needs-clarification", actor=plan.agent)
            plan.pending_until = self.now + (1 + random.random() * 60) * DAY
