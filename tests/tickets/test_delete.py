"""Deleting a ticket: nothing of it is left hanging, and nothing else goes with it (C72)."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections
from django.db.models import ManyToOneRel, Model

from firstline.events.models import Event, Reaction
from firstline.files.models import File
from firstline.live.presence import stand
from firstline.mail import agents
from firstline.mail.addresses import reply_address
from firstline.mail.inbound.take import take
from firstline.mail.models import OutgoingMail, RawMail
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets import access, history
from firstline.tickets.actions import bulk, drafts, pending
from firstline.tickets.actions.add_agents import add_agents
from firstline.tickets.actions.delete import StillMerged, delete, loss
from firstline.tickets.actions.link import link
from firstline.tickets.actions.merge import merge, unmerge
from firstline.tickets.actions.move import move
from firstline.tickets.actions.notes import write_notes
from firstline.tickets.actions.rate import rate
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import (
    Alert,
    AlertReceipt,
    Attachment,
    Message,
    Request,
    Ticket,
    TicketLink,
    WebForm,
)
from tests.cast import Cast, actor, make_cast, open_by

WHY = "A test of ours"
MARKER = "zanzibarmarker"
STAYS = {RawMail}  # so that the same mail is not taken again; it points to no ticket any more


def pointing(model: type[Model], seen: set[type[Model]]) -> Iterator[tuple[type[Model], str]]:
    """Every model that points to this one, by which column; then what points to those."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        other = relation.related_model
        assert isinstance(other, type)
        yield other, relation.field.attname
        if other not in seen | STAYS:
            yield from pointing(other, seen | {other})


def tables() -> dict[type[Model], int]:
    """How many rows there are in each table that a ticket, or what hangs on one, is pointed to from."""
    found = {model for model, _column in pointing(Ticket, {Ticket})} - STAYS
    found |= {Ticket, File}
    return {model: model._default_manager.count() for model in found}


def full(cast: Cast, settle: Callable[[], None]) -> Ticket:
    """A ticket with something in every table."""
    anna, svetlana = actor(cast.anna), actor(cast.svetlana)
    files = [Enclosure("log.txt", MARKER.encode())]
    ticket = open_by(
        cast.svetlana,
        cast.hosting,
        MARKER,
        MARKER,
        files=files,
        tags=("dns",),
        project=cast.project,
    )
    later = open_by(cast.svetlana, cast.hosting, "Follows", follows=ticket)
    other = open_by(cast.svetlana, cast.hosting, "Other", project=cast.project)
    merge(anna, other, ticket, via="web")
    unmerge(anna, other, via="web")
    link(anna, ticket, other, "related", via="web")
    link(anna, later, ticket, "duplicate", via="web")
    add_agents(anna, ticket, [cast.supervisor.staff], via="web")
    reply(anna, ticket, Draft(f"{MARKER} says Anna"), via="web")
    rate(svetlana, ticket, True, Draft(""), via="portal")
    write_notes(anna, ticket, MARKER, based_on=0, via="web")
    drafts.keep(anna, ticket, "reply", MARKER)
    stand(anna, ticket.number, types=True)
    agents.address_for(cast.anna, ticket)
    mail = f"From: {cast.svetlana.email}\r\nSubject: Re\r\nMessage-ID: <re@x>\r\n\r\n{MARKER}\r\n"
    take(mail.encode(), sender="", recipients=[reply_address(ticket)], source="smtp")
    Alert.objects.create(ticket=ticket, project=cast.project, type="information")
    AlertReceipt.objects.create(alert_id=ticket.pk, person=cast.svetlana)
    form = WebForm.objects.create(key="form", department=cast.hosting)
    Request.objects.create(
        form=form, sha256="0" * 64, email="a@b.example", subject=MARKER, ticket=ticket
    )
    settle()
    bulk.enqueue(anna, "claim", {}, [ticket.pk])
    pending.put_off(anna, ticket, "reply", Draft(MARKER, files=files), via="web", seen=None)
    return Ticket.objects.get(pk=ticket.pk)


def test_nothing_hangs_and_nothing_else_goes(cast: Cast, settle: Callable[[], None]) -> None:
    ticket = full(cast, settle)
    before = tables()
    empty = [model.__name__ for model, count in before.items() if not count]
    assert empty == []  # a new table: give `full` a row of it
    others = list(Ticket.objects.exclude(pk=ticket.pk).order_by("pk"))
    delete(actor(cast.administrator), ticket, via="web", why=WHY)
    settle()
    connection.check_constraints()
    kept = Message.objects.filter(ticket__in=others).count()
    now = tables()
    assert now.pop(Ticket) == len(others)
    assert now.pop(Message) == kept
    of_others = OutgoingMail.objects.filter(ticket__in=others).count()
    notices = OutgoingMail.objects.filter(ticket=None, event__subject_id__in=[o.pk for o in others])
    assert now.pop(OutgoingMail) == of_others + notices.count()
    indexed = {model for model in now if model.__name__ == "Document"}
    assert {now.pop(model) for model in indexed} == {len(others)}
    assert {model.__name__: count for model, count in now.items() if count} == {}
    assert list(Ticket.objects.exclude(follows=None)) == []
    mail = RawMail.objects.get()
    assert (mail.outcome, mail.ticket_id, mail.message_id) == ("deleted", None, None)
    assert mail.trace[-1] == ["deleted", ticket.number]


