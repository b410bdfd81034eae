"""Which pages are measured, and who asks for them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from itertools import cycle
from urllib.parse import quote

from bench.browser import Browser
from bench.desk import Desk

BARE = "sign-in form"
DEEP = 100
NEXT = re.compile(r'rel="next" href="([^"]+)"')
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page by name; `paths` are asked for in turn."""

    name: str
    who: str
    paths: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)

    def turns(self) -> Iterator[str]:
        return cycle(self.paths)


def pages_of(desk: Desk, deep: str) -> list[Page]:
    """All pages that are read; `deep` is the address of the register's page number DEEP."""
    tickets = [f"/tickets/{number}/" for number in desk.numbers]
    return [
        Page("health", "nobody", ["/health/live"]),
        Page(BARE, "nobody", ["/sign-in/"]),
        Page("desk", "agent", ["/desk/"]),
        Page("desk, administrator", "administrator", ["/desk/"]),
        Page("desk with a ticket", "agent", tickets),
        Page("ticket alone", "agent", tickets, HTMX),
        Page("register, open", "agent", ["/tickets/"]),
        Page("register, all", "agent", ["/tickets/?state=all"]),
        Page(f"register, page {DEEP}", "agent", [deep]),
        Page("register, closed", "agent", ["/tickets/?state=closed"]),
        Page("register, all, new department", "newcomer", ["/tickets/?state=all"]),
        Page("register, closed, new department", "newcomer", ["/tickets/?state=closed"]),
        Page("register, oldest change", "agent", ["/tickets/?order=updated"]),
        Page("register by priority", "agent", ["/tickets/?state=all&order=-priority"]),
        Page("search a rare word", "agent", _searches(desk.rare_words)),
        Page("search a common word", "agent", _searches(desk.common_words)),
        Page("search a number", "agent", _searches(desk.numbers)),
        Page("API, tickets", "token", ["/api/v1/tickets"]),
        Page("API, ticket", "token", [f"/api/v1/tickets/{number}" for number in desk.numbers]),
        *_portal(desk),
    ]


def _portal(desk: Desk) -> list[Page]:
    """What customers ask for: one with many tickets, and one who sees those of a whole company."""
    portal, numbers = "/portal/", desk.customer_numbers
    company = f"{portal}?scope=company"
    made = date.fromisoformat(desk.made_at[:10])
    week = f"from={made - timedelta(days=7)}&to={made}"
    project = f"{portal}projects/{desk.project}/"
    # Words that all tickets of the company hold, on a small desk as on a big one.
    everywhere = [desk.colleague.partition("@")[2].partition(".")[0], "example"]
    return [
        Page("portal, list", "customer", [portal]),
        Page("portal, closed", "customer", [f"{portal}?state=closed"]),
        Page("portal, all by opening", "customer", [f"{portal}?state=all&order=-created"]),
        Page("portal, all by subject", "customer", [f"{portal}?state=all&order=subject"]),
        Page("portal, company", "colleague", [f"{company}&state=all"]),
        Page("portal, company's closed", "colleague", [f"{company}&state=closed"]),
        Page("portal, company by status", "colleague", [f"{company}&state=all&order=status"]),
        Page("portal, project", "customer", [project]),
        Page("portal, project's closed", "customer", [f"{project}?state=closed"]),
        Page("portal, projects", "customer", [f"{portal}projects/"]),
        Page("portal, search a number", "customer", _searches(numbers, portal)),
        Page("portal, search a word", "customer", _searches(desk.customer_words, portal)),
        Page("portal, search a week", "customer", [f"{portal}?{week}"]),
        Page("portal, company, a word", "colleague", _searches(everywhere, company)),
        Page("portal, company, a rare word", "colleague", _searches(desk.common_words, company)),
        Page("portal, company, a week", "colleague", [f"{company}&{week}"]),
        Page("portal, ticket", "customer", [f"{portal}tickets/{number}/" for number in numbers]),
    ]


def _searches(words: Sequence[str], path: str = "/tickets/") -> list[str]:
    mark = "&" if "?" in path else "?"
    return [f"{path}{mark}q={quote(word)}" for word in words]


def deep_page(browser: Browser) -> str:
    """The address of page number DEEP of the register, or of its last; found by following “next”."""
    path = "/tickets/?state=all"
    for _ in range(DEEP - 1):
        found = NEXT.search(browser.get(path).text)
        if found is None:
            break
        path = "/tickets/" + unescape(found[1])
    return path


def visitors(desk: Desk, port: int) -> dict[str, Callable[[], Browser]]:
    """How to become each of those who read; every call makes a browser of its own."""
    signed_in: dict[str, dict[str, str]] = {}

    def enter(email: str) -> Browser:
        browser = Browser(port)
        if email not in signed_in:
            browser.sign_in(email, desk.password)
            signed_in[email] = browser.cookies
        browser.cookies = dict(signed_in[email])
        return browser

    return {
        "nobody": lambda: Browser(port),
        "token": lambda: Browser(port, desk.token),
        "agent": lambda: enter(desk.agent),
        "newcomer": lambda: enter(desk.newcomer),
        "administrator": lambda: enter(desk.administrator),
        "customer": lambda: enter(desk.customer),
        "colleague": lambda: enter(desk.colleague),
    }
