"""An alert to many projects: each once, whatever breaks on the way (product 5.4)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from firstline.people.access import Forbidden, NotFound
from firstline.people.models import Person, Project
from firstline.tickets import broadcasts
from firstline.tickets.actions import alert as alerting
from firstline.tickets.actions.broadcast import broadcast, retry, sweep, tell, work_off
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Alert, Broadcast, BroadcastItem
from tests.cast import Cast, actor

DRAFT = Draft("Disks are moved.", files=[Enclosure("plan.txt", b"at two")])


@pytest.fixture
def projects(cast: Cast) -> list[Project]:
    more = [
        Project.objects.create(identifier=f"p-{number}", name="More", owner=cast.zlata)
        for number in range(3)
    ]
    return [cast.project, *more]


def send(cast: Cast, projects: list[Project]) -> Broadcast:
    until = timezone.now() + timedelta(hours=6)
    return broadcast(
        actor(cast.anna), projects, "information", "Works", DRAFT, acknowledge_by=until
    )


def test_each_project_gets_the_same(cast: Cast, projects: list[Project]) -> None:
    made = send(cast, [*projects, projects[0]])
    work_off(made.pk)
    alerts = Alert.objects.select_related("ticket").order_by("pk")
    assert [one.project for one in alerts] == projects
    for one in alerts:
        assert (one.broadcast, one.acknowledge_by) == (made, made.acknowledge_by)
        assert (one.ticket.subject, one.ticket.opened_by) == ("Works", cast.anna)
        message = one.ticket.messages.get()
        assert message.text == "Disks are moved."
        assert message.attachments.get().file.name == "plan.txt"
    progress = broadcasts.progress_of(made)
    assert (progress.total, progress.done, progress.is_over) == (4, 4, True)


def test_run_twice_and_by_the_sweeper_it_is_still_one_each(
    cast: Cast, projects: list[Project]
) -> None:
    made = send(cast, projects)
    work_off(made.pk)
    work_off(made.pk)
    assert sweep() == 0
    for item in BroadcastItem.objects.all():
        tell(item.pk)
    assert Alert.objects.count() == 4


def test_a_worker_that_dies_after_the_alert_leaves_none(
    cast: Cast, projects: list[Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = send(cast, projects[:1])
    with monkeypatch.context() as patch:
        patch.setattr(BroadcastItem, "finish", lambda _self: False)
        work_off(made.pk)
    assert not Alert.objects.exists()
    BroadcastItem.objects.update(due_at=timezone.now())
    sweep()
    assert Alert.objects.count() == 1


def test_what_fails_is_told_and_tried_again(cast: Cast, projects: list[Project]) -> None:
    made = send(cast, projects)
    Person.objects.filter(pk=cast.anna.pk).update(is_active=False)
    work_off(made.pk)
    progress = broadcasts.progress_of(made)
    assert (progress.done, progress.failed_count, progress.is_over) == (0, 4, True)
    assert progress.failed[0].problem == "The author may no longer send alerts to this project."
    Person.objects.filter(pk=cast.anna.pk).update(is_active=True)
    retry(actor(cast.anna), made.pk)
    work_off(made.pk)
    assert Alert.objects.count() == 4
    assert broadcasts.unsettled(actor(cast.anna)) == []


def test_a_deadline_that_is_over_meanwhile_is_told(cast: Cast, projects: list[Project]) -> None:
    made = send(cast, projects[:2])
    Broadcast.objects.update(acknowledge_by=timezone.now() - timedelta(minutes=1))
    work_off(made.pk)
    assert "in the future" in broadcasts.progress_of(made).failed[0].problem
    assert not Alert.objects.exists()


def test_an_unexpected_failure_is_tried_later(
    cast: Cast, projects: list[Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = send(cast, projects[:1])

    def fail(*_args: object, **_more: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(alerting, "alert", fail)
        work_off(made.pk)
    item = BroadcastItem.objects.get()
    assert (item.state, item.attempts) == ("waiting", 1)
    BroadcastItem.objects.update(due_at=timezone.now())
    sweep()
    assert Alert.objects.count() == 1


def test_who_may_and_who_sees_it(cast: Cast, projects: list[Project]) -> None:
    for person in (cast.observer, cast.svetlana, cast.partner_agent):
        with pytest.raises(Forbidden):
            broadcast(actor(person), projects, "information", "Works", DRAFT)
    made = send(cast, projects)
    for person in (cast.boris, cast.observer, cast.partner_agent, cast.svetlana):
        with pytest.raises(NotFound):
            retry(actor(person), made.pk)
    assert broadcasts.get_for(actor(cast.administrator), made.pk) == made
    assert Broadcast.objects.count() == 1


@pytest.mark.parametrize(
    ("type", "title", "field"), [("", "Works", "type"), ("information", " ", "title")]
)
def test_what_is_wrong_is_named(
    cast: Cast, projects: list[Project], type: str, title: str, field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        broadcast(actor(cast.anna), projects, type, title, DRAFT)
    assert set(refusal.value.message_dict) == {field}
    with pytest.raises(ValidationError) as none:
        broadcast(actor(cast.anna), [], "information", "Works", DRAFT)
    assert set(none.value.message_dict) == {"projects"}
    assert not Broadcast.objects.exists()


def test_its_mails_follow(cast: Cast, projects: list[Project], settle: Callable[[], None]) -> None:
    send(cast, projects)
    settle()
    assert Alert.objects.count() == 4
