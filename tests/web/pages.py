"""What tests read in pages: forms as a browser would send them, and the state of the tables."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def html(response: HttpResponse | Any) -> str:
    """The text of a page, with the entities that templates make of quotes read back."""
    return unescape(response.content.decode())


def hidden_fields(response: HttpResponse | Any) -> dict[str, str]:
    """The hidden fields of the forms on a page, such as `submission`."""
    return dict(HIDDEN.findall(response.content.decode()))


def form_of(client: Client, address: str, **fields: Any) -> dict[str, Any]:
    """What a browser sends from the page at `address`: its hidden fields and those given."""
    return {**hidden_fields(client.get(address)), **fields}
