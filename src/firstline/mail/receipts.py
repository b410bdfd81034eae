"""Whom an alert reached: mailed, opened, acknowledged by whom and when (product 11.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from firstline.mail import reasons
from firstline.mail.deliveries import state_of
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person, Project
from firstline.tickets.models import AlertReceipt, Ticket

ALERTED, REMINDED = "alerted", "reminded"
State = OutgoingMail.State


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of the alert to one person: `state` is as `deliveries.state_of` tells it."""

    state: str
    sent_at: datetime | None
    problem: str

    @property
    def why(self) -> str:
        """The problem in plain words, with what the server said."""
        return reasons.plain(self.problem)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One person of the project and the alert; None for what did not happen, or has no mail."""

    person: Person
    letter: Letter | None
    reminder: Letter | None
    opened_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(slots=True)
class Counts:
    """Of one alert: mails written, those that a server took, those kept as files, those that failed; people
    who opened, who read."""

    mails: int = 0
    delivered: int = 0
    kept: int = 0
    failed: int = 0
    opened: int = 0
    acknowledged: int = 0


def counts_of(tickets: Sequence[Ticket]) -> dict[int, Counts]:
    """The counts of these alerts by the id of the ticket, in two queries whatever their number."""
    ids = [ticket.pk for ticket in tickets]
    found = {pk: Counts() for pk in ids}
    mails = OutgoingMail.objects.filter(ticket__in=ids, kind=ALERTED).order_by()
    taken = Count("pk", filter=Q(state=State.DONE) & ~Q(server=None) & ~Q(server=""))
    rows_of_mails = mails.values_list("ticket", "state").annotate(Count("pk"), taken=taken)
    for pk, state, number, sent in rows_of_mails:
        counts = found[pk or 0]
        counts.mails += number
        counts.delivered += sent
        counts.kept += number - sent if state == State.DONE else 0
        counts.failed += number if state == State.PARKED else 0
    rows = AlertReceipt.objects.filter(alert__in=ids).order_by().values("alert")
    opened, read = Q(opened_at__isnull=False), Q(acknowledged_at__isnull=False)
    for row in rows.annotate(opened=Count("pk", filter=opened), read=Count("pk", filter=read)):
        found[row["alert"]].opened = row["opened"]
        found[row["alert"]].acknowledged = row["read"]
    return found


def receipts_of(tickets: Sequence[Ticket]) -> dict[int, list[Receipt]]:
    """Everybody whom these alerts concern, by the id of the ticket, in five queries.

    The project's people of today, whoever was mailed, and whoever opened or acknowledged it.
    """
    ids = [ticket.pk for ticket in tickets]
    letters = _letters(ids)
    rows = AlertReceipt.objects.filter(alert__in=ids).select_related("person")
    done = {(row.alert_id, row.person_id): row for row in rows}
    people: dict[int, dict[int, Person]] = {pk: {} for pk in ids}
    for row in done.values():
        people[row.alert_id][row.person_id] = row.person
    for ticket_id, person in [*_members(tickets), *_mailed(letters)]:
        people[ticket_id].setdefault(person.pk, person)
    return {
        pk: [_receipt(one, done.get((pk, one.pk)), letters, pk) for one in _in_order(people[pk])]
        for pk in ids
    }


def _in_order(people: dict[int, Person]) -> list[Person]:
    return sorted(people.values(), key=lambda one: (one.display_name.casefold(), one.pk))


Letters = dict[tuple[int, str, str], Letter]


def _receipt(person: Person, row: AlertReceipt | None, letters: Letters, pk: int) -> Receipt:
    return Receipt(
        person=person,
        letter=letters.get((pk, ALERTED, person.email)),
        reminder=letters.get((pk, REMINDED, person.email)),
        opened_at=row.opened_at if row else None,
        acknowledged_at=row.acknowledged_at if row else None,
    )


def _letters(ids: Sequence[int]) -> Letters:
    """The mails of these alerts by ticket, kind and address."""
    mails = OutgoingMail.objects.filter(ticket__in=ids, kind__in=(ALERTED, REMINDED))
    fields = ("ticket_id", "kind", "recipient", "state", "problem", "sent_at", "server")
    return {
        (pk or 0, kind, recipient): Letter(state_of(state, problem, server), sent_at, problem)
        for pk, kind, recipient, state, problem, sent_at, server in mails.values_list(*fields)
    }


def _mailed(letters: Letters) -> list[tuple[int, Person]]:
    """Who was mailed, with the ticket, also those who left the project since."""
    addresses = {address for _pk, _kind, address in letters}
    people = {one.email: one for one in Person.objects.filter(email__in=addresses)}
    return [(pk, people[address]) for pk, _kind, address in letters if address in people]


def _members(tickets: Sequence[Ticket]) -> list[tuple[int, Person]]:
    """The owner and the members of each ticket's project, with the ticket."""
    projects = {one.project.pk: one.project.owner_id for one in tickets if one.project}
    members = Project.members.through.objects.filter(project__in=projects)
    pairs = {*members.values_list("project_id", "person_id"), *projects.items()}
    people = Person.objects.in_bulk({person_id for _project, person_id in pairs})
    return [
        (ticket.pk, people[person_id])
        for ticket in tickets
        for project_id, person_id in pairs
        if project_id == ticket.project_id
    ]
