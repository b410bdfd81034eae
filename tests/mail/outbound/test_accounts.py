"""Letters that let people in do not stay to be read (product 1.3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import accounts, send
from firstline.people.actions.passwords import ask_for_password
from tests.cast import Cast
from tests.doors import Sink
from tests.letters import letters_to


@pytest.fixture
def nowhere(settings: Any) -> None:
    """A mail server that does not answer."""
    settings.OUTGOING_MAIL = Sink(port=9).setting


def test_a_letter_that_was_sent_is_empty(
    cast: Cast, sink: Sink, settle: Callable[[], None]
) -> None:
    ask_for_password(cast.svetlana.email, "en")
    settle()
    (mail,) = sink.to(cast.svetlana.email)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "/password/" in body.get_content()
    row = OutgoingMail.objects.get()
    assert (row.state, row.text, row.html) == ("done", "", "")
    assert row.subject == "Your password for Firstline"


def test_a_letter_that_waits_for_the_server_is_kept_for_a_day(
    cast: Cast, nowhere: None, settle: Callable[[], None]
) -> None:
    ask_for_password(cast.svetlana.email, "en")
    settle()
    accounts.forget()
    row = OutgoingMail.objects.get()
    assert row.state == "waiting"
    assert "/password/" in row.text
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=25))
    accounts.forget()
    row.refresh_from_db()
    assert (row.state, row.text, row.html) == ("parked", "", "")
    OutgoingMail.objects.update(due_at=timezone.now())
    assert send.sweep() == 0


def test_other_letters_keep_their_text(
    cast: Cast, nowhere: None, settle: Callable[[], None]
) -> None:
    ask_for_password(cast.svetlana.email, "en")
    settle()
    long_ago = timezone.now() - timedelta(hours=25)
    OutgoingMail.objects.update(kind="answered", created_at=long_ago)
    accounts.forget()
    assert OutgoingMail.objects.get().text


def test_a_letter_that_was_kept_as_a_file_is_the_only_copy(
    cast: Cast, settle: Callable[[], None]
) -> None:
    ask_for_password(cast.svetlana.email, "en")
    settle()
    (letter,) = letters_to(cast.svetlana.email)
    assert "/password/" in letter.text
    assert OutgoingMail.objects.get().text == ""
