"""Limits keep the bytes (C54): what no page could show is a file, and its source is whole."""

from collections.abc import Callable

import pytest

from firstline.files import store
from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail
from firstline.tickets.messages import TEXT_LIMIT
from firstline.tickets.models import Message
from tests.cast import Cast

HEAD = b"From: svetlana@orbita.example\r\nSubject: long\r\nMessage-ID: <l@x>\r\n\r\n"


@pytest.mark.parametrize(
    "body",
    [b"word " * 400_000, b"Hello\r\n\r\n" + b"> an old line\r\n" * 100_000],
    ids=["text", "quote"],
)
def test_a_text_that_no_page_could_show_is_a_file(
    cast: Cast, settle: Callable[[], None], body: bytes
) -> None:
    take(HEAD + body, sender="", recipients=[cast.hosting.address], source="smtp")
    settle()
    message = Message.objects.get(header_id="<l@x>")
    assert len(message.text) <= TEXT_LIMIT
    assert len(message.quote) <= TEXT_LIMIT
    file = message.attachments.get().file
    assert file.name == "text.txt"
    assert store.read(file.sha256).split() == body.split()
    assert store.read(RawMail.objects.get().sha256) == HEAD + body


def test_a_text_that_a_page_can_show_stays_a_text(cast: Cast, settle: Callable[[], None]) -> None:
    take(HEAD + b"word " * 50_000, sender="", recipients=[cast.hosting.address], source="smtp")
    settle()
    message = Message.objects.get(header_id="<l@x>")
    assert len(message.text) > 200_000
    assert not message.attachments.exists()
