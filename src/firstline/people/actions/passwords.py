"""Passwords: asked for by those who have none or forgot theirs, and chosen by their owners."""

from django.utils import timezone

from firstline.base import zones
from firstline.base.db import atomic
from firstline.events import log
from firstline.people.access import Actor, Forbidden
from firstline.people.models import Invitation, Person


def ask_for_password(email: str, language: str) -> None:
    """Write down that a link to choose a password is wanted at this address.

    Nothing is looked up here, so the answer takes the same time for known and unknown addresses
    (C33); the reaction to the event finds out whether there is such a person.
    """
    with atomic():
        log.record(
            "person.asked_for_password",
            subject_kind="person",
            subject_id=0,
            actor_id=None,
            via="web",
            data={"email": email, "language": language},
        )


def choose_password(actor: Actor, password: str, *, zone: str = "", via: str = "web") -> None:
    """Set the actor's own password, already checked by the validators (product 1.3).

    Every other way in ends here: the sessions of the old password, a one-time password, and
    invitations that are still open. `zone` is what the browser says of its clock: it counts only
    for a person without a time zone, and if there is such a zone. Raises Forbidden for a
    deactivated person, and for an agent inside a project.
    """
    person = actor.person
    if person is None or not person.is_active or actor.behind is not None:
        raise Forbidden("only a person who is active has a password")
    person.set_password(password)
    person.must_choose_password, person.one_time_sha256, person.one_time_until = False, "", None
    with atomic():
        mine = Person.objects.filter(pk=person.pk, is_active=True)
        if not mine.update(
            password=person.password,
            must_choose_password=False,
            one_time_sha256="",
            one_time_until=None,
        ):
            raise Forbidden("deactivated meanwhile")
        if zones.is_known(current := zones.current_name(zone)):
            Person.objects.filter(pk=person.pk, time_zone="").update(time_zone=current)
        still_open = Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None)
        still_open.update(withdrawn_at=timezone.now())
        log.record(
            "person.password_chosen",
            subject_kind="person",
            subject_id=person.pk,
            actor_id=person.pk,
            via=via,
        )
