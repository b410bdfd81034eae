"""The list of alerts and the receipts of one (cap 93, 99, product 11.9)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.actions.acknowledge import acknowledge, receive
from firstline.tickets.actions.alert import alert
from firstline.tickets.messages import Draft
from firstline.tickets.models import Alert, Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignedIn = Callable[[Person], Client]


def tell(cast: Cast, title: str, type: str = "information", by: Any = None) -> Ticket:
    said = (type, title, Draft("Read this."))
    ticket = alert(actor(by or cast.anna), cast.project, *said, via="web", department=cast.hosting)
    return Ticket.objects.select_related("alert").get(pk=ticket.pk)


def titles(client: Client, query: str = "") -> list[str]:
    page = html(client.get(f"/alerts/{query}"))
    return re.findall(r'class="register__subject" href="[^"]+">([^<]+)<', page)


def test_the_newest_first_narrowed_by_each_filter(cast: Cast, signed_in: SignedIn) -> None:
    read = tell(cast, "Read")
    late = tell(cast, "Late", "complaint")
    tell(cast, "New", "suspicious", cast.supervisor)
    acknowledge(actor(cast.pyotr), read, via="portal")
    Alert.objects.filter(pk=late.pk).update(acknowledge_by=timezone.now() - timedelta(hours=1))
    client = signed_in(cast.anna)
    assert titles(client) == ["New", "Late", "Read"]
    assert titles(client, "?type=complaint") == ["Late"]
    assert titles(client, "?state=acknowledged") == ["Read"]
    assert titles(client, "?state=waiting") == ["New", "Late"]
    assert titles(client, "?state=overdue") == ["Late"]
    assert titles(client, f"?sender={cast.supervisor.pk}") == ["New"]
    assert titles(client, "?project=orbita-shop&type=suspicious") == ["New"]
    assert titles(client, "?project=nowhere") == []
    assert titles(client, "?type=x&state=x&sender=x&after=x&project=") == ["New", "Late", "Read"]
    assert "Overdue since" in html(client.get("/alerts/?state=overdue"))


def test_pages_by_key_at_a_fixed_cost(cast: Cast, signed_in: SignedIn) -> None:
    cast.anna.page_size = 5
    cast.anna.save()
    client, costs = signed_in(cast.anna), []
    for upto in (3, 12):
        for number in range(Alert.objects.count(), upto):
            tell(cast, f"{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get("/alerts/")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12
    found, address = [], "?type=information"
    while address:
        found.append(titles(client, address))
        following = re.search(r'rel="next" href="([^"]+)"', html(client.get(f"/alerts/{address}")))
        address = following[1] if following else ""
    assert found == [["11", "10", "9", "8", "7"], ["6", "5", "4", "3", "2"], ["1", "0"]]


def test_who_got_it_opened_it_and_acknowledged_it(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    ticket = tell(cast, "Works")
    settle()
    receive(actor(cast.svetlana), ticket)
    acknowledge(actor(cast.pyotr), ticket, via="portal")
    OutgoingMail.objects.filter(recipient=cast.svetlana.email).update(
        state="parked", problem="550 no such user"
    )
    client = signed_in(cast.anna)
    row = html(client.get("/alerts/"))
    assert "Delivered: 0 of 2, kept as files: 1, failed: 1" in row
    page = html(client.get(f"/alerts/{ticket.number}/"))
    assert "kept as a file" in page
    assert "delivered " not in page
    OutgoingMail.objects.filter(recipient=cast.pyotr.email).update(server="mx.desk.example:25")
    row = html(client.get("/alerts/"))
    assert "Delivered: 1 of 2, failed: 1" in row
    assert "opened 2, acknowledged 1" in row
    page = html(client.get(f"/alerts/{ticket.number}/"))
    people = dict(re.findall(r"<td><b>([^<]+)</b>(.*?)</tr>", page, re.DOTALL))
    assert people.keys() == {cast.svetlana.name, cast.pyotr.name}
    assert "failed: there is no such address (“550 no such user”)" in people[cast.svetlana.name]
    assert people[cast.svetlana.name].count("not yet") == 1
    assert "delivered " in people[cast.pyotr.name]
    assert "not yet" not in people[cast.pyotr.name]


def test_who_left_the_project_stays_in_the_receipts(
    cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    ticket = tell(cast, "Works")
    settle()
    cast.project.members.clear()
    page = html(signed_in(cast.anna).get(f"/alerts/{ticket.number}/"))
    assert cast.pyotr.name in page


def test_a_ticket_that_is_no_alert_has_no_receipts(cast: Cast, signed_in: SignedIn) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    assert signed_in(cast.anna).get(f"/alerts/{ticket.number}/").status_code == 404


def test_the_ticket_at_the_desk_leads_to_them(cast: Cast, signed_in: SignedIn) -> None:
    ticket = tell(cast, "Works")
    page = html(signed_in(cast.anna).get(f"/tickets/{ticket.number}/"))
    assert f'href="/alerts/{ticket.number}/"' in page


@pytest.mark.parametrize("who", ["anna", "observer"])
def test_only_who_may_send_has_the_button(cast: Cast, signed_in: SignedIn, who: str) -> None:
    page = html(signed_in(getattr(cast, who)).get("/alerts/"))
    assert ("data-opens-window" in page) == (who == "anna")
