"""The link in a resolved mail: it opens one ticket without a password, and nothing else."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets import keys
from firstline.tickets.access import visible_to
from firstline.tickets.actions.delete import delete
from firstline.tickets.actions.move import move
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Message, Rating, Ticket
from firstline.web.models import Submission
from firstline.web.portal.linked.urls import urlpatterns
from tests.cast import Cast, actor, open_by, resolve_by
from tests.doors import letter, post
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
Settle = Callable[[], None]
LINK = re.compile(r"http://127\.0\.0\.1:8000(/ticket-links/[\w.=-]+/)")
HIDDEN = "xylophone"
ROUTES = {
    "ticket_link",
    "ticket_link_file",
    "ticket_link_ratings",
    "ticket_link_reopenings",
    "ticket_link_replies",
}


@pytest.fixture
def ticket(cast: Cast, settle: Settle) -> Ticket:
    """A resolved ticket of Svetlana's project, with a file and an internal note."""
    files = [Enclosure("log.txt", b"502")]
    ticket = open_by(cast.svetlana, cast.hosting, files=files, project=cast.project)
    reply(actor(cast.pyotr), ticket, Draft("Me too"), via="portal")
    note(actor(cast.anna), ticket, Draft(HIDDEN), via="web")
    resolve(actor(cast.anna), ticket, Draft("Restarted, it works"), via="web")
    settle()
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def link(ticket: Ticket, cast: Cast) -> str:
    """The address in the mail to Svetlana."""
    mail = OutgoingMail.objects.filter(recipient=cast.svetlana.email, kind="answered").latest("pk")
    found = LINK.search(mail.text)
    assert found is not None
    return found.group(1)


def everything() -> tuple[object, ...]:
    """All that these pages can change."""
    return (
        list(Ticket.objects.order_by("pk").values()),
        list(Rating.objects.values()),
        list(Message.objects.order_by("pk").values_list("pk")),
        list(Event.objects.order_by("pk").values_list("pk")),
    )


def addresses(link: str, ticket: Ticket) -> dict[str, tuple[str, str]]:
    """Each route with its method."""
    file = ticket.messages.order_by("pk")[0].attachments.get()
    return {
        "ticket_link": ("get", link),
        "ticket_link_file": ("get", f"{link}files/{file.pk}/"),
        "ticket_link_ratings": ("post", f"{link}ratings/"),
        "ticket_link_reopenings": ("post", f"{link}reopenings/"),
        "ticket_link_replies": ("post", f"{link}replies/"),
    }


def test_every_route_is_tried_here() -> None:
    assert {one.name for one in urlpatterns} == ROUTES
    assert get_resolver().resolve("/ticket-links/x/").url_name == "ticket_link"


@pytest.mark.parametrize("kind", ["resolved", "closed"])
def test_who_asked_gets_it_in_both_parts_and_nobody_else(
    cast: Cast, settle: Settle, kind: str
) -> None:
    department = cast.equipment if kind == "closed" else cast.hosting
    ticket = open_by(cast.svetlana, department, project=cast.project)
    reply(actor(cast.pyotr), ticket, Draft("Me too"), via="portal")
    agent = actor(cast.boris if kind == "closed" else cast.anna)
    reply(agent, ticket, Draft("We look"), via="web")
    settle()
    assert not any(LINK.search(mail.text + mail.html) for mail in OutgoingMail.objects.all())
    before = OutgoingMail.objects.latest("pk").pk
    resolve(agent, ticket, Draft("Done"), via="web")
    settle()
    mails = {mail.recipient: mail for mail in OutgoingMail.objects.filter(pk__gt=before)}
    assert {cast.svetlana.email, cast.pyotr.email} == set(mails)
    for part in (mails[cast.svetlana.email].text, mails[cast.svetlana.email].html):
        assert "Did the answer help?" in part
        assert "ratings/?helped=yes" in part
        assert "ratings/?helped=no" in part
        assert len(set(LINK.findall(part))) == 1
    assert "/ticket-links/" not in mails[cast.pyotr.email].text + mails[cast.pyotr.email].html


def test_it_opens_the_ticket_without_signing_in(cast: Cast, ticket: Ticket, link: str) -> None:
    client = Client()
    answer = client.get(link)
    page = html(answer)
    for word in ("Restarted, it works", "Me too", "log.txt", "502"):
        assert word in page
    assert HIDDEN not in page
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    file = ticket.messages.order_by("pk")[0].attachments.get()
    sent = client.get(f"{link}files/{file.pk}/")
    assert b"".join(sent.streaming_content) == b"502"  # type: ignore[attr-defined]
    assert sent.headers["Cache-Control"] == "private, no-store"
    assert client.get("/portal/").status_code == 302
    assert client.get(f"/portal/tickets/{ticket.number}/").status_code == 302


@pytest.mark.parametrize("language", ["ru", "bg", "en"])
def test_it_speaks_the_language_of_who_asked(
    cast: Cast, ticket: Ticket, link: str, language: str
) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(language=language)
    for address in (link, f"{link}ratings/?helped=no"):
        answer = Client().get(address)
        assert f'<html lang="{language}"' in html(answer)
        assert answer.headers["Content-Language"] == language


