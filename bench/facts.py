"""Look up on a made desk what the driver will ask for."""

import os
from itertools import islice
from pathlib import Path

from bench.desk import Desk
from bench.people import PASSWORD, Cast
from bench.texts import machine, machines
from bench.words import WORDS
from firstline.mail.addresses import reply_address
from firstline.people.access import actor_of
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person, Project, Staff
from firstline.people.roles import Level
from firstline.tickets.access import visible_to
from firstline.tickets.models import Ticket
from firstline.tickets.models.workflow import Phase

SOME = 200
COMMON = 200  # the rank of a word that every tenth ticket or so holds
OFTEN = 20  # of one that every second holds: it fills a page with a customer's few tickets, too


def facts_of(folder: Path, cast: Cast, tickets: int, on_desk: int, seed: int, made_at: str) -> Desk:
    """The description of the desk that was just made."""
    agent = next(one for one in cast.staff if one.level == Level.AGENT)
    administrator = next(one for one in cast.staff if one.level == Level.ADMINISTRATOR)
    colleague, customer = cast.clients[0], cast.clients[1]
    newest = Ticket.objects.filter(requester=customer.id).order_by("-id")[:SOME]
    step = max(machines(tickets) // SOME, 1)
    return Desk(
        folder=folder,
        tickets=tickets,
        on_desk=on_desk,
        seed=seed,
        made_at=made_at,
        database_url=os.environ.get("FIRSTLINE_DATABASE_URL", ""),
        password=PASSWORD,
        administrator=_person(administrator).email,
        agent=_person(agent).email,
        newcomer=_person(cast.newcomer).email,
        customer=customer.email,
        colleague=colleague.email,
        token=create_token(_person(administrator), ["*"], "bench"),
        numbers=_numbers(_person(agent), tickets),
        waiting=_waiting(_person(agent)),
        customer_numbers=list(newest.values_list("number", flat=True)),
        customer_words=[WORDS[customer.language][OFTEN + place] for place in range(10)],
        project=Project.objects.get(pk=customer.project_id).identifier,
        rare_words=[machine(place * step) for place in range(min(SOME, machines(tickets)))],
        common_words=[words[COMMON + place] for words in WORDS.values() for place in range(5)],
        departments=[department.address for department in cast.departments],
        reply_addresses=_addresses(),
    )


def _person(staff: Staff) -> Person:
    return Person.objects.get(pk=staff.pk)


def _numbers(agent: Person, tickets: int) -> list[str]:
    """Tickets all over the desk, old and new."""
    seen = visible_to(actor_of(agent)).filter(pk__in=range(1, tickets, max(tickets // 900, 1)))
    return list(seen.values_list("number", flat=True)[:SOME])


def _waiting(agent: Person) -> list[str]:
    """Tickets on which the customer's turn is next, so that an answer takes nothing off the desk."""
    seen = visible_to(actor_of(agent)).filter(phase__in=(Phase.OPEN, Phase.WAITING))
    quiet = seen.filter(awaiting="customer", desk_group="", level__is_first=True)
    return list(quiet.order_by("id").values_list("number", flat=True)[:SOME])


def _addresses() -> list[str]:
    """Where customers may answer, each with who would."""
    tickets = Ticket.objects.select_related("requester", "department")
    seen = tickets.filter(phase__in=(Phase.OPEN, Phase.WAITING)).order_by("-id")
    return [
        f"{reply_address(ticket)} {ticket.requester.email}"
        for ticket in islice(seen, SOME)
        if ticket.requester
    ]
