"""Notices to staff: what is theirs now, and what is no longer; never to customers (cap 89)."""

from collections.abc import Callable

import pytest

from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import notices
from firstline.people.access import as_customer
from firstline.people.actions.profile import change_own
from firstline.people.models import Person, Staff, Team
from firstline.tickets import change
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.escalate import escalate
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Level, Ticket
from tests.cast import Cast, actor, open_by

REASON = "100 of 100 connections"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.svetlana, cast.hosting)


def sent(settle: Callable[[], None]) -> list[OutgoingMail]:
    settle()
    return list(OutgoingMail.objects.filter(kind="notice").order_by("recipient"))


def member(person: Person) -> Staff:
    return Staff.objects.get(pk=person.pk)


def test_the_new_agent_is_told_in_their_language(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    Person.objects.filter(pk=cast.supervisor.pk).update(language="ru")
    level = Level.objects.filter(is_first=False)[0]
    escalate(actor(cast.anna), ticket, level, member(cast.supervisor), reason=REASON, via="web")
    (mail,) = sent(settle)
    assert mail.recipient == cast.supervisor.email
    assert ticket.number in mail.subject
    for text in (mail.text, mail.html):
        assert f"/tickets/{ticket.number}/" in text
        assert REASON in text
        assert cast.anna.name in text
    assert level.names["ru"] in mail.text
    assert (mail.ticket, mail.is_automatic) == (None, True)
    assert OutgoingMail.objects.exclude(kind="notice").filter(text__contains=REASON).count() == 0


def test_members_of_a_team_who_see_the_ticket(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    team = Team.objects.create(names={"en": "Databases"})
    team.members.add(*(one.pk for one in (cast.anna, cast.supervisor, cast.boris)))
    escalate(actor(cast.anna), ticket, team=team, via="web")
    assert [mail.recipient for mail in sent(settle)] == [cast.supervisor.email]


def test_a_level_alone_writes_to_nobody(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    level = Level.objects.filter(is_first=False).first()
    escalate(actor(cast.anna), ticket, level=level, reason=REASON, via="web")
    assert sent(settle) == []


def test_who_lost_the_ticket_is_told_by_whom(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    claim(actor(cast.anna), ticket, via="web")
    claim(actor(cast.supervisor), ticket, via="web", take_over=True)
    (mail,) = sent(settle)
    assert mail.recipient == cast.anna.email
    assert f"{cast.supervisor.name} took ticket {ticket.number} over from you" in mail.text


def test_an_assigned_ticket(cast: Cast, ticket: Ticket, settle: Callable[[], None]) -> None:
    by, to = actor(cast.anna), cast.supervisor.pk
    change.record(by, ticket, "ticket.assigned", "web", to=to)
    (mail,) = sent(settle)
    assert mail.recipient == cast.supervisor.email


def test_nobody_who_may_not_read_it(cast: Cast, ticket: Ticket, settle: Callable[[], None]) -> None:
    """Customers, agents elsewhere, the deactivated, and whoever did it."""
    Person.objects.filter(pk=cast.supervisor.pk).update(is_active=False)
    for person in (cast.svetlana, cast.boris, cast.supervisor, cast.anna, cast.partner_agent):
        change.record(actor(cast.anna), ticket, "ticket.assigned", "web", to=person.pk)
    assert sent(settle) == []


def test_the_reason_stays_in_its_line(cast: Cast, settle: Callable[[], None]) -> None:
    """A partner without an own first line shares the work, but not the platform's words."""
    cast.partner.own_first_line = False
    cast.partner.save()
    ticket = open_by(cast.kirill, cast.hosting)
    escalate(
        actor(cast.anna), ticket, responsible=member(cast.partner_agent), reason=REASON, via="web"
    )
    (mail,) = sent(settle)
    assert mail.recipient == cast.partner_agent.email
    assert REASON not in mail.text + mail.html


def test_one_event_one_notice(cast: Cast, ticket: Ticket, settle: Callable[[], None]) -> None:
    escalate(actor(cast.anna), ticket, responsible=member(cast.supervisor), via="web")
    (mail,) = sent(settle)
    notices.escalated(mail.event)
    assert len(sent(settle)) == 1


def test_the_agent_reads_what_the_customer_wrote_and_answers_it(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    claim(actor(cast.anna), ticket, via="web")
    files = [Enclosure("screen.log", b"a line")]
    reply(
        as_customer(cast.svetlana),
        ticket,
        Draft("It is <b>down</b> again.", files=files),
        via="mail",
    )
    (mail,) = sent(settle)
    assert (mail.recipient, mail.reply_to != mail.sender) == (cast.anna.email, True)
    assert "It is <b>down</b> again." in mail.text
    assert "It is &lt;b&gt;down&lt;/b&gt; again." in mail.html
    assert "1 file" in mail.text
    reply(actor(cast.anna), ticket, Draft("We look."), via="web")
    assert len(sent(settle)) == 1


def test_notices_that_are_not_wanted(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    change_own(actor(cast.anna), via="web", wants_words=False)
    change_own(actor(cast.supervisor), via="web", wants_given=False)
    claim(actor(cast.anna), ticket, via="web")
    reply(as_customer(cast.svetlana), ticket, Draft("Again."), via="mail")
    change.record(actor(cast.anna), ticket, "ticket.assigned", "web", to=cast.supervisor.pk)
    assert sent(settle) == []
