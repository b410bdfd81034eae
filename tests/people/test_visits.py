"""Visits to projects: who may enter which, through whose eyes, and when a visit ends (product 2.5, cap 81)."""

from datetime import timedelta

import pytest

from firstline.base import clock
from firstline.events.models import Event
from firstline.people import sessions, visits
from firstline.people.access import Actor, Forbidden, NotFound, actor_of
from firstline.people.actions import passwords, profile
from firstline.people.actions.visits import leave, tick
from firstline.people.models import Partner, Person, Project, Visit
from firstline.people.visits import IDLE, LONGEST, Why
from firstline.tickets.access import OtherLine, visible_to
from firstline.tickets.actions.enter import NoSuchEyes, NoTicketThere, enter
from firstline.tickets.actions.move import close
from firstline.tickets.actions.rate import rate
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Rating, Ticket
from tests.cast import Cast, actor, open_by


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A ticket of the project, in the department of Anna and the supervisor."""
    return open_by(cast.svetlana, cast.hosting, project=cast.project)


def go_in(cast: Cast, who: Person | None = None, eyes: Person | None = None) -> Visit:
    person = (eyes or cast.svetlana).pk
    return enter(actor(who or cast.anna), cast.project, person, "a look", via="web")


def inside(visit: Visit) -> Actor:
    """The actor of a visit as the next request finds it."""
    found = visits.with_id(visit.pk, visit.agent)
    assert found is not None
    return visits.actor_in(found)


def state() -> tuple[int, int]:
    return Visit.objects.count(), Event.objects.count()


def test_a_visit_is_recorded_with_both_names(cast: Cast, ticket: Ticket) -> None:
    visit = go_in(cast)
    assert leave(visit, via="web")
    assert not leave(visit, via="web")
    entered, left = Event.objects.filter(subject_kind="project", subject_id=cast.project.pk)
    assert (entered.kind, left.kind) == ("project.entered", "project.left")
    for event in (entered, left):
        assert (event.actor_id, event.on_behalf_of_id) == (cast.anna.pk, cast.svetlana.pk)
        assert event.data["visit"] == visit.pk
    assert entered.data["reason"] == "a look"
    assert left.data["why"] == "left"
    visit.refresh_from_db()
    assert visit.ended_at is not None


@pytest.mark.parametrize("who", ["administrator", "supervisor", "anna"])
def test_who_may_enter(cast: Cast, ticket: Ticket, who: str) -> None:
    assert go_in(cast, getattr(cast, who)).person == cast.svetlana


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("observer", Forbidden),
        ("boris", NoTicketThere),
        ("partner_agent", Forbidden),
        ("svetlana", Forbidden),
        ("vera", Forbidden),
    ],
)
def test_who_may_not(cast: Cast, ticket: Ticket, who: str, refusal: type[Exception]) -> None:
    before = state()
    with pytest.raises(refusal):
        go_in(cast, getattr(cast, who))
    assert state() == before


def test_a_partners_supervisor_with_every_permission_may_not_either(
    cast: Cast, ticket: Ticket
) -> None:
    staff = cast.administrator.staff
    staff.partner = cast.partner
    staff.save()
    with pytest.raises(Forbidden):
        go_in(cast, cast.administrator)


@pytest.mark.parametrize("who", ["anna", "boris", "administrator", "observer", "partner_agent"])
def test_a_member_of_staff_can_never_be_entered(cast: Cast, ticket: Ticket, who: str) -> None:
    cast.project.members.add(getattr(cast, who))
    assert getattr(cast, who) not in visits.people_of(cast.project)
    with pytest.raises(NoSuchEyes):
        go_in(cast, eyes=getattr(cast, who))


@pytest.mark.parametrize("who", ["vera", "zlata", "kirill"])
def test_only_those_who_take_part_can_be(cast: Cast, ticket: Ticket, who: str) -> None:
    before = state()
    with pytest.raises(NoSuchEyes):
        go_in(cast, eyes=getattr(cast, who))
    assert state() == before


def test_the_deactivated_cannot(cast: Cast, ticket: Ticket) -> None:
    Person.objects.filter(pk=cast.pyotr.pk).update(is_active=False)
    with pytest.raises(NoSuchEyes):
        go_in(cast, eyes=cast.pyotr)


def test_nobody_enters_from_inside(cast: Cast, ticket: Ticket) -> None:
    within = inside(go_in(cast))
    with pytest.raises(Forbidden):
        enter(within, cast.project, cast.pyotr.pk, via="web")


def test_what_a_partners_line_holds_is_not_seen_through_its_customers(cast: Cast) -> None:
    """Anna sees one ticket that was handed over; through Kirill's eyes she would see the others."""
    project = Project.objects.create(
        identifier="clinic", name="Клиника", owner=cast.kirill, company=cast.kirill.company
    )
    held = open_by(cast.kirill, cast.hosting, project=project)
    handed = open_by(cast.kirill, cast.hosting, project=project)
    Ticket.objects.filter(pk=handed.pk).update(custody="platform")
    assert list(visible_to(actor(cast.anna))) == [handed]
    with pytest.raises(OtherLine):
        enter(actor(cast.anna), project, cast.kirill.pk, via="web")
    visit = enter(actor(cast.administrator), project, cast.kirill.pk, via="web")
    assert held in visible_to(inside(visit))


