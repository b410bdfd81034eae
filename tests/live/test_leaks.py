"""The live stream never says what is internal, nor any other text of a ticket (C31, product 11.2)."""

import time

from firstline.people.models import Person
from firstline.tickets.actions.between import between
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from tests.cast import Cast, actor, open_by
from tests.live.conftest import House
from tests.web.test_leaks import ALL, draft_of, plant

LISTENERS = ("anna", "supervisor", "administrator", "observer", "boris", "partner_agent")


def test_no_stream_says_it(stage: Cast, house: House) -> None:
    ears = {name: house.listen(getattr(stage, name)) for name in LISTENERS}
    customer = house.listen(Person.objects.get(pk=stage.kirill.pk))
    time.sleep(1.2)
    ticket = open_by(stage.kirill, stage.hosting, "Scales", "A publicquestion")
    partner, anna = actor(stage.partner_agent), actor(stage.anna)
    plant(partner, ticket, "partner")
    reply(partner, ticket, Draft("A publicanswer"), via="web")
    between(partner, ticket, Draft("A betweenword"), via="web")
    ears["partner_agent"].entry(ticket.number)
    assert ticket.number not in ears["anna"].said()
    hand_over(partner, ticket, "The handoverreason", via="web")
    plant(anna, ticket, "platform")
    draft_of(anna, ticket)
    ears["anna"].entry(ticket.number)
    time.sleep(1.5)
    for name, ear in ears.items():
        assert [word for word in ALL if word in ear.said()] == [], name
        sees = name not in {"boris"}
        assert (ticket.number in ear.said()) is sees, name
    assert customer.status != 200
    assert customer.news() == []
