"""The live stream of a real desk: who hears what, and for how long (product 5.7; C31, C37, D30)."""

import http.client
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from firstline.events import log
from firstline.live import presence
from firstline.people.models import Person
from firstline.tickets import change, timers
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.move import move
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Department, Ticket
from tests.cast import Cast, actor, open_by
from tests.live.conftest import SOON, Ear, House, Served, session_of
from tests.waiting import wait_until

ENDS_WITHIN = 5.0


def _give_to(stage: Cast, ticket: Ticket, department: Department) -> None:
    """Move a ticket to another department."""
    Ticket.objects.filter(pk=ticket.pk).update(department=department)
    change.record(actor(stage.administrator), ticket, "ticket.moved_department", "web")


def test_a_new_ticket_is_heard_by_those_who_see_it(stage: Cast, house: House) -> None:
    anna, boris = house.listen(stage.anna), house.listen(stage.boris, "language=ru&whose=mine")
    time.sleep(1.5)
    ticket = open_by(stage.svetlana, stage.hosting, "Marker of the subject")
    told = anna.entry(ticket.number)
    assert (told["group"], told["is_new"]) == ("new", True)
    assert "Marker of the subject" in told["row"]
    assert f'id="row-{ticket.number}"' in told["row"]
    assert anna.news()[-1]["counts"]["new"] == "1"
    # whoever answers it is told with the next change, in the words of each reader
    claim(actor(stage.anna), ticket, via="web")
    wait_until(lambda: "Анна Соколова" in anna.said(), SOON)
    assert boris.heard == []


def test_a_deferred_ticket_goes_from_the_desk_to_its_list_and_back(
    stage: Cast, house: House
) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    claim(actor(stage.anna), ticket, via="web")
    desk = house.listen(stage.anna)
    own, other = (house.listen(one, "whose=waiting") for one in (stage.anna, stage.supervisor))
    time.sleep(1.5)
    until = timezone.now() + timedelta(hours=1)
    move(actor(stage.anna), ticket, "needs-clarification", via="web", until=until)
    wait_until(lambda: desk.heard and _group_of(desk, ticket) == "", SOON)
    told = own.entry(ticket.number)
    assert (told["group"], told["is_new"]) == ("deferred", True)
    assert own.news()[-1]["counts"] == {"customer": "0", "deferred": "1"}
    assert other.entry(ticket.number)["group"] == ""
    assert other.news()[-1]["counts"] == {"customer": "0", "deferred": "0"}
    Ticket.objects.update(pending_until=timezone.now())
    timers.tick()
    wait_until(lambda: _group_of(desk, ticket) == "new", SOON)
    wait_until(lambda: _group_of(own, ticket) == "", SOON)


def test_a_stream_carries_no_text_and_nothing_foreign(stage: Cast, house: House) -> None:
    ears = {name: house.listen(getattr(stage, name)) for name in ("anna", "boris", "partner_agent")}
    time.sleep(1.2)
    ours = open_by(stage.svetlana, stage.hosting, "Ours", "Marker in the text")
    held = open_by(stage.kirill, stage.hosting, "Held by the partner", "Marker in theirs")
    presence.stand(actor(stage.anna), ours.number, types=True)
    ears["anna"].entry(ours.number)
    if held.custody == "partner":
        ears["partner_agent"].entry(held.number)
        assert held.number not in ears["anna"].said()
    time.sleep(1.5)
    assert ears["boris"].heard == []
    assert ours.number not in ears["partner_agent"].said()
    assert not any("Marker in" in ear.said() for ear in ears.values())
    if held.custody == "partner":
        hand_over(actor(stage.partner_agent), held, "They can do it", via="web")
        assert ears["anna"].entry(held.number)["group"] == "new"
        assert ears["partner_agent"].entry(held.number)["number"] == held.number
        wait_until(lambda: _group_of(ears["partner_agent"], held) == "", SOON)


def _group_of(ear: Ear, ticket: Ticket) -> str:
    return str(ear.entry(ticket.number)["group"])


def test_rights_are_asked_for_each_person_at_each_event(stage: Cast, house: House) -> None:
    ticket = open_by(stage.svetlana, stage.hosting, "Once hosting's")
    anna, boris = house.listen(stage.anna), house.listen(stage.boris)
    time.sleep(1.2)
    _give_to(stage, ticket, stage.equipment)
    boris.entry(ticket.number)
    wait_until(lambda: any(news.get("check") for news in anna.news()), SOON)
    before = anna.said()
    reply(actor(stage.boris), ticket, Draft(text="Marker of the reply"), via="web")
    wait_until(lambda: len(boris.news()) > 1, SOON)
    time.sleep(1.2)
    assert anna.said().replace(before[:-1], "").count("Once hosting's") == 0
    assert ticket.number not in [
        one["number"]
        for news in anna.news()
        if news.get("check")
        for one in news.get("tickets", [])
    ]


def test_who_gets_another_department_reads_the_list_anew(stage: Cast, house: House) -> None:
    boris = house.listen(stage.boris)
    ticket = open_by(stage.svetlana, stage.hosting)
    stage.hosting.agents.add(stage.boris.pk)
    wait_until(lambda: "reset" in boris.kinds(), ENDS_WITHIN)
    reply(actor(stage.anna), ticket, Draft(text="Answer"), via="web")
    boris.entry(ticket.number)


