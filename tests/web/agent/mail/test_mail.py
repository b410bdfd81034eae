"""Mails that became nothing: seen by those they concern, with the reason, tried again at a press."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import Cast, open_by
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
NOBODY = (
    b"Subject: From nobody\r\nMessage-ID: <%d@x>\r\n\r\n<b>Hello</b> <script>alert(1)</script>\r\n"
)
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def arrive(recipient: str, number: int = 1, raw: bytes = NOBODY) -> RawMail:
    """A mail that names no sender, stored for a recipient and not yet read."""
    raw = raw % number if b"%d" in raw else raw
    return take(raw, sender="", recipients=[recipient], source="smtp")[0]


@pytest.fixture
def lost(cast: Cast, settle: Callable[[], None]) -> RawMail:
    """A mail for hosting that became nothing."""
    mail = arrive("hosting@desk.example")
    settle()
    return RawMail.objects.get(pk=mail.pk)


def numbers(client: Client, address: str = "/mail/") -> list[int]:
    return [int(pk) for pk in re.findall(r'href="/mail/(\d+)/"', html(client.get(address)))]


def test_who_sees_the_list(cast: Cast, lost: RawMail, signed_in: SignedIn) -> None:
    people = (*cast.staff, *cast.customers)
    codes = {person.name: signed_in(person).get("/mail/").status_code for person in people}
    refused = {cast.observer.name: 403, cast.partner_agent.name: 403}
    wanted = {person.name: refused.get(person.name, 200) for person in cast.staff}
    assert codes == wanted | {person.name: 404 for person in cast.customers}
    assert Client().get("/mail/").headers["Location"] == "/sign-in/?next=%2Fmail%2F"


@pytest.mark.parametrize("noun", ["", "source/"])
def test_who_sees_a_mail(cast: Cast, lost: RawMail, signed_in: SignedIn, noun: str) -> None:
    def code(person: Person) -> int:
        response: Any = signed_in(person).get(f"/mail/{lost.pk}/{noun}")
        response.getvalue()
        return int(response.status_code)

    people = (*cast.staff, *cast.customers)
    wanted = {person.name: 404 for person in people}
    wanted |= {person.name: 200 for person in (cast.administrator, cast.supervisor, cast.anna)}
    wanted |= {person.name: 403 for person in (cast.observer, cast.partner_agent)}
    assert {person.name: code(person) for person in people} == wanted


def test_each_department_has_its_own(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    token = open_by(cast.svetlana, cast.equipment).reply_token
    mine = arrive("hosting@desk.example", 1)
    theirs = arrive("equipment@desk.example", 2)
    answer = arrive(f"equipment+{token}@desk.example", 3)
    nobodys = arrive("gone@desk.example", 4)
    settle()
    assert numbers(signed_in(cast.anna)) == [mine.pk]
    assert numbers(signed_in(cast.boris)) == [answer.pk, theirs.pk]
    assert numbers(signed_in(cast.administrator)) == [nobodys.pk, answer.pk, theirs.pk, mine.pk]


def test_an_address_that_only_looks_alike_is_no_departments(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    for number, recipient in enumerate(
        (
            "hosting@desk.example.evil",
            "xhosting@desk.example",
            "hosting+x@evil.example",
            "hostin_@desk.example",
        )
    ):
        arrive(recipient, number)
    settle()
    assert numbers(signed_in(cast.anna)) == []


def test_only_what_became_nothing_is_listed(
    cast: Cast, lost: RawMail, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    arrive("hosting@desk.example", raw=b"From: a@b.example\r\nSubject: Hi\r\n\r\nA good mail\r\n")
    settle()
    assert Ticket.objects.count() == 1
    parked = arrive("hosting@desk.example", 2)
    RawMail.objects.filter(pk=parked.pk).update(
        state=RawMail.State.PARKED, problem="ValueError('odd')", attempts=3
    )
    arrive("hosting@desk.example", 3)  # waits to be read
    assert numbers(signed_in(cast.anna)) == [parked.pk, lost.pk]
    page = html(signed_in(cast.anna).get("/mail/"))
    assert (
        "3 attempts failed, the last one with: something went wrong in this desk; its log says what."
        in page
    )


def test_why_it_became_nothing_is_said(cast: Cast, lost: RawMail, signed_in: SignedIn) -> None:
    page = html(signed_in(cast.anna).get(f"/mail/{lost.pk}/"))
    assert "It names no sender, so nobody could be answered." in page
    assert "From nobody" in page
    assert "hosting@desk.example" in page


def test_the_source_is_text_and_nothing_else(
    cast: Cast, lost: RawMail, signed_in: SignedIn
) -> None:
    client = signed_in(cast.anna)
    page = client.get(f"/mail/{lost.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    response: Any = client.get(f"/mail/{lost.pk}/source/")
    assert response.getvalue() == NOBODY % 1
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Content-Disposition"] == f'attachment; filename="mail-{lost.pk}.txt"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_long_source_is_cut_in_the_page_alone(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    mail = arrive("hosting@desk.example", raw=b"Subject: long\r\n\r\n" + b"\xff\x00 end " * 10_000)
    settle()
    client = signed_in(cast.anna)
    page = html(client.get(f"/mail/{mail.pk}/"))
    assert "the first 20 kB" in page
    assert len(page) < 60_000
    assert len(client.get(f"/mail/{mail.pk}/source/").getvalue()) == mail.size


def test_pages_follow_one_another(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    cast.anna.page_size = 3
    cast.anna.save()
    every = [arrive("hosting@desk.example", number).pk for number in range(8)]
    settle()
    client, address, seen = signed_in(cast.anna), "/mail/", []
    while address:
        seen.append(numbers(client, address))
        following = NEXT.findall(html(client.get(address)))
        address = f"/mail/{following[0]}" if following else ""
    assert seen == [every[:4:-1], every[4:1:-1], every[1::-1]]
    assert numbers(client, "/mail/?after=x") == seen[0]
    assert numbers(client, "/mail/?after=" + "9" * 40) == seen[0]


def test_the_list_costs_the_same_however_long(
    cast: Cast,
    signed_in: SignedIn,
    settle: Callable[[], None],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client, costs = signed_in(cast.anna), []
    for wanted in (3, 20):
        while RawMail.objects.count() < wanted:
            arrive("hosting@desk.example", RawMail.objects.count())
        settle()
        with django_assert_max_num_queries(10) as seen:  # type: ignore[attr-defined]
            assert len(numbers(client)) == wanted
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_trying_again_makes_a_ticket_once_the_reason_is_gone(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    mail = arrive(
        "new@desk.example", raw=b"From: a@b.example\r\nSubject: Early\r\n\r\nToo early\r\n"
    )
    settle()
    client = signed_in(cast.administrator)
    assert "No department takes mail for new@desk.example." in html(client.get(f"/mail/{mail.pk}/"))
    cast.hosting.address = "new@desk.example"
    cast.hosting.save()
    response = client.post(f"/mail/{mail.pk}/retries/", follow=True)
    assert "It waits to be read." in html(response)
    assert numbers(client) == []
    settle()
    ticket = Ticket.objects.get(subject="Early")
    assert ticket.number in html(client.get(f"/mail/{mail.pk}/"))
    event = Event.objects.get(kind="mail.retried")
    assert (event.subject_id, event.actor) == (mail.pk, cast.administrator)


def test_what_is_still_not_understood_comes_back_to_the_list(
    cast: Cast, lost: RawMail, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    client = signed_in(cast.anna)
    client.post(f"/mail/{lost.pk}/retries/")
    settle()
    assert numbers(client) == [lost.pk]


def test_a_parked_mail_gets_all_its_attempts_again(
    cast: Cast, lost: RawMail, signed_in: SignedIn
) -> None:
    RawMail.objects.filter(pk=lost.pk).update(
        state=RawMail.State.PARKED, outcome="", attempts=3, problem="ValueError()"
    )
    signed_in(cast.anna).post(f"/mail/{lost.pk}/retries/")
    lost.refresh_from_db()
    assert (lost.state, lost.attempts, lost.problem) == (RawMail.State.WAITING, 0, "")


def test_a_mail_that_became_a_ticket_is_not_read_again(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    mail = arrive("hosting@desk.example", raw=b"From: a@b.example\r\nSubject: Hi\r\n\r\nHello\r\n")
    settle()
    client = signed_in(cast.anna)
    page = html(client.post(f"/mail/{mail.pk}/retries/", follow=True))
    settle()
    assert "Somebody was faster" in page
    assert "/retries/" not in page
    assert Ticket.objects.count() == 1


def test_who_may_not_try_again_changes_nothing(
    cast: Cast, lost: RawMail, signed_in: SignedIn
) -> None:
    people = {cast.observer: 403, cast.partner_agent: 403, cast.boris: 404, cast.svetlana: 404}
    for person, code in people.items():
        assert signed_in(person).post(f"/mail/{lost.pk}/retries/").status_code == code
    assert Client().post(f"/mail/{lost.pk}/retries/").status_code == 401
    assert signed_in(cast.anna).get(f"/mail/{lost.pk}/retries/").status_code == 405
    assert RawMail.objects.get(pk=lost.pk).state == RawMail.State.DONE
    assert not Event.objects.filter(kind="mail.retried").exists()
