"""Events to reactions: once the commit is there, again after a failure, aside when poisoned."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from firstline.base.db import atomic
from firstline.events import relay
from firstline.events.models import Event, Reaction
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from tests.cast import Cast, open_by


def test_an_event_and_its_reactions_come_with_the_change_or_not_at_all(cast: Cast) -> None:
    class Failed(Exception):
        pass

    def change_that_fails() -> None:
        with atomic():
            open_by(cast.svetlana, cast.hosting)
            raise Failed

    with pytest.raises(Failed):
        change_that_fails()
    assert (Event.objects.count(), Reaction.objects.count()) == (0, 0)


def test_a_reaction_that_ran_leaves_no_row(cast: Cast, settle: Callable[[], None]) -> None:
    open_by(cast.svetlana, cast.hosting)
    assert Reaction.objects.exists()
    settle()
    assert not Reaction.objects.exists()
    assert OutgoingMail.objects.count() == 1


def test_a_poisoned_reaction_is_put_aside_and_the_others_run(cast: Cast) -> None:
    poisoned = open_by(cast.svetlana, cast.hosting)
    event = Event.objects.get(subject_id=poisoned.pk)
    event.subject_id = 0  # a ticket that is not there
    event.save()
    healthy = open_by(cast.pyotr, cast.hosting)
    for _attempt in range(Reaction.MOST_ATTEMPTS + 1):
        relay.sweep()
        Reaction.objects.update(due_at=timezone.now())
    parked = Reaction.objects.get(event=event, handler__endswith="received")
    assert (parked.state, parked.attempts) == ("parked", Reaction.MOST_ATTEMPTS)
    assert "DoesNotExist" in parked.problem
    assert OutgoingMail.objects.get().ticket_id == healthy.pk


def test_a_claimed_row_is_nobody_else_s_until_its_lease_ends(cast: Cast) -> None:
    open_by(cast.svetlana, cast.hosting)
    row = Reaction.objects.first()
    assert row is not None
    first = Reaction.claim(row.pk)
    assert first is not None
    assert Reaction.claim(row.pk) is None
    Reaction.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    second = Reaction.claim(row.pk)
    assert second is not None
    assert first.finish() is False
    assert second.finish() is True


def test_a_handler_that_runs_twice_writes_one_letter(
    cast: Cast, settle: Callable[[], None]
) -> None:
    from firstline.mail.outbound import letters

    ticket = open_by(cast.svetlana, cast.hosting)
    event = Event.objects.get(subject_id=ticket.pk)
    letters.received(event)
    settle()
    assert OutgoingMail.objects.count() == 1


def test_a_quiet_import_tells_nobody(cast: Cast, settle: Callable[[], None]) -> None:
    with relay.quiet():
        open_by(cast.svetlana, cast.hosting)
    settle()
    assert OutgoingMail.objects.count() == 0
    assert Event.objects.count() == 1


def test_a_letter_is_written_in_the_reader_s_language(
    cast: Cast, settle: Callable[[], None]
) -> None:
    Person.objects.filter(pk=cast.svetlana.pk).update(language="bg")
    open_by(Person.objects.get(pk=cast.svetlana.pk), cast.hosting)
    settle()
    assert "Хостинг, на линия" in OutgoingMail.objects.get().text
