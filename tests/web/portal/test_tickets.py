"""The list of a customer's tickets: theirs, in views, orders and pages, at a fixed cost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from firstline.people import portals
from firstline.people.models import Person
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.move import close, move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by, resolve_by
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
ROW = re.compile(r'data-at="number">([^<]+)<')
NEXT = re.compile(r'rel="next" href="([^"]+)"')
COUNTS = re.compile(r'class="count">([^<]+)<')
COLUMNS = ("number", "subject", "status", "priority", "department", "created", "updated")


def numbers(client: Client, address: str = "/portal/?state=all") -> list[str]:
    """The numbers in the rows of a page."""
    response = client.get(address)
    assert response.status_code == 200
    return ROW.findall(html(response))


def walk(client: Client, address: str) -> list[list[str]]:
    """The numbers of a whole list, page by page."""
    path, pages = address.partition("?")[0], []
    while address:
        pages.append(numbers(client, address))
        following = NEXT.findall(html(client.get(address)))
        address = f"{path}{following[0]}" if following else ""
    return pages


def hrefs(page: str, label: str) -> list[str]:
    """Where the links lead whose text begins with a label."""
    return re.findall(rf'<a[^>]* href="([^"]+)"[^>]*>{label}', page)


def pages_of(person: Person, size: int) -> None:
    Person.objects.filter(pk=person.pk).update(page_size=size)


@pytest.fixture
def mixed(cast: Cast) -> list[Ticket]:
    """Eleven tickets of Svetlana's that tie in every column but the number."""
    subjects = ("яблоко", "Ёлка", "apple", "Яблоко", "Zebra", "ёлка", "apple", "Б", "а", "б", "А")
    tickets = []
    for place, subject in enumerate(subjects):
        department = cast.equipment if place % 3 else cast.hosting
        tickets.append(open_by(cast.svetlana, department, subject, priority=1 + place % 2))
    for ticket in tickets[::4]:
        agent = cast.anna if ticket.department == cast.hosting else cast.boris
        reply(actor(agent), ticket, Draft("One moment"), via="web")
    for ticket in tickets[1:3]:
        move(actor(cast.boris), ticket, "closed", via="web")
    moment = timezone.now()
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets[3:8]]).update(
        created_at=moment, updated_at=moment
    )
    return tickets


def test_a_stranger_is_led_to_the_sign_in(cast: Cast, ticket: Ticket) -> None:
    assert Client().get("/portal/").headers["Location"] == "/sign-in/?next=%2Fportal%2F"


def test_staff_have_no_portal(cast: Cast, signed_in: SignedIn) -> None:
    for person in cast.staff:
        assert signed_in(person).get("/portal/").status_code == 404


