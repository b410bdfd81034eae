"""Every template compiles, and none needs what the content security policy forbids."""

import re

import pytest
from django.template import engines

from tests.architecture.house import templates

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[^\s=]*)\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"[\"']\s*(?:javascript|js):", re.IGNORECASE),
}
# A mail has no policy, and mail programs understand nothing but styles in place; a customer's HTML
# is shown in a frame with a policy of its own, which allows styles and nothing else.
WITHOUT_POLICY = ("mail/", "agent/tickets/letter.html")


def forbidden(text: str) -> list[str]:
    """What a page must not hold."""
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_templates_compile() -> None:
    for name, _ in templates():
        engines["django"].get_template(name)


def test_pages_keep_to_the_policy() -> None:
    pages = {name: forbidden(text) for name, text in templates() if name.endswith(".html")}
    checked = {name: found for name, found in pages.items() if not name.startswith(WITHOUT_POLICY)}
    assert {name: found for name, found in checked.items() if found} == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('<p class="a" style="color:red">', 1),
        ("<style>p {}</style>", 1),
        ("<script>alert(1)</script>", 1),
        ('<script src="a.js"></script>', 0),
        ('<script type="application/json">{}</script>', 0),
        ('<a onclick="x()">', 1),
        ('<a hx-on:click="x()">', 1),
        ('<a href="javascript:x()">', 1),
        ('<input name="online" value="on">', 0),
    ],
)
def test_the_forbidden_is_found(text: str, count: int) -> None:
    assert len(forbidden(text)) == count