def test_the_rating_takes_one_press(cast: Cast, ticket: Ticket, link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = html(client.get(f"{link}ratings/?helped=no"))
    assert 'value="no" required checked' in page
    assert Rating.objects.count() == 0
    said = client.post(f"{link}ratings/", {"helped": "no", "text": "Not at all"})
    assert (said.status_code, said.headers["Location"]) == (302, link)
    rating = Rating.objects.get()
    assert (rating.helped, rating.person) == (False, cast.svetlana)
    assert ticket.messages.latest("pk").text == "Not at all"
    assert Ticket.objects.get(pk=ticket.pk).phase == "resolved"
    assert client.post(f"{link}ratings/", {}).status_code == 422


def test_it_answers_and_reopens(cast: Cast, ticket: Ticket, link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post(f"{link}replies/", {"text": " "})
    assert refused.status_code == 422
    assert f'action="{link}replies/"' in html(refused)
    said = client.post(f"{link}replies/", {"text": "It is broken again"}, follow=True)
    assert "It is broken again" in html(said)
    assert Ticket.objects.get(pk=ticket.pk).phase == "open"
    resolve_by(cast.anna, ticket)
    assert client.post(f"{link}reopenings/", {"text": ""}).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).phase == "open"


def test_an_answer_to_a_closed_ticket_opens_one_that_the_link_does_not(
    cast: Cast, ticket: Ticket, link: str
) -> None:
    move(actor(cast.anna), ticket, "closed", via="web")
    said = Client().post(f"{link}replies/", {"text": "Once more"}, follow=True)
    new = Ticket.objects.latest("pk")
    assert new.follows_id == ticket.pk
    assert new.requester == cast.svetlana
    assert new.number in html(said)
    assert "Once more" not in html(said)


def kill(how: str, cast: Cast, ticket: Ticket) -> None:
    """End what the link rests on."""
    if how == "deactivated":
        Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    elif how == "requester":
        Ticket.objects.filter(pk=ticket.pk).update(requester=cast.pyotr)
    elif how == "deleted":
        delete(actor(cast.administrator), ticket, via="web")


@pytest.mark.parametrize(
    "how", ["deactivated", "requester", "deleted", "old", "cut", "forged", "staff", "other-salt"]
)
def test_it_dies_with_the_right_to_it(
    cast: Cast, ticket: Ticket, link: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = addresses(link, ticket)
    key, other = link.split("/")[2], link
    if how == "cut":
        other = link.replace(key, key[:-1])
    elif how == "forged":
        other = link.replace(key, "WzEsMl0." + key.partition(".")[2])
    elif how == "other-salt":
        signer = TimestampSigner(salt="elsewhere", sep=".")
        other = link.replace(key, signer.sign_object([ticket.pk, cast.svetlana.pk]))
    elif how == "staff":
        assert keys.key_for(ticket, cast.anna) == ""
        Ticket.objects.filter(pk=ticket.pk).update(requester=cast.anna)
    elif how == "old":
        late = (timezone.now() + timedelta(days=31)).timestamp()
        monkeypatch.setattr("time.time", lambda: late)
    kill(how, cast, ticket)
    before = everything()
    for method, address in found.values():
        body = {"text": "Let me in", "helped": "yes"}
        answer = getattr(Client(), method)(address.replace(link, other), body)
        assert answer.status_code == 404
        page = html(answer)
        assert "This link no longer works" in page
        assert "Restarted" not in page
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert everything() == before


@pytest.mark.parametrize("who", ["zlata", "vera", "anna", "administrator"])
def test_it_is_the_key_that_counts_whoever_is_signed_in(
    cast: Cast, ticket: Ticket, link: str, signed_in: SignedIn, who: str
) -> None:
    client = signed_in(getattr(cast, who))
    page = html(client.get(link))
    assert "Restarted, it works" in page
    assert HIDDEN not in page
    client.post(f"{link}replies/", {"text": "Who said this?"})
    assert ticket.messages.latest("pk").author == cast.svetlana


def test_another_ticket_of_theirs_stays_closed(cast: Cast, ticket: Ticket, link: str) -> None:
    other = open_by(cast.svetlana, cast.hosting, files=[Enclosure("other.txt", b"secret")])
    file = other.messages.get().attachments.get()
    assert Client().get(f"{link}files/{file.pk}/").status_code == 404
    assert Client().get(f"{link}closures/").status_code == 404
    found = keys.opened_by(link.split("/")[2])
    assert found is not None
    assert list(visible_to(found[0])) == [ticket]


def test_keys_stand_in_no_log_and_no_table(
    cast: Cast, ticket: Ticket, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client, key = Client(), link.split("/")[2]
    client.post(f"{link}replies/", {"text": "One", "submission": "a"})
    client.get(f"{link}files/999/")
    client.post(f"{link}ratings/", {})
    client.get(f"{link}replies/")
    assert key not in caplog.text
    assert all(key not in one.address for one in Submission.objects.all())
    assert all(key not in str(one.data) for one in Event.objects.all())


def test_a_quoted_mail_does_not_hand_it_on(
    stage: Cast, smtp: int, settle: Settle, signed_in: SignedIn
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    resolve(actor(stage.anna), ticket, Draft("Done"), via="web")
    settle()
    mail = OutgoingMail.objects.get(kind="answered")
    key = LINK.findall(mail.text)[0].split("/")[2]
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    answer = letter(
        stage.svetlana.email, mail.reply_to, "Re", f"Thanks\n\n{quoted}", html=mail.html
    )
    post(smtp, answer, stage.svetlana.email, mail.reply_to)
    settle()
    said = ticket.messages.latest("pk")
    assert "/ticket-links/…" in said.quote + said.text
    assert key not in said.text + said.quote + said.html
    assert key not in html(signed_in(stage.anna).get(f"/tickets/{ticket.number}/"))


def test_the_path_is_the_one_that_logs_leave_out() -> None:
    assert reverse("ticket_link", args=["KEY"]) == f"{keys.PATH}KEY/"
