"""One answer to several people at a real relay that greylists: each by themselves (D15)."""

import time
from collections.abc import Callable

import pytest
from django.db.models import F, Max, OuterRef, Subquery
from django.test import Client
from django.urls import reverse

from firstline.events import relay as events
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.recipients import Recipients
from tests.cast import Cast, actor, make_cast, open_by
from tests.faults.conftest import Start
from tests.faults.forks import forks
from tests.faults.greylist import greylisting
from tests.faults.ledger import Ledger, of_size
from tests.faults.relays import relay
from tests.waiting import wait_until

ANSWERS, DELAY = of_size(4, 500), of_size(3, 60)  # seconds of greylisting
LATER, NEVER = "later@x.example", "never@x.example"
COPIES = Recipients(cc=(("", LATER), ("", NEVER)))


def write(stage: Cast) -> list[OutgoingMail]:
    """Answers to three people each, on some tickets; the mails."""
    Person.objects.update(wants_receipts=False)
    tickets = [open_by(stage.svetlana, stage.hosting) for _n in range(max(ANSWERS // 10, 4))]
    for number in range(ANSWERS):
        ticket = tickets[number % len(tickets)]
        reply(actor(stage.anna), ticket, Draft(f"No {number}", recipients=COPIES), via="web")
    while events.sweep():
        pass
    return list(OutgoingMail.objects.order_by("pk"))


@pytest.mark.fault(row="D15")
def test_of_three_readers_the_right_ones_are_tried_again(
    start: Start, enter: Callable[[Ledger], None]
) -> None:
    """250 at once, 450 until it is taken, 550 shown on the ticket."""
    stage = make_cast()
    known = {stage.svetlana.email: "OK", NEVER: "550 5.1.1 no such user"}
    seconds: dict[str, float] = {}
    with relay() as sink, greylisting(sink.port, DELAY, known) as port:
        with forks(start, "worker", FIRSTLINE_EMAIL_URL=f"smtp://127.0.0.1:{port}") as worker:
            mails = write(stage)
            assert len(mails) == 3 * ANSWERS
            begun = time.monotonic()
            worker()
            for state, address in (("parked", NEVER), ("done", LATER)):
                rows = OutgoingMail.objects.filter(state=state, recipient=address)
                wait_until(lambda rows=rows: rows.count() == ANSWERS, DELAY + 120)  # type: ignore[misc]
                seconds[address] = time.monotonic() - begun
            wait_until(lambda: not OutgoingMail.objects.filter(state="waiting").exists(), 60)
        wait_until(lambda: len(sink.kept) == 2 * ANSWERS, 60)  # the relay passes them on
        counted = sink.counted
    wanted = {(mail.header_id, mail.recipient) for mail in mails if mail.recipient != NEVER}
    delay = longest_delay(stage.svetlana.email)
    what = f"{ANSWERS} answers to 250, 450 and 550; greylisted for {DELAY} s, all there after "
    what += f"{seconds[LATER]:.0f} s, none later than {delay:.0f} s; 5xx told after "
    what += f"{seconds[NEVER]:.0f} s"
    ghost = len(set(counted) - wanted)
    lost = len(wanted - set(counted))
    ledger = Ledger("D15", what, lost, counted.total() - len(counted), ghost)
    enter(ledger)
    assert ledger.is_clean
    assert seconds[NEVER] <= 60
    assert delay <= DELAY + 60
    tried = OutgoingMail.objects.values_list("recipient").annotate(Max("attempts"))
    assert {address for address, most in tried if most > 1} == {LATER}
    assert_told(stage, mails[0])


def longest_delay(address: str) -> float:
    """Seconds from the first try of an answer, when one of its readers got it, to its last one."""
    sent = OutgoingMail.objects.filter(state="done")
    at_once = sent.filter(recipient=address, message=OuterRef("message")).values("sent_at")
    later = sent.filter(recipient=LATER).annotate(first=Subquery(at_once))
    delay = later.aggregate(most=Max(F("sent_at") - F("first")))["most"]
    return float(delay.total_seconds())


def assert_told(stage: Cast, mail: OutgoingMail) -> None:
    """The ticket says who did not get the answer, and why."""
    assert mail.ticket
    client = Client()
    client.force_login(stage.anna)
    page = client.get(reverse("agent:ticket", args=[mail.ticket.number])).content.decode()
    assert "there is no such address" in page
    assert NEVER in page
