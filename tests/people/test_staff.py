"""Staff: invited, let in by the link, changed, deactivated with their tickets given on (cap 136-139)."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from firstline.events.models import Event
from firstline.live import listening
from firstline.people.access import Actor, Forbidden, NotFound
from firstline.people.actions import invitations
from firstline.people.actions import staff as people
from firstline.people.actions.invitations import Invited
from firstline.people.actions.people import meet
from firstline.people.actions.staff import Wanted
from firstline.people.actions.tokens import actor_by_token, create_token
from firstline.people.models import Invitation, Person, Staff, Token, Visit
from firstline.tickets.actions import bulk, staff
from firstline.tickets.actions.assign import assign
from firstline.tickets.models import Bulk, Ticket
from firstline.tickets.models.ticket import Custody
from firstline.tickets.staff import Asked, page
from firstline.tickets.workers import workers_for
from tests.cast import PASSWORD, Cast, actor, open_by
from tests.letters import Letter, letters_to

EMAIL = "georgi@desk.example"
NEW = "an entirely new passphrase"
BOTH = {"password1": NEW, "password2": NEW}
GEORGI = Wanted(EMAIL, "Георги Атанасов", "bg", "agent")
Settle = Callable[[], None]


@pytest.fixture
def invite(cast: Cast, settle: Settle) -> Callable[..., Letter]:
    """Invite somebody to hosting, in the administrator's name, and get the letter."""

    def invited(wanted: Wanted = GEORGI) -> Letter:
        places = [] if wanted.partner_id else [cast.hosting.pk]
        staff.invite(actor(cast.administrator), [wanted], places, via="web")
        settle()
        return letters_to(wanted.email)[-1]

    return invited


def georgi() -> Person:
    return Person.objects.get(email=EMAIL)


def state() -> list[Any]:
    models: list[Any] = [Person, Staff, Invitation, Event, Token]
    return [list(model.objects.order_by("pk").values()) for model in models]


def wrong(function: Callable[[], object]) -> dict[str, list[str]]:
    """What a refusal says by field; fails if nothing is refused or something changed."""
    before = state()
    with pytest.raises(ValidationError) as problem:
        function()
    assert state() == before
    return problem.value.message_dict


