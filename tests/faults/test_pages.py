"""Pages are as quick while the mail server hangs as while it is well (D13)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from tests.cast import make_cast
from tests.faults.conftest import Start
from tests.faults.forks import forks
from tests.faults.ledger import Ledger, of_size
from tests.faults.relays import relay
from tests.faults.test_outgoing import answers
from tests.waiting import listens, wait_until

PAIRS, PAGES, MAILS = 12, 100, 20  # each pair: so many pages while it is well, as many while not
NOISE = 1.1


@contextmanager
def reader(person: Person, port: int) -> Iterator[Callable[[], float]]:
    """What fetches the desk as this person, and says how many seconds that took."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    headers = {"Cookie": f"{name}={client.cookies[name].value}"}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def fetch() -> float:
        begun = time.perf_counter()
        connection.request("GET", reverse("agent:desk"), headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        return time.perf_counter() - begun

    yield fetch
    connection.close()


@pytest.mark.fault(row="D13")
@pytest.mark.skipif(not of_size(0, 1), reason="takes minutes: python -m tests.faults D13")
def test_pages_while_the_mail_server_hangs(
    start: Start, free_port: int, enter: Callable[[Ledger], None]
) -> None:
    stage = make_cast()
    answers(stage, MAILS)
    start.environment |= {"FIRSTLINE_PORT": str(free_port)}
    start("web")
    wait_until(lambda: listens(free_port), 60)
    seconds: dict[bool, list[float]] = {False: [], True: []}
    with (
        relay() as server,
        forks(start, "worker", FIRSTLINE_EMAIL_URL=f"smtp://127.0.0.1:{server.port}") as worker,
        reader(stage.anna, free_port) as fetch,
    ):
        for turn in range(2 * PAIRS):
            server.hangs = turn % 4 in {1, 2}  # well, ill, ill, well: no order is favoured
            taken = len(server.order)
            again = {"state": "waiting", "attempts": 0, "unheard": 0, "due_at": timezone.now()}
            OutgoingMail.objects.update(**again)
            worker()
            wait_until(lambda taken=taken: len(server.order) > taken, 30)  # type: ignore[misc]
            time.sleep(0.5)
            seconds[server.hangs] += [fetch() for _page in range(PAGES)]
            worker.kill()
    well, ill = (quantiles(seconds[is_ill], n=20)[-1] for is_ill in (False, True))
    what = (
        f"p95 of a page {1000 * well:.0f} ms while the relay is well, {1000 * ill:.0f} ms while it "
    )
    enter(Ledger("D13", f"{what}hangs: {ill / well:.2f} times"))
    assert ill / well <= NOISE
