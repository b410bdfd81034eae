"""Levels are made, renamed, ordered, retired and brought back, and no ticket is lost (cap 76)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from firstline.events.models import Event
from firstline.people.access import Forbidden
from firstline.people.roles import Permission
from firstline.tickets import access, history
from firstline.tickets.actions import levels
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft
from firstline.tickets.models import Level, Ticket
from tests.cast import Cast, actor, open_by, resolve_by

NIGHT = {"ru": "Ночная смена", "bg": "Нощна смяна", "en": "Night shift"}


def level(key: str) -> Level:
    return Level.objects.get(key=key)


def in_use() -> list[str]:
    return list(Level.objects.filter(is_active=True).values_list("key", flat=True))


def test_a_level_is_made_behind_all_others(cast: Cast) -> None:
    made = levels.create_level(
        actor(cast.administrator), {**NIGHT, "en": " Night\nshift "}, via="web"
    )
    assert (made.key, made.names) == ("night-shift", NIGHT)
    assert in_use()[-1] == "night-shift"
    event = Event.objects.get(kind="level.made")
    assert (event.actor, event.subject_id) == (cast.administrator, made.pk)


def test_keys_are_never_taken_twice(cast: Cast) -> None:
    admin = actor(cast.administrator)
    keys = [
        levels.create_level(admin, {"ru": f"А{at}", "bg": f"Б{at}", "en": name}, via="web").key
        for at, name in enumerate(["New", "Reply", "Second", "Second!", "Ночь"])
    ]
    assert keys == ["new-2", "reply-2", "second-2", "second-3", "level"]


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        ({}, {"name_ru", "name_bg", "name_en"}),
        ({**NIGHT, "bg": " \x00 "}, {"name_bg"}),
        ({**NIGHT, "en": "x" * 61}, {"name_en"}),
        ({**NIGHT, "en": "SECOND level"}, {"name_en"}),
    ],
)
def test_names_are_checked(cast: Cast, names: dict[str, str], wrong: set[str]) -> None:
    before = list(Level.objects.values())
    for call in (
        lambda: levels.create_level(actor(cast.administrator), names, via="web"),
        lambda: levels.rename_level(actor(cast.administrator), level("vendor"), names, via="web"),
    ):
        with pytest.raises(ValidationError) as refused:
            call()
        assert set(refused.value.message_dict) == wrong
    assert list(Level.objects.values()) == before


def test_a_level_is_renamed_and_may_keep_a_name(cast: Cast) -> None:
    names = {**level("vendor").names, "en": "Supplier"}
    admin = actor(cast.administrator)
    levels.rename_level(admin, level("vendor"), names, via="web")
    levels.rename_level(admin, level("vendor"), names, via="web")
    assert level("vendor").names == names
    assert Event.objects.filter(kind="level.renamed").count() == 1


@pytest.mark.parametrize(
    ("key", "place", "order"),
    [
        ("vendor", 1, ["first", "vendor", "second", "marketing", "incidents"]),
        ("second", 2, ["first", "marketing", "second", "vendor", "incidents"]),
        ("second", 99, ["first", "marketing", "vendor", "incidents", "second"]),
        ("second", -5, ["first", "second", "marketing", "vendor", "incidents"]),
    ],
)
def test_levels_are_ordered(cast: Cast, key: str, place: int, order: list[str]) -> None:
    levels.place_level(actor(cast.administrator), level(key), place, via="web")
    assert in_use() == order


def test_the_first_level_stays_the_first_and_in_use(cast: Cast) -> None:
    admin = actor(cast.administrator)
    with pytest.raises(ValidationError):
        levels.place_level(admin, level("first"), 3, via="web")
    with pytest.raises(ValidationError) as refused:
        levels.retire_level(admin, level("first"), level("second"), via="web")
    assert set(refused.value.message_dict) == {"level"}
    assert in_use()[0] == "first"


def test_an_empty_level_retires_and_comes_back(cast: Cast) -> None:
    admin = actor(cast.administrator)
    assert levels.retire_level(admin, level("second"), None, via="web") == 0
    assert "second" not in in_use()
    levels.restore_level(admin, level("second"), via="web")
    assert in_use() == ["first", "marketing", "vendor", "incidents", "second"]
    kinds = Event.objects.filter(subject_kind="level").order_by("id")
    assert [event.kind for event in kinds] == ["level.retired", "level.restored"]


def test_the_tickets_of_a_retired_level_go_on_elsewhere(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "BATCH", 2)
    held = [
        open_by(cast.svetlana, cast.hosting, f"Held {at}", level=level("vendor")) for at in range(5)
    ]
    of_partner = open_by(cast.kirill, cast.hosting, "The partner's", level=level("vendor"))
    done = open_by(cast.svetlana, cast.hosting, "Done", level=level("vendor"))
    resolve_by(cast.anna, done)
    updated = Ticket.objects.get(pk=held[0].pk).updated_at
    admin = actor(cast.administrator)
    assert levels.retire_level(admin, level("vendor"), level("second"), via="web") == 6
    for ticket in (*held, of_partner):
        row = Ticket.objects.get(pk=ticket.pk)
        assert (row.level.key, row.desk_group) == ("second", "level")
        event = Event.objects.get(kind="ticket.level_changed", subject_id=ticket.pk)
        assert (event.data["from"], event.data["to"]) == ("vendor", "second")
    assert Ticket.objects.get(pk=held[0].pk).updated_at == updated
    assert Ticket.objects.get(pk=done.pk).level.key == "vendor"
    lines = [
        line.text for entry in history.timeline(actor(cast.anna), held[0]) for line in entry.lines
    ]
    told = "Администратор Адамов retired the ticket's level: level: Vendor → Second level"
    assert told in lines
    theirs = history.timeline(actor(cast.svetlana), held[0])
    assert "level" not in " ".join(line.text for entry in theirs for line in entry.lines)


def test_tickets_that_go_to_the_first_level_find_their_groups(cast: Cast) -> None:
    new = open_by(cast.svetlana, cast.hosting, "New", level=level("vendor"))
    ours = open_by(cast.svetlana, cast.hosting, "Ours", level=level("vendor"))
    reply(actor(cast.anna), ours, Draft(text="Which?"), via="web")
    reply(actor(cast.svetlana), ours, Draft(text="This."), via="portal")
    theirs = open_by(cast.svetlana, cast.hosting, "Theirs", level=level("vendor"))
    reply(actor(cast.anna), theirs, Draft(text="Which?"), via="web")
    levels.retire_level(actor(cast.administrator), level("vendor"), level("first"), via="web")
    rows = [Ticket.objects.get(pk=ticket.pk).desk_group for ticket in (new, ours, theirs)]
    assert rows == ["new", "reply", ""]


def test_nothing_is_lost_without_a_place_to_go(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, level=level("vendor"))
    admin = actor(cast.administrator)
    Level.objects.filter(key="marketing").update(is_active=False)
    for target in (None, level("vendor"), level("marketing")):
        with pytest.raises(ValidationError) as refused:
            levels.retire_level(admin, level("vendor"), target, via="web")
        assert set(refused.value.message_dict) == {"target"}
    assert "vendor" in in_use()
    assert access.get_for(admin, ticket.number, Permission.TICKET_VIEW).level.key == "vendor"


CALLS: dict[str, Callable[[Any], Any]] = {
    "create": lambda who: levels.create_level(who, NIGHT, via="web"),
    "rename": lambda who: levels.rename_level(who, level("second"), NIGHT, via="web"),
    "place": lambda who: levels.place_level(who, level("second"), 2, via="web"),
    "retire": lambda who: levels.retire_level(who, level("second"), None, via="web"),
    "restore": lambda who: levels.restore_level(who, level("second"), via="web"),
}


@pytest.mark.parametrize("verb", CALLS)
def test_administrators_only(cast: Cast, verb: str) -> None:
    before = list(Level.objects.values())
    for person in (*cast.staff, *cast.customers):
        if person != cast.administrator:
            with pytest.raises(Forbidden):
                CALLS[verb](actor(person))
    assert list(Level.objects.values()) == before
    assert not Event.objects.filter(subject_kind="level").exists()
