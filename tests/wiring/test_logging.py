"""No key that still works stands in the log, whatever the answer was and whoever wrote the line."""

import io
import logging
import secrets
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import signing
from django.http import HttpRequest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from firstline.wiring.logging import configure
from tests.cast import Cast

# What a part of an address may name that opens nothing. Whatever has another name is taken for a key.
NAMES = {"box", "identifier", "level", "name", "number", "provider", "tab", "uidb36", "version"}
PUBLIC = {  # routes whose `key` anybody may know
    "agent:group",
    "api-1:change",
    "forms:form",
    "forms:script",
    "settings:level",
    "settings:level_positions",
    "settings:level_restorations",
    "settings:level_retirements",
}
KEYS = {
    "random": lambda: secrets.token_urlsafe(16),
    "long": lambda: secrets.token_urlsafe(32),
    "hex": lambda: secrets.token_hex(16),
    "signed": lambda: signing.dumps({"ticket": 7}, salt="tests"),
    "of a ticket's link": lambda: f"WzIwNyw2NF0.1xYSBk.{secrets.token_urlsafe(32)}",
    "of a password": lambda: f"ctx9fj-{secrets.token_hex(16)}",
}


def routes(
    patterns: Any = None, space: str = "", above: tuple[tuple[str, bool], ...] = ()
) -> Iterator[tuple[str, dict[str, bool]]]:
    """All routes: the name, and the parameters with whether each is a number."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        converters = getattr(one.pattern, "converters", {})
        named = converters or dict.fromkeys(one.pattern.regex.groupindex)
        here = above + tuple((name, isinstance(kind, IntConverter)) for name, kind in named.items())
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from routes(one.url_patterns, inner, here)
        else:
            yield space + (one.name or ""), dict(here)


def keyed() -> list[tuple[str, dict[str, bool]]]:
    """The routes with a key in their address."""

    def is_key(name: str, is_number: bool) -> bool:
        return not is_number and name not in NAMES and not name.endswith("_id")

    return [
        (route, parameters)
        for route, parameters in routes()
        if route not in PUBLIC and any(is_key(*one) for one in parameters.items())
    ]


class Broken:
    """A middleware that fails where the test wants it."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: Any) -> None:
        if "fail" in request.GET:
            raise RuntimeError(f"failed at {request.get_full_path()}")


@pytest.fixture
def log(monkeypatch: Any) -> Iterator[io.StringIO]:
    """What the desk's log says."""
    root = logging.getLogger()
    before, level, lines = root.handlers[:], root.level, io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    configure({"level": "DEBUG"})
    yield lines
    root.handlers[:] = before
    root.setLevel(level)


def test_there_are_keyed_routes() -> None:
    names = {route for route, _parameters in keyed()}
    assert {"account_reset_password_from_key", "invitation", "hooks:mail"} <= names


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("route", "parameters"), keyed(), ids=lambda one: str(one)[:40])
def test_no_refusal_logs_a_key(
    cast: Cast, settings: Any, log: io.StringIO, route: str, parameters: dict[str, bool], key: str
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Broken"]
    secret = KEYS[key]()
    given = {
        name: 1 if number else "1" if name in NAMES else secret
        for name, number in parameters.items()
    }
    given |= {name: "mime" for name in given if name == "provider"}
    try:
        path = reverse(route, kwargs=given)
    except NoReverseMatch:
        pytest.skip("such a key does not fit into this address")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for path_or_torn in (path, f"{path}x", path.rstrip("/")):
        client.get(path_or_torn)
        client.post(path_or_torn, {"password1": "a"})
        client.put(path_or_torn)
        client.get(path_or_torn, HTTP_HOST="elsewhere.example")
        client.get(f"{path_or_torn}?fail={secret}")
        logging.getLogger("uvicorn.access").info('"GET %s?key=%s HTTP/1.1" 404', path, secret)
    said = log.getvalue()
    assert "failed at" in said
    assert f"{secret[:4]}" in said
    assert secret not in said
    assert secret[4:16] not in said


def test_each_refusal_was_among_them(cast: Cast, settings: Any, log: io.StringIO) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Broken"]
    key = secrets.token_urlsafe(32)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    reset = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": key})
    invitation = reverse("invitation", args=[key])
    found = {
        client.get(invitation).status_code,
        client.post(reset).status_code,
        client.put(reverse("forms:confirmation", args=[key])).status_code,
        client.get(invitation, HTTP_HOST="elsewhere.example").status_code,
        client.get(f"{invitation}?fail=1").status_code,
    }
    assert found == {404, 403, 405, 400, 500}
    said = log.getvalue()
    assert said.count("…") >= 5
    assert key not in said


@pytest.mark.parametrize("before", ["/", "//", "/ticket-links//", "/x/ticket-links/", "/?next=/"])
def test_a_key_is_cut_wherever_it_stands(log: io.StringIO, before: str) -> None:
    secret = secrets.token_urlsafe(32)
    key = f"WzIwNyw2NF0.1xYSBk.{secret}"
    logging.getLogger("firstline").warning(
        "Bad request: https://desk.example.org%s%s/", before, key
    )
    assert secret not in log.getvalue()
    assert "https://desk.example.org" in log.getvalue()


@pytest.mark.parametrize(
    "line",
    [
        'File "/opt/firstline/src/firstline/mail/migrations/0014_names_of_many_words.py", line 3',
        "Not Found: /tickets/2026-000123/messages/17/letter/",
        "Not Found: /static/js/firstline.0123456789abcdef.js",
        "mail 3f2a not read: multipart/alternative; boundary=x",
    ],
)
def test_what_is_no_key_stays_readable(log: io.StringIO, line: str) -> None:
    logging.getLogger("firstline").warning(line)
    assert line.replace('"', '\\"') in log.getvalue()
