"""Where a person is signed in, and ending it (product 1.4). Rows are kept by allauth at each sign-in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from firstline.base.db import atomic
from firstline.events import log
from firstline.people.access import Actor, Forbidden, NotFound
from firstline.people.actions import visits
from firstline.people.models import Person
from firstline.people.visits import Why


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which a person is signed in; `agent` is what it says of itself."""

    id: int
    agent: str
    address: str
    since: datetime
    is_current: bool


def of(person: Person, current: str) -> list[SignIn]:
    """Where the person is signed in now: this browser first, then the newest. Two queries.

    `current` is the key of the reader's own session. Sessions of an older password are dead already
    and left out.
    """
    rows = {row.session_key: row for row in UserSession.objects.filter(user=person.pk)}
    alive = [key for key in _alive(person, rows) if key in rows]
    found = [
        SignIn(row.pk, row.user_agent, row.ip, row.created_at, row.session_key == current)
        for row in (rows[key] for key in alive)
    ]
    return sorted(found, key=lambda one: (not one.is_current, -one.since.timestamp()))


def remember(person: Person, current: str, *, agent: str, address: str) -> None:
    """Keep a session that began before sessions were kept, so that it is listed as well."""
    most = UserSession._meta.get_field("user_agent").max_length
    values = {"user": person, "user_agent": agent[:most], "ip": address}
    UserSession.objects.get_or_create(session_key=current, defaults=values)


def carry(before: str, now: str) -> None:
    """Let a session go on under its new key, which it got with a new password."""
    UserSession.objects.filter(session_key=before).update(session_key=now)


def end(actor: Actor, sign_in_id: int, *, via: str) -> None:
    """End one of the actor's own sessions; the browser there is a stranger at once.

    Raises NotFound, and Forbidden for an agent inside a project: these are the customer's.
    """
    with atomic():
        rows = list(UserSession.objects.filter(user=actor.id, pk=sign_in_id))
        if not rows:
            raise NotFound(str(sign_in_id))
        _end(actor, rows, via)


def end_others(actor: Actor, current: str, *, via: str) -> int:
    """End all of the actor's sessions but the one with this key; how many there were. Raises Forbidden."""
    with atomic():
        rows = list(UserSession.objects.filter(user=actor.id).exclude(session_key=current))
        return _end(actor, rows, via)


def end_all_of(person: Person) -> int:
    """Let all browsers forget the person, who is being deactivated; how many there were."""
    keys = list(UserSession.objects.filter(user=person.pk).values_list("session_key", flat=True))
    UserSession.objects.filter(user=person.pk).delete()
    ended: int = Session.objects.filter(session_key__in=keys).delete()[0]
    return ended


def _end(actor: Actor, rows: list[Any], via: str) -> int:
    if actor.behind is not None:
        raise Forbidden("sessions of the customer")
    keys = [row.session_key for row in rows]
    ended = Session.objects.filter(session_key__in=keys).delete()[0]
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if rows and actor.person is not None:
        # A visit to a project belongs to a session; one that goes on elsewhere costs a press.
        visits.end_all_of(actor.person, why=Why.SIGNED_OUT, via=via)
        log.record(
            "person.ended_sessions",
            subject_kind="person",
            subject_id=actor.id or 0,
            actor_id=actor.id,
            via=via,
            data={"sessions": [{"agent": row.user_agent, "address": row.ip} for row in rows]},
        )
    return ended


def _alive(person: Person, keys: Iterable[str]) -> list[str]:
    """Those of the sessions that have not run out and belong to the person's present password."""
    mark = person.get_session_auth_hash()
    sessions = Session.objects.filter(session_key__in=list(keys), expire_date__gt=timezone.now())
    return [one.session_key for one in sessions if one.get_decoded().get(HASH_SESSION_KEY) == mark]
