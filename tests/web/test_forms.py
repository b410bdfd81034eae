"""Public forms: strangers write, prove their address, and only then does anybody see it (cap 151)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Company, Domain, Host, Person, Portal
from firstline.tickets import forms as sent_forms
from firstline.tickets.models import Message, Request, Ticket, WebForm
from tests.cast import Cast
from tests.doors import Sink
from tests.web.forms import WORDS, letters, link_in, make, mark, send, text_of
from tests.web.pages import hidden_fields, html

Settle = Callable[[], None]
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(1)</script>\u202e\r\nBcc: evil@evil.example'


@pytest.fixture
def form(cast: Cast) -> WebForm:
    """A form of hosting, on our own portal."""
    return make(cast.hosting)


def test_a_stranger_writes_confirms_and_has_a_ticket(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    page = html(Client().get(f"/forms/{form.key}/"))
    assert "Write to us" in page
    answer = send(form)
    assert answer.status_code == 200
    assert "maria@mail.example" in html(answer)
    settle()
    assert (Ticket.objects.count(), Person.objects.filter(email=WORDS["email"]).count()) == (0, 0)
    (letter,) = letters(sink)
    assert letter["Subject"] == "Confirm your request to Firstline"
    client = Client(enforce_csrf_checks=True)
    shown = html(client.get(link_in(letter)))
    assert all(text in shown for text in WORDS.values())
    assert Ticket.objects.count() == 0
    done = html(client.post(link_in(letter), follow=True))
    ticket = Ticket.objects.select_related("requester", "department").get()
    assert f"Its number is <b>{ticket.number}</b>" in done
    assert ticket.department == cast.hosting
    assert ticket.subject == WORDS["subject"]
    assert (ticket.callback_name, ticket.callback_phone) == (WORDS["name"], WORDS["phone"])
    assert ticket.requester is not None
    assert ticket.requester.email == WORDS["email"]
    assert Message.objects.get().text == WORDS["text"]
    settle()
    receipt = OutgoingMail.objects.get(kind="received")
    assert receipt.recipient == WORDS["email"]


def test_the_letter_has_none_of_the_strangers_words(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    """C13: the desk is no relay for spam."""
    send(form, name="Cheap pills", subject="Buy pills at http://pills.example", text="BUY NOW")
    settle()
    (letter,) = letters(sink)
    said = " ".join([str(letter.items()), letter.as_string(), text_of(letter)])
    assert not re.search("pills|buy", said, re.IGNORECASE)


def test_pressing_often_makes_one_ticket(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    send(form)
    settle()
    link = link_in(letters(sink)[0])
    numbers = {html(Client().post(link, follow=True)).partition("<b>")[2][:20] for _ in range(3)}
    assert len(numbers) == 1
    assert Ticket.objects.count() == 1
    assert Event.objects.filter(kind="ticket.opened").count() == 1


def test_sending_a_page_twice_writes_one_letter(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    page = mark(form)
    answers = [send(form, page=page).status_code for _ in range(3)]
    settle()
    assert answers == [200] * 3
    assert (Request.objects.count(), len(letters(sink))) == (1, 1)


def test_a_corrected_address_is_not_lost(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    """Back in the browser, the address corrected: the old page asks to be sent once more."""
    page = mark(form)
    send(form, page=page, email="mraia@mail.example")
    again = send(form, page=page)
    assert again.status_code == 409
    assert "This page was sent before." in html(again)
    assert f">{WORDS['text']}</textarea>" in html(again)
    assert hidden_fields(again)["token"] != page
    assert send(form).status_code == 200
    settle()
    assert len(letters(sink)) == 1


@pytest.mark.parametrize(
    ("age", "said"),
    [(0.5, "sent too quickly"), (90_000, "stood open for too long")],
)
def test_a_page_is_neither_too_fresh_nor_too_old(
    cast: Cast, form: WebForm, age: float, said: str
) -> None:
    answer = send(form, page=mark(form, age))
    assert answer.status_code == 422
    assert said in html(answer)
    assert f'value="{WORDS["subject"]}"' in html(answer)
    assert Request.objects.count() == 0


def test_a_quick_correction_is_not_refused(cast: Cast, form: WebForm) -> None:
    wrong = send(form, email="no address")
    assert wrong.status_code == 422
    assert send(form, page=hidden_fields(wrong)["token"]).status_code == 200
    hasty = send(form, page=mark(form, 0.5))
    assert "sent too quickly" in html(hasty)
    hastier = send(form, page=hidden_fields(hasty)["token"])
    assert hastier.status_code == 422
    assert Request.objects.count() == 1


@pytest.mark.parametrize("bad", ["x", "a:b:c", "0", "[]"])
def test_a_mark_of_somebody_else_counts_for_nothing(cast: Cast, form: WebForm, bad: str) -> None:
    other = make(cast.equipment)
    for token in (bad, mark(other), mark(form)[:-1]):
        assert send(form, page=token).status_code == 422
    assert Request.objects.count() == 0


def test_who_fills_in_the_hidden_field_is_told(cast: Cast, form: WebForm) -> None:
    answer = send(form, website="http://spam.example")
    assert answer.status_code == 422
    assert "A field that people don't see was filled in." in html(answer)
    assert "spam.example" not in html(answer)
    assert (Request.objects.count(), Event.objects.filter(kind="form.sent").count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"name": " "}, "name", "Write your name."),
        ({"email": ""}, "email", "Write your e-mail address"),
        ({"email": "maria at mail"}, "email", "Write your whole e-mail address"),
        ({"email": "a@b.example, c@d.example"}, "email", "Write your whole e-mail address"),
        ({"subject": "\u202e"}, "subject", "Write in a few words"),
        ({"subject": "x" * 301}, "subject", "At most 300 characters."),
        ({"text": ""}, "text", "Write a text."),
        ({"text": "x" * 20_001}, "text", "At most 20000 characters."),
        ({"text": "see http://a.example " * 6}, "text", "look like advertising"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(
    cast: Cast, form: WebForm, fields: dict[str, Any], field: str, said: str
) -> None:
    answer = send(form, **fields)
    page = html(answer)
    assert answer.status_code == 422
    assert said in page
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"[^>]*"{field}-error"', page)
    for name in {"name", "email", "phone", "subject"} - {field}:
        assert f'value="{WORDS[name]}"' in page
    assert Request.objects.count() == 0


def test_links_in_reason_are_fine(cast: Cast, form: WebForm) -> None:
    assert send(form, text="see https://a.example " * 5).status_code == 200


def test_one_source_causes_five_letters_an_hour(cast: Cast, form: WebForm, settle: Settle) -> None:
    """C13: also over several forms, and whatever the victims are called."""
    other = make(cast.equipment)
    codes = [
        send((form, other)[place % 2], email=f"victim{place}@mail.example").status_code
        for place in range(12)
    ]
    settle()
    assert codes == [200] * 5 + [429] * 7
    assert OutgoingMail.objects.count() == 5


def test_networks_of_ipv6_are_one_source_and_others_are_not(cast: Cast, form: WebForm) -> None:
    def code(place: int, address: str) -> int:
        return int(send(form, email=f"v{place}@mail.example", address=address).status_code)

    assert [code(place, f"2001:db8:1:2::{place + 1}") for place in range(6)] == [200] * 5 + [429]
    assert code(9, "2001:db8:1:3::1") == 200
    assert code(10, "192.0.2.7") == 200


def test_one_address_gets_five_letters_an_hour(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    answers = [send(form, address=f"192.0.2.{place}") for place in range(7)]
    settle()
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 2
    assert len(letters(sink)) == 5
    assert "write to hosting@desk.example" in html(answers[-1])
    assert f">{WORDS['text']}</textarea>" in html(answers[-1])
    Request.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert send(form).status_code == 200


def test_known_and_unknown_addresses_get_one_answer(cast: Cast, form: WebForm) -> None:
    """C33: neither the page nor the work behind it tells."""
    seen = []
    for email in (cast.svetlana.email, cast.anna.email, "nobody@mail.example"):
        with CaptureQueriesContext(connection) as queries:
            answer = send(form, email=email)
        assert len(queries) <= 11
        tables = [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in queries.captured_queries]
        seen.append((answer.status_code, html(answer).replace(email, "…"), tables))
    assert seen[0] == seen[1] == seen[2]


def test_our_own_address_gets_no_letter(cast: Cast, form: WebForm, settle: Settle) -> None:
    """C15: a letter to ourselves would come back as a ticket."""
    assert send(form, email=cast.hosting.address).status_code == 200
    settle()
    assert (OutgoingMail.objects.count(), Ticket.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["svetlana", "anna"])
def test_customers_and_staff_write_as_themselves(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink, who: str
) -> None:
    person = getattr(cast, who)
    send(form, email=person.email.upper())
    settle()
    page = html(Client().post(link_in(letters(sink, person.email)[0]), follow=True))
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.company) == (person, person.company)
    assert ticket.responsible is None
    assert ("Follow it in the portal" in page) is (who == "svetlana")
    assert Person.objects.get(pk=person.pk).name == person.name


def test_a_deactivated_person_writes_as_by_mail_and_stays_out(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(is_active=False)
    send(form, email=cast.svetlana.email)
    settle()
    Client().post(link_in(letters(sink, cast.svetlana.email)[0]))
    assert Ticket.objects.get().requester == cast.svetlana
    assert not Person.objects.get(pk=cast.svetlana.pk).is_active


def test_a_proven_address_finds_its_company(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    company = Company.objects.create(name="Ветрова и сыновья")
    Domain.objects.create(name="mail.example", company=company)
    send(form)
    settle()
    Client().post(link_in(letters(sink)[0]))
    assert Ticket.objects.get().company == company


def test_a_link_works_for_three_days(cast: Cast, form: WebForm, settle: Settle, sink: Sink) -> None:
    send(form)
    settle()
    link = link_in(letters(sink)[0])
    Request.objects.update(created_at=timezone.now() - timedelta(days=3, minutes=1))
    assert Client().get(link).status_code == 404
    assert Client().post(link).status_code == 404
    assert Ticket.objects.count() == 0


def test_a_confirmed_link_still_tells_the_number(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    send(form)
    settle()
    link = link_in(letters(sink)[0])
    Client().post(link)
    Request.objects.update(created_at=timezone.now() - timedelta(days=4))
    assert Ticket.objects.get().number in html(Client().get(link))


@pytest.mark.parametrize("change", [lambda key: key[:-1], lambda key: key[:-1] + "0", len])
def test_a_guessed_link_is_refused(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink, change: Callable[[str], object]
) -> None:
    send(form)
    settle()
    key = link_in(letters(sink)[0]).split("/")[3]
    if str(change(key)) != key:
        assert Client().post(f"/forms/confirmations/{change(key)}/").status_code == 404
    mark_of_the_page = Event.objects.get(kind="form.sent").data["nonce"]
    assert Client().post(f"/forms/confirmations/{mark_of_the_page}/").status_code == 404
    assert Ticket.objects.count() == 0


def test_what_is_old_is_deleted(cast: Cast, form: WebForm, settle: Settle) -> None:
    send(form)
    sent_forms.forget()
    assert Request.objects.count() == 1
    Request.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    sent_forms.forget()
    assert Request.objects.count() == 0
    settle()
    assert OutgoingMail.objects.count() == 0


def test_the_letter_of_a_reaction_that_runs_twice_is_one(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    from firstline.web.portal.forms.confirmations import send_link

    send(form)
    settle()
    send_link(Event.objects.get(kind="form.sent"))
    assert len(letters(sink)) == 1


def test_agents_see_nothing_before_and_know_the_form_after(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(cast.administrator)
    send(form)
    settle()
    for page in ("/desk/", "/tickets/", "/mail/"):
        assert WORDS["subject"] not in html(client.get(page))
    Client().post(link_in(letters(sink)[0]))
    ticket = Ticket.objects.get()
    assert WORDS["subject"] in html(client.get("/desk/"))
    assert "Sent by the form “Write to us”" in html(client.get(f"/tickets/{ticket.number}/"))


def test_hostile_words_stay_words(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink, signed_in: Callable[[Person], Client]
) -> None:
    """C18, C20-C22, C26: in the page, in headers, and in what agents see."""
    hostile: dict[str, Any] = {name: f"{name} {HOSTILE}" for name in ("name", "subject", "text")}
    refused = send(form, **hostile, phone=HOSTILE, email=HOSTILE)
    raw = refused.content.decode()
    assert refused.status_code == 422
    assert "<img" not in raw
    assert "<script>alert" not in raw
    send(form, **hostile)
    settle()
    link = link_in(letters(sink)[0])
    page = Client().get(link).content.decode()
    assert "<img" not in page
    assert "<script>alert" not in page
    Client().post(link)
    ticket = Ticket.objects.select_related("requester").get()
    assert ticket.requester is not None
    for text in (ticket.subject, ticket.callback_name, ticket.requester.name):
        assert not {"\r", "\n", "\u202e"} & set(text)
    settle()
    receipt = OutgoingMail.objects.get(kind="received")
    assert "\n" not in receipt.subject + receipt.recipient_name
    agent = signed_in(cast.anna).get(f"/tickets/{ticket.number}/").content.decode()
    assert "<img src=x" not in agent
    assert "<script>alert" not in agent


def test_only_the_page_for_other_sites_may_be_framed(cast: Cast, form: WebForm) -> None:
    page, inside = Client().get(f"/forms/{form.key}/"), Client().get(f"/forms/{form.key}/?embedded")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = inside.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "X-Frame-Options" not in inside.headers
    directives = policy.replace("frame-ancestors *", "").split("; ")
    strict = page.headers["Content-Security-Policy"].replace("frame-ancestors 'self'", "")
    assert sorted(filter(None, directives)) == sorted(filter(None, strict.split("; ")))
    sent = send(form, query="?embedded=1&language=bg")
    assert "frame-ancestors *" in sent.headers["Content-Security-Policy"]


def test_the_frame_needs_no_cookies_and_shows_nobody(
    cast: Cast, form: WebForm, signed_in: Callable[[Person], Client]
) -> None:
    stranger = Client()
    stranger.get(f"/forms/{form.key}/?embedded=1")
    assert stranger.cookies == {}
    inside = html(signed_in(cast.svetlana).get(f"/forms/{form.key}/?embedded=1"))
    assert "Светлана" not in inside
    assert "csrfmiddlewaretoken" not in inside


def test_the_line_for_other_sites_names_the_configured_address(cast: Cast, form: WebForm) -> None:
    poisoned = {"host": "localhost", "x-forwarded-host": "evil.example"}
    answer = Client(headers=poisoned).get(f"/forms/{form.key}.js")
    script = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert f'"http://127.0.0.1:8000/forms/{form.key}/"' in script
    assert "localhost" not in script
    assert "evil" not in script


def test_a_form_speaks_the_language_asked_for(
    cast: Cast, form: WebForm, settle: Settle, sink: Sink
) -> None:
    page = html(Client().get(f"/forms/{form.key}/?language=bg"))
    assert '<html lang="bg">' in page
    assert "Формуляр за заявка" in page
    send(form, query="?language=ru")
    settle()
    (letter,) = letters(sink)
    body = letter.get_body(("html",))
    assert body is not None
    assert '<html lang="ru">' in body.get_content()
    assert "?language=ru" in text_of(letter)
    Client().post(link_in(letter))
    assert Person.objects.get(email=WORDS["email"]).language == "ru"


def test_a_form_that_is_off_is_not_there(cast: Cast, form: WebForm) -> None:
    WebForm.objects.update(is_active=False)
    for address in (f"/forms/{form.key}/", f"/forms/{form.key}.js", "/forms/unknown/"):
        assert Client().get(address).status_code == 404
    assert send(form).status_code == 404
    WebForm.objects.update(is_active=True)
    cast.hosting.is_active = False
    cast.hosting.save()
    assert Client().get(f"/forms/{form.key}/").status_code == 404


def test_a_partners_form_has_the_partners_look_and_address(
    cast: Cast, settle: Settle, sink: Sink
) -> None:
    partner = cast.partner_agent.staff.partner
    portal = Portal.objects.create(partner=partner, name="Северный контур", colour="#8a1f5c")
    Host.objects.create(name="help.north.example", portal=portal)
    form = make(cast.hosting, portal=portal)
    own = make(cast.hosting)
    headers = {"host": "help.north.example"}
    page = html(Client(headers=headers).get(f"/forms/{form.key}/"))
    assert "Северный контур" in page
    assert f'href="/portal-brand/{portal.pk}-' in page
    assert Client(headers=headers).get(f"/forms/{own.key}/").status_code == 404
    assert "Северный контур" in html(Client().get(f"/forms/{form.key}/"))
    script = Client().get(f"/forms/{form.key}.js").content.decode()
    assert '"http://help.north.example:8000"' in script
    send(form)
    settle()
    (letter,) = letters(sink)
    assert "Северный контур" in str(letter["From"])
    assert "http://help.north.example:8000/forms/confirmations/" in text_of(letter)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(cast: Cast, form: WebForm, method: str) -> None:
    assert getattr(Client(), method)(f"/forms/{form.key}/").status_code == 405
