"""Partners' desks as the platform sees them, and what is with the platform as a partner sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.people.models import Company, Partner, Person
from firstline.tickets import partners
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import html

SignIn = Callable[[Person], Client]


def test_the_platform_sees_that_somebody_waits_and_nothing_else(
    cast: Cast, signed_in: SignIn
) -> None:
    silent = open_by(cast.kirill, cast.hosting, "Scales secretsubject", "A secrettext")
    long_ago = timezone.now() - timedelta(minutes=cast.partner.silent_after_minutes + 1)
    Ticket.objects.update(waiting_since=long_ago)
    fresh = open_by(cast.kirill, cast.hosting, "Printer secretsubject", "A secrettext")
    answered = open_by(cast.kirill, cast.hosting, "Fax secretsubject", "A secrettext")
    reply(actor(cast.partner_agent), answered, Draft("Done?"), via="web")
    given = open_by(cast.kirill, cast.hosting, "Phone secretsubject", "A secrettext")
    hand_over(actor(cast.partner_agent), given, "Please", via="web")
    for name in ("anna", "boris", "observer"):
        page = html(signed_in(getattr(cast, name)).get("/partners/"))
        places = [page.index(one.number) for one in (silent, fresh, answered)]
        assert places == sorted(places)
        assert given.number not in page
        for word in ("secret", "Клиентов", "Клиника", "kirill@"):
            assert word not in page
        assert page.count("silent too long") == 1
        assert "Silent too long: 1" in page
        assert cast.partner_agent.name in page  # who answers the third
        assert f"/tickets/{silent.number}/" not in page


def test_who_may_read_them_gets_there(cast: Cast, signed_in: SignIn) -> None:
    ticket = open_by(cast.kirill, cast.hosting, "Scales secretsubject", "A secrettext")
    elsewhere = open_by(cast.kirill, cast.equipment, "Not hers secretsubject")
    page = html(signed_in(cast.supervisor).get("/partners/"))
    assert "Scales secretsubject" in page
    assert elsewhere.number in page
    assert "Not hers" not in page  # of another department
    assert "A secrettext" in html(signed_in(cast.supervisor).get(f"/tickets/{ticket.number}/"))
    assert "Not hers" in html(signed_in(cast.administrator).get("/partners/"))


def test_a_partner_sees_its_own_tickets_only(cast: Cast, signed_in: SignIn) -> None:
    other = Partner.objects.create(name="Чужой партнёр", own_first_line=True)
    Company.objects.filter(name="Зарница").update(partner=other)
    foreign = open_by(Person.objects.get(pk=cast.zlata.pk), cast.hosting, "Foreign")
    platforms = open_by(cast.svetlana, cast.hosting, "Platform's")
    own = open_by(cast.kirill, cast.hosting, "Own")
    hand_over(actor(cast.partner_agent), own, "Please", via="web")
    agent = signed_in(cast.partner_agent)
    assert agent.get("/partners/").status_code == 403
    assert agent.get(f"/partners/{other.pk}/").status_code == 403
    for address in ("/desk/", "/tickets/?state=all", "/handed-over/", "/tickets/?q=foreign"):
        page = html(agent.get(address))
        assert foreign.number not in page
        assert platforms.number not in page
        assert other.name not in page
    assert own.number in html(agent.get("/handed-over/"))
    assert signed_in(cast.anna).get("/handed-over/").status_code == 404


def test_a_partner_without_a_line_of_its_own_hands_nothing_over(
    cast: Cast, signed_in: SignIn
) -> None:
    Partner.objects.update(own_first_line=False)
    ticket = open_by(Person.objects.get(pk=cast.kirill.pk), cast.hosting)
    agent = signed_in(cast.partner_agent)
    page = html(agent.get("/handed-over/"))
    assert ticket.number not in page
    assert "Nothing is with the platform" in page
    shared = html(agent.get(f"/tickets/{ticket.number}/"))
    assert "line has this ticket" not in shared
    assert 'value="between"' not in shared
    claim(actor(cast.partner_agent), ticket, via="web")
    assert "No partner has a first line" in html(signed_in(cast.anna).get("/partners/"))
    assert signed_in(cast.anna).get(f"/partners/{cast.partner.pk}/").status_code == 404


def test_the_desk_goes_on_page_by_page(
    cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partners, "SIZE", 2)
    monkeypatch.setattr(partners, "FIRST", 1)
    tickets = [open_by(cast.kirill, cast.hosting, f"One {place}") for place in range(5)]
    for answered in tickets[:2]:
        reply(actor(cast.partner_agent), answered, Draft("Done?"), via="web")
    moment = timezone.now() - timedelta(hours=1)
    Ticket.objects.filter(pk__in=[one.pk for one in tickets[2:]]).update(waiting_since=moment)
    client, address = signed_in(cast.anna), f"/partners/{cast.partner.pk}/"
    index = html(client.get("/partners/"))
    assert "All 5 tickets of" in index
    seen, page = [], address
    for _step in range(3):
        text = html(client.get(page))
        seen.append([one.number for one in tickets if one.number in text])
        page = (
            address + text.split('rel="next" href="')[1].split('"')[0]
            if 'rel="next"' in text
            else ""
        )
    numbers = [one.number for one in tickets]
    assert seen == [numbers[2:4], [numbers[0], numbers[4]], numbers[1:2]]
    for nonsense in ("x", "support_x_1", "customer_2020-01-01T00:00:00+00:00_1", "_" * 9, "\0"):
        assert client.get(address, {"after": nonsense}).status_code == 200
        assert client.get("/partners/", {"after": nonsense}).status_code == 200


def test_the_queries_do_not_grow(cast: Cast, signed_in: SignIn) -> None:
    client, counts = signed_in(cast.supervisor), []
    for number in range(3):
        partner = Partner.objects.create(name=f"Partner {number}", own_first_line=True)
        cast.kirill.customer.company = Company.objects.create(name="One more", partner=partner)
        cast.kirill.customer.save()
        for _ticket in range(3):
            open_by(Person.objects.get(pk=cast.kirill.pk), cast.hosting)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/partners/").status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= 9


def test_partners_go_on_page_by_page(
    cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partners, "PARTNERS", 2)
    for name in ("A_1", "B", "B"):
        Partner.objects.create(name=name, own_first_line=True)
    client, page, seen = signed_in(cast.anna), "/partners/", 0
    for _step in range(2):
        text = html(client.get(page))
        seen += text.count('<section class="sheet')
        page = (
            "/partners/" + text.split('rel="next" href="')[1].split('"')[0]
            if 'rel="next"' in text
            else ""
        )
    assert (seen, page) == (4, "")
