"""Forwarding boxes through real doors: what comes by them, what goes out, and what a check finds.

The forwarding server is played by the test: it takes the letter out of the sink and hands it to the
desk's listener, changed in the ways in which real ones change mail.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from firstline.mail import addresses, boxes, checks
from firstline.mail.actions.boxes import add_box, move_box, remove_box
from firstline.mail.actions.checks import KEPT, start_check
from firstline.mail.actions.departments import (
    change_department,
    make_department,
    restore,
    retire,
)
from firstline.mail.checks import State
from firstline.mail.models import Box, BoxCheck, OutgoingMail, RawMail, Suppression
from firstline.people.access import Forbidden
from firstline.tickets import departments
from firstline.tickets.actions.departments import Shape
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post

PUBLIC = "help@planina.example"
SYSTEM = "hosting@desk.example"
Settle = Callable[[], None]


@pytest.fixture
def box(stage: Cast) -> Box:
    """A public address of hosting."""
    return add_box(actor(stage.administrator), stage.hosting, PUBLIC, via="web")


def begin(stage: Cast, box: Box, settle: Settle) -> BoxCheck:
    """A check whose letter has left."""
    check = start_check(actor(stage.administrator), box, via="web")
    settle()
    return check


def state(check: BoxCheck) -> str:
    return checks.states_of([BoxCheck.objects.get(pk=check.pk)])[check.pk]


def steps(check: BoxCheck) -> dict[str, str]:
    return dict(BoxCheck.objects.get(pk=check.pk).findings)


def texts(check: BoxCheck) -> str:
    """All that the page says, as one text."""
    [report] = checks.reports_of([BoxCheck.objects.get(pk=check.pk)])
    return " | ".join(f"{one.tone}: {one.text} {one.advice}" for one in report.steps)


HEADERS = [
    ("To", PUBLIC, {}),
    ("Cc", f"Desk <{PUBLIC.upper()}>", {}),
    ("To", "help+orders@planina.example", {}),
    ("To", "list@elsewhere.example", {"Delivered_To": PUBLIC}),
    ("To", "list@elsewhere.example", {"X_Original_To": PUBLIC}),
    ("To", "list@elsewhere.example", {"X_Forwarded_To": f"{SYSTEM}, {PUBLIC}"}),
    ("To", "list@elsewhere.example", {"X_Forwarded_For": f"{PUBLIC} {SYSTEM}"}),
    ("To", "list@elsewhere.example", {"Resent_To": PUBLIC}),
    ("To", "list@elsewhere.example", {"Received": f"from a by b with SMTP for <{PUBLIC}>; Mon"}),
]


@pytest.mark.parametrize(("field", "value", "others"), HEADERS)
def test_the_public_address_is_found_and_answers_go_out_from_it(
    stage: Cast,
    smtp: int,
    sink: Sink,
    settle: Settle,
    box: Box,
    field: str,
    value: str,
    others: dict[str, str],
) -> None:
    mail = letter("guest@x.example", "x@x.example", "Help", "Please.", **others)
    del mail["To"]
    mail[field] = value
    post(smtp, mail, "guest@x.example", SYSTEM)
    settle()
    ticket = Ticket.objects.get()
    assert (ticket.department, ticket.address) == (stage.hosting, PUBLIC)
    reply(actor(stage.anna), ticket, Draft(text="Done."), via="web")
    settle()
    answer = sink.to("guest@x.example")[-1]
    assert PUBLIC in answer["From"]
    assert answer["Reply-To"] == f"hosting+{ticket.reply_token}@desk.example"


def test_a_mail_straight_to_a_box_is_taken(
    stage: Cast, smtp: int, settle: Settle, box: Box
) -> None:
    post(smtp, letter("guest@x.example", "a@x.example", "Hi", "Hm"), "guest@x.example", PUBLIC)
    settle()
    ticket = Ticket.objects.get()
    assert (ticket.department, ticket.address) == (stage.hosting, PUBLIC)


def test_nobody_makes_us_write_in_another_name(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    add_box(actor(stage.administrator), stage.equipment, "sales@planina.example", via="web")
    mail = letter(
        "guest@x.example", "sales@planina.example", "Hi", "Hm", X_Original_To="ceo@bank.example"
    )
    post(smtp, mail, "guest@x.example", SYSTEM)
    settle()
    ticket = Ticket.objects.get()
    assert ticket.address is None
    assert SYSTEM in sink.to("guest@x.example")[-1]["From"]


def test_the_first_address_stays_and_a_removed_one_is_used_no_more(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    add_box(actor(stage.administrator), stage.hosting, "info@planina.example", via="web")
    post(smtp, letter("guest@x.example", PUBLIC, "Hi", "Hm"), "guest@x.example", SYSTEM)
    settle()
    first = sink.to("guest@x.example")[-1]
    again = letter(
        "guest@x.example", "info@planina.example", "Re: Hi", "More", In_Reply_To=first["Message-ID"]
    )
    post(smtp, again, "guest@x.example", "info@planina.example")
    settle()
    ticket = Ticket.objects.get()
    assert ticket.address == PUBLIC
    remove_box(actor(stage.administrator), box, via="web")
    assert addresses.sender_of(ticket) == SYSTEM


def test_addresses_are_given_once(stage: Cast, box: Box) -> None:
    admin = actor(stage.administrator)
    for address in (PUBLIC, SYSTEM, "equipment@desk.example", "nonsense", "д@я.example", ""):
        with pytest.raises(ValidationError) as told:
            add_box(admin, stage.hosting, address, via="web")
        assert set(told.value.message_dict) == {"address"}
    for name in ("supervisor", "anna", "svetlana"):
        with pytest.raises(Forbidden):
            add_box(actor(getattr(stage, name)), stage.hosting, "new@planina.example", via="web")
    move_box(admin, box, stage.equipment, via="web")
    found = addresses.resolve(PUBLIC)
    assert found is not None
    assert found.department == stage.equipment
    assert Box.objects.count() == 1


def test_a_letter_that_comes_back_untouched(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    assert state(check) == State.WAITING
    assert "accepted it" in texts(check)
    [mail] = sink.to(PUBLIC)
    [(sender, _to)] = sink.envelopes
    assert sender == SYSTEM
    assert check.code in mail["Subject"]
    assert "Съешь" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    proofs = b"Authentication-Results: mx.host.example; spf=pass smtp.mailfrom=x; dkim=fail\r\n"
    post(smtp, proofs + sink.raw[0], SYSTEM, SYSTEM)
    settle()
    assert state(check) == State.CHANGED
    found = steps(check)
    kept = {"public-kept", "subject-kept", "text-kept", "file-kept", "spf-good", "dkim-bad"}
    assert kept <= set(found)
    assert found["spf-good"] == "pass (mx.host.example)"
    assert not {"recoded", "links-rewritten", "header-lost", "header-changed"} & set(found)
    row = RawMail.objects.get()
    assert (row.outcome, row.ticket) == ("check", None)
    assert not Ticket.objects.exists()
    assert len(sink.raw) == 1


def test_a_letter_that_comes_twice_is_counted(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    for number in range(3):
        post(smtp, b"X-Loop: %d\r\n" % number + sink.raw[0], SYSTEM, SYSTEM)
        settle()
    assert steps(check)["again"] == "3"
    assert state(check) == State.DAMAGED
    assert not Ticket.objects.exists()


def test_damaged_letters_are_told(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    [sent] = sink.to(PUBLIC)
    text = sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    spoiled = text.encode().decode("latin-1")
    link = f"check={check.code}"
    mail = letter(
        "rule@planina.example",
        SYSTEM,
        f"[EXTERNAL] FL-{check.code} ????????",
        spoiled.replace(link, "x").replace("http://", "https://safe.example/?u="),
        List_Id="<help.planina.example>",
        X_Spam_Flag="YES",
    )
    post(smtp, mail, "rule@planina.example", SYSTEM)
    settle()
    assert state(check) == State.DAMAGED
    expected = {"from-changed", "to-changed", "public-lost", "subject-damaged", "text-damaged"}
    expected |= {"links-rewritten", "file-lost", "header-lost", "bulk", "spam", "no-proof"}
    assert expected <= set(steps(check))
    assert "rule@planina.example" in texts(check)
    assert "UTF-8" in texts(check)


def test_a_recoded_letter_with_a_footer_is_fine_but_remarked(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    [sent] = sink.to(PUBLIC)
    sent.replace_header("To", SYSTEM)
    sent["X-Original-To"] = PUBLIC
    subject = str(sent["Subject"])
    del sent["Subject"]
    sent["Subject"] = f"[Help] {subject}"
    part = sent.get_body(("plain",))
    text = part.get_content()  # type: ignore[union-attr]
    part.set_content(text + "\n-- \nConfidential", charset="utf-16")  # type: ignore[union-attr]
    post(smtp, sent, SYSTEM, SYSTEM)
    settle()
    found = steps(check)
    assert state(check) == State.CHANGED
    assert {"to-changed", "public-traced", "subject-tagged", "text-added", "recoded"} <= set(found)
    assert found["subject-tagged"] == "[Help] …"


def test_a_letter_that_never_comes_says_why(
    stage: Cast, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    assert start_check(actor(stage.administrator), box, via="web") == check
    long_ago = timezone.now() - timedelta(minutes=11)
    OutgoingMail.objects.update(sent_at=long_ago)
    assert state(check) == State.LATE
    assert "greylisting" in texts(check)
    assert start_check(actor(stage.administrator), box, via="web") != check


def test_a_letter_that_can_not_be_sent_says_why(
    stage: Cast, sink: Sink, settle: Settle, box: Box
) -> None:
    sink.answer = "550 5.1.1 No such user"
    Suppression.objects.create(address=PUBLIC, reason="earlier")
    check = begin(stage, box, settle)
    assert state(check) == State.UNSENT
    assert "No such user" in texts(check)


def test_a_letter_that_bounces_says_why(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    [sent] = sink.to(PUBLIC)
    report = (
        b"From: MAILER-DAEMON@mx.example\r\nTo: hosting@desk.example\r\nSubject: Undelivered\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;"
        b' boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; help@planina.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 nobody here\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + sink.raw[0] + b"\r\n--b--\r\n"
    )
    post(smtp, report, "", SYSTEM)
    settle()
    assert sent["Message-ID"] == checks.header_id(check.code)
    assert state(check) == State.BOUNCED
    assert "nobody here" in texts(check)
    assert not Suppression.objects.exists()
    assert not Ticket.objects.exists()


def test_forged_codes_complete_nothing(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    guess = f"FL-{'0' * 20}"
    post(smtp, letter("eve@x.example", PUBLIC, guess, guess), "eve@x.example", SYSTEM)
    ours = letter("firstline@desk.example", PUBLIC, guess, guess)
    post(smtp, ours, "eve@x.example", SYSTEM)
    settle()
    assert state(check) == State.WAITING
    assert Ticket.objects.get().requester.email == "eve@x.example"  # type: ignore[union-attr]
    assert RawMail.objects.filter(outcome="not-understood").count() == 1


def test_answers_to_the_letter_do_not_complete_it(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    check = begin(stage, box, settle)
    [sent] = sink.to(PUBLIC)
    for extra in ({"Auto_Submitted": "auto-replied"}, {}):
        answer = letter(
            PUBLIC.replace("help", "mrs.ivanova"),
            SYSTEM,
            f"Re: {sent['Subject']}",
            "What is this?",
            In_Reply_To=sent["Message-ID"],
            **extra,
        )
        post(smtp, answer, "mrs.ivanova@planina.example", SYSTEM)
    settle()
    assert state(check) == State.WAITING
    assert Ticket.objects.count() == 1  # the person's


def test_the_last_checks_are_kept(stage: Cast, box: Box, settle: Settle) -> None:
    for _number in range(KEPT + 2):
        check = begin(stage, box, settle)
        assert state(check) == State.KEPT  # no mail server is set
    assert BoxCheck.objects.filter(box=box).count() == KEPT
    assert "FIRSTLINE_EMAIL_URL" in texts(check)


def shape(department: Department, **other: object) -> Shape:
    values: dict[str, object] = {
        "names": department.names,
        "address": department.address,
        "workflow": department.workflow.key,
        "agents": departments.agents_of(department),
        "signatures": department.signatures,
    }
    return Shape(**(values | other))  # type: ignore[arg-type]


def test_a_former_address_still_takes_answers(
    stage: Cast, smtp: int, sink: Sink, settle: Settle
) -> None:
    admin = actor(stage.administrator)
    ticket = open_by(stage.svetlana, stage.hosting)
    settle()
    old = sink.to(stage.svetlana.email)[-1]["Reply-To"]
    change_department(
        admin, stage.hosting, shape(stage.hosting, address="servers@desk.example"), via="web"
    )
    post(smtp, letter(stage.svetlana.email, old, "Re", "More"), stage.svetlana.email, old)
    settle()
    assert ticket.messages.count() == 2
    row = Department.objects.get(pk=stage.hosting.pk)
    change_department(admin, row, shape(row, address=SYSTEM), via="web")  # and back
    assert list(Box.objects.values_list("address", flat=True)) == ["servers@desk.example"]


def test_a_retired_department_leaves_nothing_behind(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, box: Box
) -> None:
    admin = actor(stage.administrator)
    ticket = open_by(stage.svetlana, stage.hosting)
    settle()
    old = sink.to(stage.svetlana.email)[-1]["Reply-To"]
    for target in (None, stage.hosting):
        with pytest.raises(ValidationError) as told:
            retire(admin, stage.hosting, target, via="web")
        assert set(told.value.message_dict) == {"target"}
    assert retire(admin, stage.hosting, stage.equipment, via="web") == 1
    settle()
    assert len(sink.to(stage.svetlana.email)) == 1  # nothing is told
    for address in (old, PUBLIC, SYSTEM):
        mail = letter(stage.svetlana.email, address, "More", f"To {address}")
        post(smtp, mail, stage.svetlana.email, address)
    settle()
    ticket.refresh_from_db()
    assert (ticket.department, ticket.status.workflow.key) == (stage.equipment, "mailbox")
    assert ticket.messages.count() == 2
    assert {one.department for one in Ticket.objects.all()} == {stage.equipment}
    restore(admin, Department.objects.get(pk=stage.hosting.pk), via="web")
    found = addresses.resolve(SYSTEM)
    assert found is not None
    assert found.department == stage.hosting
    assert boxes.public_addresses([stage.equipment.pk]) == {stage.equipment.pk: [PUBLIC]}


def test_a_retired_department_without_a_heir_refuses_mail(stage: Cast, smtp: int) -> None:
    admin = actor(stage.administrator)
    names = {"ru": "Цены", "bg": "Цени", "en": "Prices"}
    made = make_department(admin, Shape(names=names, workflow="mailbox"), via="web")
    assert made.address == "prices@desk.example"
    assert addresses.is_ours(made.address)
    assert retire(admin, made, None, via="web") == 0
    assert not addresses.is_ours(made.address)
    with pytest.raises(ValidationError):
        add_box(admin, stage.hosting, made.address, via="web")
