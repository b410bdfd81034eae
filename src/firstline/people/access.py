"""Who acts, and what that one may do. Every action takes an `Actor` first."""

from collections.abc import Iterable
from dataclasses import dataclass

from firstline.people.models import Person
from firstline.people.roles import CUSTOMER, LEVELS, Level, Permission


class Forbidden(Exception):
    """An insider without the right: answered with 403."""


class NotFound(Exception):
    """Not there, or not for this actor, which looks the same: answered with 404."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with what they may do here and now, or the system itself (`person` is None).

    `is_staff`: they act as one who works here. By mail everybody acts as a customer.
    `token_id`: the API token by which they act, if by one.
    `behind`: the agent who really acts, with `person`'s rights, while inside a project (product 2.5).
    `only_ticket`: the id of the one ticket that there is for them, who came by a link in a mail.
    """

    person: Person | None
    permissions: frozenset[Permission]
    is_staff: bool = False
    behind: Person | None = None
    only_ticket: int | None = None
    token_id: int | None = None

    @property
    def id(self) -> int | None:
        return self.person.pk if self.person else None

    @property
    def signature(self) -> dict[str, int | None]:
        """Who did it and for whom, as every event says it."""
        if self.behind is None:
            return {"actor_id": self.id, "on_behalf_of_id": None}
        return {"actor_id": self.behind.pk, "on_behalf_of_id": self.id}

    @property
    def is_system(self) -> bool:
        return self.person is None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def demand(self, permission: Permission) -> None:
        """Raise Forbidden unless the actor has the permission."""
        if permission not in self.permissions:
            raise Forbidden(permission)


SYSTEM = Actor(person=None, permissions=frozenset(Permission))


def actor_of(
    person: Person, scopes: Iterable[Permission] | None = None, *, token_id: int | None = None
) -> Actor:
    """The actor that `person` is: a deactivated one may nothing, a token no more than its scopes."""
    permissions = permissions_of(person)
    if scopes is not None:
        permissions &= frozenset(scopes)
    is_staff = person.level is not None
    return Actor(person, permissions, is_staff=is_staff, token_id=token_id)


def as_customer(person: Person) -> Actor:
    """The actor that an unproven mail address is: no more than any customer, whoever it names (C4)."""
    return Actor(person=person, permissions=CUSTOMER)


def permissions_of(person: Person) -> frozenset[Permission]:
    """All that the person's level gives; customers have one level of their own."""
    if not person.is_active:
        return frozenset()
    return LEVELS[Level(person.level)] if person.level else CUSTOMER
