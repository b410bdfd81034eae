"""Letters to people on their way in: reactions to what happened (wiring/reactions.py).

What a stranger typed stands in none of them (C13): the desk must not carry a spammer's words.
"""

from typing import TYPE_CHECKING

from django.urls import reverse

from firstline.base.languages import known
from firstline.mail.outbound import accounts
from firstline.people import portals
from firstline.people.actions import invitations, one_time, registrations
from firstline.people.models import Invitation, Registration

if TYPE_CHECKING:
    from firstline.events.models import Event


def decided(event: "Event") -> None:
    """Reaction to `person.registration_decided`: a one-time password, or the way to a new one."""
    state = event.data["state"]
    row = Registration.objects.select_related("portal__partner", "person").get(
        pk=event.data["registration"]
    )
    person = row.person
    if state not in {registrations.APPROVED, registrations.KNOWN}:
        return
    if person is None or not person.is_active or not accounts.may_write(event, person.email):
        return
    portal = row.portal or portals.of(person)
    language = known(person.language or row.language)
    if state == registrations.KNOWN or person.has_usable_password():
        path = reverse("account_reset_password")
        accounts.write(event, "known", person.email, portal, language, path=path)
        return
    accounts.write(
        event,
        "one_time",
        person.email,
        portal,
        language,
        path=reverse("account_login"),
        password=one_time.issue(person),
        hours=one_time.LIFE.days * 24,
    )


def invited(event: "Event") -> None:
    """Reaction to `person.invited`: the link, with who invites, to a customer or to staff."""
    row = Invitation.objects.select_related("invited_by", "person__staff").get(
        pk=event.data["invitation"]
    )
    person = row.person
    if person is None or not accounts.may_write(event, person.email):
        return
    key = invitations.new_key(row.pk)
    if key is None:
        return
    language = known(person.language)
    accounts.write(
        event,
        "staff_invited" if hasattr(person, "staff") else "invited",
        person.email,
        portals.of(person),
        language,
        name=person.name,
        inviter=row.invited_by.display_name if row.invited_by else "",
        # the page goes on in the language of the letter, whatever the browser prefers
        path=reverse("invitation", kwargs={"key": key}) + f"?language={language}",
        days=invitations.LIFE.days,
    )