def test_the_letter_speaks_the_language_of_whoever_is_invited(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    letter = invite()
    assert '<html lang="bg">' in letter.html
    assert GEORGI.name in letter.text
    assert cast.administrator.name in letter.text
    assert letter.link.startswith("http://127.0.0.1:8000/invitations/")
    key = letter.path.split("/")[2]
    assert key not in str(list(Invitation.objects.values()))
    assert all(key not in str(event.data) for event in Event.objects.all())


def test_the_link_lets_them_choose_a_password_and_work(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    letter, client = invite(), Client()
    assert "Георги Атанасов" in client.get(letter.path).content.decode()
    assert client.post(letter.path, BOTH).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    ticket = open_by(cast.svetlana, cast.hosting)
    assert client.post(f"/tickets/{ticket.number}/claims/").status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).responsible_id == georgi().pk
    assert georgi().level == "agent"
    assert "staff.joined" in Event.objects.values_list("kind", flat=True)
    assert Client().get(letter.path).status_code == 404
    assert Client().post(letter.path, BOTH).status_code == 404


def test_until_then_they_may_nothing_and_get_nothing(
    cast: Cast, invite: Callable[..., Letter], settle: Settle
) -> None:
    invite()
    person, ticket = georgi(), open_by(cast.svetlana, cast.hosting)
    assert (person.level, actor(person).is_staff) == (None, False)
    assert not workers_for(actor(cast.administrator), ticket).filter(pk=person.pk).exists()
    with pytest.raises(ValidationError):
        assign(actor(cast.anna), ticket, Staff.objects.get(pk=person.pk), via="web")
    client = Client()
    client.force_login(person)
    assert client.get("/desk/").status_code == 404
    assert client.get(f"/tickets/{ticket.number}/").status_code == 404
    before = len(letters_to(EMAIL))
    Client().post("/password/", {"email": EMAIL})
    settle()
    assert len(letters_to(EMAIL)) == before
    assert not georgi().has_usable_password()


def use(cast: Cast, letter: Letter) -> None:
    Client().post(letter.path, BOTH)


def resend(cast: Cast, letter: Letter) -> None:
    assert people.resend(actor(cast.administrator), georgi().pk, via="web")


def withdraw(cast: Cast, letter: Letter) -> None:
    assert people.withdraw(actor(cast.administrator), georgi().pk, via="web")


def wait(cast: Cast, letter: Letter) -> None:
    late = timezone.now() - timedelta(days=8)
    row = Invitation.objects.get()
    assert row.expires_at - row.sent_at <= timedelta(days=7, seconds=1)
    Invitation.objects.update(sent_at=late, expires_at=late + timedelta(days=7))


@pytest.mark.parametrize("end", [use, resend, withdraw, wait])
def test_a_link_ends(
    cast: Cast, invite: Callable[..., Letter], end: Callable[[Cast, Letter], None]
) -> None:
    """C34."""
    letter = invite()
    end(cast, letter)
    before = Person.objects.filter(email=EMAIL).values().get()
    other = {"password1": "yet another password", "password2": "yet another password"}
    path = letter.path.partition("?")[0]  # in the browser's language
    for response in (Client().get(path), Client().post(path, other)):
        assert (response.status_code, "no longer works" in response.text) == (404, True)
    assert Person.objects.filter(email=EMAIL).values().get() == before


@pytest.mark.parametrize("key", ["", "0", "null", "[]", "{cut}", "{more}", "a" * 43])
def test_a_key_that_is_cut_or_made_up_is_refused(invite: Callable[..., Letter], key: str) -> None:
    right = invite().path.split("/")[2]
    path = f"/invitations/{key.format(cut=right[:-1], more=right + 'a')}/"
    assert Client().get(path).status_code == 404
    assert Client().post(path, BOTH).status_code == 404
    assert georgi().level is None


def test_sent_again_after_it_ran_out_it_works(cast: Cast, invite: Callable[..., Letter]) -> None:
    letter = invite()
    wait(cast, letter)
    resend(cast, letter)
    row = Invitation.objects.filter(withdrawn_at=None).get()
    assert row.expires_at > timezone.now() + timedelta(days=6)


def test_withdrawn_they_are_no_colleagues_and_can_be_invited_anew(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    letter = invite()
    withdraw(cast, letter)
    assert not Staff.objects.filter(person__email=EMAIL).exists()
    assert invite().path != letter.path
    use(cast, letters_to(EMAIL)[-1])
    assert georgi().level == "agent"
    pk = georgi().pk
    assert not people.withdraw(actor(cast.administrator), pk, via="web")
    assert not people.resend(actor(cast.administrator), pk, via="web")


def test_a_customer_becomes_staff_only_by_the_link(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    secret = create_token(cast.svetlana, ["*"])
    old = Client()
    old.post("/sign-in/", {"login": cast.svetlana.email, "password": PASSWORD})
    letter = invite(Wanted(cast.svetlana.email, "Светлана", "ru", "agent"))
    assert Person.objects.get(pk=cast.svetlana.pk).level is None
    assert old.get("/portal/").status_code == 200
    use(cast, letter)
    assert Person.objects.get(pk=cast.svetlana.pk).level == "agent"
    assert old.get("/desk/").status_code == 302  # the session of the old password
    assert actor_by_token(secret) is None


def test_agents_cannot_touch_the_invitations_of_staff(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    invite()
    row, before = Invitation.objects.get(), state()
    for verb in (invitations.resend, invitations.withdraw):
        with pytest.raises(NotFound):
            verb(actor(cast.anna), row.pk, via="web")
    with pytest.raises(ValidationError):
        invitations.invite(actor(cast.anna), Invited(EMAIL, "X", "en"), via="web")
    assert state() == before
    client = Client()
    client.force_login(cast.anna)
    assert EMAIL not in client.get("/customers/invitations/").content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nothing"}, "email"),
        ({"email": "anna@desk.example"}, "email"),
        ({"name": " "}, "name"),
        ({"language": "de"}, "language"),
        ({"level": "king"}, "level"),
        ({"level": "partner_agent"}, "partner"),
        ({"level": "partner_agent", "partner_id": 9999}, "partner"),
        ({"partner_id": 1}, "partner"),
    ],
)
def test_what_is_wrong_is_said_by_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    values = {name: getattr(GEORGI, name) for name in Wanted.__dataclass_fields__} | change
    boss, partners = actor(cast.administrator), values["level"] == "partner_agent"
    places = [] if partners else [cast.hosting.pk]
    said = wrong(lambda: staff.invite(boss, [Wanted(**values)], places, via="web"))
    assert set(said) == {field}


def test_departments_are_needed_and_must_be_there(cast: Cast) -> None:
    boss = actor(cast.administrator)
    for places in ([], [9999], [cast.hosting.pk, 9999]):
        said = wrong(lambda at=places: staff.invite(boss, [GEORGI], at, via="web"))  # type: ignore[misc]
        assert set(said) == {"departments"}


def test_of_several_all_are_invited_or_nobody(cast: Cast, settle: Settle) -> None:
    boss, second = actor(cast.administrator), Wanted("maria@desk.example", "Мария", "ru", "agent")
    bad = Wanted("anna@desk.example", "", "ru", "agent")
    said = wrong(lambda: staff.invite(boss, [GEORGI, bad, GEORGI], [cast.hosting.pk], via="web"))
    assert set(said) == {"name.1", "email.2"}
    made = staff.invite(boss, [GEORGI, second], [cast.hosting.pk], via="web")
    settle()
    assert [len(letters_to(one.person.email)) for one in made] == [1, 1]
    assert set(cast.hosting.agents.values_list("pk", flat=True)) >= {one.pk for one in made}
    assert set(wrong(lambda: staff.invite(boss, [GEORGI], [cast.hosting.pk], via="web"))) == {
        "email"
    }


def test_a_partners_staff_see_their_partners_tickets(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    wanted = Wanted(EMAIL, "Г", "en", "partner_agent", cast.partner.pk)
    use(cast, invite(wanted))
    assert georgi().staff.partner == cast.partner


@pytest.mark.parametrize("who", ["supervisor", "anna", "observer", "partner_agent", "svetlana"])
def test_only_administrators_may(cast: Cast, who: str) -> None:
    other, pk = actor(getattr(cast, who)), cast.boris.pk
    before = state()
    for verb in (
        lambda: staff.invite(other, [GEORGI], [cast.hosting.pk], via="web"),
        lambda: staff.change(other, pk, "observer", None, [cast.hosting.pk], via="web"),
        lambda: staff.deactivate(other, pk, "nobody", via="web"),
        lambda: people.restore(other, pk, via="web"),
        lambda: people.resend(other, pk, via="web"),
        lambda: people.withdraw(other, pk, via="web"),
        lambda: page(other),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert state() == before


def test_level_and_departments_are_changed_with_both_values_kept(cast: Cast) -> None:
    boss, pk = actor(cast.administrator), cast.anna.pk
    staff.change(boss, pk, "supervisor", None, [cast.equipment.pk], via="web")
    assert Person.objects.get(pk=pk).level == "supervisor"
    assert list(cast.anna.staff.departments.all()) == [cast.equipment]
    kinds = Event.objects.filter(subject_kind="person", subject_id=pk).order_by("id")
    told = [(event.kind, event.data) for event in kinds]
    assert told[0] == ("staff.changed", {"level": ["agent", "supervisor"], "partner": None})
    assert told[1][0] == "staff.placed"
    before = state()
    staff.change(boss, pk, "supervisor", None, [cast.equipment.pk], via="web")
    assert state() == before


def test_nobody_changes_their_own_level_and_one_administrator_is_left(cast: Cast) -> None:
    boss, pk = actor(cast.administrator), cast.administrator.pk
    assert set(wrong(lambda: staff.change(boss, pk, "agent", None, [], via="web"))) >= {"level"}
    assert set(wrong(lambda: staff.deactivate(boss, pk, "nobody", via="web"))) == {"person"}
    # Anna was an administrator when she pressed.
    Staff.objects.filter(pk=cast.anna.pk).update(level="administrator")
    other = actor(cast.anna)
    Staff.objects.filter(pk=cast.anna.pk).update(level="agent")
    assert set(wrong(lambda: staff.change(other, pk, "agent", None, [], via="web"))) == {"level"}
    assert set(wrong(lambda: staff.deactivate(other, pk, "nobody", via="web"))) == {"person"}


def test_one_who_is_only_invited_is_no_administrator_yet(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    invite(Wanted(EMAIL, "Г", "en", "administrator"))
    Staff.objects.filter(pk=cast.anna.pk).update(level="administrator")
    other = actor(cast.anna)
    Staff.objects.filter(pk=cast.anna.pk).update(level="agent")
    pk = cast.administrator.pk
    assert set(wrong(lambda: staff.deactivate(other, pk, "nobody", via="web"))) == {"person"}
    pk = georgi().pk
    boss = actor(cast.administrator)
    assert set(wrong(lambda: staff.deactivate(boss, pk, "nobody", via="web"))) == {"person"}


def test_deactivated_they_are_out_everywhere_at_once(cast: Cast) -> None:
    """C37: web session, token, live stream; and no way back by an old session."""
    client, secret = Client(), create_token(cast.boris, ["*"])
    client.post("/sign-in/", {"login": cast.boris.email, "password": PASSWORD})
    session = str(client.session.session_key)
    assert client.get("/desk/").status_code == 200
    assert set(listening.readers([session])) == {session}
    Visit.objects.create(project=cast.project, agent=cast.boris, person=cast.svetlana)
    assert staff.deactivate(actor(cast.administrator), cast.boris.pk, "", via="web") is None
    assert client.get("/desk/").status_code == 302
    assert actor_by_token(secret) is None
    assert listening.readers([session]) == {}
    assert not UserSession.objects.filter(user=cast.boris).exists()
    assert not Visit.objects.filter(agent=cast.boris, ended_at=None).exists()
    answer = Client().post("/sign-in/", {"login": cast.boris.email, "password": PASSWORD})
    assert answer.headers.get("Location") != "/"
    ticket = open_by(cast.svetlana, cast.equipment)
    assert not workers_for(actor(cast.administrator), ticket).filter(pk=cast.boris.pk).exists()
    assert people.restore(actor(cast.administrator), cast.boris.pk, via="web")
    assert client.get("/desk/").status_code == 302
    assert actor_by_token(secret) is None
    again = Client()
    again.post("/sign-in/", {"login": cast.boris.email, "password": PASSWORD})
    assert again.get("/desk/").status_code == 200


def given(cast: Cast, number: int) -> list[Ticket]:
    tickets = [open_by(cast.svetlana, cast.hosting, f"Ticket {n}") for n in range(number)]
    for ticket in tickets:
        assign(actor(cast.anna), ticket, cast.anna.staff, via="web")
    return tickets


def test_open_tickets_go_to_a_colleague_each_with_its_history(cast: Cast) -> None:
    tickets = given(cast, 3)
    boss, pk = actor(cast.administrator), cast.anna.pk
    heir = cast.supervisor
    assert set(wrong(lambda: staff.deactivate(boss, pk, "", via="web"))) == {"tickets_to"}
    for to in (str(pk), str(cast.observer.pk), "9999", "x", "team-1"):
        said = wrong(lambda at=to: staff.deactivate(boss, pk, at, via="web"))  # type: ignore[misc]
        assert set(said) == {"tickets_to"}
    made = staff.deactivate(boss, pk, str(heir.pk), via="web")
    assert made is not None
    bulk.sweep()
    for ticket in tickets:
        assert Ticket.objects.get(pk=ticket.pk).responsible_id == heir.pk
        event = Event.objects.filter(subject_kind="ticket", kind="ticket.assigned").last()
        assert event is not None
        assert event.actor_id == cast.administrator.pk
        assert (event.data["to"], event.data["from"]) == (heir.pk, cast.anna.name)


def test_they_go_to_nobody_or_back_to_their_team(cast: Cast) -> None:
    (ticket, taken) = given(cast, 2)
    made = staff.deactivate(actor(cast.administrator), cast.anna.pk, "nobody", via="web")
    assert made is not None
    assign(
        actor(cast.supervisor), taken, cast.supervisor.staff, via="web"
    )  # faster than the worker
    bulk.sweep()
    assert Ticket.objects.get(pk=ticket.pk).responsible_id is None
    assert Ticket.objects.get(pk=taken.pk).responsible_id == cast.supervisor.pk


def test_what_the_heir_may_not_answer_goes_to_nobody(cast: Cast) -> None:
    (ticket,) = given(cast, 1)
    staff.deactivate(actor(cast.administrator), cast.anna.pk, str(cast.boris.pk), via="web")
    bulk.sweep()
    assert Ticket.objects.get(pk=ticket.pk).responsible_id is None
    assert Bulk.objects.get().items.get().state == "done"


def test_a_partners_line_is_left_in_order_too(cast: Cast) -> None:
    ticket = open_by(cast.kirill, cast.hosting)
    assert ticket.custody == Custody.PARTNER
    agent = cast.partner_agent
    assign(actor(agent), ticket, agent.staff, via="web")
    staff.deactivate(actor(cast.administrator), agent.pk, "nobody", via="web")
    bulk.sweep()
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.responsible_id, row.custody) == (None, Custody.PARTNER)
    assert Bulk.objects.get().items.get().state == "done"


def test_the_list_is_narrowed(cast: Cast, invite: Callable[..., Letter]) -> None:
    invite()
    boss = actor(cast.administrator)
    people.deactivate(boss, cast.boris.pk, via="web")

    def found(**asked: Any) -> set[str]:
        return {row.person.email for row in page(boss, Asked(**asked)).rows}

    assert found(state="invited") == {EMAIL}
    assert found(state="deactivated") == {cast.boris.email}
    assert found(typed="анна") == {cast.anna.email}
    assert found(level="observer") == {cast.observer.email}
    assert found(department=cast.equipment.pk) == {cast.boris.email, cast.administrator.email}
    first = page(boss, size=3)
    second = page(boss, after=str(first.next), size=10)
    names = [row.person.name for row in [*first.rows, *second.rows]]
    assert len(names) == len(set(names)) == 7
    assert second.next is None


def test_who_only_wrote_by_mail_stays_the_same_person(
    cast: Cast, invite: Callable[..., Letter]
) -> None:
    known = meet(EMAIL, "G.", "ru")
    use(cast, invite())
    assert (georgi().pk, georgi().name, georgi().language) == (known.pk, GEORGI.name, "ru")


def test_of_two_administrators_who_dismiss_each_other_one_is_left(stage: Cast) -> None:
    Staff.objects.filter(pk=stage.anna.pk).update(level="administrator")
    first, second = actor(stage.administrator), actor(stage.anna)
    start = Barrier(2)
    refused: list[ValidationError] = []

    def dismiss(who: Actor, pk: int) -> None:
        start.wait()
        try:
            staff.deactivate(who, pk, "nobody", via="web")
        except ValidationError as problem:
            refused.append(problem)
        finally:
            connection.close()

    threads = [
        Thread(target=dismiss, args=(first, stage.anna.pk)),
        Thread(target=dismiss, args=(second, stage.administrator.pk)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = Staff.objects.filter(level="administrator", person__is_active=True)
    assert (left.count(), len(refused)) == (1, 1)
