"""What goes wrong with mail is told in words: no page shows an exception, no error is tried for days."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from firstline.events.models import Event
from firstline.files import store
from firstline.mail.models import OutgoingMail, RawMail
from firstline.mail.outbound import send
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink
from tests.web.pages import html


def test_no_exception_stands_on_a_page(
    stage: Cast, sink: Sink, settle: Callable[[], None], signed_in: Callable[[Person], Client]
) -> None:
    """What former versions kept, and what happens now."""
    ticket = open_by(stage.svetlana, stage.hosting)
    reply(actor(stage.anna), ticket, Draft(text="An answer."), via="web")
    settle()
    mail = OutgoingMail.objects.get(kind="answered")
    for problem in (
        "ValueError(\"not an address: 'x'\")",
        "OperationalError('database is locked')",
        "[Errno 111] Connection refused",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:1006)",
    ):
        OutgoingMail.objects.filter(pk=mail.pk).update(state="parked", problem=problem)
        page = html(signed_in(stage.anna).get(f"/tickets/{ticket.number}/"))
        assert 'data-state="failed"' in page
        assert not any(word in page for word in ("Error", "Errno", "_ssl.c", "database is locked"))
    post_raw = RawMail.objects.create(
        key="k", sha256=store.put(b"x"), size=1, source="smtp", recipient=stage.hosting.address,
        state="parked", attempts=3, problem="OperationalError('database is locked')",
    )  # fmt: skip
    page = html(signed_in(stage.administrator).get(f"/mail/{post_raw.pk}/"))
    assert "3 attempts failed" in page
    assert "OperationalError" not in page
    assert "something went wrong in this desk" in page


def test_a_recipient_that_is_none_is_told_of_at_once(
    stage: Cast, sink: Sink, settle: Callable[[], None], signed_in: Callable[[Person], Client]
) -> None:
    ticket = open_by(Person.objects.create(email="a b@c d"), stage.hosting)
    settle()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.attempts) == ("parked", 1)
    page = html(signed_in(stage.anna).get(f"/tickets/{ticket.number}/"))
    assert "ValueError" not in page


def test_an_error_of_ours_is_not_tried_for_two_days(
    stage: Cast, sink: Sink, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_by(stage.svetlana, stage.hosting)
    OutgoingMail.objects.all().delete()
    event = Event.objects.latest("pk")
    mail = OutgoingMail.objects.create(
        event=event, ticket=Ticket.objects.get(), kind="answered", recipient="a@b.example",
        sender=stage.hosting.address, reply_to=stage.hosting.address, header_id="not an id",
        subject="x", text="y", html="",
        references=5,
    )  # fmt: skip
    for _try in range(12):
        OutgoingMail.objects.update(due_at=timezone.now())
        send.sweep()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("parked", 8)
    assert "Error" not in mail.problem
