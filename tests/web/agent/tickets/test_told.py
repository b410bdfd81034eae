"""What an agent is told of mail that goes out: of each address by itself, once, in plain words."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.mail.models import OutgoingMail, Suppression
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from firstline.tickets.recipients import Recipients
from tests.cast import Cast, actor, open_by
from tests.doors import Sink
from tests.web.pages import html

SignIn = Callable[[Person], Client]
Settle = Callable[[], None]
COPY, SECRET = "marko@partner.example", "secret@our.example"
OLD = "not sent, because earlier mail to this address came back: smtp; 550 5.1.1 No such user"


@pytest.fixture
def answered(stage: Cast, sink: Sink, settle: Settle) -> Ticket:
    """A ticket with an answer to the customer, one open copy and one hidden copy, all sent."""
    ticket = open_by(stage.svetlana, stage.hosting)
    copies = Recipients(cc=(("Marko", COPY),), bcc=(("", SECRET),))
    reply(actor(stage.anna), ticket, Draft("On it.", recipients=copies), via="web")
    settle()
    return ticket


def set_mail(address: str, state: str, problem: str = "") -> None:
    due = timezone.now() + timedelta(minutes=5)
    rows = OutgoingMail.objects.filter(recipient=address, message__kind="out")
    assert rows.update(state=state, problem=problem, due_at=due) == 1


def foot_of(page: str) -> str:
    """What stands below the last message."""
    [foot] = re.findall(r'<footer class="msg__foot">.*?</footer>', page, re.DOTALL)
    return text_of(foot)


def text_of(part: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def page_of(client: Client, ticket: Ticket) -> str:
    return html(client.get(f"/tickets/{ticket.number}/"))


def test_many_who_got_it_are_one_line(stage: Cast, answered: Ticket, signed_in: SignIn) -> None:
    foot = foot_of(page_of(signed_in(stage.anna), answered))
    assert foot.startswith("Sent ")
    assert foot.count("Sent ") == 1
    assert all(one in foot for one in (stage.svetlana.email, COPY, SECRET))


def test_each_address_has_its_own_state(stage: Cast, answered: Ticket, signed_in: SignIn) -> None:
    set_mail(COPY, "parked", "smtp; 552 5.2.2 Mailbox full")
    set_mail(SECRET, "waiting")
    anna = signed_in(stage.anna)
    foot = foot_of(page_of(anna, answered))
    assert f"Not delivered to {COPY}: the mailbox is full (“552 5.2.2 Mailbox full”)" in foot
    assert f"In the queue for {SECRET}" in foot
    assert f"to {stage.svetlana.email}" in foot.split("Sent ")[1]
    assert foot.index(COPY) < foot.index(SECRET) < foot.index(stage.svetlana.email)
    set_mail(SECRET, "waiting", "450 4.7.1 Come later")
    assert f"In the queue for {SECRET}, next try" in foot_of(page_of(anna, answered))
    portal = html(signed_in(stage.svetlana).get(f"/portal/tickets/{answered.number}/"))
    for word in (SECRET, "Mailbox full", "In the queue", "Not delivered", "Come later"):
        assert word not in portal


def test_states_cost_no_more_however_many(stage: Cast, answered: Ticket, signed_in: SignIn) -> None:
    anna = signed_in(stage.anna)

    def queries() -> int:
        for _time in range(2):
            page_of(anna, answered)
        with CaptureQueriesContext(connection) as asked:
            page_of(anna, answered)
        return len(asked)

    fine = queries()
    for address in (stage.svetlana.email, COPY, SECRET):
        set_mail(address, "parked", "550 5.1.1 No such user")
        Suppression.objects.create(address=address, reason="550 5.1.1 No such user")
    assert queries() == fine


@pytest.mark.parametrize("problem", ["smtp; 550 5.1.1 No such user", OLD])
def test_a_failure_is_told_once_at_the_message(
    stage: Cast, answered: Ticket, signed_in: SignIn, problem: str
) -> None:
    address = stage.svetlana.email
    set_mail(address, "parked", problem)
    row = Suppression.objects.create(address=address, reason="smtp; 550 5.1.1 No such user")
    anna = signed_in(stage.anna)
    page = page_of(anna, answered)
    foot = foot_of(page)
    assert f"Not delivered to {address}, and nothing is sent there since" in foot
    assert "there is no such address (“550 5.1.1 No such user”) Send there again" in foot
    assert foot.count("No such user") == foot.count("Send there again") == 1
    assert "smtp;" not in page
    side = text_of(page.split('class="ticket__side"')[1].split('id="resolve"')[0])
    assert side.count("No such user") == 1
    anna.post(f"/customers/releases/{row.pk}/", {"back": f"/tickets/{answered.number}/"})
    foot = foot_of(page_of(anna, answered))
    assert f"Not delivered to {address}: " in foot
    assert "Send there again" not in foot


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            OLD,
            {
                "ru": "предыдущее письмо на этот адрес вернулось («550 5.1.1 No such user»)",
                "bg": "предишно писмо до този адрес се върна („550 5.1.1 No such user“)",
            },
        ),
        (
            "the host is unknown or may not be reached",
            {
                "ru": "имя почтового сервера неизвестно или не разрешено",
                "bg": "името на пощенския сървър е неизвестно или не е разрешено",
            },
        ),
        ("undeliverable", {"ru": "оно вернулось без объяснения", "bg": "върна се без обяснение"}),
    ],
)
@pytest.mark.parametrize("language", ["ru", "bg"])
def test_what_the_desk_says_is_in_the_reader_s_language(
    stage: Cast,
    answered: Ticket,
    signed_in: SignIn,
    language: str,
    problem: str,
    words: dict[str, str],
) -> None:
    Person.objects.filter(pk=stage.anna.pk).update(language=language)
    set_mail(COPY, "parked", problem)
    foot = foot_of(page_of(signed_in(stage.anna), answered))
    assert words[language] in foot
    assert "because" not in foot
    assert "the host is" not in foot


def test_where_one_writes_it_is_said_that_mail_comes_back(
    stage: Cast, answered: Ticket, settle: Settle, signed_in: SignIn
) -> None:
    anna = signed_in(stage.anna)
    assert "Mail to" not in page_of(anna, answered)
    theirs = Suppression.objects.create(address=stage.svetlana.email, reason="550 5.1.1")
    copy = Suppression.objects.create(address=COPY, reason="550 5.1.1")
    page = page_of(anna, answered)
    composer = page.split('id="composer"')[1].split("</form>")[0]
    told = text_of(composer)
    assert (
        f"Mail to {stage.svetlana.email} comes back; the answer will stand in the portal only."
        in told
    )
    assert f"Mail to {COPY} comes back; this copy will not be sent." in told
    for row in (theirs, copy):
        assert f'form="release-{row.pk}"' in composer
        [form] = re.findall(rf'<form id="release-{row.pk}".*?</form>', page, re.DOTALL)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        address = re.findall(r'action="([^"]+)"', form)[0]
        back = anna.post(address, fields)
        assert back.headers["Location"] == f"/tickets/{answered.number}/"
    assert "Mail to" not in page_of(anna, answered)
    assert not Suppression.objects.exists()


def test_an_observer_is_warned_of_nothing_to_press(
    stage: Cast, answered: Ticket, signed_in: SignIn
) -> None:
    Suppression.objects.create(address=stage.svetlana.email, reason="550 5.1.1")
    page = page_of(signed_in(stage.observer), answered)
    assert "release-" not in page
    assert "Send there again" not in page