def test_what_stays_is_who_and_why(cast: Cast, settle: Callable[[], None]) -> None:
    ticket = full(cast, settle)
    pk, number = ticket.pk, ticket.number
    delete(actor(cast.administrator), ticket, via="web", why=f"{WHY}\n\x00")
    assert not Reaction.objects.exclude(event__kind="ticket.deleted").filter(
        event__subject_kind="ticket", event__subject_id=pk
    )
    settle()
    [event] = Event.objects.filter(subject_kind="ticket", subject_id=pk)
    assert (event.kind, event.actor) == ("ticket.deleted", cast.administrator)
    assert event.data == {"number": number, "why": WHY}
    told = [str(one) for one in Event.objects.values_list("data", flat=True)]
    assert not any(MARKER in one for one in told)


def test_waiting_mail_is_not_sent(cast: Cast, settle: Callable[[], None]) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    reply(actor(cast.anna), ticket, Draft("One moment"), via="web")
    delete(actor(cast.administrator), ticket, via="web")
    settle()
    assert not OutgoingMail.objects.exists()


def test_who_may(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    of_partner = open_by(cast.kirill, cast.hosting)
    before = tables()
    refused: dict[Person, type[Exception]] = {
        cast.supervisor: Forbidden,
        cast.anna: Forbidden,
        cast.observer: Forbidden,
    }
    refused |= {cast.svetlana: Forbidden, cast.boris: NotFound, cast.zlata: NotFound}
    for person, problem in refused.items():
        with pytest.raises(problem):
            delete(actor(person), ticket, via="web")
    with pytest.raises(Forbidden):
        delete(actor(cast.partner_agent), of_partner, via="web")
    with pytest.raises(NotFound):
        delete(actor(cast.anna), of_partner, via="web")
    assert tables() == before
    delete(actor(cast.administrator), of_partner, via="web")  # whoever holds it
    with pytest.raises(NotFound):
        delete(actor(cast.administrator), of_partner, via="web")


def test_merged_ones_are_separated_first(cast: Cast) -> None:
    one, two, three = (open_by(cast.svetlana, cast.hosting, name) for name in "123")
    merge(actor(cast.anna), one, two, via="web")
    merge(actor(cast.anna), three, two, via="web")
    boss = actor(cast.administrator)
    with pytest.raises(StillMerged) as problem:
        delete(boss, two, via="web")
    assert problem.value.numbers == sorted([one.number, three.number])
    with pytest.raises(StillMerged) as problem:
        delete(boss, one, via="web")
    assert problem.value.numbers == [two.number]
    assert Ticket.objects.count() == 3
    unmerge(actor(cast.anna), one, via="web")
    delete(boss, one, via="web")
    assert set(Ticket.objects.values_list("pk", flat=True)) == {two.pk, three.pk}


def test_linked_ones_stay_and_say_so(cast: Cast) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    link(actor(cast.anna), one, two, "duplicate", via="web")
    delete(actor(cast.administrator), one, via="web")
    assert not TicketLink.objects.exists()
    seen = access.get_for(actor(cast.anna), two.number, Permission.TICKET_VIEW)
    lines = [
        line.text for entry in history.timeline(actor(cast.anna), seen) for line in entry.lines
    ]
    assert lines[-1] == "Администратор Адамов removed the link with a ticket you cannot see"


def test_a_file_that_something_else_has_stays(cast: Cast) -> None:
    one, two = (
        open_by(cast.svetlana, cast.hosting, name, files=[Enclosure("a.txt", b"1")])
        for name in "12"
    )
    shared = Attachment.objects.get(message__ticket=one).file
    Attachment.objects.create(message=two.messages.get(), file=shared)
    delete(actor(cast.administrator), one, via="web")
    assert File.objects.filter(pk=shared.pk).exists()
    assert Attachment.objects.count() == 2


def test_the_number_is_not_given_again(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting)
    delete(actor(cast.administrator), one, via="web")
    assert open_by(cast.svetlana, cast.hosting).number > one.number


def test_how_much_would_go(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting, files=[Enclosure("a.txt", b"1")])
    reply(actor(cast.anna), one, Draft("Hm"), via="web")
    assert (loss(one).messages, loss(one).files) == (2, 1)


@pytest.mark.parametrize("turn", range(3))
def test_of_two_at_once_one_finds_it_gone(transactional_db: None, turn: int) -> None:
    """Whoever answers, moves or deletes meanwhile either comes first or finds nothing: no row hangs."""
    cast = make_cast()
    ticket = open_by(cast.svetlana, cast.hosting)
    ready, ends = threading.Barrier(4), list[str]()

    def run(person: Person, verb: Callable[..., object], *given: object) -> None:
        try:
            who = actor(person)
            ready.wait(10)
            verb(who, Ticket.objects.get(pk=ticket.pk), *given, via="web")
            ends.append("done")
        except (NotFound, Ticket.DoesNotExist):
            ends.append("gone")
        except Exception as problem:
            ends.append(repr(problem))
        finally:
            connections.close_all()

    verbs: tuple[tuple[object, ...], ...] = (
        (cast.administrator, delete),
        (cast.administrator, delete),
        (cast.anna, reply, Draft("One moment")),
        (cast.anna, move, "in-progress"),
    )
    threads = [threading.Thread(target=run, args=one) for one in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(ends) <= {"done", "gone"}
    assert ends.count("gone") >= 1
    assert not Ticket.objects.exists()
    assert not Message.objects.exists()
    connection.check_constraints()
