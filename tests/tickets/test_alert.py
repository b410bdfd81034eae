"""Alerts: tickets that we start. Who may, what they are, and how an answer comes back (cap 93-100)."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound, actor_of
from firstline.people.models import Company, Partner, Project
from firstline.people.roles import LEVELS, Level, Permission
from firstline.search.query import find
from firstline.tickets import access, desk, history
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Alert, Department, Status, Ticket
from tests.cast import Cast, actor, open_by

TEXT = Draft("From 02:00 to 04:00 the disks are moved.\nYour servers run on.")


def tell(cast: Cast, **more: Any) -> Ticket:
    return alert(
        actor(cast.anna), cast.project, "information", "Works at night", TEXT, via="web", **more
    )


def rows() -> int:
    """How much there is in the tables of the desk."""
    names = ("tickets", "events", "mail", "files")
    models = [one for name in names for one in apps.get_app_config(name).get_models()]
    return sum(one._base_manager.count() for one in models)


def test_it_is_a_ticket_of_the_project_that_waits_for_its_people(cast: Cast) -> None:
    told = tell(cast)
    ticket = Ticket.objects.select_related("alert", "status").get(pk=told.pk)
    assert (ticket.alert.type, ticket.alert_type) == ("information", "Information")
    assert (ticket.subject, ticket.requester) == ("Works at night", cast.svetlana)
    assert ticket.description.startswith("From 02:00 to 04:00")
    assert (ticket.project, ticket.company) == (cast.project, cast.orbita)
    assert (ticket.opened_by, ticket.responsible_id) == (cast.anna, cast.anna.pk)
    assert (ticket.department, ticket.awaiting) == (cast.hosting, "customer")
    assert (ticket.status.key, ticket.phase) == ("open", "open")  # deferred needs a time
    assert ticket.is_open == 1
    assert ticket.pending_until is None
    message = ticket.messages.get()
    assert (message.kind, message.visibility, message.author) == ("out", "public", cast.anna)
    event = Event.objects.get(subject_id=ticket.pk)
    assert (event.kind, event.data) == ("ticket.alerted", {"message": message.pk})


def test_it_stands_on_no_desk_before_somebody_answers(cast: Cast) -> None:
    ticket = tell(cast)
    assert ticket.desk_group == ""
    assert sum(group.count for group in desk.desk(actor(cast.administrator))) == 0
    reply(actor(cast.pyotr), ticket, Draft("Please not on Friday"), via="portal")
    groups = {group.key: group.count for group in desk.desk(actor(cast.anna)) if group.count}
    assert groups == {"reply": 1}
    ticket = Ticket.objects.select_related("status").get(pk=ticket.pk)
    assert (ticket.awaiting, ticket.phase) == ("support", "open")


def test_a_department_with_a_mailbox_waits_as_well(cast: Cast) -> None:
    ticket = tell(cast, department=cast.equipment)
    assert (ticket.department, ticket.status.key) == (cast.equipment, "waiting")
    reply(actor(cast.svetlana), ticket, Draft("Good"), via="portal")
    assert Ticket.objects.get(pk=ticket.pk).phase == "open"


def test_answers_go_to_a_department_of_the_writers(cast: Cast) -> None:
    told = alert(actor(cast.boris), cast.project, "complaint", "Spam", TEXT, via="web")
    assert told.department == cast.equipment
    cast.equipment.is_active = False
    cast.equipment.save()
    told = alert(actor(cast.boris), cast.project, "complaint", "Spam", TEXT, via="web")
    assert told.department == cast.hosting
    Department.objects.update(is_active=False)
    with pytest.raises(ValidationError) as refusal:
        tell(cast)
    assert set(refusal.value.message_dict) == {"department"}


def test_who_may(cast: Cast) -> None:
    before = rows()
    for person in (cast.observer, cast.partner_agent, *cast.customers):
        with pytest.raises(Forbidden):
            alert(actor(person), cast.project, "information", "Works", TEXT, via="web")
    assert rows() == before
    for person in (cast.administrator, cast.supervisor, cast.anna):
        alert(actor(person), cast.project, "information", "Works", TEXT, via="web")
    assert Alert.objects.count() == 3


def test_a_partners_staff_alert_their_partners_projects_only(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = Level(cast.partner_agent.staff.level)
    allowed = LEVELS[level] | {Permission.ALERT_OPEN}
    monkeypatch.setitem(LEVELS, level, allowed)
    partner = cast.partner_agent.staff.partner
    other = Partner.objects.create(name="Other")
    company = Company.objects.create(name="Of the partner", partner=partner)
    common = {"owner": cast.zlata, "name": "A project"}
    theirs = Project.objects.create(identifier="p-1", company=company, partner=partner, **common)
    strange = Project.objects.create(identifier="p-2", partner=other, **common)
    before = rows()
    for project in (cast.project, strange):
        with pytest.raises(NotFound):
            alert(actor(cast.partner_agent), project, "information", "Works", TEXT, via="web")
    assert rows() == before
    told = alert(actor(cast.partner_agent), theirs, "information", "Works", TEXT, via="web")
    assert told.partner == partner
    assert access.get_for(actor(cast.partner_agent), told.number, Permission.TICKET_VIEW) == told


@pytest.mark.parametrize(
    ("type", "title", "draft", "field"),
    [
        ("advertising", "Works", TEXT, "type"),
        ("", "Works", TEXT, "type"),
        ("information", " \n ", TEXT, "title"),
        ("information", "Works", Draft("  "), "text"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    cast: Cast, type: str, title: str, draft: Draft, field: str
) -> None:
    before = rows()
    with pytest.raises(ValidationError) as refusal:
        alert(actor(cast.anna), cast.project, type, title, draft, via="web")
    assert set(refusal.value.message_dict) == {field}
    assert rows() == before


def test_files_go_with_it(cast: Cast) -> None:
    draft = Draft("See the list", files=[Enclosure("list.txt", b"one")])
    ticket = alert(actor(cast.anna), cast.project, "complaint", "Pages", draft, via="web")
    number, pk = ticket.number, ticket.messages.get().attachments.get().pk
    assert access.attachment_for(actor(cast.pyotr), number, pk).file.name == "list.txt"
    with pytest.raises(NotFound):
        access.attachment_for(actor(cast.zlata), number, pk)


def test_every_member_may_read_and_answer_and_nobody_else(cast: Cast) -> None:
    ticket = tell(cast)
    for person in (cast.svetlana, cast.pyotr):
        reply(actor(person), ticket, Draft(f"Seen by {person.name}"), via="portal")
    before = rows()
    with pytest.raises(NotFound):
        reply(actor(cast.zlata), ticket, Draft("Me, too"), via="portal")
    assert rows() == before
    assert ticket.messages.filter(kind="in").count() == 2


def test_the_history_says_so_to_both_sides(cast: Cast) -> None:
    ticket = tell(cast)
    for person in (cast.svetlana, cast.boris):
        if person == cast.boris:
            cast.hosting.agents.add(cast.boris.staff)
        entries = history.timeline(actor_of(person), ticket)
        lines = [line.text for entry in entries for line in entry.lines]
        assert lines == ["Анна Соколова sent an alert"]


def test_a_title_is_one_line_and_inert(cast: Cast) -> None:
    title = "Works\r\nBcc: all@desk.example\x00 <script>alert(1)</script>" + "я" * 400
    ticket = alert(actor(cast.anna), cast.project, "information", title, TEXT, via="web")
    assert "\n" not in ticket.subject
    assert "\x00" not in ticket.subject
    assert len(ticket.subject) <= 300


def test_it_is_written_with_its_event_or_not_at_all(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows()

    def fail(*_args: object, **_data: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("firstline.tickets.change.record", fail)
    with pytest.raises(OSError, match="disk full"):
        tell(cast)
    assert rows() == before


def test_it_can_be_found_by_its_words(cast: Cast, settle: Callable[[], None]) -> None:
    ticket = tell(cast)
    settle()
    assert find(actor(cast.pyotr), "disks").tickets == [ticket]
    assert find(actor(cast.zlata), "disks").tickets == []


def test_what_was_deferred_before_is_put_right(cast: Cast) -> None:
    """An alert without a date goes to Open; a deferred ticket leaves the desk until its time."""
    old, dated = tell(cast), open_by(cast.svetlana, cast.hosting)
    deferred = Status.objects.get(workflow__key="service", key="needs-clarification")
    until = timezone.now() + timedelta(days=1)
    Ticket.objects.update(status=deferred, phase="deferred")
    Ticket.objects.filter(pk=dated.pk).update(pending_until=until, desk_group="new")
    import_module("firstline.tickets.migrations.0013_waiting_data").settle(apps, None)
    old = Ticket.objects.select_related("status").get(pk=old.pk)
    assert (old.status.key, old.phase, old.desk_group) == ("open", "open", "")
    dated = Ticket.objects.get(pk=dated.pk)
    assert (dated.phase, dated.desk_group, dated.pending_until) == ("deferred", "", until)
