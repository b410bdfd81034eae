"""Finding one's own tickets: by number, subject, words, and the days of opening (product 6.5)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from firstline.base import clock
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import Cast, open_by
from tests.web.pages import html
from tests.web.portal.test_tickets import NEXT, hrefs, numbers, pages_of

SignedIn = Callable[[Person], Client]
VALUE = re.compile(r'id="(from|to)" type="(\w+)" name="\w+" value="([^"]*)"')


def opened_at(person: Person, cast: Cast, moment: str, subject: str = "The site") -> str:
    """A ticket opened at a moment in UTC; its number."""
    with clock.at(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        return open_by(person, cast.hosting, subject).number


def live_in(person: Person, zone: str) -> None:
    Person.objects.filter(pk=person.pk).update(time_zone=zone)


class TestWords:
    def test_own_tickets_by_number_subject_and_words(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn, settle: Callable[[], None]
    ) -> None:
        other = open_by(cast.svetlana, cast.hosting, "An invoice", "Please send it once more")
        foreign = open_by(cast.zlata, cast.hosting, "An invoice", "Please send it once more")
        settle()
        client = signed_in(cast.svetlana)
        assert numbers(client, f"/portal/?q={ticket.number}") == [ticket.number]
        assert numbers(client, "/portal/?q=invoice") == [other.number]
        assert numbers(client, "/portal/?q=502") == [ticket.number]
        assert numbers(client, f"/portal/?q={foreign.number}") == []
        assert "Nothing found" in html(client.get("/portal/?q=nowhere"))

    def test_it_stays_in_its_scope(
        self, cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
    ) -> None:
        mine = open_by(cast.vera, cast.hosting, "An invoice").number
        others = open_by(cast.svetlana, cast.hosting, "An invoice").number
        open_by(cast.zlata, cast.hosting, "An invoice")
        settle()
        client = signed_in(cast.vera)
        assert numbers(client, "/portal/?q=invoice") == [mine]
        assert set(numbers(client, "/portal/?q=invoice&scope=company")) == {mine, others}
        assert numbers(client, f"/portal/?q={others}") == []
        assert numbers(client, f"/portal/?q={others}&scope=company") == [others]

    def test_a_view_narrows_what_was_found(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn, settle: Callable[[], None]
    ) -> None:
        settle()
        client = signed_in(cast.svetlana)
        page = html(client.get("/portal/?q=site"))
        assert hrefs(page, "Closed") == ["?q=site&state=closed"]
        assert hrefs(page, "All") == ["?q=site"]
        assert hrefs(page, "Clear the search") == ["?"]
        assert 'class="count"' not in page
        assert numbers(client, "/portal/?q=site&state=open") == [ticket.number]
        assert numbers(client, "/portal/?q=site&state=closed") == []

    @pytest.mark.parametrize("most", [1000, 0])
    def test_it_is_sorted_and_paged_like_the_list(
        self,
        cast: Cast,
        signed_in: SignedIn,
        settle: Callable[[], None],
        monkeypatch: pytest.MonkeyPatch,
        most: int,
    ) -> None:
        """Whether the person's tickets are few or, with a `most` of 0, many."""
        monkeypatch.setattr("firstline.search.query.FEW", most)
        every = [open_by(cast.svetlana, cast.hosting, f"The site {one}").number for one in "bcad"]
        settle()
        client = signed_in(cast.svetlana)
        assert numbers(client, "/portal/?q=site") == every[::-1]
        ordered = [every[place] for place in (2, 0, 1, 3)]
        assert numbers(client, "/portal/?q=site&order=subject") == ordered
        pages_of(cast.svetlana, 3)
        (following,) = NEXT.findall(html(client.get("/portal/?q=site&order=subject")))
        assert numbers(client, f"/portal/{following}") == [every[3]]

    def test_what_cannot_all_be_sorted_is_told(
        self,
        cast: Cast,
        signed_in: SignedIn,
        settle: Callable[[], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("firstline.search.query.FEW", 0)
        monkeypatch.setattr("firstline.search.query.MOST_SORTED", 2)
        every = [open_by(cast.svetlana, cast.hosting, "The site").number for _ in range(3)]
        settle()
        page = html(signed_in(cast.svetlana).get("/portal/?q=site&order=subject"))
        assert "only the newest are shown here" in page
        assert [number in page for number in every] == [False, True, True]


class TestDays:
    def test_a_day_is_the_readers_own(self, cast: Cast, signed_in: SignedIn) -> None:
        """21:30 in UTC is still the 5th in London and the 6th in Moscow."""
        number = opened_at(cast.svetlana, cast, "2026-03-05 21:30")
        client, days = signed_in(cast.svetlana), ("2026-03-05", "2026-03-06")
        for zone, day in (("Europe/London", 0), ("Europe/Moscow", 1), ("Asia/Vladivostok", 1)):
            live_in(cast.svetlana, zone)
            found = [numbers(client, f"/portal/?from={one}&to={one}") for one in days]
            assert found[day] == [number], zone
            assert found[1 - day] == [], zone

    @pytest.mark.parametrize(
        ("zone", "day", "first", "last"),
        [
            # Sofia: the day on which clocks go forward has 23 hours, the other one 25.
            ("Europe/Sofia", "2026-03-29", "2026-03-28 22:00", "2026-03-29 20:59:59"),
            ("Europe/Sofia", "2026-10-25", "2026-10-24 21:00", "2026-10-25 21:59:59"),
            # Cairo: midnight is left out. Havana: it comes twice.
            ("Africa/Cairo", "2026-04-24", "2026-04-23 22:00", "2026-04-24 20:59:59"),
            ("America/Havana", "2026-11-01", "2026-11-01 04:00", "2026-11-02 04:59:59"),
        ],
    )
    def test_days_on_which_clocks_change(
        self, cast: Cast, signed_in: SignedIn, zone: str, day: str, first: str, last: str
    ) -> None:
        live_in(cast.svetlana, zone)
        inside = {opened_at(cast.svetlana, cast, moment) for moment in (first, last)}
        second = datetime.fromisoformat(f"{first}+00:00").timestamp() - 1
        opened_at(cast.svetlana, cast, datetime.fromtimestamp(second, UTC).isoformat())
        after = datetime.fromisoformat(f"{last}+00:00").timestamp() + 1
        opened_at(cast.svetlana, cast, datetime.fromtimestamp(after, UTC).isoformat())
        found = numbers(signed_in(cast.svetlana), f"/portal/?from={day}&to={day}")
        assert set(found) == inside

    def test_either_side_may_be_open(self, cast: Cast, signed_in: SignedIn) -> None:
        days = ("2026-01-10", "2026-02-10", "2026-03-10")
        first, second, third = (opened_at(cast.svetlana, cast, f"{day} 12:00") for day in days)
        client = signed_in(cast.svetlana)
        assert numbers(client, "/portal/?from=2026-02-10") == [third, second]
        assert numbers(client, "/portal/?to=2026-02-10") == [second, first]
        assert numbers(client, "/portal/?from=2026-02-01&to=2026-02-28") == [second]
        assert numbers(client, "/portal/?from=10.02.2026&to=28/02/2026") == [second]
        page = html(client.get("/portal/?from=2026-04-01"))
        assert "No ticket was opened in these days" in page
        assert "Opened in these days" in page

    def test_days_and_words_together(
        self, cast: Cast, signed_in: SignedIn, settle: Callable[[], None]
    ) -> None:
        for day in ("2026-01-10", "2026-02-10"):
            opened_at(cast.svetlana, cast, f"{day} 12:00", "An invoice")
        opened_at(cast.svetlana, cast, "2026-02-10 13:00", "The site")
        settle()
        found = numbers(signed_in(cast.svetlana), "/portal/?q=invoice&from=2026-02-01")
        assert found == ["SR00000002"]

    @pytest.mark.parametrize("order", ["-created", "updated", "subject", "-status", "department"])
    def test_they_are_sorted_and_paged_like_the_list(
        self, cast: Cast, signed_in: SignedIn, order: str
    ) -> None:
        pages_of(cast.svetlana, 2)
        inside = {
            opened_at(cast.svetlana, cast, f"2026-02-{day} 12:00", "abc"[day % 3])
            for day in range(10, 15)
        }
        opened_at(cast.svetlana, cast, "2026-03-10 12:00")
        client, found = signed_in(cast.svetlana), []
        address = f"/portal/?from=2026-02-01&to=2026-02-28&order={order}"
        while address:
            found += numbers(client, address)
            following = NEXT.findall(html(client.get(address)))
            address = f"/portal/{following[0]}" if following else ""
        assert len(found) == len(inside)
        assert set(found) == inside

    @pytest.mark.parametrize(
        ("asked", "wrong"),
        [
            ("from=31.02.2026&to=2026-05-01", {"from"}),
            ("from=x&to=y", {"from", "to"}),
            ("from=2026-05-02&to=2026-05-01", {"to"}),
            ("from=0001-01-01", {"from"}),
            ("to=9999-12-31", {"to"}),
        ],
    )
    def test_a_wrong_day_is_told_at_its_field_and_nothing_is_lost(
        self, cast: Cast, ticket: Ticket, signed_in: SignedIn, asked: str, wrong: set[str]
    ) -> None:
        page = html(signed_in(cast.svetlana).get(f"/portal/?q=word&{asked}"))
        assert set(re.findall(r'id="(from|to)-error"', page)) == wrong
        fields = {name: (kind, value) for name, kind, value in VALUE.findall(page)}
        typed = dict(part.split("=") for part in asked.split("&"))
        for name, (kind, value) in fields.items():
            assert value == typed.get(name, "")
            assert (kind == "text") == (name in wrong)  # a date field would drop it
        assert 'name="q" value="word"' in page
        assert page.count('aria-invalid="true"') == len(wrong)
        assert page.count(" autofocus") == 1
        assert '<details class="days" open>' in page

    @pytest.mark.parametrize("asked", ["from=2026-13-40", "from=2026-05-02&to=2026-05-01"])
    @pytest.mark.parametrize("words", ["", "q=502&"])
    def test_wrong_days_find_nothing_and_say_why(
        self,
        cast: Cast,
        ticket: Ticket,
        signed_in: SignedIn,
        settle: Callable[[], None],
        asked: str,
        words: str,
    ) -> None:
        settle()
        client, address = signed_in(cast.svetlana), f"/portal/?{words}{asked}"
        assert numbers(client, address) == []
        page = html(client.get(address))
        assert "The dates need correcting" in page
        assert "Opened in these days" not in page
        assert "Found for" not in page
        said = "There is no such day." if "13" in asked else "This day is before the first one."
        assert page.count(said) == 2