class TestScopes:
    def test_everybody_begins_with_their_own(self, cast: Cast, signed_in: SignedIn) -> None:
        tickets = {
            person.pk: open_by(person, cast.hosting, f"Subject of {person.pk}")
            for person in cast.customers
        }
        for person in cast.customers:
            assert numbers(signed_in(person)) == [tickets[person.pk].number]

    def test_who_may_switches_to_the_company(self, cast: Cast, signed_in: SignedIn) -> None:
        tickets = {
            person: open_by(person, cast.hosting, f"Subject of {person.pk}").number
            for person in cast.customers
        }
        page = html(signed_in(cast.vera).get("/portal/?state=all&order=-priority"))
        assert hrefs(page, "Company tickets") == ["?scope=company&state=all&order=-priority"]
        seen = numbers(signed_in(cast.vera), "/portal/?scope=company")
        assert set(seen) == {tickets[one] for one in (cast.svetlana, cast.pyotr, cast.vera)}
        page = html(signed_in(cast.vera).get("/portal/?scope=company"))
        assert '<h1 class="page__title">Company tickets</h1>' in page
        assert 'href="?" >My tickets' in page or 'href="?">My tickets' in page

    def test_others_have_no_switch_and_cannot_force_it(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        mine = open_by(cast.svetlana, cast.hosting)
        open_by(cast.pyotr, cast.hosting)
        for scope in ("company", "project", "all", "%00", "company' OR 1=1"):
            client = signed_in(cast.svetlana)
            assert numbers(client, f"/portal/?state=all&scope={scope}") == [mine.number]
            assert "Company tickets" not in html(client.get("/portal/"))

    def test_a_right_that_was_taken_away_is_gone_at_once(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn
    ) -> None:
        client = signed_in(cast.vera)
        assert numbers(client, "/portal/?scope=company") == [ticket.number]
        cast.vera.customer.sees_company = False
        cast.vera.customer.save()
        assert numbers(client, "/portal/?scope=company") == []

    def test_a_boss_without_a_company_sees_no_strangers(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn
    ) -> None:
        Ticket.objects.update(company=None)
        cast.vera.customer.company = None
        cast.vera.customer.save()
        assert numbers(signed_in(cast.vera), "/portal/?scope=company&state=all") == []

    def test_a_colleagues_ticket_shows_who_asked(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn
    ) -> None:
        page = html(signed_in(cast.vera).get("/portal/?scope=company"))
        assert "Светлана Иванова: It says 502" in page
        assert "Светлана Иванова: " not in html(signed_in(cast.svetlana).get("/portal/"))


class TestViews:
    def test_they_part_open_from_closed(
        self, cast: Cast, boxed: Ticket, signed_in: SignedIn
    ) -> None:
        done = open_by(cast.svetlana, cast.hosting, "Done")
        resolve_by(cast.anna, done)
        client = signed_in(cast.svetlana)
        assert numbers(client, "/portal/") == [boxed.number]
        assert numbers(client, "/portal/?state=closed") == [done.number]
        assert set(numbers(client)) == {boxed.number, done.number}
        assert numbers(client, "/portal/?state=nonsense") == [boxed.number]
        page = html(client.get("/portal/"))
        assert COUNTS.findall(page) == ["2", "1", "1"]

    def test_counts_stop_where_nobody_counts(
        self, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("firstline.web.portal.tickets.asked.COUNTED", 3)
        for number in range(4):
            open_by(cast.svetlana, cast.hosting, f"Ticket {number}")
        page = html(signed_in(cast.svetlana).get("/portal/"))
        assert COUNTS.findall(page) == ["3+", "3+", "0"]

    def test_a_ticket_that_waits_for_the_reader_stands_out(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn
    ) -> None:
        client = signed_in(cast.svetlana)
        assert "data-unread" not in html(client.get("/portal/"))
        reply(actor(cast.anna), ticket, Draft("Which browser?"), via="web")
        assert "data-unread" in html(client.get("/portal/"))
        close(actor(cast.svetlana), ticket, via="portal")
        assert "data-unread" not in html(client.get("/portal/?state=all"))

    def test_the_status_is_named_for_customers(
        self, cast: Cast, boxed: Ticket, signed_in: SignedIn
    ) -> None:
        reply(actor(cast.boris), boxed, Draft("Which lamp?"), via="web")
        page = html(signed_in(cast.svetlana).get("/portal/"))
        assert "Answered" in page
        assert "Waiting" not in page

    def test_an_empty_list_says_why(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.svetlana)
        page = html(client.get("/portal/"))
        assert "No tickets yet" in page
        assert page.count('href="/portal/tickets/new/"') >= 2
        ticket = open_by(cast.svetlana, cast.hosting)
        assert "No closed tickets" in html(client.get("/portal/?state=closed"))
        assert hrefs(html(client.get("/portal/?state=closed")), "Open tickets") == ["?"]
        close(actor(cast.svetlana), ticket, via="portal")
        page = html(client.get("/portal/"))
        assert "No open tickets" in page
        assert hrefs(page, "All tickets") == ["?state=all"]
        assert "No tickets yet" not in page

    def test_the_new_ticket_is_marked(self, cast: Cast, signed_in: SignedIn) -> None:
        open_by(cast.svetlana, cast.hosting, "Another")
        ticket = open_by(cast.svetlana, cast.hosting, "The new one")
        client = signed_in(cast.svetlana)
        page = html(client.get(f"/portal/?new={ticket.number}"))
        marked = re.findall(r'<tr role="row" aria-current="true".*?</tr>', page, re.DOTALL)
        assert len(marked) == 1
        assert "The new one" in marked[0]
        assert re.search(r"</svg>New</b>", marked[0])
        for odd in ("SR99999999", "%00", "<script>", "%27", "SR" * 3000):
            assert '<tr role="row" aria-current' not in html(client.get(f"/portal/?new={odd}"))


class TestOrders:
    @pytest.mark.parametrize("sign", ["", "-"])
    @pytest.mark.parametrize("column", COLUMNS)
    @pytest.mark.parametrize("state", ["all", "open", "closed"])
    def test_pages_hold_each_ticket_once(
        self,
        cast: Cast,
        mixed: list[Ticket],
        signed_in: SignedIn,
        column: str,
        sign: str,
        state: str,
    ) -> None:
        wanted = {"all": (0, 1), "open": (1,), "closed": (0,)}[state]
        every = {t.number for t in Ticket.objects.filter(is_open__in=wanted)}
        client = signed_in(cast.svetlana)
        whole = numbers(client, f"/portal/?state={state}&order={sign}{column}")
        pages_of(cast.svetlana, 3)
        pages = walk(client, f"/portal/?state={state}&order={sign}{column}")
        assert all(len(page) == 3 for page in pages[:-1])
        assert [number for page in pages for number in page] == whole
        assert len(whole) == len(every)
        assert set(whole) == every

    @pytest.mark.parametrize("column", COLUMNS)
    def test_an_order_turned_round_is_the_other_way_round(
        self, cast: Cast, mixed: list[Ticket], signed_in: SignedIn, column: str
    ) -> None:
        client = signed_in(cast.svetlana)
        up = numbers(client, f"/portal/?state=all&order={column}")
        assert numbers(client, f"/portal/?state=all&order=-{column}") == up[::-1]

    def test_what_they_mean(self, cast: Cast, mixed: list[Ticket], signed_in: SignedIn) -> None:
        client, by_number = signed_in(cast.svetlana), {t.number: t for t in Ticket.objects.all()}

        def read(column: str) -> list[Ticket]:
            found = numbers(client, f"/portal/?state=all&order={column}")
            return [by_number[number] for number in found]

        subjects = [ticket.subject.casefold() for ticket in read("subject")]
        assert subjects == sorted(subjects)
        assert [ticket.priority for ticket in read("priority")] == [1] * 6 + [2] * 5
        names = [ticket.department.label for ticket in read("department")]
        assert names == ["Equipment"] * 7 + ["Hosting"] * 4
        phases = [ticket.phase for ticket in read("status")]
        places = ["new", "open", "waiting", "deferred", "resolved", "closed"]
        assert phases == sorted(phases, key=places.index)
        assert read("created") == sorted(by_number.values(), key=lambda t: (t.created_at, t.pk))

    def test_departments_stand_in_the_alphabet_of_the_reader(
        self, cast: Cast, mixed: list[Ticket], signed_in: SignedIn
    ) -> None:
        Person.objects.filter(pk=cast.svetlana.pk).update(language="ru")
        found = numbers(signed_in(cast.svetlana), "/portal/?state=all&order=department")
        first = Ticket.objects.get(number=found[0])
        assert first.department.names["ru"] == "Оборудование"

    def test_a_press_on_the_order_turns_it_round(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn
    ) -> None:
        client = signed_in(cast.svetlana)
        page = html(client.get("/portal/"))
        assert 'aria-sort="descending"><a href="?order=updated">Updated' in page
        for name, order in zip(("Number", "Subject", "Status"), COLUMNS, strict=False):
            sign = "-" if order == "number" else ""
            assert f'<a href="?order={sign}{order}">{name}' in page
        page = html(client.get("/portal/?order=updated"))
        assert 'aria-sort="ascending"><a href="?order=-updated">Updated' in page
        assert len(re.findall("aria-sort", page)) == 1

    def test_more_than_can_be_sorted_is_told(
        self, cast: Cast, mixed: list[Ticket], signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client, told = signed_in(cast.svetlana), "only the newest are shown here"
        assert told not in html(client.get("/portal/?state=all&order=subject"))
        monkeypatch.setattr("firstline.tickets.pages.MOST_SORTED", 4)
        newest = Ticket.objects.order_by("-updated_at", "-pk")[:4]
        page = html(client.get("/portal/?state=all&order=subject"))
        assert told in page
        assert set(ROW.findall(page)) == {ticket.number for ticket in newest}
        assert told not in html(client.get("/portal/?state=all&order=-created"))

    def test_the_next_page_keeps_what_was_asked_for(
        self, cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
    ) -> None:
        pages_of(cast.vera, 1)
        for subject in ("The site", "The site again"):
            resolve_by(cast.anna, open_by(cast.svetlana, cast.hosting, subject))
        settle()
        asked = "scope=company&q=site&from=2020-01-01&to=2190-01-01&state=closed&order=-subject"
        page = html(signed_in(cast.vera).get(f"/portal/?{asked}"))
        assert "The site again" in page
        (following,) = NEXT.findall(page)
        assert following.startswith(f"?{asked}&after=")
        assert ROW.findall(html(signed_in(cast.vera).get(f"/portal/{following}"))) == ["SR00000001"]


class TestAlerts:
    def tell(self, cast: Cast, title: str = "The ports are closed") -> Ticket:
        draft = Draft("On Saturday from 02:00.")
        return alert(actor(cast.anna), cast.project, "suspicious", title, draft, via="web")

    def test_they_stand_above_the_list_until_somebody_answers(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        ticket = self.tell(cast)
        for person in (cast.svetlana, cast.pyotr):
            page = html(signed_in(person).get("/portal/"))
            assert "<b>Suspicious activity.</b> The ports are closed" in page
            assert hrefs(page, "Read and answer") == [f"/portal/tickets/{ticket.number}/"]
        for person in (cast.vera, cast.zlata):
            assert "The ports are closed" not in html(signed_in(person).get("/portal/"))
        reply(actor(cast.pyotr), ticket, Draft("Thank you"), via="portal")
        assert "Read and answer" not in html(signed_in(cast.svetlana).get("/portal/"))

    def test_two_and_a_way_to_the_others(self, cast: Cast, signed_in: SignedIn) -> None:
        for number in range(3):
            self.tell(cast, f"Alert {number}")
        page = html(signed_in(cast.pyotr).get("/portal/"))
        assert page.count("Read and answer") == 2
        assert hrefs(page, "More alerts") == ["/portal/projects/orbita-shop/"]

    def test_the_owners_list_holds_them(self, cast: Cast, signed_in: SignedIn) -> None:
        ticket = self.tell(cast)
        assert numbers(signed_in(cast.svetlana), "/portal/") == [ticket.number]
        assert numbers(signed_in(cast.pyotr)) == []


@pytest.mark.parametrize(
    "question",
    [
        "after=x", "after=1_2_3", "after=%00", "after=" + "9" * 60, "order=id;drop", "state[]=1",
        "q=%00", "q=%27%22%29%20OR%201%3D1", "q=" + "a" * 3000, "q=*", "q=%F0%9F%92%A9",
        "order=--subject", "order=-", "order=requester__password", "order=%00", "state=%00",
        "order=subject&after=99999999999999999999", "order=subject&after=-1", "order=subject&after=%00",
        "order=-created&after=0001-01-01T00:00:00%2B05:00_1", "order=created&after=9999-99-99_1",
        "order=updated&after=2026-01-01T00:00:00_1", "order=-priority&after=x_1", "scope=mine",
        "from=x", "to=%00", "from=0001-01-01", "to=9999-12-31", "from=2026-02-30", "from=-1&to=-1",
        "from=%27%3B--", "from=2026-05-05&to=2026-05-04", "from=" + "9" * 3000, "q=a&from=x&order=%2D",
        "from=2026-01-01&order=subject&after=1", "new=%00", "scope=%ED%A0%80", "q=%ED%A0%80", "from=%ED%A0%80",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_failure(
    cast: Cast, ticket: Ticket, signed_in: SignedIn, question: str
) -> None:
    assert signed_in(cast.svetlana).get(f"/portal/?{question}").status_code == 200


def test_the_list_costs_the_same_however_long(
    cast: Cast,
    signed_in: SignedIn,
    settle: Callable[[], None],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    """At most 10 queries, as many for 200 rows as for 5 (product 6.2)."""
    client, told = signed_in(cast.vera), Draft("Read this")
    cast.project.members.add(cast.vera)
    pages_of(cast.vera, 250)
    alert(actor(cast.anna), cast.project, "information", "The site", told, via="web")
    scopes = ["", *(f"&scope=company{more}" for more in ("", "&q=site", "&q=SR0000"))]
    scopes.append("&scope=company&from=2020-01-01")
    orders = ("", "&order=-subject", "&order=status", "&order=department", "&order=number")
    costs: list[dict[str, int]] = []
    for wanted in (5, 200):
        while Ticket.objects.count() < wanted:
            place = Ticket.objects.count()
            person = (cast.svetlana, cast.pyotr, cast.vera)[place % 3]
            open_by(person, (cast.hosting, cast.equipment)[place % 2], "The site")
        settle()
        cost = {}
        for asked in (scope + order for scope in scopes for order in orders):
            portals.at("testserver")  # remembered for some seconds only
            with django_assert_max_num_queries(10) as seen:  # type: ignore[attr-defined]
                found = numbers(client, f"/portal/?state=all{asked}")
            assert len(found) == wanted or "company" not in asked
            cost[asked] = len(seen)
        costs.append(cost)
    assert costs[0] == costs[1]
