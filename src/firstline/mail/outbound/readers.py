"""Who gets the mails of a ticket: whom we write to, who takes part, and who gets a copy."""

from collections.abc import Iterable, Sequence

from django.db.models import Max, Q, QuerySet

from firstline.events.models import Event
from firstline.mail import addresses
from firstline.people.models import Person
from firstline.tickets.change import SUBJECT
from firstline.tickets.family import family
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility
from firstline.tickets.recipients import Mailbox, Recipients, named

WRITERS = 20  # of one ticket, beside its contact


def is_alert(ticket: Ticket) -> bool:
    """Whether the ticket is an alert of ours to a project."""
    return hasattr(ticket, "alert")


def readers_of(ticket: Ticket) -> list[Person]:
    """Whom we write to: the contact; of an alert, the owner and the members of its project.

    Nobody who is deactivated, and no address of our own.
    """
    return [one for one in _readers(ticket) if not addresses.is_ours(one.email)]


def taking_part(ticket: Ticket) -> list[Person]:
    """Whom answers and news go to: who is written to anyway, and who of their side wrote here."""
    readers = readers_of(ticket)
    known = {one.pk for one in readers}
    return readers + [one for one in _writers(ticket) if one.pk not in known]


def told(ticket: Ticket, messages: Iterable[Message]) -> list[Person]:
    """Whom an answer would go to, for a page that shows these messages of the ticket: C6, C10.

    It asks nothing where nobody but the contact wrote.
    """
    readers = _readers(ticket)
    known = {one.pk for one in readers}
    wrote = [
        one.author_id
        for one in messages
        if (one.kind, one.visibility, one.is_foreign) == (Kind.IN, Visibility.PUBLIC, False)
    ]
    others = [pk for pk in dict.fromkeys(reversed(wrote)) if pk and pk not in known][:WRITERS]
    if not others:
        return readers
    people = {one.pk: one for one in _belonging(ticket, others)}
    return readers + [people[pk] for pk in others if pk in people]


def others_in(message: Message | None, known: Iterable[str]) -> list[Mailbox]:
    """The other people of a customer's mail: neither ours nor among the `known` addresses."""
    kept = message.recipients if message else None
    left_out = {*known, *(kept or {}).get("ours", ())}
    return [one for one in named(kept, "to", "cc") if one[1] not in left_out]


def copies(message: Message, readers: Sequence[Person]) -> list[Person]:
    """Who gets a copy of an answer, open or in secret, and no mail of it otherwise; never ourselves."""
    recipients = Recipients.of(message.recipients)
    known = {one.email for one in readers}
    pairs = [one for one in (*recipients.cc, *recipients.bcc) if one[1] not in known]
    people = {address: reader_at(name, address, message.ticket) for name, address in pairs}
    return [one for one in people.values() if not addresses.is_ours(one.email)]


def reader_at(name: str, address: str, ticket: Ticket) -> Person:
    """The person at an address; who is not known is no row, and reads the customer's language."""
    found = Person.objects.at(address)
    if found is not None:
        return found
    language = ticket.requester.language if ticket.requester else ""
    return Person(email=address, name=name, language=language)


def _readers(ticket: Ticket) -> list[Person]:
    readers = [ticket.requester] if ticket.requester else []
    if is_alert(ticket) and ticket.project:
        people = Person.objects.filter(Q(projects=ticket.project) | Q(pk=ticket.project.owner_id))
        readers = list(people.distinct().order_by("pk"))
    return [one for one in readers if one.is_active]


def _writers(ticket: Ticket) -> list[Person]:
    """The customers who wrote here and still see the ticket, the latest first.

    Staff see it on their own pages; an out-of-office note makes nobody take part.
    """
    of_ticket = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk)
    notes = of_ticket.filter(kind="ticket.auto_replied").values_list("data__message", flat=True)
    said = Message.objects.filter(
        ticket__in=family(ticket),
        kind=Kind.IN,
        visibility=Visibility.PUBLIC,
        is_foreign=False,
        author__is_active=True,
        author__staff=None,
    ).exclude(pk__in=list(notes))
    latest = said.order_by().values("author").annotate(last=Max("pk")).order_by("-last")
    ids = [row["author"] for row in latest[:WRITERS]]
    people = {one.pk: one for one in _belonging(ticket, ids)}
    found = [people[pk] for pk in ids if pk in people and pk != ticket.requester_id]
    return [one for one in found if not addresses.is_ours(one.email)]


def _belonging(ticket: Ticket, ids: Sequence[int]) -> QuerySet[Person]:
    """Which of these customers still see the ticket: as access.belongs says, in one query."""
    sees = Q(pk=ticket.requester_id)
    if ticket.company_id:
        sees |= Q(customer__sees_company=True, customer__company=ticket.company_id)
    if ticket.project:
        sees |= Q(projects=ticket.project_id) | Q(pk=ticket.project.owner_id)
    people = Person.objects.filter(sees, pk__in=ids, is_active=True, staff=None)
    return people.select_related("customer").distinct()
