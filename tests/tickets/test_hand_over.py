"""One ticket, two lines: who holds it works on it, and handing it over changes exactly that (cap 71-72)."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person
from firstline.tickets.access import OtherLine, is_custodian, visible_to
from firstline.tickets.actions.claim import Closed, claim
from firstline.tickets.actions.hand_over import BATCH, NoOtherLine, hand_back, hand_over
from firstline.tickets.actions.note import note
from firstline.tickets.actions.partners import (
    ReasonNeeded,
    Terms,
    add_partner,
    change_partner,
)
from firstline.tickets.actions.reply import reply
from firstline.tickets.history import timeline
from firstline.tickets.lines import shown_to_platform
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, close_by, open_by

REASON = "We lack the spare part"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.kirill, cast.hosting, "Scales", "They show nothing.")


def told(person: Person, ticket: Ticket) -> str:
    """All that a person reads in the history."""
    entries = timeline(actor(person), ticket)
    texts = [entry.message.text for entry in entries if entry.message]
    return "\n".join([*texts, *(line.text for entry in entries for line in entry.lines)])


def test_it_goes_over_with_nobody_on_it(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    claim(actor(cast.partner_agent), ticket, via="web")
    assert not visible_to(actor(cast.anna)).exists()
    hand_over(actor(cast.partner_agent), ticket, f" {REASON}\x00 ", via="web")
    row = Ticket.objects.get()
    assert (row.custody, row.responsible, row.team) == ("platform", None, None)
    assert not row.agents.exists()
    event = Event.objects.get(kind="ticket.handed_over")
    assert event.data["reason"] == REASON
    assert (event.data["responsible"], event.data["agents"]) == (
        cast.partner_agent.name,
        [cast.partner_agent.name],
    )
    assert is_custodian(actor(cast.anna), row)
    assert not is_custodian(actor(cast.partner_agent), row)
    for person in (cast.anna, cast.partner_agent, cast.administrator, cast.observer):
        assert REASON in told(person, row)
        assert f"{cast.partner_agent.name} took the ticket" in told(person, row)
    settle()
    assert REASON not in told(cast.kirill, row)
    assert "platform" not in told(cast.kirill, row)
    assert [mail for mail in OutgoingMail.objects.all() if REASON in mail.text] == []
    claim(actor(cast.anna), row, via="web")
    with pytest.raises(OtherLine):
        reply(actor(cast.partner_agent), row, Draft("Me too"), via="web")


def test_it_comes_back(cast: Cast, ticket: Ticket) -> None:
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    claim(actor(cast.anna), ticket, via="web")
    hand_back(actor(cast.anna), ticket, "The part is on its way", via="web")
    row = Ticket.objects.get()
    assert (row.custody, row.responsible) == ("partner", None)
    assert "The part is on its way" in told(cast.partner_agent, row)
    assert f"handed the ticket back to {cast.partner.name}" in told(cast.administrator, row)
    assert not visible_to(actor(cast.anna)).exists()
    reply(actor(cast.partner_agent), row, Draft("It comes tomorrow"), via="web")


def test_who_had_it_before_answers_again(cast: Cast, ticket: Ticket) -> None:
    agent, anna = actor(cast.partner_agent), actor(cast.anna)
    claim(agent, ticket, via="web")
    hand_over(agent, ticket, REASON, via="web")
    claim(anna, ticket, via="web")
    hand_back(anna, ticket, "The part came", via="web")
    row = Ticket.objects.get()
    assert row.responsible_id == cast.partner_agent.pk
    assert [one.pk for one in row.agents.all()] == [cast.partner_agent.pk]
    for person in (cast.partner_agent, cast.administrator):
        assert f"The part came · {cast.partner_agent.name} answers again" in told(person, row)
    hand_over(agent, ticket, "Broken again", via="web")
    assert Ticket.objects.get().responsible_id == cast.anna.pk
    Person.objects.filter(pk=cast.partner_agent.pk).update(is_active=False)
    hand_back(anna, ticket, "Yours", via="web")
    assert Ticket.objects.get().responsible is None
    Person.objects.filter(pk=cast.partner_agent.pk).update(is_active=True)
    cast.hosting.agents.remove(cast.anna.pk)  # she would not see it any more
    hand_over(agent, ticket, "Once more", via="web")
    assert Ticket.objects.get().responsible is None


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_a_reason_is_needed(cast: Cast, ticket: Ticket, reason: str) -> None:
    with pytest.raises(ValidationError) as problem:
        hand_over(actor(cast.partner_agent), ticket, reason, via="web")
    assert list(problem.value.message_dict) == ["reason"]
    assert Ticket.objects.get().custody == "partner"


def test_only_who_holds_it_gives_it_away(cast: Cast, ticket: Ticket) -> None:
    for person, refusal in (
        (cast.administrator, OtherLine),
        (cast.supervisor, OtherLine),
        (cast.anna, NotFound),
        (cast.kirill, Forbidden),
    ):
        with pytest.raises(refusal):
            hand_over(actor(person), ticket, REASON, via="web")
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    with pytest.raises(OtherLine):
        hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    with pytest.raises(OtherLine):
        hand_back(actor(cast.partner_agent), ticket, REASON, via="web")
    with pytest.raises(NoOtherLine):
        hand_over(actor(cast.anna), ticket, REASON, via="web")
    assert Event.objects.filter(kind__startswith="ticket.handed").count() == 1


def test_there_is_no_other_line_for_other_tickets(cast: Cast) -> None:
    own = open_by(cast.svetlana, cast.hosting)
    for verb in (hand_over, hand_back):
        with pytest.raises(NoOtherLine):
            verb(actor(cast.anna), own, REASON, via="web")


def test_a_closed_ticket_stays(cast: Cast, ticket: Ticket) -> None:
    close_by(cast.partner_agent, ticket)
    with pytest.raises(Closed):
        hand_over(actor(cast.partner_agent), ticket, REASON, via="web")


def test_what_is_shown_beforehand_is_what_is_seen_after(cast: Cast, ticket: Ticket) -> None:
    reply(
        actor(cast.partner_agent),
        ticket,
        Draft("Look", files=[Enclosure("a.txt", b"a")]),
        via="web",
    )
    hidden = Draft("They never pay", files=[Enclosure("b.txt", b"b")])
    note(actor(cast.partner_agent), ticket, hidden, via="web")
    shown = shown_to_platform(Ticket.objects.get())
    assert (shown.hidden, shown.hidden_files) == (1, 1)
    assert [one.file.name for one in shown.files] == ["a.txt"]
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    entries = timeline(actor(cast.anna), ticket)
    seen = [entry.message for entry in entries if entry.message]
    assert [message.pk for message in shown.messages] == [message.pk for message in seen]
    assert [one.pk for entry in entries for one in entry.files] == [one.pk for one in shown.files]


def test_a_line_that_ends_hands_everything_over(
    cast: Cast, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firstline.tickets.actions.hand_over.BATCH", 2)
    assert BATCH > 2
    tickets = [open_by(cast.kirill, cast.hosting, f"One {number}") for number in range(5)]
    close_by(cast.partner_agent, tickets[0])
    terms = Terms(cast.partner.name, own_first_line=False)
    with pytest.raises(ReasonNeeded) as asked:
        change_partner(actor(cast.administrator), cast.partner, terms, via="web")
    assert asked.value.held == 4
    change_partner(actor(cast.administrator), cast.partner, terms, reason=REASON, via="web")
    settle()
    assert Ticket.objects.filter(custody="platform").count() == 4
    given = Event.objects.filter(kind="ticket.handed_over")
    assert {(one.actor_id, one.data["reason"]) for one in given} == {
        (cast.administrator.pk, REASON)
    }
    kirill = Person.objects.get(pk=cast.kirill.pk)
    assert open_by(kirill, cast.hosting).custody == "platform"


def test_partners_are_shaped_by_administrators(cast: Cast) -> None:
    for person in (cast.supervisor, cast.partner_agent, cast.kirill):
        with pytest.raises(Forbidden):
            add_partner(actor(person), Terms("New"), via="web")
        with pytest.raises(Forbidden):
            change_partner(actor(person), cast.partner, Terms("New"), via="web")
    for terms in (Terms(" "), Terms(cast.partner.name), Terms("x" * 201), Terms("A", True, 0)):
        with pytest.raises(ValidationError):
            add_partner(actor(cast.administrator), terms, via="web")
    made = add_partner(actor(cast.administrator), Terms(" Новый  партнёр ", True, 60), via="web")
    assert (made.name, made.own_first_line, made.silent_after_minutes) == (
        "Новый партнёр",
        True,
        60,
    )
