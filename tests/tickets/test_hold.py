"""A stranger's mail that is kept for staff changes nothing else on the ticket (C1, C2)."""

from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by


def test_what_happened_meanwhile_stays(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    read_before = Ticket.objects.get(pk=ticket.pk)
    reply(actor(cast.anna), ticket, Draft(text="An answer."), via="web")
    hold(read_before, cast.zlata, Draft(text="Who are you?"), via="mail")
    ticket.refresh_from_db()
    assert ticket.first_reply_at is not None
    assert ticket.awaiting == "customer"
