"""The letters as the customer gets them: complete in plain text, safe in HTML, in their language."""

from collections.abc import Callable

import pytest

from firstline.mail.models import OutgoingMail
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by

HOSTILE = 'Look <script>alert(1)</script> "quoted" & https://desk.example/a?b=1&c=2 {{ 7|add:7 }}\nsecond line'


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(
        cast.svetlana, cast.hosting, "Subject <b>", "Attacker's text https://evil.example"
    )


def letters(kind: str, settle: Callable[[], None]) -> list[OutgoingMail]:
    settle()
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))


def test_an_answer_is_complete_in_plain_text(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    reply(actor(cast.anna), ticket, Draft(HOSTILE), via="web")
    (mail,) = letters("answered", settle)
    written, rule, foot = mail.text.partition("\n-- \n")
    assert rule
    assert written.strip() == HOSTILE
    assert "Hosting team" in foot
    assert f"http://127.0.0.1:8000/portal/tickets/{ticket.number}/" in foot


def test_an_answer_is_safe_in_html(cast: Cast, ticket: Ticket, settle: Callable[[], None]) -> None:
    reply(actor(cast.anna), ticket, Draft(HOSTILE), via="web")
    (mail,) = letters("answered", settle)
    assert "<script" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html
    assert '<a href="https://desk.example/a?b=1&amp;c=2"' in mail.html
    assert "{{ 7|add:7 }}<br>\nsecond line" in mail.html
    assert "Subject &lt;b&gt;" in mail.html
    assert "<table" not in mail.html


def test_a_confirmation_says_the_number_and_repeats_nothing(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    (mail,) = letters("received", settle)
    for part in (mail.text, mail.html):
        assert ticket.number in part
        assert "Hosting team" in part
        assert "evil" not in part
        assert "Subject" not in part


@pytest.mark.parametrize(
    ("language", "signature"), [("ru", "Хостинг, на связи"), ("bg", "Хостинг, на линия")]
)
def test_letters_speak_the_readers_language(
    cast: Cast, settle: Callable[[], None], language: str, signature: str
) -> None:
    cast.svetlana.language = language
    cast.svetlana.save()
    ticket = open_by(cast.svetlana, cast.hosting)
    reply(actor(cast.anna), ticket, Draft("Ответ"), via="web")
    for kind in ("received", "answered"):
        (mail,) = letters(kind, settle)
        assert f'<html lang="{language}">' in mail.html
        assert signature in mail.text
        assert signature in mail.html


def test_a_department_without_a_signature_signs_with_the_desk(
    cast: Cast, settle: Callable[[], None]
) -> None:
    cast.hosting.signatures = {}
    cast.hosting.save()
    open_by(cast.svetlana, cast.hosting)
    (mail,) = letters("received", settle)
    assert "-- \nFirstline" in mail.text


def test_a_hidden_comment_is_in_no_letter(
    cast: Cast, ticket: Ticket, settle: Callable[[], None]
) -> None:
    note(actor(cast.anna), ticket, Draft("They owe us xylophones"), via="web")
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    settle()
    assert OutgoingMail.objects.count() == 2
    for mail in OutgoingMail.objects.all():
        assert "xylophones" not in mail.text + mail.html + mail.subject
