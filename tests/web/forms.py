"""A public form for tests, and filling it in as a browser would."""

import re
import time
from email.message import EmailMessage
from typing import Any

from django.test import Client

from firstline.tickets.models import Department, WebForm
from firstline.web.portal.forms import token
from tests.doors import Sink

LINK = re.compile(r"(https?://[^/\s]+)(/forms/confirmations/[0-9a-f]+/)")
WORDS = {
    "name": "Мария Ветрова",
    "email": "maria@mail.example",
    "phone": "+359 2 000 18 44",
    "subject": "The gate does not open",
    "text": "It hums and then nothing happens.",
}


def make(department: Department, **values: Any) -> WebForm:
    """A form of this department."""
    names = {"ru": "Форма заявки", "bg": "Формуляр за заявка", "en": "Write to us"}
    key = f"form{WebForm.objects.count()}"
    return WebForm.objects.create(**{"names": names, "department": department, "key": key} | values)


def mark(form: WebForm, age: float = 60) -> str:
    """The mark of a page with the form that was opened so many seconds ago."""
    return token.fresh(form.key, time.time() - age)


def send(
    form: WebForm,
    *,
    query: str = "",
    page: str = "",
    headers: dict[str, str] | None = None,
    address: str = "127.0.0.1",
    **fields: str,
) -> Any:
    """Fill the form in and send it; the answer. `page` is the mark, `address` where it comes from."""
    body = {**WORDS, "website": "", "token": page or mark(form), **fields}
    browser = Client(enforce_csrf_checks=True)
    path = f"/forms/{form.key}/{query}"
    return browser.post(path, body, headers=headers, REMOTE_ADDR=address)


def letters(sink: Sink, to: str = WORDS["email"]) -> list[EmailMessage]:
    """The letters that asked this address to confirm, oldest first."""
    return [mail for mail in sink.to(to) if LINK.search(text_of(mail))]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a letter as its reader has it."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def link_in(letter: EmailMessage) -> str:
    """The address that confirms, without its host."""
    found = LINK.search(text_of(letter))
    assert found, text_of(letter)
    return found[2]
