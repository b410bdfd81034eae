"""The index follows the tickets: who may read a text decides in which column its words stand."""

import time
from collections.abc import Iterable
from itertools import islice

from django.db.models.functions import Left

from firstline.base.db import atomic, hold
from firstline.events.models import Event
from firstline.search import phones
from firstline.search.engines import Row, engine
from firstline.search.models import COLUMNS, Rebuild
from firstline.search.numbers import marks_of
from firstline.search.scopes import words_of
from firstline.search.words import MOST_WORDS, normalise
from firstline.tickets.change import SUBJECT
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Visibility

BATCH = 1000
REBUILT = 200  # tickets that a rebuild writes in one transaction
READ = (
    *("number", "subject", "callback_name", "callback_phone", "project"),
    *("requester__name", "requester__email", "requester__phone", "company__name"),
)
SAID = ("ticket_id", "visibility", "is_foreign", "partner_id")
SENDER = ("author_name", "author__email", "author__staff")
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
        about = [ticket.subject, f"{ticket.callback_name} {ticket.callback_phone}"]
        if who := ticket.requester:
            about.append(f"{who.name} {who.email} {who.phone}")
        if ticket.company:
            about.append(ticket.company.name)
        for text in about:
            self.add(text, "public")

    def add(self, text: str, column: str) -> None:
        """Add what a message says, the newest first: of endless tickets the oldest is left out."""
        words = self.columns[column]
        if not words.is_full:
            words.add(normalise(text))
            words.add(phones.words_of(text))

    def add_sender(self, column: str, name: str, email: str | None, staff: int | None) -> None:
        """Add who wrote a message. Of staff, whom a portal may not name, colleagues find the name."""
        if staff is None:
            self.add(f"{name} {email or ''}", column)
        else:
            self.add(name, "between_lines" if column == "public" else column)

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


def rebuild(seconds: float) -> int:
    """Go on with writing anew what an earlier version wrote, newest tickets first, for so many
    seconds; how many tickets that were. Two at once do some twice, which does no harm.
    """
    end, done = time.monotonic() + seconds, 0
    while row := Rebuild.objects.first():
        older = Ticket.objects.filter(pk__lt=row.below).order_by("-pk")
        ids = list(older.values_list("pk", flat=True)[:REBUILT])
        if not ids:
            row.delete()
            break
        done += reindex_many(ids)
        Rebuild.objects.filter(pk=row.pk, below=row.below).update(below=ids[-1])
        if time.monotonic() >= end:
            break
    return done


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
        said = messages.values_list(*SAID, *SENDER, "subject", Left("text", LONGEST_TEXT))
        for (
            ticket_id,
            visibility,
            is_foreign,
            partner_id,
            *sender,
            subject,
            text,
        ) in said.iterator():
            column = column_of(visibility, is_foreign, partner_id)
            draft = drafts[ticket_id]
            draft.add(f"{subject}\n{text}", column)
            draft.add_sender(column, *sender)
        engine().store([draft.row() for draft in drafts.values()])
    return len(drafts)
