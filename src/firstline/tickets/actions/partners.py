"""Partners as administrators shape them: name, own first line, how long it may be silent (product 2.3)."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic, hold
from firstline.base.lines import one_line
from firstline.events import log
from firstline.people.access import Actor
from firstline.people.models import Partner
from firstline.people.roles import Permission
from firstline.tickets.actions.hand_over import read_reason, record_line_ended
from firstline.tickets.partners import held_by

LONGEST_NAME = 200
LONGEST_SILENCE = 60 * 24 * 30  # minutes: a month


class ReasonNeeded(ValidationError):
    """The partner's line holds tickets: ending it hands them all over, which needs a reason."""

    def __init__(self, held: int) -> None:
        super().__init__({"reason": _("Write why: the other line reads it first.")})
        self.held = held


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with a partner."""

    name: str
    own_first_line: bool = False
    silent_after_minutes: int = 240

    def check(self, besides: int | None = None) -> "Terms":
        """The terms as they are kept. Raises ValidationError."""
        name, problems = one_line(self.name), {}
        if not name:
            problems["name"] = _("Write the name.")
        elif len(name) > LONGEST_NAME:
            problems["name"] = _("At most %(number)s characters.") % {"number": LONGEST_NAME}
        elif Partner.objects.filter(name=name).exclude(pk=besides or 0).exists():
            problems["name"] = _("There is a partner with this name already.")
        if not 1 <= self.silent_after_minutes <= LONGEST_SILENCE:
            problems["silent_after_minutes"] = _("Between 1 and %(number)s minutes.") % {
                "number": LONGEST_SILENCE
            }
        if problems:
            raise ValidationError(problems)
        return Terms(name, self.own_first_line, self.silent_after_minutes)


def add_partner(actor: Actor, terms: Terms, *, via: str) -> Partner:
    """Write a new partner down. Raises Forbidden, ValidationError."""
    actor.demand(Permission.PARTNER_EDIT)
    with atomic():
        terms = terms.check()
        partner = Partner.objects.create(
            name=terms.name,
            own_first_line=terms.own_first_line,
            silent_after_minutes=terms.silent_after_minutes,
        )
        _record(actor, partner, "partner.added", via, name=terms.name)
    return partner


def change_partner(
    actor: Actor, partner: Partner, terms: Terms, *, reason: str = "", via: str
) -> Partner:
    """Change what is agreed. Whose own line ends hands over all that it holds, for `reason`.

    A line that begins gets the tickets that come from then on. Raises Forbidden, ValidationError,
    ReasonNeeded.
    """
    actor.demand(Permission.PARTNER_EDIT)
    with atomic():
        hold(Partner.objects.filter(pk=partner.pk))
        row = Partner.objects.get(pk=partner.pk)
        terms = terms.check(besides=row.pk)
        ends = row.own_first_line and not terms.own_first_line
        held = held_by(row) if ends else 0
        if held and not reason.strip():
            raise ReasonNeeded(held)
        kept = read_reason(reason) if held else ""
        changes = _apply(row, terms)
        if changes:
            row.save()
            _record(actor, row, "partner.changed", via, **changes)
        if held:
            record_line_ended(actor, row, kept, via)
    return row


def _apply(row: Partner, terms: Terms) -> dict[str, Any]:
    """Set what differs, and return it as it was and as it is."""
    changes: dict[str, Any] = {}
    for name in Terms.__dataclass_fields__:
        value = getattr(terms, name)
        if getattr(row, name) != value:
            changes[name] = [getattr(row, name), value]
            setattr(row, name, value)
    return changes


def _record(actor: Actor, partner: Partner, kind: str, via: str, **data: Any) -> None:
    log.record(
        kind,
        subject_kind="partner",
        subject_id=partner.pk,
        **actor.signature,
        via=via,
        data=data,
    )
