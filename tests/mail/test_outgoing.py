"""Mail out: retried while the server is ill, refused where it says no, its state always visible (D13)."""

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import send
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from tests.cast import Cast, actor, open_by
from tests.doors import Sink


def test_a_server_that_asks_to_wait_is_tried_again(
    stage: Cast, sink: Sink, settle: Callable[[], None], signed_in: Callable[[Person], Client]
) -> None:
    sink.answer = "451 4.7.1 Greylisted, come back later"
    ticket = open_by(stage.svetlana, stage.hosting)
    reply(actor(stage.anna), ticket, Draft(text="An answer."), via="web")
    settle()
    mail = OutgoingMail.objects.get(kind="answered")
    assert (mail.state, mail.attempts) == ("waiting", 1)
    assert mail.due_at > timezone.now()
    page = signed_in(stage.anna).get(f"/tickets/{ticket.number}/").text
    assert 'data-state="retry"' in page
    assert "Greylisted" in page
    sink.answer = "250 OK"
    OutgoingMail.objects.update(due_at=timezone.now())
    send.sweep()
    assert len(sink.to(stage.svetlana.email)) == 2
    assert 'data-state="sent"' in signed_in(stage.anna).get(f"/tickets/{ticket.number}/").text


def test_a_server_that_says_no_is_believed(
    stage: Cast, sink: Sink, settle: Callable[[], None], signed_in: Callable[[Person], Client]
) -> None:
    sink.answer = "550 5.1.1 No such user"
    ticket = open_by(stage.svetlana, stage.hosting)
    reply(actor(stage.anna), ticket, Draft(text="An answer."), via="web")
    settle()
    mail = OutgoingMail.objects.get(kind="answered")
    assert (mail.state, mail.attempts) == ("parked", 1)
    page = signed_in(stage.anna).get(f"/tickets/{ticket.number}/").text
    assert 'data-state="failed"' in page
    assert "No such user" in page


def test_an_answer_carries_its_files_and_its_thread(
    stage: Cast, sink: Sink, settle: Callable[[], None]
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    draft = Draft(text="Здесь журнал.", files=[Enclosure("журнал.txt", "строка".encode())])
    reply(actor(stage.anna), ticket, draft, via="web")
    reply(actor(stage.anna), ticket, Draft(text="И ещё."), via="web")
    settle()
    received, first, second = sink.to(stage.svetlana.email)
    [part] = list(first.iter_attachments())
    assert part.get_filename() == "журнал.txt"
    assert part.get_payload(decode=True) == "строка".encode()
    assert first["In-Reply-To"] == received["Message-ID"]
    assert second["References"].split()[-1] == first["Message-ID"]
    ids = [mail["Message-ID"] for mail in (received, first, second)]
    assert len(set(ids)) == 3
    assert all(len(one.split("@")[0]) >= 32 for one in ids)


def test_nothing_in_a_subject_or_name_becomes_a_header(
    stage: Cast, sink: Sink, settle: Callable[[], None]
) -> None:
    """C18"""
    stage.svetlana.name = "Eve\r\nBcc: evil@evil.example"
    stage.svetlana.save()
    open_by(stage.svetlana, stage.hosting, "Hi\r\nBcc: evil@evil.example")
    settle()
    [mail] = sink.mails()
    assert mail["Bcc"] is None
    assert sink.envelopes[0][1] == [stage.svetlana.email]


def test_a_hidden_comment_is_never_mailed(
    stage: Cast, sink: Sink, settle: Callable[[], None]
) -> None:
    from firstline.tickets.actions.note import note

    ticket = open_by(stage.svetlana, stage.hosting)
    note(actor(stage.anna), ticket, Draft(text="Hidden marker 4711"), via="web")
    reply(actor(stage.anna), ticket, Draft(text="A public answer."), via="web")
    settle()
    assert len(sink.raw) == 2
    assert not any(b"4711" in raw for raw in sink.raw)


def test_without_a_server_mail_is_kept_as_files(
    stage: Cast, settings: object, settle: Callable[[], None]
) -> None:
    from pathlib import Path

    from django.conf import settings as current

    open_by(stage.svetlana, stage.hosting)
    settle()
    mail = OutgoingMail.objects.get()
    assert mail.state == "done"
    assert (Path(current.DATA) / "outbox" / f"{mail.pk:08d}.eml").exists()
