"""Incidents: one answer to all linked tickets, to each customer in their language (product 3.10)."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person
from firstline.tickets import links
from firstline.tickets.actions import bulk
from firstline.tickets.actions.incident import resolve_parts
from firstline.tickets.actions.link import link
from firstline.tickets.models import BulkItem, Message, Ticket
from tests.cast import Cast, actor, close_by, open_by
from tests.doors import Sink

TEXTS = {"ru": "Починили.", "bg": "Оправено е.", "en": "Mended."}


@pytest.fixture
def incident(cast: Cast) -> Ticket:
    """An incident with a part of Svetlana (ru), of Zlata (bg), of Vera (en), and a closed one."""
    incident = open_by(cast.pyotr, cast.hosting, "The rack is down", category="incident")
    for person, language in ((cast.svetlana, "ru"), (cast.zlata, "bg"), (cast.vera, "en")):
        Person.objects.filter(pk=person.pk).update(language=language)
        part = open_by(person, cast.hosting, f"Nothing works: {language}")
        link(actor(cast.anna), part, incident, "part", via="web")
    closed = open_by(cast.svetlana, cast.hosting, "Long ago")
    link(actor(cast.anna), closed, incident, "part", via="web")
    close_by(cast.anna, closed)
    return incident


def test_to_each_in_their_language(
    cast: Cast, incident: Ticket, settle: Callable[[], None], sink: Sink
) -> None:
    settle()
    made = resolve_parts(actor(cast.anna), incident, TEXTS, via="web")
    assert made.items.count() == 3
    bulk.work(made.pk)
    settle()
    said = Message.objects.filter(kind="out").values_list("ticket__requester__language", "text")
    assert dict(said) == TEXTS
    parts = Ticket.objects.filter(subject__startswith="Nothing works")
    assert set(parts.values_list("phase", flat=True)) == {"resolved"}
    assert links.open_parts(actor(cast.anna), incident).count() == 0
    for person, language in ((cast.svetlana, "ru"), (cast.zlata, "bg"), (cast.vera, "en")):
        last = sink.to(person.email)[-1].get_body(("plain",))
        assert last is not None
        assert TEXTS[language] in last.get_content()
    with pytest.raises(ValidationError):
        resolve_parts(actor(cast.anna), incident, TEXTS, via="web")


def test_every_language_that_is_read_is_needed(cast: Cast, incident: Ticket) -> None:
    with pytest.raises(ValidationError) as refused:
        resolve_parts(actor(cast.anna), incident, {"ru": "Починили.", "bg": " "}, via="web")
    assert set(refused.value.message_dict) == {"text_bg", "text_en"}
    for person, refusal in ((cast.observer, Forbidden), (cast.boris, NotFound)):
        with pytest.raises(refusal):
            resolve_parts(actor(person), incident, TEXTS, via="web")
    assert not BulkItem.objects.exists()


def test_parts_out_of_sight_are_left_alone(cast: Cast, incident: Ticket) -> None:
    hidden = open_by(cast.zlata, cast.equipment, "Elsewhere")
    link(actor(cast.administrator), hidden, incident, "part", via="web")
    made = resolve_parts(actor(cast.anna), incident, TEXTS, via="web")
    assert hidden.pk not in set(made.items.values_list("ticket", flat=True))


def test_a_selection_is_added_to_an_incident(cast: Cast, incident: Ticket) -> None:
    chosen = [open_by(cast.svetlana, cast.hosting, str(number)).number for number in range(2)]
    made = bulk.start(actor(cast.anna), "link", {"incident": incident.number}, chosen, via="web")
    bulk.work(made.pk)
    assert links.open_parts(actor(cast.anna), incident).count() == 5
