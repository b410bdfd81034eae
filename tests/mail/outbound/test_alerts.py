"""Alerts by mail: to everybody of the project, each can be answered by mail (cap 93-100)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from firstline.base import clock
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets import timers
from firstline.tickets.actions.acknowledge import acknowledge
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post
from tests.flows.test_main_job import body_of

Settle = Callable[[], None]


def tell(cast: Cast, type: str = "suspicious") -> Ticket:
    """Anna tells the project of Svetlana and Pyotr something, with a file."""
    draft = Draft("Somebody tries passwords.", files=[Enclosure("log.txt", b"401 401 401")])
    return alert(actor(cast.anna), cast.project, type, "Many failed sign-ins", draft, via="web")


@pytest.mark.parametrize(
    ("type", "word"),
    [
        ("information", "Information"),
        ("complaint", "Complaint"),
        ("suspicious", "Suspicious activity"),
    ],
)
def test_everybody_of_the_project_gets_it_and_nobody_else(
    stage: Cast, sink: Sink, settle: Settle, type: str, word: str
) -> None:
    ticket = tell(stage, type)
    settle()
    assert len(sink.raw) == 2
    for person in (stage.svetlana, stage.pyotr):
        [mail] = sink.to(person.email)
        assert mail["Subject"] == f"Many failed sign-ins [{ticket.number}]"
        assert mail["Auto-Submitted"] is None
        assert mail["In-Reply-To"] is None
        assert word in body_of(mail)
        assert "Somebody tries passwords." in body_of(mail)
        assert f"/portal/tickets/{ticket.number}/" in body_of(mail)
        assert "you belong to the project Магазин (orbita-shop)" in body_of(mail)
        [part] = list(mail.iter_attachments())
        assert part.get_payload(decode=True) == b"401 401 401"


def test_who_is_deactivated_or_wants_none_gets_none(
    stage: Cast, sink: Sink, settle: Settle
) -> None:
    Person.objects.filter(pk=stage.svetlana.pk).update(is_active=False)
    Person.objects.filter(pk=stage.pyotr.pk).update(wants_alerts=False)
    tell(stage)
    settle()
    assert sink.raw == []


@pytest.mark.parametrize("by", ["address", "references"])
def test_any_member_answers_by_mail_and_all_get_what_follows(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, by: str
) -> None:
    ticket = tell(stage)
    settle()
    [told] = sink.to(stage.pyotr.email)
    to = told["Reply-To"] if by == "address" else stage.hosting.address
    headers = {} if by == "address" else {"References": told["Message-ID"]}
    post(
        smtp,
        letter(stage.pyotr.email, to, "Re: sign-ins", "That was me.", **headers),
        stage.pyotr.email,
        to,
    )
    settle()
    ticket.refresh_from_db()
    message = ticket.messages.order_by("pk").last()
    assert message is not None
    assert (message.author_id, message.is_foreign) == (stage.pyotr.pk, False)
    assert ticket.awaiting == "support"
    reply(actor(stage.anna), ticket, Draft("Thank you, closed then."), via="web")
    settle()
    for person in (stage.svetlana, stage.pyotr):
        assert "Thank you, closed then." in body_of(sink.to(person.email)[-1])
    last = sink.to(stage.svetlana.email)
    assert last[-1]["References"].split()[0] == last[0]["Message-ID"]


def test_references_of_one_reader_are_not_those_of_another(stage: Cast, settle: Settle) -> None:
    ticket = tell(stage)
    settle()
    reply(actor(stage.anna), ticket, Draft("One more thing."), via="web")
    settle()
    for person in (stage.svetlana, stage.pyotr):
        first, second = OutgoingMail.objects.filter(recipient=person.email).order_by("pk")
        assert second.references == [first.header_id]


def test_who_may_answer_by_mail(stage: Cast, smtp: int, sink: Sink, settle: Settle) -> None:
    """C2, C6: members and colleagues who see the company answer; all others are held."""
    stage.project.members.set([stage.svetlana])
    ticket = open_by(stage.svetlana, stage.hosting, project=stage.project)
    settle()
    address = sink.to(stage.svetlana.email)[0]["Reply-To"]
    for person in (stage.vera, stage.pyotr, stage.zlata, stage.anna):
        mail = letter(person.email, address, "Re", f"From {person.email}")
        post(smtp, mail, person.email, address)
    settle()
    seen = dict(ticket.messages.values_list("author", "is_foreign"))
    assert seen == {
        stage.svetlana.pk: False,
        stage.vera.pk: False,
        stage.pyotr.pk: True,
        stage.zlata.pk: True,
        stage.anna.pk: True,
    }


def test_a_colleague_who_was_deactivated_is_held(
    stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    """C37"""
    ticket = open_by(stage.svetlana, stage.hosting)
    settle()
    address = sink.to(stage.svetlana.email)[0]["Reply-To"]
    Person.objects.filter(pk=stage.vera.pk).update(is_active=False)
    post(smtp, letter(stage.vera.email, address, "Re", "Still me"), stage.vera.email, address)
    settle()
    assert ticket.messages.get(author=stage.vera).is_foreign


SAID = {
    "en": ("Please say by", "press “I have read it”", "call the customer"),
    "ru": ("Подтвердите до", "нажмите «Прочитано»", "позвоните клиенту"),
    "bg": ("Потвърдете до", "натиснете „Прочетено“", "обадете се на клиента"),
}


def overdue(cast: Cast) -> Ticket:
    """An alert that nobody acknowledged in time."""
    moment = timezone.now() - timedelta(hours=3)
    with clock.at(moment):
        ticket = alert(
            actor(cast.anna),
            cast.project,
            "complaint",
            "A picture",
            Draft("Take it down."),
            via="web",
            acknowledge_by=moment + timedelta(hours=1),
        )
    return ticket


@pytest.mark.parametrize("language", list(SAID))
def test_type_deadline_and_how_to_acknowledge_then_again_and_to_the_agent(
    stage: Cast, sink: Sink, settle: Settle, language: str
) -> None:
    Person.objects.update(language=language)
    ticket = overdue(stage)
    settle()
    please, press, call = SAID[language]
    link = f"/portal/tickets/{ticket.number}/"
    for person in (stage.svetlana, stage.pyotr):
        [mail] = sink.to(person.email)
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            text = str(body.get_content()) if body else ""
            assert please in text
            assert press in text
            assert link in text
    timers.tick()
    timers.tick()
    settle()
    for person in (stage.svetlana, stage.pyotr):
        [first, second] = sink.to(person.email)
        assert second["Subject"] == f"Re: {first['Subject']}"
        assert second["In-Reply-To"] == first["Message-ID"]
        assert second["Auto-Submitted"]
        assert press in body_of(second)
        assert link in body_of(second)
        assert "Take it down." in body_of(second)
    [note] = sink.to(stage.anna.email)
    assert call in body_of(note)
    assert f"/tickets/{ticket.number}/" in body_of(note)
    assert "/portal/" not in body_of(note)
    assert len(sink.raw) == 5


def test_no_second_mail_to_who_wants_none_or_once_somebody_acknowledged(
    stage: Cast, sink: Sink, settle: Settle
) -> None:
    Person.objects.filter(pk=stage.pyotr.pk).update(wants_alerts=False)
    ticket = overdue(stage)
    settle()
    timers.tick()
    acknowledge(actor(stage.svetlana), ticket, via="portal")  # before the letters are written
    settle()
    assert len(sink.to(stage.svetlana.email)) == 1
    assert sink.to(stage.pyotr.email) == []
    assert sink.to(stage.anna.email) == []


def test_the_note_goes_to_who_answers_when_the_sender_is_gone(
    stage: Cast, sink: Sink, settle: Settle
) -> None:
    ticket = overdue(stage)
    Ticket.objects.filter(pk=ticket.pk).update(responsible=stage.supervisor.pk)
    Person.objects.filter(pk=stage.anna.pk).update(is_active=False)
    timers.tick()
    settle()
    assert sink.to(stage.anna.email) == []
    assert len(sink.to(stage.supervisor.email)) == 1