def test_nor_through_a_member_of_one_of_our_own_projects(cast: Cast, ticket: Ticket) -> None:
    cast.project.members.add(cast.kirill)
    open_by(cast.kirill, cast.hosting, project=cast.project)
    with pytest.raises(OtherLine):
        go_in(cast, eyes=cast.kirill)


def test_inside_there_are_the_customers_rights_and_no_more(cast: Cast, ticket: Ticket) -> None:
    theirs = open_by(cast.zlata, cast.hosting)
    within = inside(go_in(cast))
    assert set(visible_to(within)) == set(visible_to(actor(cast.svetlana))) == {ticket}
    assert within.permissions < actor(cast.svetlana).permissions
    assert not within.is_staff
    with pytest.raises(NotFound):
        reply(within, theirs, Draft(text="x"), via="portal")


def test_what_is_done_inside_has_two_names(cast: Cast, ticket: Ticket) -> None:
    within = inside(go_in(cast))
    message = reply(within, ticket, Draft(text="Written for her."), via="portal")
    assert (message.author, message.written_by) == (cast.svetlana, cast.anna)
    assert (message.kind, message.author_name) == ("in", cast.svetlana.name)
    close(within, ticket, via="portal")
    done = Event.objects.filter(subject_kind="ticket", kind__in=["ticket.replied", "ticket.moved"])
    assert {(event.actor_id, event.on_behalf_of_id) for event in done} == {
        (cast.anna.pk, cast.svetlana.pk)
    }
    Ticket.objects.filter(pk=ticket.pk).update(phase="closed")
    follow_up = reply(within, ticket, Draft(text="Once more."), via="portal")
    assert follow_up.ticket != ticket
    assert follow_up.written_by == cast.anna


def test_what_is_the_customers_alone_is_out_of_reach(cast: Cast, ticket: Ticket) -> None:
    reply(actor(cast.anna), ticket, Draft(text="An answer."), via="web")
    within = inside(go_in(cast))
    before = Person.objects.filter(pk=cast.svetlana.pk).values().get()
    with pytest.raises(Forbidden):
        rate(within, ticket, True, Draft(text=""), via="portal")
    with pytest.raises(Forbidden):
        profile.change_own(within, via="web", name="Somebody else")
    with pytest.raises(Forbidden):
        passwords.choose_password(within, "quite another password")
    with pytest.raises(Forbidden):
        sessions.end_others(within, "", via="web")
    assert Person.objects.filter(pk=cast.svetlana.pk).values().get() == before
    assert not Rating.objects.exists()


def why_over(visit: Visit, later: timedelta = timedelta()) -> Why | None:
    found = visits.with_id(visit.pk, visit.agent)
    assert found is not None
    return visits.over(found, actor_of(found.agent), clock.now() + later)


def test_a_visit_ends_with_what_let_them_in(cast: Cast, ticket: Ticket) -> None:
    visit = go_in(cast, eyes=cast.pyotr)
    assert why_over(visit) is None
    assert why_over(visit, IDLE - timedelta(seconds=9)) is None
    assert why_over(visit, IDLE) is Why.IDLE
    assert why_over(visit, LONGEST) is Why.TOO_LONG
    cast.project.members.remove(cast.pyotr)
    assert why_over(visit) is Why.RIGHTS
    cast.project.members.add(cast.pyotr)
    Partner.objects.update(own_first_line=True)
    Project.objects.update(partner=cast.partner)
    assert why_over(visit) is Why.RIGHTS
    Project.objects.update(partner=None)
    cast.anna.staff.level = "observer"
    cast.anna.staff.save()
    assert why_over(visit) is Why.RIGHTS
    Person.objects.filter(pk=cast.pyotr.pk).update(is_active=False)
    assert why_over(visit) is Why.DEACTIVATED


@pytest.mark.parametrize("who", ["anna", "svetlana"])
def test_the_clock_ends_the_visits_of_the_deactivated(cast: Cast, ticket: Ticket, who: str) -> None:
    go_in(cast)
    tick()
    assert Visit.objects.filter(ended_at=None).count() == 1
    Person.objects.filter(pk=getattr(cast, who).pk).update(is_active=False)
    tick()
    assert not Visit.objects.filter(ended_at=None).exists()
    assert Event.objects.get(kind="project.left").data["why"] == "deactivated"


def test_the_clock_ends_what_was_forgotten(cast: Cast, ticket: Ticket) -> None:
    forgotten, long = go_in(cast), go_in(cast, cast.supervisor)
    Visit.objects.filter(pk=forgotten.pk).update(seen_at=clock.now() - IDLE)
    Visit.objects.filter(pk=long.pk).update(started_at=clock.now() - LONGEST)
    tick()
    ends = Event.objects.filter(kind="project.left").order_by("actor_id")
    assert {event.actor_id: event.data["why"] for event in ends} == {
        cast.anna.pk: "idle",
        cast.supervisor.pk: "too_long",
    }


def test_the_list_of_visits_goes_by_key_and_is_for_those_who_enter(
    cast: Cast, ticket: Ticket
) -> None:
    made = [go_in(cast) for _number in range(3)]
    page = visits.of_project(actor(cast.anna), cast.project, size=2)
    assert page.rows == [made[2], made[1]]
    following = visits.of_project(actor(cast.anna), cast.project, str(page.next), size=2)
    assert (following.rows, following.next) == ([made[0]], None)
    with pytest.raises(Forbidden):
        visits.of_project(actor(cast.observer), cast.project)
