"""The Support section of a project: its alerts and its tickets, for its people only (cap 99)."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from firstline.people import portals
from firstline.people.models import Person, Project
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import close
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import html
from tests.web.portal.test_tickets import COUNTS, numbers

SignedIn = Callable[[Person], Client]
ADDRESS = "/portal/projects/orbita-shop/"


def tell(cast: Cast, title: str = "The ports are closed", kind: str = "suspicious") -> Ticket:
    """An alert of Anna's to the project."""
    return alert(actor(cast.anna), cast.project, kind, title, Draft("Read this."), via="web")


def test_members_and_the_owner_only(cast: Cast, signed_in: SignedIn) -> None:
    codes = {
        one.name: signed_in(one).get(ADDRESS).status_code for one in (*cast.customers, *cast.staff)
    }
    inside = {cast.svetlana.name, cast.pyotr.name}
    assert codes == {name: 200 if name in inside else 404 for name in codes}
    assert Client().get(ADDRESS).status_code == 302
    cast.project.members.clear()
    assert signed_in(cast.svetlana).get(ADDRESS).status_code == 200
    assert signed_in(cast.pyotr).get(ADDRESS).status_code == 404


def test_a_foreign_project_looks_like_none(cast: Cast, signed_in: SignedIn) -> None:
    client, token = signed_in(cast.zlata), "csrfmiddlewaretoken"
    pages = [html(client.get(path)) for path in (ADDRESS, "/portal/projects/nowhere/")]
    foreign, none = ([line for line in page.splitlines() if token not in line] for page in pages)
    assert foreign == none


def test_its_tickets_whoever_asked(cast: Cast, signed_in: SignedIn) -> None:
    other = Project.objects.create(identifier="other", name="Other", owner=cast.svetlana)
    ours = [open_by(one, cast.hosting, project=cast.project) for one in (cast.svetlana, cast.pyotr)]
    open_by(cast.svetlana, cast.hosting)
    open_by(cast.svetlana, cast.hosting, project=other)
    close(actor(cast.svetlana), ours[0], via="portal")
    client = signed_in(cast.pyotr)
    assert numbers(client, ADDRESS) == [ours[1].number]
    assert numbers(client, f"{ADDRESS}?state=closed") == [ours[0].number]
    assert COUNTS.findall(html(client.get(ADDRESS))) == ["2", "1", "1"]
    for asked in ("state=all&order=number", "scope=company&state=all&order=number"):
        assert numbers(client, f"{ADDRESS}?{asked}") == [one.number for one in ours]


def test_nothing_here_yet(cast: Cast, signed_in: SignedIn) -> None:
    page = html(signed_in(cast.svetlana).get(ADDRESS))
    assert "No tickets in this project yet" in page
    assert '<h2 id="alerts">' not in page


def test_its_alerts_with_their_type_and_state(cast: Cast, signed_in: SignedIn) -> None:
    answered, closed = tell(cast, "One", "complaint"), tell(cast, "Two", "information")
    waiting = tell(cast, "Three")
    reply(actor(cast.pyotr), answered, Draft("We are sorry"), via="portal")
    Ticket.objects.filter(pk=closed.pk).update(phase="closed")
    page = html(signed_in(cast.svetlana).get(ADDRESS))
    found = re.findall(r'<li class="sheet">(.*?)</li>', page, re.DOTALL)
    assert len(found) == 3
    for text, title, kind, state in zip(
        found,
        ("Three", "Two", "One"),
        ("Suspicious activity", "Information", "Complaint"),
        ("Read and answer", "Closed without an answer", "Answered, "),
        strict=True,
    ):
        assert title in text
        assert kind in text
        assert state in text
    assert f"/portal/tickets/{waiting.number}/" in found[0]


def test_older_alerts_have_a_page_of_their_own(cast: Cast, signed_in: SignedIn) -> None:
    for number in range(7):
        tell(cast, f"Alert {number}")
    client = signed_in(cast.svetlana)
    page = html(client.get(ADDRESS))
    titles = re.compile(r'<p><a class="register__subject"[^>]*>(Alert \d)')
    assert titles.findall(page) == [f"Alert {number}" for number in (6, 5, 4, 3, 2)]
    (older,) = re.findall(r'href="(\?alerts=\d+)"', page)
    page = html(client.get(ADDRESS + older))
    assert titles.findall(page) == ["Alert 1", "Alert 0"]
    assert "Newest alerts" in page


def test_search_stays_in_the_project(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    inside = open_by(cast.pyotr, cast.hosting, "An invoice", project=cast.project)
    open_by(cast.svetlana, cast.hosting, "An invoice")
    settle()
    assert numbers(signed_in(cast.svetlana), f"{ADDRESS}?q=invoice") == [inside.number]


def test_an_alert_is_found_by_its_words(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    ticket = tell(cast)
    settle()
    assert numbers(signed_in(cast.pyotr), f"{ADDRESS}?q=ports") == [ticket.number]


@pytest.mark.parametrize(
    "identifier", ["%00", "x%27", "я" * 300, "..%2F..", "%ED%A0%80", "ORBITA-SHOP "]
)
def test_odd_identifiers_are_nothing(cast: Cast, signed_in: SignedIn, identifier: str) -> None:
    assert signed_in(cast.svetlana).get(f"/portal/projects/{identifier}/").status_code == 404


@pytest.mark.parametrize(
    "asked", ["alerts=x", "alerts=%00", "alerts=" + "9" * 40, "after=x&from=x"]
)
def test_odd_questions_are_no_failure(cast: Cast, signed_in: SignedIn, asked: str) -> None:
    assert signed_in(cast.svetlana).get(f"{ADDRESS}?{asked}").status_code == 200


def test_it_costs_the_same_however_long(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client, costs = signed_in(cast.pyotr), []
    Person.objects.filter(pk=cast.pyotr.pk).update(page_size=250)
    for wanted in (5, 200):
        while Ticket.objects.count() < wanted:
            if Ticket.objects.count() % 10:
                open_by(cast.svetlana, cast.hosting, project=cast.project)
            else:
                tell(cast)
        portals.at("testserver")
        with django_assert_max_num_queries(10) as seen:  # type: ignore[attr-defined]
            assert len(numbers(client, f"{ADDRESS}?state=all&order=status")) == wanted
        costs.append(len(seen))
    assert costs[0] == costs[1]
