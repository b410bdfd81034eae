"""A partner invites somebody: whether the address is known elsewhere, it does not learn (decision 022)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.mail.models import OutgoingMail
from firstline.people.actions.invitations import Invited, accept, invite, new_key
from firstline.people.actions.people import meet
from firstline.people.models import Company, Invitation, Person
from tests.api.client import Api, fields, problem
from tests.cast import PASSWORD, Cast, actor
from tests.web.pages import html

UNKNOWN = "nobody@nowhere.example"
SignedIn = Callable[[Person], Client]


@pytest.fixture
def addresses(cast: Cast) -> list[str]:
    """One that nobody has, and those of all kinds of people elsewhere on the platform."""
    meet("written@orbita.example")
    off = meet("off@orbita.example")
    Person.objects.filter(pk=off.pk).update(is_active=False)
    others = ("written@orbita.example", off.email, cast.svetlana.email, cast.anna.email)
    return [UNKNOWN, *others, cast.partner_agent.email]


def told(response: Any, email: str) -> tuple[int, str]:
    text = response.content.decode().replace(email, "ADDRESS")
    if response.status_code == 201:
        text = str(response.json() | {"id": 0, "email": "", "expires_at": ""})
    return response.status_code, text


def test_every_answer_is_the_same(
    cast: Cast, addresses: list[str], api: Callable[..., Api], settle: Callable[[], None]
) -> None:
    client, answers = api(cast.partner_agent), []
    people = list(Person.objects.exclude(email=UNKNOWN).order_by("pk").values())
    for email in addresses:
        guest = {"email": email, "name": "Guest", "language": "bg", "company": "Клиника"}
        said = [told(client.post("invitations", guest), email) for _again in range(6)]
        new = {"subject": "x", "text": "y", "department": "hosting", "requester": email}
        said.append((0, str(problem(client.post("tickets", new), 422))))
        answers.append(said)
    assert all(said == answers[0] for said in answers)
    assert [status for status, _text in answers[0]] == [201] * 5 + [422, 0]
    assert list(Person.objects.exclude(email=UNKNOWN).order_by("pk").values()) == people
    settle()
    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {UNKNOWN}


def test_every_page_is_the_same(cast: Cast, addresses: list[str], signed_in: SignedIn) -> None:
    client, pages = signed_in(cast.partner_agent), []
    company = cast.kirill.company
    assert company is not None
    for email in addresses:
        form = {"email": email, "name": "Guest", "language": "bg", "company_id": str(company.pk)}
        seen = [html(client.post("/customers/invitations/", form, follow=True))]
        row = Invitation.objects.latest("pk")
        for verb in ("resendings", "withdrawals"):
            path = f"/customers/invitations/{row.pk}/{verb}/"
            seen.append(html(client.post(path, follow=True)))
        seen.append(html(client.get("/customers/", {"find": "Guest"})))
        pages.append([rid_of(text, email, row.pk) for text in seen])
    assert all(page == pages[0] for page in pages)


def rid_of(page: str, email: str, pk: int) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    for word in (email, f"/{pk}/"):
        main = main.replace(word, "")
    return " ".join(
        word for word in main.split() if "csrf" not in word and not word.startswith("value=")
    )


def test_the_platforms_staff_read_why_no_letter_went(cast: Cast, signed_in: SignedIn) -> None:
    wanted = Invited(cast.svetlana.email, "X", "en", cast.kirill.company)
    invite(actor(cast.partner_agent), wanted, via="web")
    assert "Known elsewhere: no letter went" in html(
        signed_in(cast.anna).get("/customers/invitations/")
    )
    partners = html(signed_in(cast.partner_agent).get("/customers/invitations/"))
    assert cast.svetlana.email in partners
    assert "Known elsewhere" not in partners


def test_who_accepts_is_a_customer_like_any_other(
    cast: Cast, api: Callable[..., Api], signed_in: SignedIn
) -> None:
    client = signed_in(cast.partner_agent)
    wanted = Invited(UNKNOWN, "New Guest", "en", cast.kirill.company)
    row = invite(actor(cast.partner_agent), wanted, via="web")
    assert "New Guest" not in html(client.get("/customers/", {"find": "New"}))
    accept(new_key(row.pk) or "", PASSWORD, via="web")
    assert "New Guest" in html(client.get("/customers/", {"find": "New"}))
    new = {"subject": "x", "text": "y", "department": "hosting", "requester": UNKNOWN}
    assert api(cast.partner_agent).post("tickets", new).status_code == 201


def test_companies_of_others_stay_unknown(cast: Cast, api: Callable[..., Api]) -> None:
    body = {"email": UNKNOWN, "name": "Guest", "language": "bg"}
    client = api(cast.partner_agent)
    refused = [
        problem(client.post("invitations", body | {"company": name}), 422)
        for name in ("Орбита", "Никто", Company.objects.get(name="Орбита").pk, 10**9)
    ]
    assert all(one == refused[0] for one in refused)
    assert fields(client.post("invitations", body)) == {"company"}
