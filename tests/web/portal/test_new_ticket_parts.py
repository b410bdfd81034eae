"""What htmx asks for when a choice changes, the same without JavaScript, and what it costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.people.models import Person
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.models import Department, Ticket, TicketType
from tests.cast import Cast
from tests.web.pages import html
from tests.web.portal.filling import NEW, QUESTIONS, filled, repair

SignedIn = Callable[[Person], Client]


@pytest.fixture
def kind(cast: Cast) -> TicketType:
    return repair(cast)


def part(client: Client, **query: Any) -> str:
    headers = {"HX-Request": "true", "HX-Target": "questions"}
    response = client.get(QUESTIONS, query, headers=headers)
    assert response.status_code == 200
    page = html(response)
    assert "<html" not in page
    return page


def test_fields_follow_the_type_and_keep_what_was_typed(
    cast: Cast, kind: TicketType, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    typed = {"details.model": "МК-8", "details.state": "hot"}
    page = part(client, type=kind.pk, **typed)
    assert 'name="details.model" maxlength="1000" autocomplete="off" value="МК-8" required' in page
    assert '<option value="hot" selected>Hot</option>' in page
    assert 'type="date"' in page
    assert "details." not in part(client, type="")


def test_without_javascript_the_page_comes_with_all_that_was_typed(
    cast: Cast, kind: TicketType, signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    response = client.post(QUESTIONS, filled(cast, type=kind.pk))
    page = html(response)
    assert response.status_code == 200
    assert 'id="details.model"' in page
    assert 'value="The site is slow"' in page
    assert 'class="errors"' not in page
    assert Ticket.objects.count() == 0


def test_the_part_alone_is_no_page(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.svetlana).get(QUESTIONS).headers["Location"] == NEW


def test_htmx_gets_the_form_alone_and_is_sent_on(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.svetlana)
    headers = {"HX-Request": "true", "HX-Target": "new-ticket"}
    refused = client.post(NEW, filled(cast, subject=""), headers=headers)
    assert refused.status_code == 422
    assert html(refused).startswith('<form class="sheet')
    sent = client.post(NEW, filled(cast), headers=headers)
    assert sent.status_code == 204
    assert sent.headers["HX-Redirect"] == f"/portal/?new={Ticket.objects.get().number}"
    ended = Client().post(NEW, filled(cast), headers=headers)
    assert (ended.status_code, ended.headers["HX-Retarget"]) == (401, "body")


def test_the_number_of_queries_is_fixed(cast: Cast, kind: TicketType, signed_in: SignedIn) -> None:
    client, counts = signed_in(cast.svetlana), []
    client.get(NEW)
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(NEW, {"type": kind.pk, "object": cast.site.pk})
        counts.append(len(queries))
        for number in range(turn * 10, turn * 10 + 5):
            Contract.objects.create(number=f"N-{number}", company=cast.orbita)
            site = ServiceObject.objects.create(name=f"Корпус {number}", company=cast.orbita)
            Equipment.objects.create(model="МК-9", company=cast.orbita, site=site)
            other = TicketType.objects.create(names={"en": f"Type {number}"})
            other.fields.create(key="one", names={"en": "One"})
    assert counts[0] == counts[1] <= 11


def test_one_department_is_chosen_already(cast: Cast, signed_in: SignedIn) -> None:
    Department.objects.filter(pk=cast.equipment.pk).update(is_active=False)
    page = html(signed_in(cast.svetlana).get(NEW))
    assert f'<option value="{cast.hosting.pk}" selected>' in page


def test_an_address_may_name_what_is_chosen(cast: Cast, signed_in: SignedIn) -> None:
    chosen: dict[str, Any] = {
        "department": cast.hosting.pk,
        "object": cast.site.pk,
        "equipment": cast.machine.pk,
    }
    page = html(signed_in(cast.svetlana).get(NEW, {**chosen, "subject": "<b>"}))
    for key in chosen.values():
        assert re.search(f'<option value="{key}"[^>]* selected>', page)
    assert 'value="<b>"' not in page
    assert signed_in(cast.svetlana).get(NEW, {"object": "\x00'", "type": "٣"}).status_code == 200
