"""The letters as the customer gets them: complete in plain text, safe in HTML, in their language."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.events import relay
from firstline.mail.models import OutgoingMail
from firstline.people import portals
from firstline.people.models import Company, Host, Partner, Person, Portal
from firstline.tickets import timers
from firstline.tickets.actions import alert as alerts
from firstline.tickets.actions.add_agents import add_agents
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.move import close, move, reopen, resume
from firstline.tickets.actions.note import note
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, close_by, open_by, resolve_by

HOSTILE = 'Look <script>alert(1)</script> "quoted" & https://desk.example/a?b=1&c=2 {{ 7|add:7 }}\nsecond line'
PAYLOAD = (
    '"><img src=x onerror=alert(1)></style><script>alert(1)</script>\r\nBcc: evil@evil.example'
)
HERE = "http://127.0.0.1:8000"
LANGUAGES = ("ru", "bg", "en")
Settle = Callable[[], None]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(
        cast.svetlana, cast.hosting, "Subject <b>", "Attacker's text https://evil.example"
    )


def letters(kind: str, settle: Settle) -> list[OutgoingMail]:
    settle()
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))


def change(person: Person, **values: Any) -> Person:
    """The person with other settings, and the same row as the cast has."""
    for name, value in values.items():
        setattr(person, name, value)
    person.save()
    return person


def alert(
    cast: Cast, type: str = "information", title: str = "Title", text: str = "Told"
) -> Ticket:
    """Something that Anna tells the project of Svetlana and Pyotr."""
    return alerts.alert(actor(cast.anna), cast.project, type, title, Draft(text), via="web")


def test_an_answer_is_complete_in_plain_text(cast: Cast, ticket: Ticket, settle: Settle) -> None:
    reply(actor(cast.anna), ticket, Draft(HOSTILE), via="web")
    (mail,) = letters("answered", settle)
    written, rule, foot = mail.text.partition("\n-- \n")
    assert rule
    assert written.strip() == HOSTILE
    assert "Hosting team" in foot
    assert f"{HERE}/portal/tickets/{ticket.number}/" in foot


def test_an_answer_is_safe_in_html(cast: Cast, ticket: Ticket, settle: Settle) -> None:
    reply(actor(cast.anna), ticket, Draft(HOSTILE), via="web")
    (mail,) = letters("answered", settle)
    assert "<script" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html
    assert '<a href="https://desk.example/a?b=1&amp;c=2"' in mail.html
    assert "{{ 7|add:7 }}<br>\nsecond line" in mail.html
    assert "Subject &lt;b&gt;" in mail.html
    assert "<table" not in mail.html


def test_a_receipt_says_the_number_and_repeats_nothing(cast: Cast, settle: Settle) -> None:
    """C13"""
    ticket = open_by(
        cast.svetlana, cast.hosting, "Subject <b>", "Text https://evil.example", via="mail"
    )
    (mail,) = letters("received", settle)
    assert mail.subject == f"Your request [{ticket.number}]"
    for part in (mail.text, mail.html):
        assert ticket.number in part
        assert "Hosting team" in part
        assert "evil" not in part
        assert "Subject" not in part
        assert "because a request came from your address" in part


@pytest.mark.parametrize("via", ["portal", "api", "web"])
def test_a_receipt_for_who_was_signed_in_names_the_subject(
    cast: Cast, settle: Settle, via: str
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, "The site is slow", via=via)
    (mail,) = letters("received", settle)
    assert mail.subject == f"Re: The site is slow [{ticket.number}]"
    for part in (mail.text, mail.html):
        assert "because you opened this ticket" in part


def test_a_receipt_says_that_we_opened_the_ticket(cast: Cast, settle: Settle) -> None:
    fields = Fields(subject="By phone", department=cast.hosting, requester=cast.svetlana)
    open_ticket(actor(cast.anna), fields, Draft("It hums"), via="phone")
    (mail,) = letters("received", settle)
    assert "because the support team opened this ticket for you" in mail.text


@pytest.mark.parametrize(
    ("language", "signature", "subject"),
    [
        ("ru", "Хостинг, на связи", "Ваше обращение"),
        ("bg", "Хостинг, на линия", "Вашето запитване"),
        ("en", "Hosting team", "Your request"),
    ],
)
def test_every_letter_speaks_the_readers_language(
    cast: Cast, settle: Settle, language: str, signature: str, subject: str
) -> None:
    change(cast.svetlana, language=language)
    ticket = open_by(cast.svetlana, cast.hosting, "https://a.example", via="mail")
    reply(actor(cast.anna), ticket, Draft("Ответ"), via="web")
    move(actor(cast.anna), ticket, "in-progress", via="web")
    alert(cast, "suspicious")
    for kind in ("received", "answered", "moved", "alerted"):
        mail = letters(kind, settle)[0]
        assert f'<html lang="{language}">' in mail.html
        assert signature in mail.text
        assert signature in mail.html
        for english in ("You get this mail", "answer this mail", "Status:", "Suspicious"):
            assert (english.lower() in (mail.subject + mail.text).lower()) <= (language == "en")
    assert letters("received", settle)[0].subject == f"{subject} [{ticket.number}]"


def test_a_department_without_a_signature_signs_with_the_desk(cast: Cast, settle: Settle) -> None:
    cast.hosting.signatures = {}
    cast.hosting.save()
    open_by(cast.svetlana, cast.hosting)
    (mail,) = letters("received", settle)
    assert "-- \nFirstline" in mail.text


def test_a_hidden_comment_is_in_no_letter(cast: Cast, ticket: Ticket, settle: Settle) -> None:
    note(actor(cast.anna), ticket, Draft("They owe us xylophones"), via="web")
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    settle()
    assert OutgoingMail.objects.count() == 2
    for mail in OutgoingMail.objects.all():
        assert "xylophones" not in mail.text + mail.html + mail.subject


def test_a_new_status_is_told_with_what_it_means(
    cast: Cast, ticket: Ticket, settle: Settle
) -> None:
    move(actor(cast.anna), ticket, "in-progress", via="web")
    close(actor(cast.vera), ticket, via="portal")  # resolved, and no answer tells of it
    work, over = letters("moved", settle)
    assert "Status: In progress" in work.text
    assert "We will write to you as soon as there is news." in work.text
    assert over.subject == work.subject == f"Re: Subject <b> [{ticket.number}]"
    assert "answer this mail, and we take the ticket up again" in over.text
    assert "closes by itself after 7 days" in over.text
    assert "Status: <b>Resolved</b>" in over.html
    assert over.is_automatic
    assert over.references[-1] == work.header_id


@pytest.mark.parametrize(
    ("language", "zone", "moment"),
    [
        ("en", "Asia/Yekaterinburg", "18 June 2030, 03:30 (UTC+5)"),
        ("ru", "Europe/Moscow", "18 июня 2030, 01:30 (UTC+3)"),
        ("bg", "Europe/Sofia", "18 юни 2030, 01:30 (UTC+3)"),
        ("en", "", "17 June 2030, 22:30 (UTC)"),
    ],
)
def test_a_deferred_ticket_names_until_when_by_the_readers_clock(
    cast: Cast, ticket: Ticket, settle: Settle, language: str, zone: str, moment: str
) -> None:
    change(cast.svetlana, language=language, time_zone=zone)
    until = datetime.fromisoformat("2030-06-17T22:30:00+00:00")
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=until)
    (mail,) = letters("moved", settle)
    assert moment in mail.text
    assert moment in mail.html


def test_a_ticket_that_comes_back_by_itself_is_no_news(
    cast: Cast, ticket: Ticket, settle: Settle
) -> None:
    until = timezone.now() + timedelta(hours=1)
    move(actor(cast.anna), ticket, "needs-clarification", via="web", until=until)
    Ticket.objects.update(pending_until=timezone.now())
    assert resume(ticket.pk)
    (mail,) = letters("moved", settle)
    assert "Status: Waiting for your answer" in mail.text


def test_a_close_by_itself_says_so_and_how_to_go_on(
    cast: Cast, ticket: Ticket, settle: Settle
) -> None:
    resolve(actor(cast.anna), ticket, Draft("Done"), via="web")
    Ticket.objects.update(resolved_at=timezone.now() - timedelta(days=8))
    timers.tick()
    (mail,) = letters("moved", settle)
    assert "Status: Closed" in mail.text
    assert "for 7 days nobody wrote, so it closed by itself" in mail.text
    assert "answer this mail: that opens a new ticket that refers to this one" in mail.text
    assert "Reopen the ticket" not in mail.text


def test_a_close_by_hand_offers_to_reopen_where_that_is_possible(
    cast: Cast, settle: Settle
) -> None:
    boxed = open_by(cast.svetlana, cast.equipment)
    close(actor(cast.boris), boxed, via="web")
    (mail,) = letters("moved", settle)
    assert "by itself" not in mail.text
    assert "press “Reopen the ticket”" in mail.text


def test_who_moved_it_themselves_gets_no_letter(cast: Cast, ticket: Ticket, settle: Settle) -> None:
    resolve(actor(cast.anna), ticket, Draft("Done"), via="web")
    reopen(actor(cast.svetlana), ticket, via="portal")
    close(actor(cast.svetlana), ticket, via="portal")
    reply(actor(cast.svetlana), ticket, Draft("Not yet"), via="portal")
    assert letters("moved", settle) == []
    close(actor(cast.vera), ticket, via="portal")
    (mail,) = letters("moved", settle)
    assert (mail.recipient, "Status: Resolved" in mail.text) == (cast.svetlana.email, True)


def test_one_letter_tells_of_an_answer_and_its_status(
    cast: Cast, ticket: Ticket, settle: Settle
) -> None:
    resolve(actor(cast.anna), ticket, Draft("Done"), via="web")
    (mail,) = letters("answered", settle)
    assert letters("moved", settle) == []
    assert "The ticket is now: Resolved. If something is still wrong, answer" in mail.text
    assert "The ticket is now: <b>Resolved</b>." in mail.html


def test_an_answer_that_makes_a_ticket_wait_is_one_letter(cast: Cast, settle: Settle) -> None:
    boxed = open_by(cast.svetlana, cast.equipment)
    reply(actor(cast.boris), boxed, Draft("Which model?"), via="web")
    comment(actor(cast.boris), boxed, Draft("Take your time."), via="web")
    first, second = letters("answered", settle)
    assert letters("moved", settle) == []
    for mail in (first, second):
        assert "The ticket is now" not in mail.text + mail.html
        assert "Waiting" not in mail.text + mail.html


def test_a_claim_and_an_added_colleague_are_no_news_to_the_customer(
    cast: Cast, ticket: Ticket, settle: Settle
) -> None:
    claim(actor(cast.anna), ticket, via="web")
    other = open_by(cast.svetlana, cast.hosting)
    add_agents(actor(cast.administrator), other, [cast.anna.staff], via="web")
    assert Ticket.objects.get(pk=other.pk).status.key == "open"
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    resolve(actor(cast.anna), other, Draft("Done"), via="web")
    reopen(actor(cast.anna), other, via="web")
    assert letters("moved", settle) == []
    answer, _resolution = letters("answered", settle)
    assert "The ticket is now" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_the_customer_reads_alike_are_no_news(
    cast: Cast, ticket: Ticket, settle: Settle, language: str
) -> None:
    change(cast.svetlana, language=language)
    alike = {"ru": "В работе", "bg": "В работа", "en": "We work on it"}
    cast.hosting.workflow.statuses.filter(key__in=("in-progress", "needs-clarification")).update(
        customer_names=alike
    )
    move(actor(cast.anna), ticket, "in-progress", via="web")
    tomorrow = timezone.now() + timedelta(days=1)
    move(actor(cast.anna), ticket, "needs-clarification", until=tomorrow, via="web")
    (mail,) = letters("moved", settle)
    assert alike[language] in mail.text


def test_who_wants_no_mails_gets_answers_only(cast: Cast, settle: Settle) -> None:
    change(cast.svetlana, wants_receipts=False, wants_status=False, wants_alerts=False)
    ticket = open_by(cast.svetlana, cast.hosting)
    move(actor(cast.anna), ticket, "in-progress", via="web")
    alert(cast)
    resolve(actor(cast.anna), ticket, Draft("Done"), via="web")
    settle()
    mails = OutgoingMail.objects.filter(recipient=cast.svetlana.email)
    assert [mail.kind for mail in mails] == ["answered"]


@pytest.mark.parametrize(
    ("wish", "missing"),
    [("wants_receipts", "received"), ("wants_status", "moved"), ("wants_alerts", "alerted")],
)
def test_each_kind_is_turned_off_alone(cast: Cast, settle: Settle, wish: str, missing: str) -> None:
    change(cast.svetlana, **{wish: False})
    ticket = open_by(cast.svetlana, cast.hosting)
    move(actor(cast.anna), ticket, "in-progress", via="web")
    alert(cast)
    settle()
    kinds = set(
        OutgoingMail.objects.filter(recipient=cast.svetlana.email).values_list("kind", flat=True)
    )
    assert kinds == {"received", "moved", "alerted"} - {missing}


def test_the_foot_says_why_and_leads_to_the_settings(
    cast: Cast, ticket: Ticket, settle: Settle
) -> None:
    move(actor(cast.anna), ticket, "in-progress", via="web")
    alert(cast)
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    for kind in ("received", "moved", "alerted"):
        mail = letters(kind, settle)[0]
        foot = mail.text.partition("\n-- \n")[2]
        assert "You get this mail because" in foot
        assert f"Choose which mails you get: {HERE}/settings/profile/" in foot
        assert f'<a href="{HERE}/settings/profile/">' in mail.html
    (answer,) = letters("answered", settle)
    assert "You get this mail because you take part in this ticket." in answer.text
    assert "/settings/" not in answer.text + answer.html


def test_a_quiet_import_sends_nothing(cast: Cast, settle: Settle) -> None:
    with relay.quiet():
        ticket = open_by(cast.svetlana, cast.hosting)
        move(actor(cast.anna), ticket, "in-progress", via="web")
        alert(cast)
    settle()
    assert OutgoingMail.objects.count() == 0


def test_status_letters_have_a_limit(cast: Cast, settle: Settle) -> None:
    """C14"""
    tickets = [open_by(cast.svetlana, cast.hosting, f"Ticket {number}") for number in range(4)]
    for ticket in tickets:
        move(actor(cast.anna), ticket, "in-progress", via="web")
    settle()
    assert OutgoingMail.objects.filter(recipient=cast.svetlana.email).count() == 5


def test_a_strangers_subject_is_not_carried_on_until_somebody_answered(
    cast: Cast, settle: Settle
) -> None:
    """C13: a mail may name anybody as its sender, and agents close what is unwanted."""
    ticket = open_by(cast.svetlana, cast.hosting, "Cheap pills https://evil.example", via="mail")
    move(actor(cast.anna), ticket, "in-progress", via="web")
    (mail,) = letters("moved", settle)
    assert "pills" not in mail.subject + mail.text + mail.html
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    close(actor(cast.vera), ticket, via="portal")
    assert f"Ticket {ticket.number}, “Cheap pills" in letters("moved", settle)[-1].text


def test_a_follow_up_is_confirmed_with_both_numbers(
    cast: Cast, ticket: Ticket, settle: Settle
) -> None:
    close_by(cast.anna, ticket)
    new = reply(actor(cast.svetlana), ticket, Draft("It is back"), via="portal").ticket
    mail = letters("received", settle)[-1]
    assert f"Ticket {ticket.number} is closed, so your message opened a new one" in mail.text
    assert new.number in mail.subject


def test_hostile_names_stay_text_in_every_letter(cast: Cast, settle: Settle) -> None:
    """C18, C20, C21"""
    change(cast.svetlana, name=PAYLOAD)
    change(cast.anna, name=PAYLOAD)
    Portal.objects.update(name="<b>Desk", colour='#000"/>')
    cast.hosting.signatures = {"en": PAYLOAD}
    cast.hosting.save()
    cast.hosting.workflow.statuses.update(customer_names={}, names={"en": PAYLOAD})
    cast.hosting.workflow.statuses.filter(key="in-progress").update(names={"en": f"2{PAYLOAD}"})
    type(cast.project).objects.update(name=PAYLOAD)
    ticket = open_by(cast.svetlana, cast.hosting, PAYLOAD, PAYLOAD)
    move(actor(cast.anna), ticket, "in-progress", via="web")
    reply(actor(cast.anna), ticket, Draft(PAYLOAD), via="web")
    alert(cast, title=PAYLOAD, text=PAYLOAD)
    settle()
    assert set(OutgoingMail.objects.values_list("kind", flat=True)) == {
        "received",
        "moved",
        "answered",
        "alerted",
    }
    for mail in OutgoingMail.objects.all():
        assert "<img" not in mail.html
        assert "<script" not in mail.html
        assert "<b>Desk" not in mail.html
        assert mail.html.count("</style>") == 1


def test_the_name_and_the_address_are_those_of_the_readers_portal(
    cast: Cast, settle: Settle
) -> None:
    partner = Partner.objects.create(name="Reseller")
    portal = Portal.objects.create(partner=partner, name="Reseller help", shows_agents=False)
    Host.objects.create(portal=portal, name="help.reseller.example")
    company = Company.objects.create(name="Customer of a reseller", partner=partner)
    cast.zlata.customer.company = company
    cast.zlata.customer.save()
    ticket = open_by(cast.zlata, cast.hosting)
    Ticket.objects.update(partner=None)
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    (mail,) = letters("answered", settle)
    assert mail.sender_name == "Reseller help"
    assert f"http://help.reseller.example:8000/portal/tickets/{ticket.number}/" in mail.text
    assert "Reseller help" in mail.html
    assert portals.of(Person.objects.get(pk=cast.zlata.pk)) == portal


def test_the_agent_is_named_as_the_sender(cast: Cast, ticket: Ticket, settle: Settle) -> None:
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    (mail,) = letters("answered", settle)
    assert mail.sender_name == "Анна Соколова (Firstline)"
    Portal.objects.update(shows_agents=False)
    reply(actor(cast.anna), ticket, Draft("Another"), via="web")
    assert letters("answered", settle)[-1].sender_name == "Firstline"


def test_nobody_deactivated_is_written_to(cast: Cast, ticket: Ticket, settle: Settle) -> None:
    settle()
    change(cast.svetlana, is_active=False)
    reply(actor(cast.anna), ticket, Draft("An answer"), via="web")
    resolve_by(cast.anna, ticket)
    alert(cast)
    settle()
    assert (
        not OutgoingMail.objects.filter(recipient=cast.svetlana.email)
        .exclude(kind="received")
        .exists()
    )
    assert OutgoingMail.objects.filter(recipient=cast.pyotr.email, kind="alerted").exists()


def test_a_contact_who_works_here_is_led_to_their_own_pages(cast: Cast, settle: Settle) -> None:
    ticket = open_by(cast.boris, cast.hosting)
    (mail,) = letters("received", settle)
    assert f"{HERE}/tickets/{ticket.number}/" in mail.text
    assert "/settings/" not in mail.text
