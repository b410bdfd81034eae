"""Who gets an answer: shown before it is sent, chosen by the agent, and let into the ticket (C6, C7, C10)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.models import KeptDraft, Message, PendingMessage, Ticket
from tests.cast import Cast, open_by
from tests.doors import Sink, letter, post
from tests.web.pages import html

SignIn = Callable[[Person], Client]
Settle = Callable[[], None]
OTHER, EVIL = "marko@partner.example", "evil@evil.example"


def arrive(stage: Cast, smtp: int, settle: Settle, **headers: str) -> Ticket:
    """A mail of Svetlana's to hosting, taken in."""
    mail = letter(stage.svetlana.email, stage.hosting.address, "Help", "It is broken.", **headers)
    mail["Message-ID"] = "<first@orbita.example>"
    post(smtp, mail, stage.svetlana.email, stage.hosting.address)
    settle()
    return Ticket.objects.get()


def page_of(client: Client, ticket: Ticket) -> str:
    return html(client.get(f"/tickets/{ticket.number}/"))


def say(client: Client, ticket: Ticket, noun: str = "replies", **fields: Any) -> Any:
    return client.post(f"/tickets/{ticket.number}/{noun}/", {"text": "On it.", **fields})


def test_the_page_says_who_gets_the_answer(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, signed_in: SignIn
) -> None:
    """C7, C10: a Reply-To and a Cc of the customer change nothing until an agent ticks them."""
    ticket = arrive(stage, smtp, settle, Cc=f"Marko <{OTHER}>", Reply_To=EVIL)
    anna = signed_in(stage.anna)
    page = page_of(anna, ticket)
    assert f"<b>{stage.svetlana.name}</b> {stage.svetlana.email}" in page
    assert f'name="also" value="{OTHER}" data-recipient>' in page
    assert EVIL not in page.split('id="composer"')[1].split("</form>")[0]
    say(anna, ticket)
    settle()
    assert sink.to(OTHER) == sink.to(EVIL) == []
    mail = letter(OTHER, stage.hosting.address, "Re: Help", "Me too", In_Reply_To="<x@y>")
    mail.replace_header("To", f"hosting+{ticket.reply_token}@{stage.hosting.address.split('@')[1]}")
    post(smtp, mail, OTHER, str(mail["To"]))
    settle()
    assert Message.objects.order_by("pk").last().is_foreign  # type: ignore[union-attr]


def test_copies_go_out_and_their_readers_may_answer(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, signed_in: SignIn
) -> None:
    ticket = arrive(stage, smtp, settle, Cc=f"Marko <{OTHER}>")
    anna = signed_in(stage.anna)
    say(anna, ticket, also=[OTHER], cc="New One <new@one.example>", bcc="secret@our.example")
    settle()
    [copy], [secret] = sink.to(OTHER), sink.to("secret@our.example")
    answer = sink.to(stage.svetlana.email)[-1]
    for mail in (copy, secret, answer):
        assert OTHER in mail["Cc"]
        assert "new@one.example" in mail["Cc"]
        assert stage.svetlana.email in mail["To"]
        assert mail["Bcc"] is None
        assert b"secret@our.example" not in bytes(mail)
    assert "<first@orbita.example>" in copy["References"]
    assert "<first@orbita.example>" in answer["References"]
    assert f"/tickets/{ticket.number}" not in copy.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert len({str(mail["Message-ID"]) for mail in (copy, secret, answer)}) == 3
    back = letter(f"Marko <{OTHER}>", str(copy["Reply-To"]), "Re: Help", "A fact of mine.")
    post(smtp, back, OTHER, str(copy["Reply-To"]))
    settle()
    said = Message.objects.order_by("pk").last()
    assert said is not None
    assert (said.text.strip(), said.is_foreign, said.visibility) == (
        "A fact of mine.",
        False,
        "public",
    )
    assert said.author_name == "Marko"
    page = page_of(anna, ticket)
    assert "secret@our.example" in page
    assert f'value="{OTHER}" data-recipient checked>' in page  # chosen before
    marko = signed_in(Person.objects.get(email=OTHER))
    assert marko.get(f"/portal/tickets/{ticket.number}/").status_code == 404
    portal = html(signed_in(stage.svetlana).get(f"/portal/tickets/{ticket.number}/"))
    assert "A fact of mine." in portal
    assert "secret@our.example" not in portal
    hidden = letter("secret@our.example", str(copy["Reply-To"]), "Re: Help", "I was hidden.")
    post(smtp, hidden, "secret@our.example", str(copy["Reply-To"]))
    settle()
    assert Message.objects.get(text__contains="I was hidden").is_foreign


