"""The letter that tells people of a new password, in case it was not they who chose it (C36)."""

from django.urls import reverse
from django.utils import timezone

from firstline.base import zones
from firstline.base.languages import known
from firstline.events.models import Event
from firstline.mail.outbound import accounts
from firstline.people import portals
from firstline.people.models import Person


def tell(event: Event) -> None:
    """Reaction to `person.changed_password`: when it was, and what to do if it was somebody else."""
    person = Person.objects.get(pk=event.subject_id)
    zone, path = zones.zone(person.time_zone), reverse("account_reset_password")
    moment = timezone.localtime(event.at, zone)
    with timezone.override(zone):
        accounts.write(
            event,
            "password_changed",
            person.email,
            portals.of(person),
            known(person.language),
            moment=moment,
            zone=zones.difference(moment),
            path=path,
        )
