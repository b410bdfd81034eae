"""The permission matrix of the agents' pages: every route and method by every kind of person (C30).

A refusal also asserts that nothing changed and nothing was sent.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, open_by

PEOPLE = ("administrator", "anna", "observer", "boris", "partner_agent", "svetlana", "stranger")
SEES = {"administrator": 200, "anna": 200, "observer": 200, "boris": 404, "partner_agent": 404}
SEES |= {"svetlana": 404, "stranger": 302}
WRITES = {"administrator": 302, "anna": 302, "observer": 403, "boris": 404, "partner_agent": 404}
WRITES |= {"svetlana": 404, "stranger": 401}
PRESENT = dict(WRITES, administrator=204, anna=204, observer=204)
STAFF = dict.fromkeys(PEOPLE, 200) | {"svetlana": 404, "stranger": 302}
FOLDS = dict.fromkeys(PEOPLE, 204) | {"svetlana": 404, "stranger": 401}
OF_PARTNER = dict.fromkeys(PEOPLE, 404) | {"partner_agent": 200, "stranger": 302}
FOUND = dict.fromkeys(PEOPLE, 302) | {"svetlana": 404}
TICKET = "/tickets/{number}/"
TEXT = {"text": "A marker that must not stand anywhere"}
DRAFT = {"mode": "reply", "text": "Not said yet"}
WRITERS = ("administrator", "anna")
# route → (method, body, who gets what)
MATRIX = {
    "agent:desk": ("get", "/desk/", {}, STAFF),
    "agent:folds": ("post", "/desk/folds/", {"key": "second", "open": "1"}, FOLDS),
    "agent:desk_news": ("get", "/desk/news/", {}, STAFF),
    "agent:group": ("get", "/desk/groups/new/first/", {}, STAFF),
    "agent:handed_over": ("get", "/handed-over/", {}, OF_PARTNER),
    "agent:partners": ("get", "/partners/", {}, STAFF | {"partner_agent": 403}),
    "agent:palette": ("get", "/palette/", {}, FOUND),
    "agent:register": ("get", "/tickets/", {}, STAFF),
    "agent:presences": ("post", TICKET + "presences/", {}, PRESENT),
    "agent:ticket": ("get", TICKET, {}, SEES),
    "agent:ticket_news": ("get", TICKET + "news/", {}, SEES),
    "agent:claims": ("post", TICKET + "claims/", {}, WRITES),
    "agent:comments": ("post", TICKET + "comments/", TEXT, WRITES),
    "agent:drafts": ("post", TICKET + "drafts/", DRAFT, WRITES | dict.fromkeys(WRITERS, 200)),
    "agent:hidden_comments": ("post", TICKET + "hidden-comments/", TEXT, WRITES),
    "agent:moves": ("post", TICKET + "moves/", {"status": "in-progress"}, WRITES),
    "agent:replies": ("post", TICKET + "replies/", TEXT, WRITES),
    "agent:resolutions": ("post", TICKET + "resolutions/", TEXT, WRITES),
}
# test_pending.py: what has to wait to leave before it can be taken back
ELSEWHERE = {"agent:departures", "agent:withdrawals"}
# Of tickets of partners: partners/test_custody.py and test_pages.py
ELSEWHERE |= {
    f"agent:{name}" for name in ("between_comments", "hand_backs", "hand_overs", "partner")
}
# tickets/test_together.py, test_bulk.py
ELSEWHERE |= {
    f"agent:{name}"
    for name in ("assignments", "forwards", "found", "links", "merges", "splits", "tags")
}
ELSEWHERE |= {f"agent:{name}" for name in ("part_resolutions", "unlinks", "unmerges")}
ELSEWHERE |= {f"agent:{name}" for name in ("bulk", "bulk_choices", "bulk_progress")}
# tickets/test_{escalations,notes,saying,files}.py, test_visits.py; portal/test_previews.py
ELSEWHERE |= {f"agent:{name}" for name in ("escalations", "notes", "visits")}
ELSEWHERE |= {f"agent:{name}" for name in ("file", "letter", "preview", "viewer")}
# tests/mail/test_form_senders.py
ELSEWHERE |= {"agent:form_senders"}
# tickets/test_deletions.py
ELSEWHERE |= {"agent:deletions"}
# test_inbox.py
ELSEWHERE |= {
    f"agent:{name}" for name in ("agent_removals", "agents", "inbox", "inbox_list", "inbox_news")
}
# mail/test_identity.py
ELSEWHERE |= {"agent:releases"}
# tickets/test_reading.py
ELSEWHERE |= {f"agent:{name}" for name in ("pictures", "source", "text")}
# mail/test_trace.py
ELSEWHERE |= {"agent:replays", "agent:trace"}


def routes() -> set[str]:
    """The names of all routes of the agents' pages, but for those of mail and of customers, which
    have tests of their own beside this one.
    """
    found = set()

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, pattern.namespace or space)
            elif (
                space == "agent"
                and pattern.name
                and not pattern.name.startswith(("mail", "customer", "alert"))
            ):
                found.add(f"agent:{pattern.name}")

    walk(get_resolver().url_patterns, "")
    return found


def test_the_matrix_knows_every_route() -> None:
    assert routes() == set(MATRIX) | ELSEWHERE


@pytest.mark.parametrize("route", MATRIX)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what(
    cast: Cast, signed_in: Callable[[Person], Client], route: str, who: str
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    method, address, body, expected = MATRIX[route]
    before = state_of(ticket)
    answer = getattr(client, method)(address.format(number=ticket.number), body)
    assert answer.status_code == expected[who]
    if method == "post" and answer.status_code != 302:
        assert state_of(ticket) == before
    other = {"get": "post", "post": "get"}[method]
    wrong = getattr(client, other)(address.format(number=ticket.number), body)
    assert wrong.status_code in {401, 404, 405, 302}
    assert Message.objects.filter(**TEXT).count() == (
        1 if answer.status_code == 302 and body == TEXT else 0
    )


def state_of(ticket: Ticket) -> tuple[object, ...]:
    """Everything a refused request must leave alone."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    counts = (Message.objects.count(), Event.objects.count(), OutgoingMail.objects.count())
    return (row, *counts)
