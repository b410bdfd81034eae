"""Between the lines: both read and write there, no customer and no third party does (product 11.2)."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from firstline.mail.models import OutgoingMail
from firstline.people.access import Forbidden, NotFound
from firstline.tickets.access import messages_for
from firstline.tickets.actions.between import between
from firstline.tickets.actions.hand_over import NoOtherLine, hand_over
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, actor, open_by


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.kirill, cast.hosting, "Scales")


def test_both_lines_write_and_read(cast: Cast, ticket: Ticket, settle: Callable[[], None]) -> None:
    settle()
    mails = OutgoingMail.objects.count()
    between(actor(cast.partner_agent), ticket, Draft("May we send it to you?"), via="web")
    between(actor(cast.supervisor), ticket, Draft("Please do"), via="web")
    hand_over(actor(cast.partner_agent), ticket, "As agreed", via="web")
    between(actor(cast.anna), ticket, Draft("We have it"), via="web")
    between(actor(cast.partner_agent), ticket, Draft("Thanks"), via="web")
    said = ["May we send it to you?", "Please do", "We have it", "Thanks"]
    for person in (cast.anna, cast.observer, cast.partner_agent):
        read = messages_for(actor(person), ticket).filter(kind="between")
        assert list(read.values_list("text", flat=True)) == said
    assert not messages_for(actor(cast.kirill), ticket).filter(kind="between").exists()
    row = Ticket.objects.get()
    assert (row.awaiting, row.first_reply_at) == ("support", None)
    settle()
    assert OutgoingMail.objects.count() == mails


def test_who_may_not(cast: Cast, ticket: Ticket) -> None:
    own = open_by(cast.svetlana, cast.hosting)
    for person, where, refusal in (
        (cast.kirill, ticket, Forbidden),
        (cast.anna, ticket, NotFound),  # the partner holds it
        (cast.boris, ticket, NotFound),
        (cast.observer, own, Forbidden),
        (cast.anna, own, NoOtherLine),
        (cast.partner_agent, own, NotFound),
    ):
        with pytest.raises(refusal):
            between(actor(person), where, Draft("Hm"), via="web")
    with pytest.raises(ValidationError):
        between(actor(cast.partner_agent), ticket, Draft(" "), via="web")
    assert not Message.objects.filter(kind="between").exists()
