"""The pages about customers: found, invited, let in (product 2.1, cap 1)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.people.actions import registrations
from firstline.people.actions.invitations import Invited, invite
from firstline.people.actions.people import meet
from firstline.people.actions.registrations import Told, register
from firstline.people.models import Company, Domain, Invitation, Person, Portal, Registration
from tests.cast import Cast, actor
from tests.letters import letters_to
from tests.web.pages import form_of, html

CUSTOMERS = "/customers/"
INVITATIONS = "/customers/invitations/"
REGISTRATIONS = "/customers/registrations/"
EMAIL = "lidia@zarya.example"
NEW = {"email": EMAIL, "name": "Лидия Громова", "language": "ru"}
SignedIn = Callable[[Person], Client]


@pytest.fixture
def client(cast: Cast, signed_in: SignedIn) -> Client:
    """Anna's browser."""
    return signed_in(cast.anna)


def names_in(page: str, cast: Cast) -> list[str]:
    people = [*cast.staff, *cast.customers]
    return sorted(person.name for person in people if f"<b>{person.name}</b>" in page)


def test_the_list_holds_customers_by_name_and_no_staff(cast: Cast, client: Client) -> None:
    page = html(client.get(CUSTOMERS))
    assert names_in(page, cast) == sorted(person.name for person in cast.customers)
    places = [page.index(f"<b>{name}</b>") for name in names_in(page, cast)]
    assert places == sorted(places)
    assert "sees all its tickets" in page
    assert "Орбита" in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("светлана", ["Светлана Иванова"]),
        ("ИВАНОВА", ["Светлана Иванова"]),
        ("pyotr@", ["Пётр Петров"]),
        ("зарниц", ["Злата Чужова"]),
        ("орбита вера", ["Вера Директорова"]),
        ("nobody", []),
        ("%", []),
        ("\0", ["Вера Директорова", "Злата Чужова", "Пётр Петров", "Светлана Иванова"]),
    ],
)
def test_customers_are_found_by_name_address_and_company(
    cast: Cast, client: Client, typed: str, found: list[str]
) -> None:
    assert names_in(html(client.get(CUSTOMERS, {"find": typed})), cast) == found


def test_the_list_goes_on_behind_its_last_row(cast: Cast, client: Client) -> None:
    Person.objects.filter(pk=cast.anna.pk).update(page_size=3)
    for number in range(4):
        meet(f"same{number}@x.example", "Аня Одинаковая")
    seen: list[str] = []
    address = ""
    for _page in range(3):
        page = html(client.get(CUSTOMERS + address))
        seen += [line.split("<small>")[1].split("<")[0] for line in page.split("<b>")[1:]]
        address = page.partition('rel="next" href="')[2].partition('"')[0]
    assert len(seen) == len(set(seen)) == 9
    assert address == ""


def test_a_partners_agent_sees_their_own_customers_only(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.partner_agent)
    assert names_in(html(client.get(CUSTOMERS)), cast) == []
    Company.objects.filter(pk=cast.orbita.pk).update(partner=cast.partner_agent.staff.partner)
    invite(actor(cast.anna), Invited("z@x.example", "Чужая", "ru"), via="web")
    page = html(client.get(CUSTOMERS))
    assert "Светлана Иванова" in page
    assert "Злата Чужова" not in page
    assert "Чужая" not in html(client.get(INVITATIONS))
    assert "Зарница" not in html(client.get("/customers/companies/", {"company": "за"}))


