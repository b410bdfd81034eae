"""Words of one line are found by that line alone, words between the lines by both (product 11.2)."""

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from firstline.people.models import Partner, Person
from firstline.search import index, query
from firstline.search.models import Rebuild
from firstline.tickets.actions.between import between
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.search.conftest import found

WORDS = ("publicword", "platformword", "partnerword", "sharedword")
FINDS = {
    "kirill": "publicword",
    "anna": "publicword platformword sharedword",
    "administrator": "publicword platformword sharedword",
    "observer": "publicword platformword sharedword",
    "partner_agent": "publicword partnerword sharedword",
    "svetlana": "",
    "boris": "",
}


@pytest.fixture
def ticket(cast: Cast, settle: Callable[[], None]) -> Ticket:
    ticket = open_by(cast.kirill, cast.hosting, "Scales", "The publicword is mine")
    note(actor(cast.partner_agent), ticket, Draft("A partnerword"), via="web")
    hand_over(actor(cast.partner_agent), ticket, "We lack the spare part", via="web")
    note(actor(cast.anna), ticket, Draft("A platformword"), via="web")
    between(actor(cast.anna), ticket, Draft("A sharedword"), via="web")
    settle()
    return ticket


@pytest.mark.parametrize("few", [0, 1000], ids=["many tickets", "few tickets"])
@pytest.mark.parametrize("name", FINDS)
def test_each_finds_the_words_of_their_audiences(
    cast: Cast, ticket: Ticket, name: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "FEW", few)
    person: Person = getattr(cast, name)
    for word in WORDS:
        wanted = [ticket] if word in FINDS[name] else []
        assert found(person, word) == wanted, word
        assert found(person, word[:-2]) == wanted, word
    both = [ticket] if "partnerword" in FINDS[name] else []
    assert found(person, "publicword partnerword") == both


def test_another_partner_finds_nothing(cast: Cast, ticket: Ticket) -> None:
    cast.partner_agent.staff.partner = Partner.objects.create(name="Чужой", own_first_line=True)
    cast.partner_agent.staff.save()
    assert [word for word in WORDS if found(cast.partner_agent, word)] == []


def test_what_was_indexed_before_is_parted(cast: Cast, ticket: Ticket) -> None:
    """Of partners' tickets the migration leaves the words out; a rebuild brings them back."""
    own = open_by(cast.svetlana, cast.hosting)
    note(actor(cast.anna), own, Draft("An ownword"), via="web")
    index.reindex(own.pk)
    migration = import_module("firstline.search.migrations.0003_lines")
    with connection.cursor() as cursor:
        for statement in BEFORE[connection.vendor]:
            cursor.execute(statement)
        migration.part(None, SimpleNamespace(connection=connection, execute=cursor.execute))
    assert found(cast.anna, "ownword") == [own]
    assert found(cast.anna, "publicword") == [ticket]
    for person in (cast.anna, cast.partner_agent):
        assert [word for word in WORDS[1:] if found(person, word)] == []
    Rebuild.objects.create(below=ticket.pk + 10)
    assert index.rebuild(seconds=60) == 2
    assert found(cast.partner_agent, "partnerword") == [ticket]
    assert found(cast.anna, "partnerword") == []


# The table as it was, with all that was internal in one column.
BEFORE = {
    "sqlite": (
        """CREATE VIRTUAL TABLE former USING fts5(public, internal,
            tokenize = "ascii tokenchars '_'", prefix = '2 3', detail = column, columnsize = 0)""",
        """INSERT INTO former (rowid, public, internal)
            SELECT rowid, public, between_lines || ' ' || platform || ' ' || partner
            FROM search_document""",
        "DROP TABLE search_document",
        "ALTER TABLE former RENAME TO search_document",
    ),
    "postgresql": (
        "SET CONSTRAINTS ALL IMMEDIATE",
        "UPDATE search_document SET platform = platform || between_lines || partner",
        "ALTER TABLE search_document RENAME COLUMN platform TO internal",
        "ALTER TABLE search_document DROP COLUMN between_lines, DROP COLUMN partner",
        "ALTER INDEX search_document_platform RENAME TO search_document_internal",
    ),
}
