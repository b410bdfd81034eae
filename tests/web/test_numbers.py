"""Numbers that no number is, in every address, query and form: an answer, never a failure of ours."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import firstline
from firstline.api.v1.api import api as firstline_api
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.api.client import Api
from tests.api.test_names import fields_of
from tests.cast import Cast, open_by

HUGE = "9" * 5000  # more digits than Python converts
WRONG = (HUGE, "²", "-1", "1e9", "")
SignedIn = Callable[[Person], Client]
SOURCE = Path(firstline.__file__).parent
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
READ = re.compile(
    r"(?:POST|GET|sent|posted|form|typed|given|chosen)(?:\.get(?:list)?\(|\[)\"(\w+)\""
)
NAMED = re.compile(r"\bname=\"(\w+)\"")


def names() -> set[str]:
    """The fields of all forms and queries, as views read them and as templates write them."""
    found = {"after", "submission"}
    for path in (SOURCE / "web").rglob("*.py"):
        found |= set(READ.findall(path.read_text()))
    for path in (SOURCE / "templates").rglob("*.html"):
        found |= set(NAMED.findall(path.read_text()))
    return found - {"csrfmiddlewaretoken"}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, path: str = ""
) -> Iterator[tuple[str, str]]:
    """All addresses with their names, but those of the API and of files beside the pages."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif not address.startswith(("api/", "static/", "live")) and "^" not in address:
            yield f"/{address}", str(pattern.name)


def spend(response: Any) -> None:
    """Read a file to its end, which closes it."""
    if response.streaming:
        b"".join(response.streaming_content)


def filled(route: str, ticket: Ticket, value: str) -> Iterator[str]:
    """The address with a right number in its place, and with the wrong one."""
    right = {"number": ticket.number, "key": "marketing", "level": "marketing"}
    yield PARAMETER.sub(lambda found: str(right.get(found[2], 1)), route)
    if value and "<" in route:
        yield PARAMETER.sub(lambda _found: value, route)


def each(*others: str) -> list[Any]:
    """Everything wrong by the administrator, whom no page refuses, and the worst by others."""
    cases = [("administrator", value) for value in WRONG] + [(who, HUGE) for who in others]
    return [pytest.param(who, value, id=f"{who} {ascii(value)[:12]}") for who, value in cases]


@pytest.mark.parametrize(("who", "value"), each("anna", "partner_agent", "svetlana", "stranger"))
def test_no_page_fails(who: str, value: str, cast: Cast, signed_in: SignedIn) -> None:
    fields, failed, seen = dict.fromkeys(sorted(names()), value), [], 0
    ticket = open_by(cast.svetlana, cast.hosting)
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    client.raise_request_exception = False
    for route, name in routes():
        for address in filled(route, ticket, value):
            for send in (client.get, client.post) if name != "account_logout" else ():
                answer = send(address, fields)
                spend(answer)
                seen += answer.status_code < 400
                failed += [(address[:80], name)] if answer.status_code >= 500 else []
    assert failed == []
    assert seen > 10


@pytest.mark.parametrize(
    ("who", "value"),
    [
        *each("svetlana"),
        ("administrator", 10**30),
        ("administrator", -1),
        ("administrator", 10**400),
    ],
)
def test_no_route_of_the_api_fails(who: str, value: Any, cast: Cast) -> None:
    client, failed = Api(create_token(getattr(cast, who), ["*"])), []
    client.client.raise_request_exception = False
    schema = firstline_api.get_openapi_schema()
    parts = schema["components"]["schemas"]
    ticket = open_by(cast.svetlana, cast.hosting)
    right = {"number": ticket.number, "key": "marketing"}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            fields = set()
            for content in operation.get("requestBody", {}).get("content", {}).values():
                fields |= {name for name in fields_of(content["schema"], parts) if "." not in name}
            query = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            keys = re.findall(r"{(\w+)}", path)
            places = [{key: right.get(key, 1) for key in keys}]
            if value != "":
                places.append(dict.fromkeys(keys, str(value)[:5000]))
            for place in places:
                address = path.format(**place)
                bodies: list[dict[str, Any]] = [{name: value} for name in sorted(fields)] or [{}]
                if method == "get":
                    answers = [client.get(address, **{name: value}) for name in query]
                    answers.append(client.get(address))
                elif method == "delete":
                    answers = [client.delete(address)] if place is not places[0] else []
                else:
                    answers = [getattr(client, method)(address, body) for body in bodies]
                for one in answers:
                    spend(one)
                failed += [(method, address[:80]) for one in answers if one.status_code >= 500]
    assert failed == []
