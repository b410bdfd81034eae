"""Levels as administrators shape them: made, renamed, ordered, retired and brought back (cap 76)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from firstline.base.db import after_commit, atomic, hold
from firstline.base.languages import CODES
from firstline.base.lines import one_line
from firstline.events import log
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change, levels, workflow
from firstline.tickets.actions.order import put_at
from firstline.tickets.models import Level, Ticket

NAME_LIMIT = 60
MOST_LEVELS = 30  # in use: the desk asks for each
BATCH = 200
RESERVED = {"new", "reply"}  # the groups of the first level, and a page of the settings


def create_level(actor: Actor, names: dict[str, str], *, via: str) -> Level:
    """Make a level behind all others. Raises Forbidden, ValidationError."""
    actor.demand(Permission.LEVEL_EDIT)
    with atomic():
        found = _held()
        names = _checked(names, found)
        if sum(one.is_active for one in found) >= MOST_LEVELS:
            most = {"number": MOST_LEVELS}
            raise ValidationError(
                {"name_ru": _("There are %(number)s levels: no more fit.") % most}
            )
        last = max((one.position for one in found), default=0)
        level = Level.objects.create(key=_key(names, found), names=names, position=last + 1)
        _record(actor, level, "level.made", via, names=names)
    return level


def rename_level(actor: Actor, level: Level, names: dict[str, str], *, via: str) -> Level:
    """Give the level other names; its key stays. Raises Forbidden, ValidationError."""
    actor.demand(Permission.LEVEL_EDIT)
    with atomic():
        found = _held()
        row = next(one for one in found if one.pk == level.pk)
        names = _checked(names, [one for one in found if one.pk != row.pk])
        if names != row.names:
            Level.objects.filter(pk=row.pk).update(names=names)
            _record(actor, row, "level.renamed", via, names=[row.names, names])
            row.names = names
    return row


def place_level(actor: Actor, level: Level, place: int, *, via: str) -> Level:
    """Let the level stand at this place, counted from 1 behind the first level, which stays first.

    Beyond the end is the end. Raises Forbidden, ValidationError for a level that has no place.
    """
    actor.demand(Permission.LEVEL_EDIT)
    with atomic():
        found = _held()
        row = next(one for one in found if one.pk == level.pk)
        if row.is_first or not row.is_active:
            raise ValidationError({"position": _("Only further levels in use have a place.")})
        before = row.position
        put_at([one for one in found if not one.is_first], row, place)
        if row.position != before:
            _record(actor, row, "level.placed", via, position=[before, row.position])
    return row


def retire_level(actor: Actor, level: Level, target: Level | None, *, via: str) -> int:
    """Take the level out of use; its open tickets go to `target`, which is needed if there are any.

    Returns how many went. The level is out of use first, then the tickets go in batches, each in a
    transaction of its own, so that nobody waits for thousands; called again it moves what was left.
    Resolved and closed ones stay where they were. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.LEVEL_EDIT)
    with atomic():
        found = {one.pk: one for one in _held()}
        row = found[level.pk]
        if row.is_first:
            raise ValidationError({"level": _("Tickets begin on the first level: it stays.")})
        goal = found[target.pk] if target else None
        if goal is None and Ticket.objects.filter(is_open=1, level=row).exists():
            raise ValidationError({"target": _("Choose the level that its open tickets go to.")})
        if goal is not None and (goal == row or not goal.is_active):
            raise ValidationError({"target": _("Choose another level, one that is in use.")})
        if row.is_active:
            Level.objects.filter(pk=row.pk).update(is_active=False)
            _record(actor, row, "level.retired", via, target=goal.key if goal else None)
    moved = 0
    while goal is not None and (batch := _open_on(row)):
        moved += _move(actor, batch, row, goal, via)
    return moved


def restore_level(actor: Actor, level: Level, *, via: str) -> Level:
    """Take a retired level into use again, behind all others. Raises Forbidden."""
    actor.demand(Permission.LEVEL_EDIT)
    with atomic():
        found = _held()
        row = next(one for one in found if one.pk == level.pk)
        if not row.is_active:
            row.is_active, row.position = True, max(one.position for one in found) + 1
            row.save()
            _record(actor, row, "level.restored", via)
    return row


def _held() -> list[Level]:
    """All levels, which nobody else changes until this transaction ends."""
    hold(Level.objects.all())
    return list(Level.objects.all())


def _open_on(level: Level) -> list[int]:
    """Some of the level's open tickets, in the order of an index."""
    rows = Ticket.objects.filter(is_open=1, level=level).order_by("-updated_at", "-id")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _move(actor: Actor, ids: list[int], source: Level, target: Level, via: str) -> int:
    """Put these tickets on another level, as far as they are still there.

    When they were changed last stays: for their customers nothing has.
    """
    with atomic():
        hold(Ticket.objects.filter(pk__in=ids))
        tickets = list(Ticket.objects.filter(pk__in=ids, level=source))
        places: dict[str, list[int]] = {}
        data = {"level_from": source.names, "level_to": target.names}
        data |= {"from": source.key, "to": target.key}
        for ticket in tickets:
            ticket.level = target
            places.setdefault(workflow.desk_group(ticket), []).append(ticket.pk)
            change.record(actor, ticket, "ticket.level_changed", via, **data)
        for place, keys in places.items():
            Ticket.objects.filter(pk__in=keys).update(level=target, desk_group=place)
    return len(tickets)


def _checked(names: dict[str, str], others: list[Level]) -> dict[str, str]:
    """The names, each on one line. Raises ValidationError with a message for each wrong field."""
    problems: dict[str, str] = {}
    clean = {code: one_line(names.get(code, ""), NAME_LIMIT + 1) for code in CODES}
    taken = {(code, name.casefold()) for one in others for code, name in one.names.items()}
    for code, name in clean.items():
        if not name:
            problems[f"name_{code}"] = _("Write the name in this language, too.")
        elif len(name) > NAME_LIMIT:
            problems[f"name_{code}"] = _("At most %(number)s characters.") % {"number": NAME_LIMIT}
        elif (code, name.casefold()) in taken:
            problems[f"name_{code}"] = _("Another level has this name, in use or retired.")
    if problems:
        raise ValidationError(problems)
    return clean


def _key(names: dict[str, str], others: list[Level]) -> str:
    """A key that no other level has, made from the English name."""
    base = slugify(names["en"])[:40] or "level"
    taken = {one.key for one in others} | RESERVED
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, 1000))) if key not in taken)


def _record(actor: Actor, level: Level, kind: str, via: str, **data: Any) -> None:
    log.record(
        kind,
        subject_kind="level",
        subject_id=level.pk,
        **actor.signature,
        via=via,
        data=data,
    )
    levels.forget()
    after_commit(levels.forget)  # what somebody else read meanwhile
