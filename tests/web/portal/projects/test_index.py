"""The list of a customer's projects, each with what is open there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people.models import Person, Project
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import close
from firstline.tickets.messages import Draft
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
CARD = re.compile(r'<a class="card" href="/portal/projects/([^/]+)/">')
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def identifiers(client: Client, address: str = "/portal/projects/") -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return CARD.findall(html(response))


def test_members_and_the_owner_see_it(cast: Cast, signed_in: SignedIn) -> None:
    for person in cast.customers:
        inside = person in (cast.svetlana, cast.pyotr)
        assert identifiers(signed_in(person)) == (["orbita-shop"] if inside else [])
    assert "You belong to no project" in html(signed_in(cast.zlata).get("/portal/projects/"))
    cast.project.members.clear()
    assert identifiers(signed_in(cast.svetlana)) == ["orbita-shop"]
    assert identifiers(signed_in(cast.pyotr)) == []


def test_staff_and_strangers(cast: Cast, signed_in: SignedIn) -> None:
    assert Client().get("/portal/projects/").status_code == 302
    for person in cast.staff:
        assert signed_in(person).get("/portal/projects/").status_code == 404


def test_what_is_open_and_what_waits(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast.pyotr)
    assert "No open tickets" in html(client.get("/portal/projects/"))
    first, second = (open_by(cast.svetlana, cast.hosting, project=cast.project) for _ in range(2))
    open_by(cast.svetlana, cast.hosting)
    close(actor(cast.svetlana), first, via="portal")
    assert "1 open ticket<" in html(client.get("/portal/projects/"))
    alert(actor(cast.anna), cast.project, "complaint", "Spam", Draft("Stop it"), via="web")
    page = html(client.get("/portal/projects/"))
    assert "2 open tickets<" in page
    assert "1 alert without an answer<" in page
    monkeypatch.setattr("firstline.tickets.queue.COUNT_LIMIT", 1)
    assert "1+ open ticket" in html(client.get("/portal/projects/"))
    assert second.project_id == cast.project.pk


def test_many_projects_come_in_pages(
    cast: Cast,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    monkeypatch.setattr("firstline.web.portal.projects.index.MOST", 3)
    client, costs = signed_in(cast.svetlana), []
    for upto in (2, 5):
        for number in range(Project.objects.count(), upto):
            owner = {"owner": cast.svetlana, "company": cast.orbita}
            Project.objects.create(identifier=f"p-{number}", name=f"Project {number}", **owner)
        with django_assert_max_num_queries(8) as seen:  # type: ignore[attr-defined]
            found = identifiers(client)
        costs.append(len(seen))
    assert found == ["orbita-shop", "p-1", "p-2"]
    (following,) = NEXT.findall(html(client.get("/portal/projects/")))
    assert identifiers(client, f"/portal/projects/{following}") == ["p-3", "p-4"]
    assert costs[0] == costs[1]


@pytest.mark.parametrize("after", ["%00", "'", "я" * 3000, "%ED%A0%80", "&after=x"])
def test_odd_keys_are_no_failure(cast: Cast, signed_in: SignedIn, after: str) -> None:
    assert signed_in(cast.svetlana).get(f"/portal/projects/?after={after}").status_code == 200
