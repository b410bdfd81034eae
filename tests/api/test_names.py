"""What a field may name, by every kind of person: what is not theirs looks as if it were not there.

Every field of every route that names a person, a company, a project or anything else that belongs to
somebody has a rule here: the answer to a foreign one and to one that does not exist is the same, word
for word, and a refusal changes nothing. A new field is in one of the two tables, or a test fails.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from firstline.api.v1.api import api as firstline_api
from firstline.people.actions.people import create_staff
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person
from firstline.people.roles import Level
from firstline.tickets.actions.claim import claim
from firstline.tickets.models import Ticket
from tests.api.alien import WORDS, Alien, make_alien
from tests.api.client import Api
from tests.api.naming import (
    ALL,
    CUSTOMERS,
    KEYS,
    NESTED,
    NEW,
    NOTHING,
    OFFICE,
    OWN,
    PARTNERS,
    PLAIN,
    PLATFORM,
    RULES,
    Rule,
)
from tests.api.test_matrix import MATRIX
from tests.cast import Cast, actor, open_by


@pytest.fixture
def alien(cast: Cast) -> Alien:
    staff = create_staff("super@partner.example", "П", Level.PARTNER_SUPERVISOR)
    staff.partner = cast.partner
    staff.save()
    return make_alien(cast)


def person_of(cast: Cast, name: str) -> Person:
    if name == "partner_supervisor":
        return Person.objects.get(email="super@partner.example")
    found: Person = getattr(cast, name)
    return found


def ticket_for(cast: Cast, name: str) -> Ticket:
    """A ticket that this person may work with, and on which Anna is."""
    ticket = open_by(cast.kirill if name in PARTNERS else cast.svetlana, cast.hosting)
    if name not in PARTNERS:
        claim(actor(cast.anna), ticket, via="web")
    ticket.agents.add(cast.anna.pk)
    return ticket


def requester_for(name: str) -> dict[str, str]:
    return {} if name in CUSTOMERS else {"requester": "svetlana@orbita.example"}


def told(client: Api, method: str, path: str, body: dict[str, Any], value: Any) -> tuple[int, str]:
    """The answer, without what was named and what differs between any two answers."""
    if method == "GET":
        response = client.get(path, **body)
    else:
        response = (client.post if method == "POST" else client.patch)(path, body)
    text = response.content.decode()
    for word in value if isinstance(value, list) else [value]:
        if isinstance(word, str):
            text = text.replace(json.dumps(word, ensure_ascii=False).strip('"'), "VALUE")
    if response.status_code < 300 and method != "GET":
        answer = {**json.loads(text), **dict.fromkeys(("id", "number", "at", "created_at"))}
        text = json.dumps({**answer, "updated_at": None}, ensure_ascii=False)
    return response.status_code, text


def placed(body: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    outer, _dot, inner = field.partition(".")
    if not inner:
        return {**body, outer: value}
    return {**body, outer: {**body[outer], inner: value}}


CASES = [
    pytest.param(rule, name, id=f"{rule[0]} {rule[1]} {rule[2]} {number} {name}")
    for number, rule in enumerate(RULES)
    for name in rule[5]
]


@pytest.mark.parametrize(("rule", "name"), CASES)
def test_what_is_foreign_is_not_there(
    rule: Rule, name: str, cast: Cast, alien: Alien, everything: Callable[[], Any]
) -> None:
    method, path, field, body, foreign, _who, unknown = rule
    ticket = ticket_for(cast, name)
    keys = {"department_id": cast.hosting.pk, "staff_id": cast.boris.pk, "key": "marketing"}
    keys["mail_id"] = 1
    address = f"/api/v1{path}".format(number=ticket.number, **keys)
    if (method, path) == ("POST", "/tickets") and not field.startswith("requester"):
        own = {"requester": "kirill@clinic.example"} if name in PARTNERS else requester_for(name)
        body = {**body, **own}
    if body.get("numbers"):
        body = {**body, "numbers": [ticket.number]}
    if field == "bcc":
        body = {**body, "cc": []}
    client, answers = client_of(person_of(cast, name)), []
    for value in (unknown, foreign(alien)):
        with transaction.atomic():  # undone: of two resolutions the second is a conflict
            before = everything()
            status, text = told(client, method, address, placed(body, field, value), value)
            assert status < 500
            assert status < 300 or everything() == before
            answers.append((status, text))
            transaction.set_rollback(True)
    assert answers[0] == answers[1]
    assert not [word for word in WORDS if word in answers[1][1]]


@pytest.mark.parametrize("name", ALL)
def test_a_foreign_address_is_not_there(name: str, cast: Cast, alien: Alien) -> None:
    """Every route below a ticket, and every file of one."""
    client, own = client_of(person_of(cast, name)), ticket_for(cast, name)
    for method, path, body, _statuses in MATRIX:
        for key, foreign in KEYS.items():
            if f"{{{key}}}" not in path or method == "DELETE":
                continue
            rest = {"number": own.number, "file_id": NOTHING}
            answers = []
            for value in (NOTHING, foreign(alien)):
                keys = {**rest, key: value}
                known, address = body or {}, f"/api/v1{path.format(**keys)}"
                answers.append(told(client, method, address, known, value))
            assert answers[0] == answers[1], (method, path, key)


def client_of(person: Person) -> Api:
    return Api(create_token(person, ("*",)))


def fields_of(schema: dict[str, Any], parts: dict[str, Any]) -> Iterator[str]:
    """The names of the fields of a schema, those inside others behind a dot."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    for choice in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from fields_of(choice, parts)
    for name, inner in schema.get("properties", {}).items():
        yield name
        for deeper in fields_of(inner, parts):
            yield f"{name}.{deeper}"


def test_every_field_has_a_rule() -> None:
    schema = firstline_api.get_openapi_schema()
    parts, ruled = schema["components"]["schemas"], {rule[:3] for rule in RULES}
    seen: set[tuple[str, str, str]] = set()
    keys: set[str] = set()
    for path, methods in schema["paths"].items():
        route = path.removeprefix("/api/v1")
        for method, operation in methods.items():
            found = set()
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found |= set(fields_of(content["schema"], parts))
            for parameter in operation.get("parameters", ()):
                (found if parameter["in"] == "query" else keys).add(parameter["name"])
            for field in found:
                seen.add((method.upper(), route, field))
                plain = field in PLAIN or field.startswith(NESTED)
                assert plain or (method.upper(), route, field) in ruled, (method, route, field)
    assert ruled <= seen, "a rule for a field that is not there"
    assert keys - {"Idempotency-Key"} == {*KEYS, *OFFICE, *OWN}


@pytest.mark.parametrize("name", ["administrator", *PLATFORM, *PARTNERS, *CUSTOMERS])
def test_an_answer_shows_no_more_than_a_get(name: str, cast: Cast, alien: Alien) -> None:
    """Whoever opens a ticket that they can't see afterwards gets its number, and nothing else."""
    client = client_of(person_of(cast, name))
    for email in ("svetlana", "kirill", "zlata"):
        for department in ("hosting", "equipment"):
            person: Person = getattr(cast, email)
            body = NEW | {"department": department, "requester": person.email}
            response = client.post("tickets", body)
            if response.status_code != 201:
                continue
            shown = client.get(f"tickets/{response.json()['number']}")
            if shown.status_code == 200:
                assert response.json() == shown.json()
            else:
                assert set(response.json()) == {"number"}
