"""Merges: one conversation, one survivor, nobody reads what is not theirs, and all of it can be undone."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from firstline.events.models import Event
from firstline.mail.addresses import reply_address
from firstline.mail.models import OutgoingMail
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Company, Person
from firstline.people.roles import Permission
from firstline.tickets import access, history, links
from firstline.tickets.actions.merge import ConsentNeeded, merge, unmerge
from firstline.tickets.actions.move import move, reopen
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Merge, Ticket
from firstline.tickets.workflow import MoveRefused
from tests.cast import Cast, actor, close_by, make_cast, open_by
from tests.doors import letter, post

NAMES = ["Umläute und Leer zeichen.txt", "отчёт за июнь.log", f"{'я' * 120}.txt"]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status").get(pk=ticket.pk)


def texts(person: Person, ticket: Ticket) -> list[str]:
    """What a person reads on a ticket, in the order of the page."""
    who = actor(person)
    seen = access.get_for(who, ticket.number, Permission.TICKET_VIEW)
    return [entry.message.text for entry in history.timeline(who, seen) if entry.message]


def test_the_messages_stand_together_in_order_of_time(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", "first words")
    two = open_by(cast.svetlana, cast.hosting, "Two", "second words")
    note(actor(cast.anna), one, Draft("a hidden word"), via="web")
    reply(actor(cast.svetlana), two, Draft("third words"), via="portal")
    assert merge(actor(cast.anna), one, two, via="web") == two
    assert texts(cast.svetlana, two) == ["first words", "second words", "third words"]
    together = ["first words", "second words", "a hidden word", "third words"]
    assert texts(cast.anna, two) == together
    assert texts(cast.svetlana, one) == ["first words"]
    merged = fresh(one)
    assert (merged.phase, merged.merged_into_id, merged.desk_group) == ("closed", two.pk, "")
    assert fresh(two).is_open


def test_history_says_so_and_no_mail_tells_of_a_closed_ticket(
    cast: Cast, settle: Callable[[], None]
) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    settle()
    sent = OutgoingMail.objects.count()
    merge(actor(cast.anna), one, two, via="web")
    settle()
    assert OutgoingMail.objects.count() == sent
    who = actor(cast.anna)
    for ticket, words in ((one, "merged this ticket into"), (two, "into this ticket")):
        seen = access.get_for(who, ticket.number, Permission.TICKET_VIEW)
        lines = [line.text for entry in history.timeline(who, seen) for line in entry.lines]
        assert any(words in line for line in lines)


def test_files_come_along_whatever_their_names(cast: Cast) -> None:
    files = [Enclosure(name, name.encode()) for name in NAMES]
    one = open_by(cast.svetlana, cast.hosting, "One", files=files)
    two = open_by(cast.svetlana, cast.hosting, "Two")
    before = set(access.attachments_for(actor(cast.anna), one).values_list("file__sha256"))
    merge(actor(cast.anna), one, two, via="web")
    for person in (cast.anna, cast.svetlana):
        after = access.attachments_for(actor(person), fresh(two))
        assert set(after.values_list("file__sha256")) == before
        for attachment in after:
            assert access.attachment_for(actor(person), two.number, attachment.pk) == attachment
    with pytest.raises(NotFound):
        access.attachment_for(actor(cast.zlata), two.number, after[0].pk)


def test_later_answers_land_where_it_goes_on(cast: Cast) -> None:
    """A chain is followed to its end, and merging into a merged one finds that end."""
    one, two, three = (open_by(cast.svetlana, cast.hosting, name) for name in "123")
    merge(actor(cast.anna), one, two, via="web")
    merge(actor(cast.anna), two, three, via="web")
    said = reply(actor(cast.svetlana), one, Draft("still broken"), via="portal")
    assert said.ticket_id == three.pk
    four = open_by(cast.svetlana, cast.hosting, "4")
    assert merge(actor(cast.anna), four, one, via="web").pk == three.pk
    assert len(texts(cast.svetlana, three)) == 5
    assert [one.number for one in links.of(actor(cast.anna), fresh(three)).took_in] != []


def test_a_mail_to_the_merged_one_lands_there_too(
    stage: Cast, smtp: int, settle: Callable[[], None]
) -> None:
    one, two = (open_by(stage.svetlana, stage.hosting, name) for name in ("One", "Two"))
    merge(actor(stage.anna), one, two, via="web")
    for number, sender in enumerate((stage.svetlana.email, "stranger@x.example")):
        to = reply_address(one)
        post(smtp, letter(sender, to, "Re: One", f"by mail {number}"), sender, to)
    settle()
    said = list(fresh(two).messages.order_by("id").values_list("text", "is_foreign"))
    assert [(text.strip(), foreign) for text, foreign in said[1:]] == [
        ("by mail 0", False),
        ("by mail 1", True),
    ]
    assert fresh(one).messages.count() == 1


def test_who_waited_in_the_merged_one_waits_in_the_other(cast: Cast) -> None:
    two = open_by(cast.svetlana, cast.hosting, "Two")
    reply(actor(cast.anna), two, Draft("Done?"), via="web")
    one = open_by(cast.svetlana, cast.hosting, "One")
    merge(actor(cast.anna), one, two, via="web")
    left = fresh(two)
    assert (left.awaiting, left.desk_group) == ("support", "reply")
    assert left.waiting_since == Ticket.objects.get(pk=one.pk).waiting_since


def test_undo_restores_the_status_also_after_later_messages(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One")
    move(actor(cast.anna), one, "in-progress", via="web")
    two = open_by(cast.svetlana, cast.hosting, "Two")
    before = fresh(one)
    merge(actor(cast.anna), one, two, via="web")
    reply(actor(cast.svetlana), one, Draft("more"), via="portal")
    unmerge(actor(cast.anna), one, via="web")
    after = fresh(one)
    for name in ("status_id", "phase", "awaiting", "waiting_since", "closed_at", "desk_group"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.merged_into_id is None
    assert (len(texts(cast.svetlana, one)), len(texts(cast.svetlana, two))) == (1, 2)
    merge(actor(cast.anna), one, two, via="web")
    assert Merge.objects.filter(undone_at=None).count() == 1


def test_a_merged_ticket_stays_closed(cast: Cast) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    merge(actor(cast.anna), one, two, via="web")
    for person in (cast.anna, cast.svetlana):
        with pytest.raises(MoveRefused):
            reopen(actor(person), one, via="web")
    with pytest.raises(ValidationError):
        merge(actor(cast.anna), one, open_by(cast.svetlana, cast.hosting), via="web")
    with pytest.raises(ValidationError):
        merge(actor(cast.anna), two, one, via="web")
    with pytest.raises(ValidationError):
        unmerge(actor(cast.anna), two, via="web")


@pytest.mark.parametrize("case", ["company", "partner", "unknown", "alone", "closed"])
def test_whose_customers_may_not_read_each_other_is_refused(cast: Cast, case: str) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", "a secret")
    if case == "company":
        two = open_by(cast.zlata, cast.hosting, "Two")
    elif case == "partner":
        two = open_by(cast.svetlana, cast.hosting, "Two")
        Ticket.objects.filter(pk=two.pk).update(partner=cast.partner)
    elif case == "unknown":  # no company: two strangers
        Ticket.objects.filter(pk=one.pk).update(company=None)
        two = open_by(cast.zlata, cast.hosting, "Two")
        Ticket.objects.filter(pk=two.pk).update(company=None)
    elif case == "alone":  # Svetlana would lose sight of what she asked
        two = open_by(cast.pyotr, cast.hosting, "Two")
    else:
        two = open_by(cast.svetlana, cast.hosting, "Two")
        close_by(cast.anna, two)
    before = Event.objects.count()
    with pytest.raises(ValidationError):
        merge(actor(cast.anna), one, fresh(two), via="web", agreed=True)
    assert (fresh(one).merged_into_id, Event.objects.count()) == (None, before)
    assert "a secret" not in texts(cast.administrator, two)


def test_within_a_company_it_is_asked_first(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", project=cast.project)
    two = open_by(cast.pyotr, cast.hosting, "Two", project=cast.project)
    with pytest.raises(ConsentNeeded):
        merge(actor(cast.anna), one, two, via="web")
    assert fresh(one).merged_into_id is None
    merge(actor(cast.anna), one, two, via="web", agreed=True)
    assert len(texts(cast.pyotr, two)) == 2


def test_a_project_of_another_company_is_refused(cast: Cast) -> None:
    cast.project.company = Company.objects.create(name="Кто-то")
    cast.project.save()
    one = open_by(cast.svetlana, cast.hosting, "One")
    two = open_by(cast.svetlana, cast.hosting, "Two", project=cast.project)
    with pytest.raises(ValidationError):
        merge(actor(cast.anna), one, two, via="web", agreed=True)


def test_only_what_may_be_merged_is_offered(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", project=cast.project)
    mine = open_by(cast.svetlana, cast.hosting, "Mine")
    shared = open_by(cast.pyotr, cast.hosting, "Shared", project=cast.project)
    open_by(cast.pyotr, cast.hosting, "Out of her sight")
    open_by(cast.zlata, cast.hosting, "A stranger's")
    gone = open_by(cast.svetlana, cast.hosting, "Merged")
    merge(actor(cast.anna), gone, mine, via="web")
    one = Ticket.objects.get(pk=one.pk)
    offered = links.mergeable(actor(cast.anna), one, 8)
    assert {found.pk for found in offered} == {mine.pk, shared.pk}
    for found in offered:
        merge(actor(cast.anna), Ticket.objects.get(pk=one.pk), found, via="web", agreed=True)
        unmerge(actor(cast.anna), one, via="web")
    assert len(links.mergeable(actor(cast.anna), one, 1)) == 1


def test_an_answer_is_never_lost_where_the_other_is_out_of_sight(cast: Cast) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", project=cast.project)
    two = open_by(cast.pyotr, cast.hosting, "Two", project=cast.project)
    merge(actor(cast.anna), one, two, via="web", agreed=True)
    Ticket.objects.filter(pk=two.pk).update(project=None)
    said = reply(actor(cast.svetlana), one, Draft("hello?"), via="portal")
    assert said.ticket_id not in {one.pk, two.pk}
    assert said.ticket.follows_id == one.pk
    found = links.of(actor(cast.svetlana), fresh(one))
    assert (found.goes_on, found.merged_into) == (True, None)


def test_who_may_not_changes_nothing(cast: Cast) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    refusals = (cast.observer, Forbidden), (cast.svetlana, Forbidden), (cast.boris, NotFound)
    for person, refusal in refusals:
        with pytest.raises(refusal):
            merge(actor(person), one, two, via="web")
    hidden = open_by(cast.svetlana, cast.equipment, "Elsewhere")
    with pytest.raises(NotFound):
        merge(actor(cast.anna), one, hidden, via="web")
    assert not Ticket.objects.exclude(merged_into=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_each_into_the_other_at_once_leaves_one(turn: int) -> None:
    """C67: A into B and B into A at the same moment; three in a circle as well."""
    cast = make_cast()
    tickets = [open_by(cast.svetlana, cast.hosting, str(number)) for number in range(2 + turn % 2)]
    pairs = list(zip(tickets, [*tickets[1:], tickets[0]], strict=True))
    start, results = threading.Barrier(len(pairs)), []

    def press(one: Ticket, two: Ticket) -> None:
        who = actor(cast.anna)
        start.wait(10)
        try:
            merge(who, one, two, via="web")
            results.append("merged")
        except ValidationError:
            results.append("refused")
        except Exception as problem:  # a deadlock would be one
            results.append(repr(problem))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["merged"] * (len(pairs) - 1) + ["refused"]
    left = Ticket.objects.filter(merged_into=None)
    assert left.get().is_open
    assert len(texts(cast.anna, left.get())) == len(pairs)
