"""Which projects somebody may see (product 2.2): the only way in."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from firstline.people.access import Actor, NotFound
from firstline.people.models import Person, Project
from firstline.people.roles import Permission

RELATED = ("owner", "company", "partner")
LONGEST_SEARCH, MOST_WORDS = 100, 5


def visible_to(actor: Actor) -> QuerySet[Project]:
    """Customers: those they own or are members of. A partner's staff: the partner's. Other staff: all."""
    projects = Project.objects.select_related(*RELATED)
    if actor.person is None or not actor.is_staff:
        return projects.filter(pk__in=actor.person.project_ids if actor.person else [])
    if not actor.may(Permission.CUSTOMER_VIEW):
        return projects.none()
    partner_id = actor.person.staff.partner_id
    return projects if partner_id is None else projects.filter(partner=partner_id)


def get_for(actor: Actor, identifier: str) -> Project:
    """The project with this identifier, if the actor sees it. Raises NotFound."""
    # PostgreSQL takes no NUL, and no identifier has one.
    found = (
        None if "\x00" in identifier else visible_to(actor).filter(identifier=identifier).first()
    )
    if found is None:
        raise NotFound(identifier)
    return found


def page(actor: Actor, after: str = "", size: int = 25) -> tuple[list[Project], str | None]:
    """A page of projects by identifier, and the key of the next one; `after` is that of the page before."""
    behind = visible_to(actor).order_by("identifier")
    if after:
        behind = behind.filter(identifier__gt=after.replace("\x00", ""))
    found = list(behind[: size + 1])
    return found[:size], found[size - 1].identifier if len(found) > size else None


def find(
    actor: Actor, typed: str, *, after: str = "", size: int = 20
) -> tuple[list[Project], str | None]:
    """A page of projects whose identifier, name or company holds each word, as `page` gives them.

    An identifier that was typed whole comes first, whatever else it is a part of.
    """
    found = visible_to(actor).order_by("identifier")
    words = typed.replace("\x00", "")[:LONGEST_SEARCH].split()[:MOST_WORDS]
    for word in words:
        found = found.filter(_holds(word))
    if after:
        found = found.filter(identifier__gt=after.replace("\x00", ""))
    rows = list(found[: size + 1])
    following = rows[size - 1].identifier if len(rows) > size else None
    rows = rows[:size]
    if len(words) == 1 and not after:
        exact = visible_to(actor).filter(identifier=words[0]).first()
        if exact is not None:
            rows = [exact, *(one for one in rows if one != exact)]
    return rows, following


def named(actor: Actor, identifiers: Iterable[str]) -> list[Project]:
    """Those of these projects that the actor sees, by identifier."""
    wanted = [one for one in identifiers if "\x00" not in one]
    return list(visible_to(actor).filter(identifier__in=wanted).order_by("identifier"))


def people_count(projects: Sequence[Project]) -> int:
    """How many people these projects have, owners included."""
    ids = [one.pk for one in projects]
    members = Person.objects.filter(projects__in=ids, is_active=True).values("pk")
    owners = {one.owner_id for one in projects}
    both = Person.objects.filter(Q(pk__in=members) | Q(pk__in=owners), is_active=True)
    return both.count() if ids else 0


def _holds(word: str) -> Q:
    """Whether a column holds the word; SQLite folds no Cyrillic letters, so both spellings are asked."""
    spellings = {word, word.lower(), word.capitalize(), word.upper()}
    columns = ("identifier", "name", "company__name")
    asked = Q()
    for column in columns:
        for spelling in spellings:
            asked |= Q(**{f"{column}__icontains": spelling})
    return asked