@pytest.mark.parametrize("loss", ["signed out", "deactivated", "no longer staff", "new password"])
def test_the_stream_ends_with_the_right_to_it(stage: Cast, house: House, loss: str) -> None:
    key = session_of(stage.anna)
    anna = house.listen(key)
    assert anna.status == 200
    time.sleep(1.2)
    person = Person.objects.get(pk=stage.anna.pk)
    if loss == "signed out":
        Session.objects.filter(session_key=key).delete()
    elif loss == "deactivated":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    elif loss == "new password":
        person.set_password("another long password")
        person.save()
    else:
        person.staff.delete()
    begun = time.monotonic()
    wait_until(lambda: anna.is_over, ENDS_WITHIN + 1)
    assert time.monotonic() - begun < ENDS_WITHIN
    assert anna.heard[-1] == ("end", {"why": "session"})
    assert house.listen(key).status == 401


def test_who_may_not_listen(stage: Cast, house: House) -> None:
    assert house.listen("").status == 401
    assert house.listen("x" * 32).status == 401
    assert house.listen(stage.svetlana).status == 401
    for path, host in (("/live/%2a", ""), ("/live/", "elsewhere.example")):
        connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=5)
        headers = {"Cookie": f"firstline_session={session_of(stage.anna)}"}
        connection.request("GET", path, headers=headers | ({"Host": host} if host else {}))
        assert connection.getresponse().status in (401, 404)
        connection.close()


def test_a_cut_of_a_thousand_events_misses_nothing(stage: Cast, house: House) -> None:
    tickets = [open_by(stage.svetlana, stage.hosting, f"Number {turn}") for turn in range(40)]
    anna = house.listen(stage.anna)
    wait_until(lambda: bool(anna.mark), SOON)
    time.sleep(1.2)
    anna.close()
    for turn in range(1000):
        ticket = tickets[turn % len(tickets)]
        log.record(
            "ticket.tried",
            subject_kind="ticket",
            subject_id=ticket.pk,
            actor_id=None,
            via="web",
            data={},
        )
    again = house.listen(stage.anna, mark=anna.mark)
    wait_until(lambda: {ticket.number for ticket in tickets} <= again.numbers(), SOON)
    assert "reset" not in again.kinds()


def test_too_long_a_cut_begins_anew(stage: Cast, house: House) -> None:
    for turn in range(210):
        open_by(stage.svetlana, stage.hosting, f"Number {turn}")
    first = house.listen(stage.anna, mark="1")
    wait_until(lambda: "reset" in first.kinds(), SOON)
    ahead = house.listen(stage.anna, mark="99999999")
    wait_until(lambda: "reset" in ahead.kinds(), SOON)


def test_what_came_between_the_page_and_the_stream_is_told(stage: Cast, house: House) -> None:
    ticket = open_by(stage.svetlana, stage.hosting)
    late = house.listen(stage.anna, "age=2000")
    assert late.entry(ticket.number)["is_new"] is True


def test_who_looks_and_who_types_is_told_to_their_own_line(stage: Cast, house: House) -> None:
    ticket = open_by(stage.kirill, stage.hosting)
    if ticket.custody == "partner":
        hand_over(actor(stage.partner_agent), ticket, "They can do it", via="web")
    supervisor, partner = house.listen(stage.supervisor), house.listen(stage.partner_agent)
    boris = house.listen(stage.boris)
    presence.stand(actor(stage.anna), ticket.number, types=True)
    told = {"name": "Анна Соколова", "initials": "АС", "types": True}
    wait_until(lambda: _looking(supervisor, ticket) == [told], SOON)
    presence.stand(actor(stage.anna), ticket.number, types=False)
    wait_until(lambda: _looking(supervisor, ticket) == [told | {"types": False}], SOON)
    presence.leave(actor(stage.anna), ticket.number)
    wait_until(lambda: _looking(supervisor, ticket) == [], SOON)
    assert "Анна" not in partner.said()
    assert boris.heard == []


def _looking(ear: Ear, ticket: Ticket) -> list[dict[str, object]] | None:
    """Who stands before the ticket, as it was told last."""
    told = [news["looking"] for news in ear.news() if ticket.number in news.get("looking", {})]
    return told[-1][ticket.number] if told else None


def test_one_person_has_at_most_eight_streams(stage: Cast, house: House) -> None:
    key = session_of(stage.anna)
    ears = [house.listen(key) for _turn in range(10)]
    wait_until(lambda: sum(ear.is_over for ear in ears) == 2, SOON)
    assert ears[0].heard == [("end", {"why": "elsewhere"})]


def test_the_server_stops_at_once_although_screens_are_open(stage: Cast, tmp_path: Path) -> None:
    with Served(tmp_path) as house:
        anna = house.listen(stage.anna)
        wait_until(lambda: bool(anna.mark), SOON)
        begun = time.monotonic()
        house.process.terminate()
        assert house.process.wait(15) is not None
        assert time.monotonic() - begun < 8
        assert anna.is_over
