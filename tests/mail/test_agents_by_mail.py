"""Agents answer by mail: with their rights of that moment, and only if it is proven theirs (product 7.5)."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest

from firstline.events.models import Event
from firstline.mail.inbound import commands
from firstline.mail.models import AgentAddress, OutgoingMail, RawMail
from firstline.people.models import Staff
from firstline.tickets.actions.assign import assign
from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Message, Ticket
from tests.cast import Cast, actor, open_by, resolve_by
from tests.doors import Sink, letter, post
from tests.signed import published, signed

Settle = Callable[[], None]
SECRET = "The contract of this customer ends in May"
FORGED = {"unsigned", "by another", "of another", "a part"}


@pytest.fixture(autouse=True)
def _domain() -> Iterator[None]:
    with published("desk.example", "evil.example"):
        yield


@pytest.fixture
def ticket(stage: Cast) -> Ticket:
    return open_by(stage.svetlana, stage.hosting)


@pytest.fixture
def notice(stage: Cast, ticket: Ticket, sink: Sink, settle: Settle) -> EmailMessage:
    """What Anna was told: the ticket is hers."""
    staff = Staff.objects.get(pk=stage.anna.pk)
    assign(actor(stage.supervisor), ticket, staff, via="web")
    settle()
    sent = len(sink.raw)
    (mail,) = sink.to(stage.anna.email)
    assert sent >= 1
    return mail


def answer(notice: EmailMessage, text: str, sender: str = "anna@desk.example") -> EmailMessage:
    """What a mail program writes as an answer: the text, and below it the notice."""
    quoted = notice.get_body(("plain",))
    assert quoted is not None
    below = "\n".join(f"> {line}" for line in str(quoted.get_content()).splitlines())
    whole = f"{text}\n\nOn Mon, 23 Nov 2026 at 10:15, Desk <desk@desk.example> wrote:\n{below}\n> {SECRET}\n"
    mail = letter(sender, str(notice["Reply-To"]), f"Re: {notice['Subject']}", whole)
    mail["In-Reply-To"] = str(notice["Message-ID"])
    mail["Message-ID"] = f"<{abs(hash(text))}@desk.example>"
    return mail


def bring(smtp: int, mail: EmailMessage, settle: Settle, by: str = "desk.example") -> None:
    raw = signed(mail, by) if by else mail.as_bytes()
    post(smtp, raw, str(mail["From"]), str(mail["To"]))
    settle()


def to_customer(cast: Cast) -> int:
    return OutgoingMail.objects.filter(recipient=cast.svetlana.email, kind="answered").count()


def test_a_proven_answer_goes_to_the_customer_without_what_it_quotes(
    stage: Cast, ticket: Ticket, notice: EmailMessage, smtp: int, sink: Sink, settle: Settle
) -> None:
    assert "Write your answer above this line" in str(notice)
    mail = answer(notice, "It works again.")
    mail.add_attachment(
        SECRET.encode(), maintype="message", subtype="rfc822", filename="notice.eml"
    )
    bring(smtp, mail, settle)
    said = ticket.messages.get(kind="out")
    assert (said.text, said.quote, said.html, said.author) == (
        "It works again.",
        "",
        "",
        stage.anna,
    )
    assert said.visibility == "public"
    assert not said.attachments.exists()
    told = sink.to(stage.svetlana.email)[-1].as_string()
    assert "It works again." in told
    assert SECRET not in told
    assert "#-#-#" not in told
    token = AgentAddress.objects.get().token
    assert all(token not in one.as_string() for one in sink.to(stage.svetlana.email))
    ticket.refresh_from_db()
    assert ticket.awaiting == "customer"


def test_the_same_answer_twice_is_one(
    stage: Cast, ticket: Ticket, notice: EmailMessage, smtp: int, settle: Settle
) -> None:
    mail = answer(notice, "It works again.")
    raw = signed(mail, "desk.example")
    for more in (b"", b"X-Hop: another\r\n"):
        post(smtp, more + raw, "anna@desk.example", str(mail["To"]))
        settle()
    assert to_customer(stage) == 1


@pytest.mark.parametrize("how", sorted(FORGED))
def test_a_forged_one_is_kept_and_nobody_gets_it(
    how: str,
    stage: Cast,
    ticket: Ticket,
    notice: EmailMessage,
    smtp: int,
    sink: Sink,
    settle: Settle,
) -> None:
    """C4: the address of a notification and the name of the agent are not enough."""
    mail = answer(notice, "Send your password to evil@evil.example")
    before = len(sink.to(stage.svetlana.email))
    if how == "of another":
        mail.replace_header("From", "svetlana@orbita.example")
    if how == "a part":
        raw = signed(mail, "desk.example", length=True)
        post(smtp, raw, "anna@desk.example", str(mail["To"]))
        settle()
    else:
        bring(smtp, mail, settle, {"by another": "evil.example"}.get(how, ""))
    kept = ticket.messages.get(text__contains="Send your password")
    assert (kept.kind, kept.visibility, kept.author) == ("hidden", "internal", None)
    assert len(sink.to(stage.svetlana.email)) == before
    told = sink.to(stage.anna.email)
    assert "Your mail was not used" in told[-1]["Subject"]
    count = len(told)
    again = answer(notice, "Once more")
    bring(smtp, again, settle, "")
    assert len(sink.to(stage.anna.email)) == count


@pytest.mark.parametrize("loss", ["department", "deactivated", "observer"])
def test_who_lost_their_rights_does_nothing_by_mail(
    loss: str,
    stage: Cast,
    ticket: Ticket,
    notice: EmailMessage,
    smtp: int,
    sink: Sink,
    settle: Settle,
) -> None:
    """C5"""
    if loss == "department":
        Department.objects.get(pk=stage.hosting.pk).agents.remove(stage.anna.pk)
    elif loss == "deactivated":
        type(stage.anna).objects.filter(pk=stage.anna.pk).update(is_active=False)
    else:
        Staff.objects.filter(pk=stage.anna.pk).update(level="observer")
    before = len(sink.raw)
    bring(smtp, answer(notice, "#close\nStill me"), settle)
    assert len(sink.raw) == before
    ticket.refresh_from_db()
    assert ticket.phase != "closed"
    assert ticket.messages.get(kind="hidden").text.startswith("#close")


def test_commands_are_the_presses_of_the_page(
    stage: Cast, ticket: Ticket, notice: EmailMessage, smtp: int, sink: Sink, settle: Settle
) -> None:
    bring(smtp, answer(notice, f"#note\n{SECRET}"), settle)
    hidden = ticket.messages.get(kind="hidden")
    assert (hidden.text, hidden.author, hidden.visibility) == (SECRET, stage.anna, "internal")
    assert to_customer(stage) == 0
    bring(smtp, answer(notice, "#claim\n#status in-progress\n\nWe look at it."), settle)
    ticket.refresh_from_db()
    assert ticket.status.key == "in-progress"
    assert to_customer(stage) == 1
    bring(smtp, answer(notice, "#resolve\nMended."), settle)
    ticket.refresh_from_db()
    assert ticket.phase == "resolved"
    bring(smtp, answer(notice, "#close"), settle)
    ticket.refresh_from_db()
    assert ticket.phase == "closed"
    assert to_customer(stage) == 2
    mails = [one.as_string() for one in sink.to(stage.svetlana.email)]
    assert all(SECRET not in one for one in mails)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#colse\nDone", "There is no command #colse"),
        ("#status\nDone", "There is no command #status"),
        ("#claim\n#status nowhere\nDone", "The ticket can't go"),
        ("#resolve", "Write a text."),
        ("#note\n#resolve\nText", "nothing to send above"),
        ("#status resolved", "A ticket is resolved with an answer to the customer"),
        ("#note\n#status resolved\nText", "A ticket is resolved with an answer to the customer"),
        ("", "nothing to send above"),
    ],
)
def test_what_is_not_understood_does_nothing_and_says_so(
    text: str,
    reason: str,
    stage: Cast,
    ticket: Ticket,
    notice: EmailMessage,
    smtp: int,
    sink: Sink,
    settle: Settle,
) -> None:
    before = ticket.messages.filter(visibility="public").count()
    status = Ticket.objects.get(pk=ticket.pk).status_id
    bring(smtp, answer(notice, text), settle)
    told = sink.to(stage.anna.email)[-1].get_body(("plain",))
    assert told is not None
    assert reason in " ".join(str(told.get_content()).split())
    assert ticket.messages.filter(visibility="public").count() == before
    assert Ticket.objects.get(pk=ticket.pk).status_id == status
    assert to_customer(stage) == 0


def test_the_status_resolved_with_an_answer_resolves(
    stage: Cast, ticket: Ticket, notice: EmailMessage, smtp: int, settle: Settle
) -> None:
    bring(smtp, answer(notice, "#status resolved\n\nMended."), settle)
    ticket.refresh_from_db()
    assert ticket.phase == "resolved"
    (moved,) = Event.objects.filter(kind="ticket.moved", data__phase="resolved")
    assert moved.data["message"] == ticket.messages.get(text="Mended.").pk


def test_what_a_colleague_has_resolved_is_not_closed_by_resolving(
    stage: Cast, ticket: Ticket, notice: EmailMessage, smtp: int, sink: Sink, settle: Settle
) -> None:
    resolve_by(stage.supervisor, ticket)
    settle()
    before = to_customer(stage)
    bring(smtp, answer(notice, "#resolve\nMended, too."), settle)
    ticket.refresh_from_db()
    assert ticket.phase == "resolved"
    assert to_customer(stage) == before
    assert ticket.messages.get(kind="hidden").text.startswith("#resolve\nMended, too.")
    told = sink.to(stage.anna.email)[-1].get_body(("plain",))
    assert told is not None
    words = " ".join(str(told.get_content()).split())
    assert "Старшая Смирнова had resolved the ticket already" in words


def test_an_absence_note_of_an_agent_does_nothing(
    stage: Cast, ticket: Ticket, notice: EmailMessage, smtp: int, sink: Sink, settle: Settle
) -> None:
    mail = answer(notice, "I am away.")
    mail["Auto-Submitted"] = "auto-replied"
    before = len(sink.raw)
    bring(smtp, mail, settle)
    assert len(sink.raw) == before
    assert not ticket.messages.filter(kind="out").exists()


def test_each_has_an_address_of_their_own(
    stage: Cast, ticket: Ticket, notice: EmailMessage, sink: Sink, settle: Settle
) -> None:
    staff = Staff.objects.get(pk=stage.supervisor.pk)
    assign(actor(stage.anna), ticket, staff, via="web")
    settle()
    other = sink.to(stage.supervisor.email)[-1]["Reply-To"]
    assert other != notice["Reply-To"]
    assert len(str(other).partition("+")[2].partition("@")[0]) == 32
    note(actor(stage.anna), ticket, Draft(SECRET), via="web")
    assert Message.objects.filter(kind="out").count() == 0
    assert RawMail.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Yes.\n\n-----Original Message-----\nFrom: Desk\nSecret", "Yes."),
        (
            "Yes.\n\nFrom: Desk <d@desk.example>\nSent: Monday\nTo: Anna\nSubject: x\n\n#-#-# Write\nSecret",
            "Yes.",
        ),
        ("Да.\n\nпн, 23 нояб. 2026 г. в 10:15, Desk <d@desk.example>:\n> #-#-# x\n> Secret", "Да."),
        ("Yes.\n#-#-# Write your answer above this line.\nSecret", "Yes."),
        ("> Secret\nbelow", ""),
        ("Yes.\n-- \nAnna", "Yes."),
        (
            "Host: vpn.example\nLogin: a@b.example\nKey: 5\n\nDesk, 1.12.2026 15:15:\n> #-#-# x",
            "Host: vpn.example\nLogin: a@b.example\nKey: 5",
        ),
        (
            "Yes.\nQani: D <d@desk.example>\nTlh: 1.12.2026 15:15\nFoo: A\n\nDesk\n#-#-# x",
            "Yes.",
        ),
        ("Yes.\n\nBest regards,\nAnna\n\n> #-#-# x", "Yes.\n\nBest regards,\nAnna"),
    ],
)
def test_only_what_stands_above_the_quote(text: str, own: str) -> None:
    assert commands.read(text).text == own
