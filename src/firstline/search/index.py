"""The index follows the tickets: who may read a text decides in which column its words stand."""

from collections.abc import Iterable
from itertools import islice

from django.db.models.functions import Left

from firstline.base.db import atomic, hold
from firstline.events.models import Event
from firstline.search.engines import Row, engine
from firstline.search.models import COLUMNS
from firstline.search.numbers import marks_of
from firstline.search.scopes import words_of
from firstline.search.words import MOST_WORDS, normalise
from firstline.tickets.change import SUBJECT
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Visibility

BATCH = 1000
READ = ("number", "subject", "requester__name", "requester__email", "company__name", "project")
LONGEST_TEXT = 200_000
MOST_READ = 10 * MOST_WORDS
MOST_BYTES = 1_000_000  # beyond 2**20 PostgreSQL mixes the words of a tsvector up, in silence


class Words:
    """The different words of many texts, until there are too many of them."""

    def __init__(self) -> None:
        self.words: dict[str, None] = {}
        self.read = 0

    def __str__(self) -> str:
        """The words, parted by spaces; the last are left out where all are too long together."""
        text = " ".join(self.words).encode()
        if len(text) > MOST_BYTES:
            text = text[:MOST_BYTES].rpartition(b" ")[0]
        return text.decode()

    @property
    def is_full(self) -> bool:
        return self.read >= MOST_READ or len(self.words) >= MOST_WORDS

    def add(self, words: list[str]) -> None:
        self.words |= dict.fromkeys(words)
        self.read += len(words)


class Draft:
    """The document of a ticket: the words of each audience in a column of their own."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.columns = {name: Words() for name in COLUMNS}
        self.public = self.columns["public"]
        self.public.add(marks_of(ticket.number))
        self.public.add(words_of(ticket))
        self.public.add(normalise(ticket.subject))
        if ticket.requester:
            self.public.add(normalise(f"{ticket.requester.name} {ticket.requester.email}"))
        if ticket.company:
            self.public.add(normalise(ticket.company.name))

    def add(self, text: str, column: str) -> None:
        """Add what a message says, the newest first: of endless tickets the oldest is left out."""
        words = self.columns[column]
        if not words.is_full:
            words.add(normalise(text))

    def row(self) -> Row:
        return self.ticket.pk, *(str(words) for words in self.columns.values())


def column_of(visibility: str, is_foreign: bool, partner_id: int | None) -> str:
    """Who may read a message, as in `tickets.access.readable_by` (C19, product 11.2)."""
    if is_foreign or visibility == Visibility.BETWEEN_LINES:
        return "between_lines"
    if visibility == Visibility.PUBLIC:
        return "public"
    return "platform" if partner_id is None else "partner"


def on_event(event: Event) -> None:
    """Follow what was said on a ticket; may run twice."""
    if event.subject_kind == SUBJECT:
        reindex(event.subject_id)


def reindex(ticket_id: int) -> None:
    """Write the document of a ticket anew."""
    reindex_many([ticket_id])


def reindex_many(ids: Iterable[int]) -> int:
    """Write the documents of many tickets anew, in transactions of BATCH; how many there were."""
    waiting, done = iter(ids), 0
    while batch := list(islice(waiting, BATCH)):
        done += _reindex(batch)
    return done


def reindex_of_partners() -> int:
    """Write the documents of all partners' tickets anew (migration 0003_lines left words out)."""
    of_partners = Ticket.objects.filter(partner__isnull=False).order_by("pk")
    return reindex_many(of_partners.values_list("pk", flat=True).iterator())


def _reindex(ids: list[int]) -> int:
    """The rows of the tickets are ours until the commit: of two workers with one ticket the one
    that writes last has also read last.
    """
    with atomic():
        tickets = Ticket.objects.filter(pk__in=ids)
        hold(tickets)
        related = tickets.select_related("requester", "company").order_by("pk")
        drafts = {ticket.pk: Draft(ticket) for ticket in related.only(*READ)}
        messages = Message.objects.filter(ticket__in=list(drafts)).order_by("-id")
        said = messages.values_list(
            "ticket_id", "visibility", "is_foreign", "partner_id", Left("text", LONGEST_TEXT)
        )
        for ticket_id, visibility, is_foreign, partner_id, text in said.iterator():
            drafts[ticket_id].add(text, column_of(visibility, is_foreign, partner_id))
        engine().store([draft.row() for draft in drafts.values()])
    return len(drafts)
