"""Inviting customers: by whom, whom, and into which company (cap 1)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from firstline.events.models import Event
from firstline.people.access import Forbidden, NotFound
from firstline.people.actions.invitations import Invited, invite, resend, withdraw
from firstline.people.actions.people import meet
from firstline.people.models import Company, Customer, Domain, Invitation, Person
from tests.cast import Cast, actor
from tests.letters import letters_to

EMAIL = "lidia@zarya.example"
LIDIA = Invited(EMAIL, "Лидия Громова", "ru")


def refused(cast: Cast, wanted: Invited, who: Person | None = None) -> dict[str, Any]:
    """What the refusal says by field; fails if nothing is refused or something changed."""
    before = state()
    with pytest.raises(ValidationError) as problem:
        invite(actor(who or cast.anna), wanted, via="web")
    assert state() == before
    return problem.value.message_dict


def state() -> list[Any]:
    models: list[Any] = [Person, Customer, Invitation, Event]
    return [list(model.objects.order_by("pk").values()) for model in models]


def whom(invitation: Invitation) -> Person:
    """The person whom an invitation concerns."""
    assert invitation.person is not None
    return invitation.person


def test_a_new_person_is_made(cast: Cast) -> None:
    wanted = Invited(
        f" {EMAIL.upper()} ", " Лидия  Громова\n", "ru", cast.orbita, sees_company=True
    )
    person = whom(invite(actor(cast.anna), wanted, via="web"))
    assert (person.email, person.name, person.language) == (EMAIL, "Лидия Громова", "ru")
    assert (person.company, person.customer.sees_company) == (cast.orbita, True)
    event = Event.objects.get(kind="person.invited")
    assert (event.actor_id, event.subject_id) == (cast.anna.pk, person.pk)


def test_the_domain_gives_the_company(cast: Cast) -> None:
    Domain.objects.create(name="zarya.example", company=cast.orbita)
    assert whom(invite(actor(cast.anna), LIDIA, via="web")).company == cast.orbita


def test_who_wrote_by_mail_stays_the_same_person(cast: Cast) -> None:
    known = meet(EMAIL, "Lidia", "bg")
    wanted = Invited(EMAIL, "Лидия Громова", "ru", cast.orbita)
    person = whom(invite(actor(cast.anna), wanted, via="web"))
    assert person.pk == known.pk
    assert (person.name, person.language) == ("Lidia", "bg")
    assert person.company == cast.orbita


def test_of_two_invitations_the_newer_counts(cast: Cast) -> None:
    first = invite(actor(cast.anna), LIDIA, via="web")
    second = invite(actor(cast.supervisor), LIDIA, via="web")
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None


@pytest.mark.parametrize("who", ["svetlana", "anna", "gone"])
def test_who_can_sign_in_is_not_invited(cast: Cast, who: str) -> None:
    Person.objects.filter(pk=cast.zlata.pk).update(is_active=False)
    email = cast.zlata.email if who == "gone" else getattr(cast, who).email
    words = {"svetlana": "has an account already", "anna": "works here", "gone": "switched off"}
    assert words[who] in refused(cast, Invited(email, "X", "en"))["email"][0]


def test_a_person_is_not_moved_to_another_company(cast: Cast) -> None:
    other = Company.objects.get(name="Зарница")
    Customer.objects.filter(person=meet(EMAIL)).update(company=cast.orbita)
    said = refused(cast, Invited(EMAIL, "X", "en", other))
    assert "“Орбита”" in said["email"][0]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Invited("no address", "X", "en"), "email"),
        (Invited("", "X", "en"), "email"),
        (Invited(EMAIL, "  ", "en"), "name"),
        (Invited(EMAIL, "x" * 201, "en"), "name"),
        (Invited(EMAIL, "X", "de"), "language"),
        (Invited(EMAIL, "X", "en", Company(pk=9999, name="Nobody")), "company"),
    ],
)
def test_what_is_wrong_is_said_by_field(cast: Cast, wanted: Invited, field: str) -> None:
    assert set(refused(cast, wanted)) == {field}


@pytest.mark.parametrize("who", ["observer", "svetlana"])
def test_not_everybody_invites(cast: Cast, who: str) -> None:
    invitation = invite(actor(cast.anna), LIDIA, via="web")
    before, other = state(), actor(getattr(cast, who))
    with pytest.raises(Forbidden):
        invite(other, Invited("other@x.example", "X", "en"), via="web")
    for verb in (resend, withdraw):
        with pytest.raises((Forbidden, NotFound)):
            verb(other, invitation.pk, via="web")
    assert state() == before


def test_a_partners_staff_invite_into_their_companies_only(cast: Cast) -> None:
    partner = cast.partner_agent.staff.partner
    theirs = Company.objects.create(name="Ромашка", partner=partner)
    for company in (None, cast.orbita):
        assert set(refused(cast, Invited(EMAIL, "X", "en", company), cast.partner_agent)) == {
            "company"
        }
    wanted = Invited(EMAIL, "X", "en", theirs)
    person = whom(invite(actor(cast.partner_agent), wanted, via="web"))
    assert person.company == theirs


def test_a_partners_staff_see_their_invitations_only(cast: Cast) -> None:
    invitation = invite(actor(cast.anna), LIDIA, via="web")
    before = state()
    for verb in (resend, withdraw):
        with pytest.raises(NotFound):
            verb(actor(cast.partner_agent), invitation.pk, via="web")
    assert state() == before


def test_what_is_over_is_not_sent_again(cast: Cast) -> None:
    invitation = invite(actor(cast.anna), LIDIA, via="web")
    assert withdraw(actor(cast.anna), invitation.pk, via="web")
    before = state()
    assert not withdraw(actor(cast.anna), invitation.pk, via="web")
    assert not resend(actor(cast.anna), invitation.pk, via="web")
    assert state() == before


def test_one_address_gets_five_letters_an_hour(cast: Cast, settle: Callable[[], None]) -> None:
    """C13."""
    invitation = invite(actor(cast.anna), LIDIA, via="web")
    for _time in range(4):
        assert resend(actor(cast.anna), invitation.pk, via="web")
    before = state()
    with pytest.raises(ValidationError):
        resend(actor(cast.anna), invitation.pk, via="web")
    with pytest.raises(ValidationError):
        invite(actor(cast.anna), LIDIA, via="web")
    assert state() == before
    settle()
    assert len(letters_to(EMAIL)) == 5
