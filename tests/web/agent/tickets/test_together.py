"""The windows that bring tickets together and take them apart: who may, what is kept, what follows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.actions.link import link
from firstline.tickets.actions.merge import merge
from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft
from firstline.tickets.models import Bulk, Message, Tag, Ticket, TicketLink
from tests.cast import Cast, actor, open_by

PEOPLE = {"anna": 0, "administrator": 0, "observer": 403, "boris": 404, "partner_agent": 404}
PEOPLE |= {"svetlana": 404, "stranger": 401}
SignedIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}
# noun → (what is sent, status where it may be: each is sent once by each of PEOPLE)
NOUNS = {
    "assignments/": {"to": "nobody"},
    "links/": {"other": "{other}", "kind": "related"},
    "merges/": {"other": "{other}"},
    "messages/{message}/splits/": {"subject": "The printer"},
    "tags/": {"add": "dns"},
    "unlinks/": {"link": "{link}"},
    "unmerges/": {},
}


def tables() -> tuple[Any, ...]:
    """What a refusal must leave alone."""
    tickets = list(Ticket.objects.order_by("pk").values())
    return (tickets, TicketLink.objects.count(), Message.objects.count(), Tag.objects.count())


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may(cast: Cast, signed_in: SignedIn, noun: str, who: str) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    made = link(actor(cast.anna), one, two, "duplicate", via="web")
    if noun == "unmerges/":
        merge(actor(cast.anna), one, two, via="web")
    values = {"other": two.number, "link": made.pk, "message": one.messages.get().pk}
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    before = tables()
    body = {name: text.format(**values) for name, text in NOUNS[noun].items()}
    answer = client.post(f"/tickets/{one.number}/{noun.format(**values)}", body)
    assert answer.status_code == (PEOPLE[who] or 302)
    assert (tables() == before) is (bool(PEOPLE[who]) or noun == "assignments/")
    if not noun.startswith("un"):
        shown = client.get(f"/tickets/{one.number}/{noun.format(**values)}")
        assert shown.status_code == {0: 200, 401: 302}.get(PEOPLE[who], PEOPLE[who])


def test_found_as_one_types(cast: Cast, signed_in: SignedIn, settle: Callable[[], None]) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One")
    seen = open_by(cast.zlata, cast.hosting, "The printer burns")
    hidden = open_by(cast.zlata, cast.equipment, "The printer smokes")
    settle()
    client = signed_in(cast.anna)
    for words in ("print", seen.number):
        page = client.get(f"/tickets/{one.number}/found/", {"q": words}).content.decode()
        assert seen.number in page
        assert hidden.number not in page
        assert one.number not in page
    assert signed_in(cast.boris).get(f"/tickets/{one.number}/found/").status_code == 404
    answer = client.post(f"/tickets/{one.number}/merges/", {"q": "printer", "find": "1"})
    assert seen.number in answer.content.decode()


def test_a_refused_merge_keeps_what_was_chosen(cast: Cast, signed_in: SignedIn) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", project=cast.project)
    two = open_by(cast.pyotr, cast.hosting, "Two", project=cast.project)
    three = open_by(cast.zlata, cast.hosting, "Three")
    client, address = signed_in(cast.anna), f"/tickets/{one.number}/merges/"
    answer = client.post(address, {"q": three.number})
    assert answer.status_code == 422
    assert "Link the tickets instead." in answer.content.decode()
    assert client.post(address, {"q": "SR-none"}).status_code == 422
    asked = client.post(address, {"q": "Two", "other": two.number}, headers=HTMX)
    assert asked.status_code == 422
    assert 'name="agreed"' in asked.content.decode()
    done = client.post(address, {"q": "Two", "other": two.number, "agreed": "1"}, headers=HTMX)
    assert (done.status_code, done.headers["HX-Retarget"]) == (200, "#ticket")
    page = done.content.decode()
    assert f"from {one.number}" in page
    assert f'data-number="{two.number}"' in page
    old = client.get(f"/tickets/{one.number}/").content.decode()
    assert f'href="/tickets/{two.number}/"' in old
    portal = signed_in(cast.svetlana).get(f"/portal/tickets/{one.number}/").content.decode()
    assert f'href="/portal/tickets/{two.number}/"' in portal
    said = signed_in(cast.svetlana).post(
        f"/portal/tickets/{one.number}/replies/", {"text": "More"}, follow=True
    )
    assert "your message stands there" in said.content.decode()
    undone = client.post(f"/tickets/{one.number}/unmerges/", follow=True)
    assert "Separated again" in undone.content.decode()


def test_a_hidden_comment_is_never_split(cast: Cast, signed_in: SignedIn) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One")
    hidden = note(actor(cast.anna), one, Draft("A hidden marker"), via="web")
    page = signed_in(cast.anna).get(f"/tickets/{one.number}/").content.decode()
    assert f"messages/{hidden.pk}/splits/" not in page
    address = f"/tickets/{one.number}/messages/{hidden.pk}/splits/"
    assert signed_in(cast.anna).post(address, {"subject": "X"}).status_code == 422
    assert Ticket.objects.count() == 1


def test_an_incident_offers_to_answer_its_parts(cast: Cast, signed_in: SignedIn) -> None:
    incident = open_by(cast.svetlana, cast.hosting, "The rack", category="incident")
    part = open_by(cast.zlata, cast.hosting, "Down")
    client = signed_in(cast.anna)
    client.post(f"/tickets/{part.number}/links/", {"other": incident.number, "kind": "part"})
    address = f"/tickets/{incident.number}/part-resolutions/"
    assert address in client.get(f"/tickets/{incident.number}/").content.decode()
    assert (
        "1 linked ticket is answered separately:" in client.get(f"/tickets/{incident.number}/").text
    )
    assert "answered separately" not in client.get(f"/tickets/{part.number}/").text
    empty = client.post(address, {"text_en": " "})
    assert empty.status_code == 422
    assert not Bulk.objects.exists()
    answer = client.post(address, {"text_en": "Mended."})
    assert answer.headers["Location"].startswith("/bulk/")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert signed_in(cast.observer).post(address, {"text_en": "x"}).status_code == 403


def test_tags_that_were_unticked_go(cast: Cast, signed_in: SignedIn) -> None:
    one = open_by(cast.svetlana, cast.hosting, "One", tags=("dns", "old"))
    address = f"/tickets/{one.number}/tags/"
    signed_in(cast.anna).post(address, {"add": "new", "had": ["dns", "old"], "keep": ["dns"]})
    assert set(one.tags.values_list("name", flat=True)) == {"dns", "new"}
