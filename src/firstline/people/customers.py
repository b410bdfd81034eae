"""Which customers and companies staff may see, and who is on the way in: pages by key."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base.ids import read_id
from firstline.people.access import Actor, NotFound
from firstline.people.models import Company, Invitation, Person, Registration
from firstline.people.roles import Permission

OFFERED = 50  # companies to choose from at once; more are found by typing more
LONGEST_SEARCH, MOST_WORDS = 100, 5
COUNTED = 99

Row = TypeVar("Row", bound=models.Model)


@dataclass(slots=True)
class Page(Generic[Row]):
    """One page of a list and where the next one begins (None at the end)."""

    rows: list[Row]
    next: int | None


def partner_of(actor: Actor) -> int | None:
    """The partner whose staff the actor is: they reach its companies only. None for our own staff."""
    staff = getattr(actor.person, "staff", None) if actor.person else None
    return staff.partner_id if staff else None


def companies_for(actor: Actor) -> QuerySet[Company]:
    """Our own staff reach all companies, a partner's staff those of their partner."""
    if not (actor.is_staff or actor.is_system):
        return Company.objects.none()
    partner = partner_of(actor)
    return Company.objects.filter(partner=partner) if partner else Company.objects.all()


def customer_at(actor: Actor, email: str) -> Person | None:
    """The customer with this address, of those for whom the actor may act; one query.

    One of somebody else's customers is not found, exactly like an address that nobody has.
    """
    partner = partner_of(actor)
    people = Person.objects.all() if partner is None else of_partner(partner)
    found = people.filter(email=email.strip().lower()).select_related("staff")
    return found.select_related("customer__company__partner").first()


def of_partner(partner: int) -> QuerySet[Person]:
    """The customers of a partner as its staff know them.

    Whom they invited without knowing them is theirs once the invitation is accepted: before that,
    nothing tells such a person from one who is known elsewhere and will never accept.
    """
    asked = Invitation.objects.filter(person=OuterRef("pk"), company__isnull=False)
    fresh = Exists(asked) & ~Exists(asked.filter(accepted_at__isnull=False))
    own = Person.objects.filter(staff=None, customer__company__partner=partner)
    return own.exclude(fresh & Q(password__startswith=UNUSABLE_PASSWORD_PREFIX))


def check_served(actor: Actor, person: Person | None, company: Company | None) -> None:
    """Refuse the person or company in whose name staff can't act, as far as they are named.

    Our own staff act for everybody, a partner's staff for people of the partner's companies. Raises
    ValidationError.
    """
    partner = partner_of(actor)
    if partner is None:
        return
    if person is not None and not of_partner(partner).filter(pk=person.pk).exists():
        raise not_served()
    if company is not None and company.partner_id != partner:
        raise not_served()


def not_served() -> ValidationError:
    """The same refusal for somebody else's customer and for an address that nobody has."""
    text = _(
        "You can open tickets for people of the companies that you serve. Nobody there has this "
        "address: invite the person first."
    )
    return ValidationError({"requester": text})


def company_named(actor: Actor, name: str | int) -> Company | None:
    """The one company with this id or exact name, of those that the actor reaches."""
    reached = companies_for(actor)
    if isinstance(name, int):
        return reached.filter(pk=name).first()
    found = list(reached.filter(name=name.strip())[:2])
    if found or (pk := read_id(name.strip())) is None:
        return found[0] if len(found) == 1 else None
    return reached.filter(pk=pk).first()


def find_companies(actor: Actor, typed: str) -> list[Company]:
    """Companies by parts of their names or domains, at most 50. Raises Forbidden."""
    actor.demand(Permission.CUSTOMER_VIEW)
    found = companies_for(actor)
    for word in words(typed):
        found = found.filter(holds(word, "name") | _has_domain(word))
    return list(found.select_related("partner").order_by("name", "pk")[:OFFERED])


