"""People come in: staff by name, customers when they first write."""

from django.db import IntegrityError

from firstline.base.db import atomic
from firstline.base.languages import known
from firstline.people.models import Company, Customer, Person, Staff
from firstline.people.roles import Level


class Taken(ValueError):
    """There is a person with this address already."""


def create_staff(
    email: str, name: str, level: Level, *, password: str | None = None, language: str = ""
) -> Staff:
    """Make a member of staff; without a password they can't sign in yet. Raises Taken."""
    with atomic():
        if Person.objects.filter(email=email.lower()).exists():
            raise Taken(email)
        person = Person(email=email.lower(), name=name, language=language)
        person.set_password(password)
        person.save()
        return Staff.objects.create(person=person, level=level)


def meet(email: str, name: str = "", language: str = "") -> Person:
    """The person behind a mail address; a new one becomes a customer of the company of that domain."""
    email = email.lower()
    person = Person.objects.filter(email=email).first()
    if person is None:
        try:
            with atomic():
                return _welcome(email, name, language)
        except IntegrityError:  # met at the same moment through another door
            person = Person.objects.get(email=email)
    return person


def _welcome(email: str, name: str, language: str) -> Person:
    person = Person(email=email, name=name[:200], language=known(language) if language else "")
    person.set_unusable_password()
    person.save()
    Customer.objects.create(person=person, company=company_of(email))
    return person


def company_of(email: str) -> Company | None:
    """The one company that has the domain of this address."""
    domain = email.rpartition("@")[2].lower()
    found = list(Company.objects.filter(domains__name=domain).distinct()[:2])
    return found[0] if len(found) == 1 else None
