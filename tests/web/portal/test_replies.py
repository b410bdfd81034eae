"""Answers of customers: once each, never lost, refused in words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.files.models import File
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.actions.move import move
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, actor, resolve_by
from tests.web.pages import form_of, hidden_fields, html

SignedIn = Callable[[Person], Client]


def page_of(ticket: Ticket) -> str:
    return f"/portal/tickets/{ticket.number}/"


def answer(client: Client, ticket: Ticket, **fields: Any) -> Any:
    """Fill in the form on the ticket's page and send it."""
    form = form_of(client, page_of(ticket), **fields)
    return client.post(f"{page_of(ticket)}replies/", form)


def file(name: str, size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"x" * size)


def test_an_answer_joins_the_conversation(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    client = signed_in(cast.svetlana)
    response = answer(client, ticket, text="Since yesterday", files=[file("log.txt", 10)])
    assert response.headers["Location"] == page_of(ticket)
    message = Message.objects.latest("pk")
    assert (message.text, message.kind, message.channel) == ("Since yesterday", "in", "portal")
    assert message.author == cast.svetlana
    page = html(client.get(page_of(ticket)))
    assert "Your answer is with the support team." in page
    assert f'data-sent="portal-{ticket.number}"' in page
    assert "Since yesterday" in page
    assert "log.txt" in page


def test_a_colleague_who_sees_the_company_may_answer(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    assert answer(signed_in(cast.vera), ticket, text="Me too").status_code == 302
    assert Message.objects.latest("pk").author == cast.vera


def test_nobody_else_may(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    settle()
    before = Message.objects.count(), OutgoingMail.objects.count()
    for person in (cast.pyotr, cast.zlata, *cast.staff):
        for noun in ("replies", "closures", "reopenings"):
            response = signed_in(person).post(f"{page_of(ticket)}{noun}/", {"text": "Mine now"})
            assert response.status_code == 404
    ended = Client().post(f"{page_of(ticket)}replies/", {"text": "Too late, but kept"})
    assert ended.status_code == 401
    assert "Too late, but kept" in html(ended)
    settle()
    assert (Message.objects.count(), OutgoingMail.objects.count()) == before
    assert Ticket.objects.get(pk=ticket.pk).phase == "new"


def test_an_empty_text_is_refused(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    response = answer(signed_in(cast.svetlana), ticket, text="  \n ")
    page = html(response)
    assert response.status_code == 422
    assert 'class="errors"' in page
    assert '<a href="#text">Write a text.</a>' in page
    assert 'aria-describedby="text-error"' in page
    assert Message.objects.count() == 1


def test_an_oversize_file_is_refused_and_the_text_stays(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, settings: Any
) -> None:
    settings.FILE_LIMIT = 100
    files = [file("small.txt", 100), file("big.mp4", 101), file("vast.mp4", 300)]
    response = answer(signed_in(cast.svetlana), ticket, text="A <long> text\nof mine", files=files)
    page = html(response)
    assert response.status_code == 422
    assert "A <long> text\nof mine</textarea>" in page
    assert page.count("“big.mp4” is too large") == 2  # in the list on top, and at the field
    assert page.count("“vast.mp4” is too large") == 2
    assert "“small.txt”" not in page
    assert "They must be chosen again." in page
    assert (Message.objects.count(), File.objects.count()) == (1, 0)


def test_too_many_files_are_refused_and_the_text_stays(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    files = [file(f"{number}.txt", 1) for number in range(21)]
    response = answer(signed_in(cast.svetlana), ticket, text="My text", files=files)
    assert response.status_code == 422
    assert "My text</textarea>" in html(response)
    assert "At most 20 files" in html(response)
    assert Message.objects.count() == 1


def test_a_form_beyond_all_bounds_gets_a_page_of_ours(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    files = [file(f"{number}.txt", 1) for number in range(51)]
    response = answer(signed_in(cast.svetlana), ticket, text="My text", files=files)
    assert response.status_code == 400
    assert 'class="portal-bar"' in html(response)
    assert Message.objects.count() == 1


def test_a_text_without_end_is_refused(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    response = answer(signed_in(cast.svetlana), ticket, text="я" * 500_001)
    assert response.status_code == 422
    assert "too long" in html(response)


def test_the_corrected_form_is_a_new_one(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    client = signed_in(cast.svetlana)
    refused = answer(client, ticket, text="")
    form = {**hidden_fields(refused), "text": "Now with words"}
    assert client.post(f"{page_of(ticket)}replies/", form).status_code == 302
    assert Message.objects.count() == 2


def test_a_form_sent_twice_is_carried_out_once(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    form = form_of(client, page_of(ticket), text="Only once")
    first = client.post(f"{page_of(ticket)}replies/", form)
    second = client.post(f"{page_of(ticket)}replies/", form)
    assert first.headers["Location"] == second.headers["Location"] == page_of(ticket)
    assert Message.objects.filter(text="Only once").count() == 1
    assert "sent already" in html(client.get(page_of(ticket)))


def test_the_same_words_from_a_new_page_count_again(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    for _time in range(2):
        answer(client, ticket, text="Any news?")
    assert Message.objects.filter(text="Any news?").count() == 2


def test_other_words_from_an_old_page_are_not_lost(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    form = form_of(client, page_of(ticket))
    for text in ("First", "Second, after pressing Back"):
        client.post(f"{page_of(ticket)}replies/", {**form, "text": text})
    assert Message.objects.count() == 3


def test_an_answer_to_a_closed_ticket_opens_another(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    resolve_by(cast.anna, ticket)
    move(actor(cast.anna), ticket, "closed", via="web")
    client = signed_in(cast.svetlana)
    form = form_of(client, page_of(ticket), text="It is back")
    for _press in range(2):
        response = client.post(f"{page_of(ticket)}replies/", form, follow=True)
    follow_up = Ticket.objects.get(follows=ticket)
    assert follow_up.requester == cast.svetlana
    page = html(client.get(page_of(follow_up)))
    assert "It is back" in page
    assert f"Goes on in {follow_up.number}" in html(response)
    assert Ticket.objects.get(pk=ticket.pk).phase == "closed"


def test_the_notice_leads_to_the_follow_up(cast: Cast, ticket: Ticket, signed_in: SignedIn) -> None:
    resolve_by(cast.anna, ticket)
    move(actor(cast.anna), ticket, "closed", via="web")
    client = signed_in(cast.svetlana)
    response = answer(client, ticket, text="It is back")
    follow_up = Ticket.objects.get(follows=ticket)
    assert response.headers["Location"] == page_of(follow_up)
    assert f"opened a new one: {follow_up.number}" in html(client.get(page_of(follow_up)))


def test_a_form_from_elsewhere_is_refused_with_its_text(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.svetlana)
    response = client.post(f"{page_of(ticket)}replies/", {"text": "Do not lose me"})
    assert response.status_code == 403
    assert "Do not lose me" in html(response)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("is_closed", [False, True])
def test_odd_characters_are_no_failure(
    cast: Cast, boxed: Ticket, signed_in: SignedIn, is_closed: bool
) -> None:
    if is_closed:
        move(actor(cast.boris), boxed, "closed", via="web")
    text = "nul \x00 bell \x07 bidi \u202e pile \U0001f4a9 lone \ud800".encode(
        "utf-8", "replace"
    ).decode()
    response = answer(signed_in(cast.svetlana), boxed, text=text)
    assert response.status_code == 302
    assert Message.objects.latest("pk").text == text.replace("\x00", "")


@pytest.mark.parametrize("noun", ["replies", "closures", "reopenings"])
def test_looking_changes_nothing(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, noun: str
) -> None:
    assert signed_in(cast.svetlana).get(f"{page_of(ticket)}{noun}/").status_code == 405


def test_fields_that_are_not_asked_for_change_nothing(
    cast: Cast, ticket: Ticket, signed_in: SignedIn
) -> None:
    extra = {
        "visibility": "internal",
        "kind": "out",
        "author": cast.anna.pk,
        "status": "closed",
        "via": "mail",
    }
    answer(signed_in(cast.svetlana), ticket, text="Just words", **extra)
    message = Message.objects.latest("pk")
    assert (message.kind, message.visibility, message.author) == ("in", "public", cast.svetlana)
    assert Ticket.objects.get(pk=ticket.pk).phase == "new"