def customers_for(
    actor: Actor, *, typed: str = "", after: str | None = None, size: int = 25
) -> Page[Person]:
    """Customers by name, those who fit what was typed: parts of name, address, company.

    Each row says in `is_invited` whether an invitation is under way. Raises Forbidden.
    """
    actor.demand(Permission.CUSTOMER_VIEW)
    partner = partner_of(actor)
    everybody = Person.objects.filter(customer__isnull=False, staff=None)
    people = everybody if partner is None else of_partner(partner)
    for word in words(typed):
        columns = ("name", "email", "customer__company__name")
        people = people.filter(holds(word, *columns))
    behind = read_id(after)
    start = Person.objects.filter(pk=behind).values_list("name", "pk").first() if behind else None
    if start is not None:
        tie = Q(name=start[0], pk__gt=start[1])
        people = people.filter(Q(name__gte=start[0]) & (Q(name__gt=start[0]) | tie))
    under_way = _alive().filter(person=OuterRef("pk"))
    people = people.select_related("customer__company").annotate(is_invited=Exists(under_way))
    return _cut(list(people.order_by("name", "pk")[: size + 1]), size)


def invitations_for(actor: Actor, *, after: str | None = None, size: int = 25) -> Page[Invitation]:
    """Invitations that wait for an answer, the newest first. Raises Forbidden."""
    actor.demand(Permission.CUSTOMER_VIEW)
    rows = _before(_invitations(actor), after)
    related = ("person__customer__company", "company", "invited_by")
    return _cut(list(rows.select_related(*related).order_by("-pk")[: size + 1]), size)


def invitation_for(actor: Actor, pk: int, need: Permission) -> Invitation:
    """One invitation, over or not, if the actor sees it and may do `need`. Raises NotFound, Forbidden."""
    partner = partner_of(actor)
    rows = Invitation.objects.select_related("person__customer__company")
    rows = rows.filter(person__staff=None)  # those of staff are the administrators'
    if partner is not None:
        rows = rows.filter(_invited_by(partner))
    found = rows.filter(pk=pk).first() if actor.is_staff else None
    if found is None:
        raise NotFound(str(pk))
    actor.demand(need)
    return found


def waiting_for(actor: Actor, *, after: str | None = None, size: int = 25) -> Page[Registration]:
    """Registrations that staff have to decide, the newest first. Raises Forbidden."""
    return _registrations(actor, after, size, state=Registration.State.WAITING)


def without_company_for(
    actor: Actor, *, after: str | None = None, size: int = 25
) -> Page[Registration]:
    """People who are in, and whose company is to be said, the newest first. Raises Forbidden."""
    return _registrations(actor, after, size, needs_company=True)


def count_waiting(actor: Actor) -> int:
    """How many registrations wait for staff, counted no further than a reader cares for."""
    if not actor.may(Permission.REGISTRATION_DECIDE):
        return 0
    waiting = Registration.objects.filter(state=Registration.State.WAITING)
    unsaid = Registration.objects.filter(needs_company=True)
    return sum(len(rows.values_list("pk")[: COUNTED + 1]) for rows in (waiting, unsaid))


def _registrations(
    actor: Actor, after: str | None, size: int, **those: object
) -> Page[Registration]:
    actor.demand(Permission.REGISTRATION_DECIDE)
    rows = _before(Registration.objects.filter(**those), after)
    related = ("portal__partner", "person")
    return _cut(list(rows.select_related(*related).order_by("-pk")[: size + 1]), size)


def _invitations(actor: Actor) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, person__staff=None)
    partner = partner_of(actor)
    return rows.filter(_invited_by(partner)) if partner else rows


def _invited_by(partner: int) -> Q:
    nobody = Q(person=None, company__partner=partner)
    return nobody | Q(person__customer__company__partner=partner)


def _alive() -> QuerySet[Invitation]:
    now = timezone.now()
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


def _before(rows: QuerySet[Row], after: str | None) -> QuerySet[Row]:
    number = read_id(after)
    return rows.filter(pk__lt=number) if number else rows


def _cut(rows: list[Row], size: int) -> Page[Row]:
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def words(typed: str) -> list[str]:
    """What to look for, one by one."""
    return typed[:LONGEST_SEARCH].replace("\0", "").split()[:MOST_WORDS]


def holds(word: str, *columns: str) -> Q:
    """Whether one of the columns holds the word. SQLite knows capital letters of ASCII alone, so
    the word is looked for as it is, small, large, and as a name begins.
    """
    found = Q()
    for column in columns:
        for form in sorted({word, word.lower(), word.upper(), word.capitalize()}):
            found |= Q(**{f"{column}__icontains": form})
    return found


def _has_domain(word: str) -> Q:
    domains = Company.objects.filter(domains__name__icontains=word)
    return Q(pk__in=domains.values("pk"))
