"""Who may listen: staff with a session that holds, asked again at each batch (C31, C37)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from firstline.base.ids import read_id
from firstline.people import portals
from firstline.people.access import Actor, actor_of
from firstline.people.models import Person
from firstline.tickets.access import partner_of
from firstline.tickets.models import Department


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff as they are now; `rights` differ as soon as they may see other tickets."""

    actor: Actor
    rights: tuple[object, ...]

    @property
    def person_id(self) -> int:
        return self.actor.id or 0

    @property
    def partner_id(self) -> int | None:
        return partner_of(self.actor)


def readers(keys: Iterable[str]) -> dict[str, Reader]:
    """Who stands behind each of these sessions; those that hold no more are left out. Three queries."""
    found = Session.objects.filter(session_key__in=set(keys), expire_date__gt=timezone.now())
    claims = {session.session_key: session.get_decoded() for session in found}
    ids = {key: _number(data.get(SESSION_KEY)) for key, data in claims.items()}
    people = Person.objects.in_bulk([pk for pk in ids.values() if pk])
    works_in: dict[int, set[int]] = {pk: set() for pk in people}
    memberships = Department.agents.through.objects.filter(staff_id__in=people)
    for staff_id, department_id in memberships.values_list("staff_id", "department_id"):
        works_in[staff_id].add(department_id)
    return {
        key: _reader(person, works_in[person.pk])
        for key, data in claims.items()
        if (person := people.get(ids[key])) and _may_listen(person, data)
    }


def admit(key: str, host: str) -> Reader | None:
    """Who wants to listen with this session, under this host name; None: nobody who may."""
    if not key or portals.at(host) is None:
        return None
    return readers([key]).get(key)


def _number(value: object) -> int:
    return read_id(str(value)) or 0


def _may_listen(person: Person, session: dict[str, str]) -> bool:
    mark = session.get(HASH_SESSION_KEY, "")
    holds = constant_time_compare(mark, person.get_session_auth_hash())
    is_in = person.is_active and person.level is not None and not person.must_choose_password
    return holds and is_in


def _reader(person: Person, departments: set[int]) -> Reader:
    actor = actor_of(person)
    return Reader(actor, (actor.permissions, partner_of(actor), frozenset(departments)))