def test_a_closed_ticket_takes_no_words_of_copied_people(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, signed_in: SignIn
) -> None:
    ticket = arrive(stage, smtp, settle, Cc=OTHER)
    say(signed_in(stage.anna), ticket, also=[OTHER])
    settle()
    address = str(sink.to(OTHER)[0]["Reply-To"])
    Ticket.objects.update(phase="closed")
    post(smtp, letter(OTHER, address, "Re: Help", "Late."), OTHER, address)
    settle()
    assert Ticket.objects.count() == 1
    assert Message.objects.get(text__contains="Late.").is_foreign


@pytest.mark.parametrize("noun", ["replies", "comments", "resolutions"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cc", "no address"),
        ("bcc", "a@b.example\r\nBcc: evil@evil.example x"),
        ("cc", "support@hosting.example"),
        ("cc", ", ".join(f"p{number}@x.example" for number in range(21))),
        ("bcc", "=?utf-8?q?a=0d=0aBcc:_e@e.example?="),
    ],
)
def test_what_cannot_be_written_to_is_refused(
    cast: Cast, signed_in: SignIn, noun: str, field: str, value: str
) -> None:
    """C15, C18: nothing is sent, and everything typed is kept."""
    value = value.replace("support@hosting.example", cast.hosting.address)
    ticket = open_by(cast.svetlana, cast.hosting)
    mode = {"replies": "reply", "comments": "comment", "resolutions": "resolve"}[noun]
    answer = say(signed_in(cast.anna), ticket, noun, mode=mode, **{field: value})
    assert answer.status_code == 422
    assert "On it." in answer.text
    assert 'class="errors"' in answer.text
    assert not Message.objects.filter(kind__in=("out", "comment")).exists()
    assert not OutgoingMail.objects.filter(kind__in=("answered", "copied")).exists()


def test_the_choice_is_kept_with_the_draft_and_taken_back_with_the_message(
    cast: Cast, signed_in: SignIn, settings: Any
) -> None:
    settings.UNDO_SECONDS = 10
    ticket = open_by(cast.svetlana, cast.hosting)
    anna = signed_in(cast.anna)
    typed = {"mode": "reply", "text": "Half", "cc": f"Marko <{OTHER}>", "bcc": "s@x.example"}
    anna.post(f"/tickets/{ticket.number}/drafts/", typed)
    assert f'value="Marko &lt;{OTHER}&gt;"' in anna.get(f"/tickets/{ticket.number}/").text
    say(anna, ticket, cc=OTHER, bcc="s@x.example")
    row = PendingMessage.objects.get(state="waiting")
    assert row.recipients == {"cc": [["", OTHER]], "bcc": [["", "s@x.example"]]}
    anna.post(f"/tickets/{ticket.number}/pending/{row.pk}/withdrawals/")
    assert KeptDraft.objects.get().recipients == row.recipients
    page = page_of(anna, ticket)
    assert f'id="cc" name="cc" value="{OTHER}"' in page


def test_a_hidden_comment_copies_nobody(
    stage: Cast, sink: Sink, settle: Settle, signed_in: SignIn
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    anna = signed_in(stage.anna)
    say(anna, ticket, "hidden-comments", mode="hidden", cc=OTHER)
    settle()
    assert sink.to(OTHER) == []
    assert Message.objects.get(kind="hidden").recipients is None