def test_each_page_costs_the_same_at_any_size(
    cast: Cast, client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    for size in (1, 30):
        for number in range(size):
            address = f"many{size}-{number}@x.example"
            invite(actor(cast.anna), Invited(address, f"Много {number}", "ru"), via="web")
            told: dict[str, Any] = {"name": "Ждёт", "email": address, "language": "ru"}
            Registration.objects.create(**told, contract_number=cast.contract.number)
            person = Person.objects.get(email=address)
            Registration.objects.create(**told, state="approved", needs_company=True, person=person)
        for page, queries in ((CUSTOMERS, 6), (INVITATIONS, 6), (REGISTRATIONS, 8)):
            with django_assert_num_queries(queries):
                client.get(page)


def test_a_customer_is_invited(cast: Cast, client: Client, settle: Callable[[], None]) -> None:
    form = form_of(client, INVITATIONS, **NEW, company="орбита", sees_company="yes")
    response = client.post(INVITATIONS, form, follow=True)
    page = html(response)
    assert f"The invitation goes to {EMAIL}." in page
    assert f'<small class="muted">{EMAIL}</small>' in page
    settle()
    assert letters_to(EMAIL)
    person = Person.objects.get(email=EMAIL)
    assert (person.company, person.customer.sees_company) == (cast.orbita, True)
    client.post(INVITATIONS, form)
    assert Invitation.objects.count() == 1


def test_the_company_is_chosen_from_those_found(cast: Cast, client: Client) -> None:
    """Without a script: type a part, choose from the list."""
    Company.objects.create(name="Орбита-2")
    Domain.objects.create(name="orbit.example", company=cast.orbita)
    response = client.post(INVITATIONS, NEW | {"company": "рбит"})
    page = html(response)
    assert response.status_code == 422
    assert "Choose one of the companies found." in page
    assert f'<option value="{cast.orbita.pk}">Орбита</option>' in page
    assert f'value="{EMAIL}"' in page
    chosen = NEW | {"company": "рбит", "company_id": str(cast.orbita.pk)}
    assert client.post(INVITATIONS, chosen).status_code == 302
    assert Person.objects.get(email=EMAIL).company == cast.orbita


def test_companies_are_offered_as_one_types(cast: Cast, client: Client) -> None:
    Domain.objects.create(name="orbit.example", company=cast.orbita)
    for typed in ("орб", "orbit.ex"):
        answer = html(client.get("/customers/companies/", {"company": typed}))
        assert answer.strip() == '<option value="Орбита"></option>'
    for number in range(60):
        Company.objects.create(name=f"Ёлка {number:02}")
    assert html(client.get("/customers/companies/", {"company": "ёлка"})).count("<option") == 50


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"email": "svetlana@orbita.example"}, "email", "has an account already"),
        ({"email": "nothing"}, "email", "This is no mail address."),
        ({"name": ""}, "name", "Write the first and the last name."),
        ({"company": "Nowhere"}, "company", "No company has this in its name."),
        ({"language": "de"}, "language", "There is no such language here."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    cast: Cast, client: Client, fields: dict[str, str], wrong: str, words: str
) -> None:
    response = client.post(INVITATIONS, NEW | {"sees_company": "yes"} | fields)
    page = html(response)
    assert response.status_code == 422
    assert f'href="#{wrong}"' in page
    assert f'id="{wrong}-error"' in page
    assert words in page
    assert 'name="sees_company" value="yes" checked' in page
    assert not Invitation.objects.exists()


def test_invitations_are_sent_again_and_withdrawn(
    cast: Cast, client: Client, settle: Callable[[], None]
) -> None:
    invitation = invite(actor(cast.anna), Invited(EMAIL, "Лидия", "en"), via="web")
    settle()
    first = letters_to(EMAIL)[0]
    client.post(f"{INVITATIONS}{invitation.pk}/resendings/")
    settle()
    second = letters_to(EMAIL)[1]
    assert Client().get(first.path).status_code == 404
    assert Client().get(second.path).status_code == 200
    response = client.post(f"{INVITATIONS}{invitation.pk}/withdrawals/", follow=True)
    assert "The invitation is withdrawn." in html(response)
    assert EMAIL not in html(client.get(INVITATIONS))
    assert Client().get(second.path).status_code == 404


def test_hostile_names_stay_text(cast: Cast, client: Client) -> None:
    payload = '"><img src=x onerror="hit=1">'
    meet("evil@x.example", payload)
    told = Told(payload, "e@x.example", company_name=payload, contract_number=payload)
    Portal.objects.update(registration="approval")
    register(Portal.objects.get(), told)
    client.post(INVITATIONS, NEW | {"name": payload})
    for page in (CUSTOMERS, INVITATIONS, REGISTRATIONS):
        body = client.get(page).content.decode()
        assert "<img" not in body
        assert "&lt;img" in body


@pytest.fixture
def waiting(cast: Cast, settle: Callable[[], None]) -> Registration:
    """Somebody who asks to come in, with the number of a contract."""
    Portal.objects.update(registration="approval")
    told = Told(
        "Лидия Громова", EMAIL, "+7 900", "Птицефабрика", cast.contract.number, "ru", "Asia/Omsk"
    )
    row = register(Portal.objects.get(), told)
    settle()
    return row


