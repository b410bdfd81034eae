"""A new ticket on the portal: what it asks, what it refuses, and that nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.files.models import File
from firstline.people.models import Company, Person, Project
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.models import Department, Message, Ticket, TicketType
from tests.cast import Cast
from tests.web.pages import form_of, hidden_fields, html
from tests.web.portal.filling import NEW, QUESTIONS, filled, repair, send

SignedIn = Callable[[Person], Client]


@pytest.fixture
def kind(cast: Cast) -> TicketType:
    return repair(cast)


def file(name: str, size: int = 10) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"x" * size)


def test_the_form_offers_what_is_theirs(cast: Cast, kind: TicketType, signed_in: SignedIn) -> None:
    TicketType.objects.create(names={"en": "Internal review"}, audience="internal")
    Department.objects.create(
        names={"en": "Gone"},
        address="gone@x.example",
        workflow=cast.hosting.workflow,
        is_active=False,
    )
    Person.objects.filter(pk=cast.svetlana.pk).update(phone="+7 900 000-55-20")
    page = html(signed_in(cast.svetlana).get(NEW))
    for words in ("Hosting", "Equipment", "Repair", "Корпус 5, Берёзовка", "МК-8, № 2318-044"):
        assert words in page
    assert 'value="С-0412/25"' in page  # the only one there is
    assert 'value="Светлана Иванова"' in page
    assert 'value="+7 900 000-55-20"' in page
    assert "Магазин (orbita-shop)" in page
    for words in ("Internal review", "Gone"):
        assert words not in page
    foreign = html(signed_in(cast.zlata).get(NEW))
    for words in (
        "С-0412/25",
        "Корпус 5",
        "МК-8",
        "orbita-shop",
        'name="object"',
        'name="project"',
    ):
        assert words not in foreign
    assert "If you know it" in foreign


def test_a_whole_ticket(cast: Cast, kind: TicketType, signed_in: SignedIn) -> None:
    client = signed_in(cast.svetlana)
    response = send(
        client,
        cast,
        type=kind.pk,
        object=cast.site.pk,
        equipment=cast.machine.pk,
        project=cast.project.pk,
        contract=" c-0412/25 ",
        files=[file("журнал.log"), file("b.txt")],
        **{"details.model": "МК-8", "details.degrees": "21,5", "details.state": "hot"},
    )
    ticket = Ticket.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == f"/portal/?new={ticket.number}"
    assert (ticket.subject, ticket.channel) == ("The site is slow", "portal")
    assert (ticket.requester, ticket.opened_by) == (cast.svetlana, cast.svetlana)
    assert (ticket.department, ticket.type, ticket.project) == (cast.hosting, kind, cast.project)
    assert (ticket.contract, ticket.object) == (cast.contract, cast.site)
    assert ticket.equipment == cast.machine
    assert ticket.details == {"model": "МК-8", "degrees": 21.5, "state": "hot"}
    assert (ticket.callback_name, ticket.priority) == ("Светлана Иванова", 2)
    message = Message.objects.get()
    assert message.text == "Since <b>yesterday</b>\nevening"
    assert message.attachments.count() == 2
    page = html(client.get(response.headers["Location"]))
    assert f"Ticket {ticket.number} is with the support team." in page
    assert 'data-sent="new-ticket"' in page
    shown = html(client.get(f"/portal/tickets/{ticket.number}/"))
    for words in ("С-0412/25", "Корпус 5", "МК-8, № 2318-044", "Hot", "21.5", "+7 900 000-55-20"):
        assert words in shown


def test_the_person_may_name_another_for_this_ticket(cast: Cast, signed_in: SignedIn) -> None:
    send(signed_in(cast.svetlana), cast, callback_name="Другой", callback_phone="12-34-56")
    ticket = Ticket.objects.get()
    assert (ticket.callback_name, ticket.callback_phone) == ("Другой", "12-34-56")
    assert Person.objects.get(pk=cast.svetlana.pk).name == "Светлана Иванова"


REFUSED = {
    "department": ["", "x", "999999", "9" * 40],
    "type": ["x", "999999"],
    "object": ["x", "999999", "9" * 40],
    "equipment": ["x", "-1"],
    "project": ["x", "999999"],
    "contract": ["", "  ", "x" * 61],
    "callback_name": ["", "\u202e", "x" * 201],
    "callback_phone": ["", "call me", "1234", "1" * 41],
    "subject": ["", " \n", "x" * 301],
    "text": ["", " \n ", "я" * 500_001],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n in REFUSED for v in REFUSED[n]])
def test_each_field_is_refused_at_its_place(
    cast: Cast, kind: TicketType, signed_in: SignedIn, name: str, value: str
) -> None:
    response = send(signed_in(cast.svetlana), cast, **{name: value})
    page = html(response)
    assert response.status_code == 422
    assert f'<li><a href="#{name}">' in page
    assert f'id="{name}-error"' in page
    assert f'{name}-error"' in page.split(f'id="{name}" name="{name}"')[1].split(">")[0]
    assert page.count('aria-invalid="true"') == 1
    if name not in {"subject"}:
        assert 'value="The site is slow"' in page
    assert Ticket.objects.count() == 0


def test_the_types_own_fields_are_checked(
    cast: Cast, kind: TicketType, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    wrong = {"details.degrees": "warm", "details.since": "soon", "details.state": "tepid"}
    response = send(client, cast, type=kind.pk, **wrong)
    page = html(response)
    assert response.status_code == 422
    for name in ("model", "degrees", "since", "state"):
        assert f'<a href="#details.{name}">' in page
        assert f'id="details.{name}-error"' in page
    assert 'value="warm"' in page
    assert send(client, cast, type=kind.pk, **{"details.model": "МК-8"}).status_code == 302


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_page(
    cast: Cast, kind: TicketType, signed_in: SignedIn, settings: Any
) -> None:
    settings.FILE_LIMIT = 5
    empty = dict.fromkeys(("department", "contract", "callback_name", "subject", "text"), "")
    response = send(signed_in(cast.svetlana), cast, type=kind.pk, files=[file("a.txt")], **empty)
    page = html(response)
    order = [part.split('"')[0] for part in page.split('<li><a href="#')[1:]]
    assert order == [
        "department", "details.model", "contract", "callback_name", "subject", "text", "files",
    ]  # fmt: skip


def test_what_others_own_looks_as_if_it_were_not_there(
    cast: Cast, kind: TicketType, signed_in: SignedIn
) -> None:
    other = Company.objects.get(name="Зарница")
    project = Project.objects.create(identifier="z", name="Z", owner=cast.zlata)
    project.members.add(cast.zlata)
    internal = TicketType.objects.create(names={"en": "Review"}, audience="internal")
    foreign = {
        "object": ServiceObject.objects.create(name="Чужой", company=other),
        "equipment": Equipment.objects.create(model="Чужая", company=other),
        "project": project,
        "type": internal,
    }
    client = signed_in(cast.svetlana)

    def refusal(name: str, key: Any) -> str:
        page = html(send(client, cast, **{name: key}))
        return page[page.index('class="errors"') : page.index('id="required-note"')]

    for name, row in foreign.items():
        assert refusal(name, row.pk) == refusal(name, 999_999), name
    assert Ticket.objects.count() == 0


def test_a_contract_of_others_is_taken_like_an_unknown_one(cast: Cast, signed_in: SignedIn) -> None:
    Contract.objects.create(number="Z-77", company=Company.objects.get(name="Зарница"))
    client, pages = signed_in(cast.svetlana), []
    for number in ("Z-77", "Q-77"):
        client.get(send(client, cast, contract=number).headers["Location"])
        ticket = Ticket.objects.latest("pk")
        assert (ticket.contract, ticket.contract_text) == (None, number)
        pages.append(html(client.get(f"/portal/tickets/{ticket.number}/")))
    assert all("not among" not in page for page in pages)
    agent = html(signed_in(cast.anna).get(f"/tickets/{ticket.number}/"))
    assert "not among the company's contracts" in agent


def test_the_contract_is_asked_only_where_there_are_any(cast: Cast, signed_in: SignedIn) -> None:
    assert send(signed_in(cast.zlata), cast, contract=None).status_code == 302
    assert send(signed_in(cast.vera), cast, contract=None).status_code == 422


def test_a_type_of_another_department_is_refused(
    cast: Cast, kind: TicketType, signed_in: SignedIn
) -> None:
    typed = {"type": kind.pk, "details.model": "x", "department": cast.equipment.pk}
    page = html(send(signed_in(cast.svetlana), cast, **typed))
    assert '<a href="#type">' in page
    assert Ticket.objects.count() == 0


def test_fields_that_are_not_asked_for_change_nothing(cast: Cast, signed_in: SignedIn) -> None:
    extra = {
        "requester": cast.zlata.pk, "company": 5, "number": "X-1", "status": "closed", "priority": 4,
        "via": "mail", "level": 2, "responsible": cast.anna.pk, "tags": "vip", "created_at": "2020-01-01",
        "category": "incident", "follows": 1, "automatic": "1", "needed": "", "details.is_staff": "1",
        "contract_text": "other", "id": 5, "partner": 1, "callback": "x",
    }  # fmt: skip
    assert send(signed_in(cast.svetlana), cast, **extra).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.company, ticket.priority) == (cast.svetlana, cast.orbita, 2)
    assert (ticket.phase, ticket.responsible, ticket.details) == ("new", None, {})
    assert (ticket.category, ticket.channel, ticket.partner) == ("request", "portal", None)


def test_oversize_and_too_many_files_keep_the_rest(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    settings.FILE_LIMIT = 100
    client = signed_in(cast.svetlana)
    big = send(client, cast, files=[file("small.txt", 100), file("big.mp4", 101)])
    many = send(client, cast, files=[file(f"{number}.txt") for number in range(21)])
    empty = send(client, cast, files=[file("small.txt"), file("nothing.log", 0)])
    for response, words in (
        (big, "“big.mp4” is too large"),
        (many, "At most 20 files"),
        (empty, "“nothing.log” is empty."),
    ):
        page = html(response)
        assert response.status_code == 422
        assert page.count(words) == 2  # in the list on top, and at the field
        assert "Since <b>yesterday</b>\nevening</textarea>" in page
        assert "They must be chosen again." in page
    assert (Ticket.objects.count(), File.objects.count()) == (0, 0)


def test_sent_twice_it_is_one_ticket(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.svetlana)
    form = form_of(client, NEW, **filled(cast))
    answers = [client.post(NEW, form) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Ticket.objects.count() == 1
    assert "sent already" in html(client.get("/portal/"))
    corrected = client.post(NEW, form | {"subject": "Another"})
    assert (corrected.status_code, Ticket.objects.count()) == (302, 2)


def test_after_the_session_ended_all_can_be_sent_again(
    cast: Cast, kind: TicketType, signed_in: SignedIn
) -> None:
    typed = filled(
        cast, type=kind.pk, object=cast.site.pk, **{"details.model": "МК-8", "details.state": "hot"}
    )
    stranger = Client(enforce_csrf_checks=True)
    stranger.get("/sign-in/")
    secret = stranger.cookies["firstline_csrf"].value
    ended = stranger.post(NEW, typed | {"csrfmiddlewaretoken": secret})
    page = html(ended)
    assert ended.status_code == 401
    assert "Since <b>yesterday</b>\nevening</textarea>" in page
    assert 'value="The site is slow"' in page
    assert f'action="{NEW}"' in page
    visible = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("subject", "contract", "callback_name", "callback_phone")
    }
    again = hidden_fields(ended) | visible | {"text": typed["text"]}
    assert {name for name in again if name != "csrfmiddlewaretoken"} == set(typed)
    assert signed_in(cast.svetlana).post(NEW, again).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.type, ticket.object) == (kind, cast.site)
    assert ticket.details == {"model": "МК-8", "state": "hot"}


def test_who_may_come_here(cast: Cast, signed_in: SignedIn) -> None:
    for person in cast.staff:
        assert signed_in(person).get(NEW).status_code == 404
        assert signed_in(person).post(NEW, filled(cast)).status_code == 404
        assert signed_in(person).get(QUESTIONS).status_code == 404
    stranger = Client()
    assert stranger.get(NEW).status_code == 302
    assert stranger.post(NEW, filled(cast)).status_code == 401
    assert stranger.get(QUESTIONS).status_code == 302
    assert Ticket.objects.count() == 0


def test_no_department_no_form(cast: Cast, signed_in: SignedIn) -> None:
    Department.objects.update(is_active=False)
    page = html(signed_in(cast.svetlana).get(NEW))
    assert "Nobody takes tickets at the moment" in page
    assert '<form class="sheet' not in page
    assert send(signed_in(cast.svetlana), cast).status_code == 422
