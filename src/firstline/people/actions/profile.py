"""Everybody's own settings (product 1.4, cap 5-8)."""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from firstline.base.db import atomic, hold
from firstline.events import log
from firstline.people import details
from firstline.people.access import Actor, Forbidden
from firstline.people.models import Person, Staff
from firstline.people.roles import Permission

PAGE_SIZES = (10, 25, 50, 100)
OF_STAFF = ("wants_given", "wants_words")  # nobody else gets these mails


class Changes(TypedDict, total=False):
    """What may be changed; what is left out stays."""

    name: str
    phone: str
    language: str
    time_zone: str
    page_size: int
    wants_receipts: bool
    wants_status: bool
    wants_alerts: bool
    wants_given: bool
    wants_words: bool


def change_own(actor: Actor, *, via: str, **changes: Unpack[Changes]) -> Person:
    """Change the actor's own settings, and record what changed from what to what.

    Answers are always mailed; `wants_…` are the other mails. Raises Forbidden, and ValidationError
    with a message for each field that is wrong; then nothing is changed.
    """
    actor.demand(Permission.OWN_EDIT)
    if actor.person is None:
        raise Forbidden(Permission.OWN_EDIT)
    wanted = _checked(changes)
    with atomic():
        hold(Person.objects.filter(pk=actor.person.pk))
        person = Person.objects.get(pk=actor.person.pk)
        of_staff = {name: value for name, value in wanted.items() if name in OF_STAFF}
        of_person = {name: value for name, value in wanted.items() if name not in OF_STAFF}
        changed = _write(Person.objects.filter(pk=person.pk), person, of_person)
        staff = Staff.objects.filter(pk=person.pk).first()
        if staff:
            changed |= _write(Staff.objects.filter(pk=person.pk), staff, of_staff)
        if changed:
            _record(actor, "person.changed", via, changes=changed)
    return Person.objects.get(pk=person.pk)


def _write(rows: QuerySet[Any], now: object, wanted: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write what differs; what changed from what to what."""
    changed = {
        name: [getattr(now, name), value]
        for name, value in wanted.items()
        if getattr(now, name) != value
    }
    if changed:
        rows.update(**{name: wanted[name] for name in changed})
    return changed


def record_password(actor: Actor, *, via: str) -> None:
    """Write down that the actor has chosen another password; a letter to their address follows."""
    _record(actor, "person.changed_password", via)


def _record(actor: Actor, kind: str, via: str, **data: Any) -> None:
    log.record(
        kind,
        subject_kind="person",
        subject_id=actor.id or 0,
        **actor.signature,
        via=via,
        data=data,
    )


def _checked(changes: Changes) -> dict[str, Any]:
    """The changes as they are stored. Raises ValidationError."""
    wanted: dict[str, Any] = dict(changes)
    problems = {}
    for field, check in CHECKS.items():
        if field in wanted:
            try:
                wanted[field] = check(wanted[field])
            except ValidationError as problem:
                problems[field] = problem.messages
    if problems:
        raise ValidationError(problems)
    return wanted


def _page_size(size: int) -> int:
    if size not in PAGE_SIZES:
        sizes = ", ".join(str(one) for one in PAGE_SIZES)
        raise ValidationError(_("Choose one of: %(sizes)s.") % {"sizes": sizes})
    return size


CHECKS: dict[str, Any] = {
    "name": details.name,
    "phone": details.phone,
    "language": details.language,
    "time_zone": details.time_zone,
    "page_size": _page_size,
}
