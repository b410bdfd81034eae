"""Whom a partner's staff invite without knowing them (decision 022).

Perhaps nobody knows the address, perhaps it is known elsewhere on the platform: the partner sees the
same in both cases, and somebody else's customer is left alone.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from firstline.people import customers
from firstline.people.access import Actor
from firstline.people.models import Company, Invitation, Person

TYPED = ("email", "name", "language", "sees_company")
HOUR = timedelta(hours=1)
AGAIN, MOST_KEPT = "again", 10


def is_stranger(actor: Actor, known: Person | None) -> bool:
    """Whether a partner's staff invite somebody who is, as far as they may know, new to the desk."""
    partner = customers.partner_of(actor)
    if partner is None:
        return False
    return known is None or not customers.of_partner(partner).filter(pk=known.pk).exists()


def was_invited(actor: Actor, known: Person) -> bool:
    """Whether the partner's staff have invited that person, who has not accepted yet."""
    owner = known.company.partner_id if known.company else None
    waits = known.is_active and not known.has_usable_password()
    is_staff = getattr(known, "staff", None) is not None
    return waits and not is_staff and owner is not None and owner == customers.partner_of(actor)


def count(email: str) -> int:
    """How many times such invitations of this address were sent within an hour, so to speak."""
    hour = timezone.now() - HOUR
    rows = Invitation.objects.filter(person=None, typed__email=email, sent_at__gte=hour)
    return sum(
        (row.created_at >= hour)
        + sum(moment >= hour.isoformat() for moment in row.typed.get(AGAIN, ()))
        for row in rows
    )


def send_again(invitation: Invitation) -> dict[str, Any]:
    """What is kept of an invitation that is sent again: the moment counts as one to a stranger does."""
    typed: dict[str, Any] = invitation.typed
    return typed | {AGAIN: [*typed.get(AGAIN, ()), timezone.now().isoformat()][-MOST_KEPT:]}


def invite(
    actor: Actor,
    company: Company | None,
    typed: dict[str, Any],
    *,
    sha256: str,
    life: timedelta,
) -> Invitation:
    """The row of an invitation that leads nowhere; those before it are withdrawn, as with any other.

    Name and language stay those of the first: a new person keeps them as well.
    """
    before = Invitation.objects.filter(
        person=None,
        typed__email=typed["email"],
        company__partner=customers.partner_of(actor),
    )
    if first := before.order_by("pk").first():
        typed = typed | {name: first.typed[name] for name in ("name", "language")}
    before.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    return Invitation.objects.create(
        person=None,
        company=company,
        typed=typed,
        invited_by=actor.person,
        sha256=sha256,
        expires_at=timezone.now() + life,
    )