def field_of(page: str, row: Registration) -> str:
    """What stands in the field of the company of this registration."""
    found = re.search(rf'id="company-{row.pk}" name="company" value="([^"]*)"', page)
    assert found
    return found[1]


def test_who_waits_is_let_in_into_a_company(
    cast: Cast, client: Client, waiting: Registration, settle: Callable[[], None]
) -> None:
    page = html(client.get(REGISTRATIONS))
    assert "Лидия Громова" in page
    assert f"Contract {waiting.contract_number} belongs to the company “Орбита”." in page
    assert field_of(page, waiting) == ""
    assert '<span class="count">1</span>' in page
    address = f"{REGISTRATIONS}{waiting.pk}/approvals/"
    assert client.post(address, {"company": "Орбита"}).status_code == 302
    settle()
    person = Person.objects.get(email=EMAIL)
    assert (person.company, person.phone, person.time_zone) == (cast.orbita, "+7 900", "Asia/Omsk")
    assert not person.customer.sees_company
    assert letters_to(EMAIL)[0].password
    row = Registration.objects.get()
    assert (row.state, row.decided_by, row.needs_company) == ("approved", cast.anna, False)


def test_an_unproven_contract_and_company_give_nobody_a_company(
    cast: Cast, client: Client, waiting: Registration
) -> None:
    """Whoever presses the button without a look lets no stranger into another's company."""
    Registration.objects.update(company_name=cast.orbita.name)
    page = html(client.get(REGISTRATIONS))
    form = {"company": field_of(page, waiting)}
    client.post(f"{REGISTRATIONS}{waiting.pk}/approvals/", form)
    form = {"company": field_of(html(client.get(REGISTRATIONS)), waiting)}
    client.post(f"{REGISTRATIONS}{waiting.pk}/companies/", form)
    assert Person.objects.get(email=EMAIL).company is None


def test_who_comes_second_is_told_so(
    cast: Cast, client: Client, waiting: Registration, settle: Callable[[], None]
) -> None:
    registrations.refuse(actor(cast.supervisor), waiting.pk)
    response = client.post(f"{REGISTRATIONS}{waiting.pk}/approvals/", follow=True)
    assert "Somebody else has decided this already." in html(response)
    settle()
    assert not Person.objects.filter(email=EMAIL).exists()
    assert letters_to(EMAIL) == []


def test_a_refused_person_is_not_let_in_and_hears_nothing(
    client: Client, waiting: Registration, settle: Callable[[], None]
) -> None:
    response = client.post(f"{REGISTRATIONS}{waiting.pk}/refusals/", follow=True)
    assert "No mail is sent." in html(response)
    settle()
    assert letters_to(EMAIL) == []
    assert EMAIL not in html(response)


def test_an_unclear_company_is_asked_for_again(
    cast: Cast, client: Client, waiting: Registration
) -> None:
    Company.objects.create(name="Орбита-2")
    response = client.post(f"{REGISTRATIONS}{waiting.pk}/approvals/", {"company": "рбит"})
    page = html(response)
    assert response.status_code == 422
    assert f'id="company-{waiting.pk}-found"' in page
    assert Registration.objects.get().state == "waiting"


def test_the_company_of_somebody_inside_is_confirmed(
    cast: Cast, client: Client, waiting: Registration, settle: Callable[[], None]
) -> None:
    client.post(f"{REGISTRATIONS}{waiting.pk}/approvals/")
    assert Registration.objects.get().needs_company
    page = html(client.get(REGISTRATIONS))
    assert page.index("Company to be confirmed") < page.index("Лидия Громова")
    assert "belongs to the company “Орбита”" in page
    assert field_of(page, waiting) == ""
    address = f"{REGISTRATIONS}{waiting.pk}/companies/"
    client.post(address, {"company": "Орбита"})
    assert Person.objects.get(email=EMAIL).company == cast.orbita
    assert "Лидия Громова" not in html(client.get(REGISTRATIONS))
    again = client.post(address, {"company": "Зарница"}, follow=True)
    assert "Somebody else has decided this already." in html(again)
    assert Person.objects.get(email=EMAIL).company == cast.orbita


def test_the_rail_leads_here(client: Client) -> None:
    assert 'href="/customers/" aria-current="page"' in html(client.get(CUSTOMERS))
