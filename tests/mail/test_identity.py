"""Who wrote a mail, and what nobody may do by naming somebody else (C1-C13)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.mail import proof
from firstline.mail.inbound.take import Arrival, take_all
from firstline.mail.models import OutgoingMail, RawMail, Suppression
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from tests.api.client import Api
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post
from tests.signed import published, signed

Settle = Callable[[], None]
SignIn = Callable[[Person], Client]
CODE = "Your code is 481-516"
OURS = "mx.desk.example"


@pytest.fixture(autouse=True)
def _domains() -> Iterator[None]:
    with published("orbita.example", "evil.example", "news.orbita.example"):
        yield


@pytest.fixture
def ticket(stage: Cast, sink: Sink, settle: Settle) -> Ticket:
    """One that its requester knows the reply address of."""
    found = open_by(stage.svetlana, stage.hosting)
    settle()
    return found


@pytest.fixture
def address(ticket: Ticket, stage: Cast, sink: Sink) -> str:
    return str(sink.to(stage.svetlana.email)[0]["Reply-To"])


def reported(raw: bytes, *results: str) -> bytes:
    return b"".join(f"Authentication-Results: {one}\r\n".encode() for one in results) + raw


def mail_of(sender: str, to: str, text: str = "Help", **headers: str) -> bytes:
    return letter(sender, to, "Help", text, **headers).as_bytes().replace(b"\n", b"\r\n")


def test_the_ticket_trick_shows_nothing_until_an_agent_releases_it(
    stage: Cast,
    ticket: Ticket,
    address: str,
    smtp: int,
    sink: Sink,
    settle: Settle,
    signed_in: SignIn,
) -> None:
    """C1: who opened the ticket lets a third party write its code there."""
    post(smtp, mail_of("no-reply@bank.example", address, CODE), "no-reply@bank.example", address)
    settle()
    portal = f"/portal/tickets/{ticket.number}/"
    svetlana, anna = signed_in(stage.svetlana), signed_in(stage.anna)
    assert CODE not in svetlana.get(portal).content.decode()
    assert all(CODE not in one.as_string() for one in sink.to(stage.svetlana.email))
    held = ticket.messages.get(is_foreign=True)
    page = anna.get(f"/tickets/{ticket.number}/").content.decode()
    assert CODE in page
    assert "Show it to the customer" in page
    release = f"/tickets/{ticket.number}/messages/{held.pk}/releases/"
    assert svetlana.post(release).status_code == 404
    assert signed_in(stage.boris).post(release).status_code == 404
    assert signed_in(stage.observer).post(release).status_code == 403
    assert CODE not in svetlana.get(portal).content.decode()
    page = anna.post(release, follow=True).content.decode()
    assert "showed the customer the mail from" in page
    assert CODE in svetlana.get(portal).content.decode()
    reply(actor(stage.anna), ticket, Draft("Seen."), via="web")
    settle()
    assert sink.to("no-reply@bank.example") == []
    assert anna.post(release).status_code == 302
    assert Event.objects.filter(kind="ticket.released").count() == 1


def test_a_number_in_the_subject_opens_no_door(
    stage: Cast, ticket: Ticket, smtp: int, sink: Sink, settle: Settle
) -> None:
    """C2"""
    stranger, desk = "eve@evil.example", stage.hosting.address
    mail = letter(stranger, desk, f"Re: [{ticket.number}] hi", "Let me in", Cc="x@evil.example")
    post(smtp, mail, stranger, desk)
    settle()
    assert ticket.messages.count() == 1
    assert all("The site does not open" not in str(one["Subject"]) for one in sink.to(stranger))
    assert sink.to("x@evil.example") == []


def test_made_up_references_match_nothing(
    stage: Cast, ticket: Ticket, smtp: int, settle: Settle
) -> None:
    """C3"""
    desk = stage.hosting.address
    for part in range(20):
        ids = " ".join(f"<{n}@desk.example>" for n in range(part * 50, part * 50 + 50))
        mail = mail_of("eve@evil.example", desk, str(part), References=ids)
        post(smtp, mail, "eve@evil.example", desk)
    settle()
    assert ticket.messages.count() == 1
    kept = [
        str(one).partition("@")[0]
        for one in OutgoingMail.objects.values_list("header_id", flat=True)
    ]
    assert min(len(one) for one in kept) >= 22


def test_whom_a_stranger_copies_takes_no_part(
    stage: Cast, ticket: Ticket, address: str, smtp: int, sink: Sink, settle: Settle
) -> None:
    """C6, C7, C10: neither a new address, nor Cc, nor Reply-To gets the next answer."""
    names = {"Cc": "evil@evil.example", "Reply_To": "evil@evil.example"}
    post(smtp, mail_of(stage.svetlana.email, address, "Me", **names), "x@evil.example", address)
    post(smtp, mail_of("eve@evil.example", address, "Me too"), "eve@evil.example", address)
    settle()
    reply(actor(stage.anna), ticket, Draft("An answer."), via="web")
    settle()
    got = {to for _sender, recipients in sink.envelopes for to in recipients}
    assert got == {stage.svetlana.email}


@pytest.mark.parametrize(
    "source",
    [
        "From: a@evil.example, svetlana@orbita.example\r\n",
        "From: svetlana@orbita.example\r\nFrom: a@evil.example\r\n",
        "From: a@evil.example\r\nFrom: svetlana@orbita.example\r\n",
        "From: =?utf-8?Q?svetlana=40orbita.example?= <a@evil.example>\r\n",
        "From: =?utf-8?Q?svetlana?=@orbita.example\r\n",
        "Sender: svetlana@orbita.example\r\n",
        "From: \r\nSender: svetlana@orbita.example\r\n",
    ],
)
def test_only_one_plain_from_can_be_proven(
    source: str, stage: Cast, ticket: Ticket, smtp: int, settle: Settle
) -> None:
    """C8, C9: a signature of the domain that is not the one that counts proves nothing."""
    desk = stage.hosting.address
    raw = f"{source}To: {desk}\r\nSubject: Hi\r\n\r\nText\r\n".encode()
    if source.startswith("From: a@evil.example\r\n") or "<a@evil" in source:
        raw = b"Authentication-Results: mx.evil.example; dmarc=pass\r\n" + raw
    post(smtp, raw, "a@evil.example", desk)
    settle()
    row = RawMail.objects.get()
    assert row.proof["word"] == "not-proven"
    assert row.outcome


def test_control_headers_of_a_stranger_do_nothing(
    stage: Cast, ticket: Ticket, smtp: int, settle: Settle
) -> None:
    """C11"""
    desk = stage.hosting.address
    names = ["X-Firstline-Ticket", "X-Zammad-Ticket-Id", "X-RT-Ticket"]
    names += ["X-OTRS-Priority", "X-Zammad-Ticket-Priority", "X-Firstline-Internal", "X-Priority"]
    controls = {name.replace("-", "_"): ticket.number for name in names}
    post(smtp, mail_of("eve@evil.example", desk, **controls), "eve@evil.example", desk)
    settle()
    made = Ticket.objects.exclude(pk=ticket.pk).get()
    assert ticket.messages.count() == 1
    assert made.priority == ticket.priority
    assert made.messages.get().visibility == "public"


def test_who_is_not_who_they_say_joins_nothing(
    stage: Cast, ticket: Ticket, address: str, smtp: int, settle: Settle, settings: Any, sink: Sink
) -> None:
    """A receiving server that we trust says: DMARC failed."""
    settings.AUTHSERV_IDS = [OURS]
    failed = f"{OURS}; spf=fail smtp.mailfrom=evil.example; dmarc=fail (p=reject) header.from=orbita.example"
    sent = len(sink.raw)
    for to in (address, stage.hosting.address):
        raw = reported(mail_of(stage.svetlana.email, to, "It is me"), failed)
        post(smtp, raw, "x@evil.example", to)
        settle()
    held = ticket.messages.get(text__contains="It is me")
    assert (held.is_foreign, held.visibility) == (True, "internal")
    assert held.reading["proof"]["word"] == "disproven"
    assert len(sink.raw) == sent


@pytest.mark.parametrize(
    ("results", "word"),
    [
        ([f"{OURS}; dmarc=pass header.from=orbita.example"], "proven"),
        ([f"{OURS} 1; dkim=pass header.d=orbita.example"], "proven"),
        ([f"{OURS}; spf=pass smtp.mailfrom=a@orbita.example"], "proven"),
        (
            [f"{OURS}; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example"],
            "not-proven",
        ),
        (
            [f"{OURS}; dkim=fail header.d=orbita.example; dkim=pass header.i=@news.orbita.example"],
            "proven",
        ),
        (["mx.evil.example; dmarc=pass"], "not-proven"),
        ([f"{OURS}; none", "mx.evil.example; dmarc=pass"], "not-proven"),
        ([f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass"], "disproven"),
        ([f"(dmarc=pass; {OURS};) mx.evil.example; dmarc=pass"], "not-proven"),
        ([f"{OURS}; dkim=none (dmarc=pass; dkim=pass header.d=orbita.example)"], "not-proven"),
        ([f"imap.{OURS}; dmarc=pass"], "not-proven"),
    ],
)
def test_whose_verdict_counts(
    results: list[str], word: str, stage: Cast, smtp: int, settle: Settle, settings: Any
) -> None:
    """RFC 8601, 5: only names that the configuration knows, and only the topmost."""
    settings.AUTHSERV_IDS = [OURS.upper(), f"imap:imap.{OURS}"]
    raw = reported(mail_of(stage.svetlana.email, stage.hosting.address), *results)
    post(smtp, raw, "x@y.example", stage.hosting.address)
    settle()
    assert RawMail.objects.get().proof["word"] == word


def test_a_verdict_below_a_foreign_hop_is_a_strangers(
    stage: Cast, smtp: int, settle: Settle, settings: Any
) -> None:
    settings.AUTHSERV_IDS = [OURS]
    raw = reported(mail_of(stage.svetlana.email, stage.hosting.address), f"{OURS}; dmarc=pass")
    raw = b"Received: from evil.example by mx.desk.example\r\n" + raw
    post(smtp, reported(raw, f"{OURS}; dmarc=fail"), "x@y.example", stage.hosting.address)
    settle()
    assert RawMail.objects.get().proof["word"] == "disproven"


@pytest.mark.parametrize(
    ("domain", "word"),
    [
        ("orbita.example", "proven"),
        ("news.orbita.example", "proven"),
        ("evil.example", "not-proven"),
        ("silent.example", "not-proven"),
        ("", "not-proven"),
    ],
)
def test_a_signature_of_the_senders_domain_proves(
    domain: str, word: str, stage: Cast, smtp: int, settle: Settle, signed_in: SignIn
) -> None:
    mail = letter(stage.svetlana.email, stage.hosting.address, "Help", "It is down.")
    raw = signed(mail, domain) if domain else mail.as_bytes()
    post(smtp, raw, stage.svetlana.email, stage.hosting.address)
    settle()
    row = RawMail.objects.get()
    assert row.proof["word"] == word
    page = signed_in(stage.anna).get(f"/tickets/{Ticket.objects.get().number}/").content.decode()
    assert "Proof of the sender" in page
    assert ("signed by orbita.example" in page) == (word == "proven")
    changed = raw.replace(b"It is down.", b"It is paid.")
    post(smtp, changed, stage.svetlana.email, stage.hosting.address)
    settle()
    assert RawMail.objects.order_by("pk")[1].proof["word"] == "not-proven"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("orbita.example", "mail.orbita.example", True),
        ("a.orbita.co.uk", "orbita.co.uk", True),
        ("orbita.co.uk", "evil.co.uk", False),
        ("orbita.spb.ru", "evil.spb.ru", False),
        ("orbita.com.bg", "evil.com.bg", False),
        ("orbita.example", "example", False),
        ("", "", False),
    ],
)
def test_what_one_owner_has(one: str, other: str, same: bool) -> None:
    assert proof.aligned(one, other) is same


def test_a_forged_mail_lifts_no_suppression(stage: Cast, smtp: int, settle: Settle) -> None:
    """C12: mail goes there again only when it is proven, or answers what only they got."""
    Suppression.objects.create(address=stage.svetlana.email, reason="550 5.1.1")
    mail = letter(stage.svetlana.email, stage.hosting.address, "Help", "Text")
    post(smtp, mail, stage.svetlana.email, stage.hosting.address)
    settle()
    assert Suppression.objects.exists()
    post(smtp, signed(mail, "orbita.example"), stage.svetlana.email, stage.hosting.address)
    settle()
    assert not Suppression.objects.exists()


def test_many_names_of_one_source_get_five_confirmations(
    stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    """C13: and none of them carries a word of who wrote in their names."""
    desk = stage.hosting.address
    for number in range(60):
        victim = f"victim{number}@domain{number % 7}.example"
        hop = f"from evil (evil [198.51.{number % 3}.9]) by mx"
        mail = letter(victim, desk, "Cheap pills https://evil.example", "Pills", Received=hop)
        mail["X-Originating"] = "x"
        raw = f"Received: from [9.9.9.{number}] (x [8.8.4.4]) by mx.desk.example\r\n".encode()
        raw += mail.as_bytes()
        post(smtp, raw, victim, desk)
    settle()
    assert RawMail.objects.filter(outcome="opened").count() == 60
    assert Message.objects.count() == 60
    assert len(sink.raw) == 5
    assert all("ills" not in one.as_string() for one in sink.mails())


@pytest.mark.parametrize(("verdict", "confirmed"), [(None, 5), (f"{OURS}; dmarc=none", 20)])
def test_who_speaks_to_us_directly_is_the_source(
    stage: Cast,
    sink: Sink,
    settle: Settle,
    settings: Any,
    verdict: str | None,
    confirmed: int,
) -> None:
    """C13: the hops that they wrote themselves are no sources; those of a server that we trust are."""
    settings.AUTHSERV_IDS = [OURS]
    desk = stage.hosting.address
    for number in range(20):
        sender = f"victim{number}@domain{number}.example"
        hop = f"from x (x [9.9.{number}.9]) by {OURS}"
        raw = letter(sender, desk, "Help", "Help", Received=hop).as_bytes()
        if verdict:
            raw = reported(raw, verdict)
        take_all([Arrival(raw, sender, [desk], "smtp", client="8.8.4.4")])
    settle()
    assert Ticket.objects.count() == 20
    assert len(sink.raw) == confirmed


def test_the_listener_keeps_who_spoke_to_it(stage: Cast, smtp: int, settle: Settle) -> None:
    post(smtp, mail_of(stage.svetlana.email, stage.hosting.address), "", stage.hosting.address)
    assert RawMail.objects.get().proof == {"client": "127.0.0.1"}
    settle()
    assert RawMail.objects.get().proof["client"] == "127.0.0.1"


def test_a_proven_sender_reads_their_own_subject(
    stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    mail = letter(stage.svetlana.email, stage.hosting.address, "The shop is down", "Help")
    post(smtp, signed(mail, "orbita.example"), stage.svetlana.email, stage.hosting.address)
    settle()
    assert "The shop is down" in sink.to(stage.svetlana.email)[0]["Subject"]


def test_a_release_by_the_api(
    stage: Cast, ticket: Ticket, address: str, smtp: int, settle: Settle
) -> None:
    post(smtp, mail_of("eve@evil.example", address, CODE), "eve@evil.example", address)
    settle()
    held = ticket.messages.get(is_foreign=True)
    path, body = f"tickets/{ticket.number}/releases", {"message": f"message-{held.pk}"}
    statuses = {"svetlana": 403, "boris": 404, "observer": 403, "anna": 201}
    for name, status in statuses.items():
        client = Api(create_token(getattr(stage, name), ["*"]))
        assert client.post(path, body).status_code == status
        held.refresh_from_db()
        assert held.is_foreign == (name != "anna")
