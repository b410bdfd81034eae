"""People come in: staff by name, customers when they first write."""

from django.db import IntegrityError

from firstline.base import emails
from firstline.base.db import atomic
from firstline.base.languages import known
from firstline.base.lookups import Lookup
from firstline.people.models import Company, Customer, Domain, Person, Staff
from firstline.people.roles import Level


class Taken(ValueError):
    """There is a person with this address already."""


def create_staff(
    email: str, name: str, level: Level, *, password: str | None = None, language: str = ""
) -> Staff:
    """Make a member of staff; without a password they can't sign in yet. Raises Taken."""
    with atomic():
        if Person.objects.at(email) is not None:
            raise Taken(email)
        person = Person(email=emails.normal(email), name=name, language=language)
        person.set_password(password)
        person.save()
        return Staff.objects.create(person=person, level=level)


def _people(addresses: list[str]) -> dict[str, Person]:
    """Who has these addresses, in normal form; whom former versions made first, should there be two."""
    names = [spelling for one in addresses for spelling in emails.spellings(one)]
    found = Person.objects.filter(email__in=names).order_by("-pk")
    people = found.select_related("staff", "customer__company__partner")
    return {emails.normal(one.email): one for one in people}


person_at = Lookup(_people)


def meet(email: str, name: str = "", language: str = "") -> Person:
    """The person behind a mail address; a new one becomes a customer of the company of that domain."""
    email = emails.normal(email)
    person = person_at(email)
    if person is None:
        try:
            with atomic():
                person = _welcome(email, name, language)
        except IntegrityError:  # met at the same moment through another door
            person = Person.objects.get(email=email)
        person_at.learn(email, person)
    return person


def _welcome(email: str, name: str, language: str) -> Person:
    person = Person(email=email, name=name[:200], language=known(language) if language else "")
    person.set_unusable_password()
    person.save()
    Customer.objects.create(person=person, company=company_of(email))
    return person


def _companies(domains: list[str]) -> dict[str, Company]:
    """The companies of these domains in normal form; one that several have is nobody's."""
    names = {spelling for one in domains for spelling in (one, emails.ascii_domain(one))}
    rows = Domain.objects.filter(name__in=names).select_related("company__partner")
    found: dict[str, dict[int, Company]] = {}
    for row in rows:
        found.setdefault(emails.normal_domain(row.name), {})[row.company_id] = row.company
    return {name: next(iter(of.values())) for name, of in found.items() if len(of) == 1}


company_at = Lookup(_companies)


def domain_of(email: str) -> str:
    """What stands behind the sign, in normal form."""
    return emails.normal_domain(email.rpartition("@")[2])


def company_of(email: str) -> Company | None:
    """The one company that has the domain of this address."""
    return company_at(domain_of(email))
