"""Pages of lists: in an order, from a key on, at the same cost on every page and at any size.

A list is made of a few parts, each of which an index finds by plain equality and leads through in
the order asked for; the heads of the parts are merged. So nothing is ever walked in search of the
few tickets that fit, whatever a planner believes of its rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from firstline.base.ids import read_id
from firstline.tickets.access import each_of
from firstline.tickets.models import Department, Status, Ticket
from firstline.tickets.models.workflow import Phase

RELATED = (
    "alert",
    "status",
    "requester",
    "company",
    "project",
    "department",
    "responsible__person",
)
# Orders that an index leads along, by their column. Ties go by id, in the same direction.
WALKED = {"created": "created_at", "updated": "updated_at", "priority": "priority"}
# Orders of the portal. Numbers are given in the order of opening, so these two are one order.
NUMBER = {"number": "created_at"}
# The order of the inbox, which has an index of its own (tickets/inbox.py).
WAITING = {"waiting": "waiting_since"}
COLUMNS = WALKED | NUMBER | WAITING
COLUMNS |= {"department": "department", "status": "status", "subject": "subject"}
MOST_SORTED = 1000
PLACES = {phase.value: place for place, phase in enumerate(Phase)}
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tickets a customer's list holds: one column with one value, so that an index finds them."""

    column: str
    value: int | None

    @property
    def fits(self) -> Q:
        return Q(**{self.column: self.value})


@dataclass(frozen=True, slots=True)
class Listing:
    """The tickets of a list, `parts` by parts, which may share some, and as one `whole`.

    `walks`: the columns that an index leads along in every part. In any other order the tickets are
    sorted here, and that reaches no further than the MOST_SORTED newest by the column `newest`: a
    person's own tickets are fewer than that, those of a company may be more. `seen` are all tickets
    that the reader may see: nothing else is ever shown. `scope`: the one that all of them share.
    """

    parts: tuple[QuerySet[Ticket], ...]
    whole: QuerySet[Ticket]
    seen: QuerySet[Ticket]
    walks: frozenset[str] = frozenset(WALKED.values())
    newest: str = "updated_at"
    scope: Scope | None = None

    def all_ids(self, most: int) -> list[int] | None:
        """The ids of all of them; None where they are more than `most`."""
        order = (
            "is_open",
            f"-{self.newest}",
            "-id",
        )  # that of an index, whatever the planner thinks
        found = list(self.whole.order_by(*order).values_list("pk", flat=True)[: most + 1])
        return found if len(found) <= most else None

    def heads(self, most: int) -> list[QuerySet[Ticket]]:
        """The newest of each part, in the order of an index, or PostgreSQL may read a whole table."""
        return [part.order_by(f"-{self.newest}", "-id")[:most] for part in self.parts]


@dataclass(slots=True)
class Page:
    """One page of a list and where the next one begins (None at the end).

    `is_cut`: there are more tickets than are sorted, and the oldest were left out.
    """

    tickets: list[Ticket]
    next: str | None
    is_cut: bool = False


def page(
    listing: Listing,
    *,
    order: str = "-created",
    after: str | None = None,
    size: int = 25,
    related: Sequence[str] = (),
) -> Page:
    """A page of a list in an order of COLUMNS, the other way round with a minus before it.

    `after` is the `next` of the page before. Never an OFFSET: the thousandth page costs what the
    first does. Ids are found first, then RELATED and `related` are fetched for the page's own rows:
    in one query PostgreSQL would join a million tickets before (join_collapse_limit is 8).
    """
    column, down = COLUMNS[order.lstrip("-")], order.startswith("-")
    if column in listing.walks:
        ids, following = _walk(listing.parts, column, down, after, size)
        return Page(rows(listing.seen, ids, related), following)
    newest = _newest(listing, column)
    ids, following = sort(newest[:MOST_SORTED], column, down, after, size)
    return Page(rows(listing.seen, ids, related), following, len(newest) > MOST_SORTED)


def rows(seen: QuerySet[Ticket], ids: Sequence[int], related: Sequence[str] = ()) -> list[Ticket]:
    """The tickets with these ids, in this order, with all that a list shows of them."""
    found = each_of(seen).select_related(*RELATED, *related).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def understands(after: str, order: str) -> bool:
    """Whether `after` is a key of a list in an order of WALKED, so that a page can begin behind it."""
    return read_key(after, WALKED[order.lstrip("-")]) is not None


def _walk(
    parts: Sequence[QuerySet[Ticket]], column: str, down: bool, after: str | None, size: int
) -> tuple[list[int], str | None]:
    """The ids of a page that indexes lead to, and the key of the next one."""
    key, sign = read_key(after, column), "-" if down else ""
    ahead = [part if key is None else part.filter(behind(key, column, down)) for part in parts]
    heads = [part.order_by(f"{sign}{column}", f"{sign}id")[: size + 1] for part in ahead]
    found = _together(heads, column)
    found.sort(key=lambda row: (row[1], row[0]), reverse=down)
    following = write_key(found[size - 1]) if len(found) > size else None
    return [row[0] for row in found[:size]], following


def _together(heads: Sequence[QuerySet[Ticket]], *columns: str) -> list[Row]:
    """The id and some columns of the rows in all these slices, each row once, in one query."""
    if len(heads) == 1:
        return list(heads[0].values_list("pk", *columns))
    # SQLite takes no LIMIT inside a UNION but in a subquery.
    slices = [
        Ticket.objects.filter(pk__in=head.values("pk")).values_list("pk", *columns)
        for head in heads
    ]
    return list(slices[0].union(*slices[1:])) if slices else []


def _newest(listing: Listing, column: str) -> list[Row]:
    """The id and one column of the newest tickets, of one more than are sorted."""
    found = _together(listing.heads(MOST_SORTED + 1), column, listing.newest)
    found.sort(key=lambda row: (row[2], row[0]), reverse=True)
    return found[: MOST_SORTED + 1]


def sort(
    found: Sequence[Row], column: str, down: bool, after: str | None, size: int
) -> tuple[list[int], str | None]:
    """Of rows of an id and a column: the ids of a page in order, and the key of the next one."""
    value = VALUES.get(column, _as_it_is)()
    ordered = sorted(found, key=lambda row: (value(row[1]), row[0]), reverse=down)
    ids = [row[0] for row in ordered]
    begin = ids.index(last) + 1 if (last := read_id(after)) in ids else 0
    shown = ids[begin : begin + size]
    return shown, str(shown[-1]) if begin + size < len(ids) else None


def _as_it_is() -> Callable[[Any], Any]:
    return lambda value: value


def _folded() -> Callable[[str], str]:
    """No database sorts Cyrillic letters without their case in the same way as another."""
    return str.casefold


def _by_label() -> Callable[[int], tuple[str, int]]:
    """Departments by their names in the reader's language."""
    labels = {one.pk: one.label.casefold() for one in Department.objects.all()}
    return lambda pk: (labels.get(pk, ""), pk)


def _by_phase() -> Callable[[int], tuple[int, int, int]]:
    """Statuses from new to closed, whatever the workflow."""
    statuses = Status.objects.values_list("pk", "phase", "position")
    places = {pk: (PLACES[phase], position, pk) for pk, phase, position in statuses}
    return lambda pk: places.get(pk, (len(PLACES), 0, pk))


VALUES: dict[str, Callable[[], Callable[[Any], Any]]] = {
    "department": _by_label,
    "status": _by_phase,
    "subject": _folded,
}


def behind(key: tuple[Any, int], column: str, down: bool) -> Q:
    """What comes after this key in the order."""
    beyond = "lt" if down else "gt"
    tie = Q(**{column: key[0], f"id__{beyond}": key[1]})
    return Q(**{f"{column}__{beyond}e": key[0]}) & (Q(**{f"{column}__{beyond}": key[0]}) | tie)


def write_key(row: Row) -> str:
    """The key of a page that ends with this row: its id, and the value of its column."""
    pk, value = row
    return f"{value.isoformat() if isinstance(value, datetime) else value}_{pk}"


def read_key(after: str | None, column: str) -> tuple[Any, int] | None:
    """Column and id that the page before ended with; None where the key makes no sense, so the list
    begins anew."""
    value, _, last = (after or "").partition("_")
    pk = read_id(last)
    if pk is None:
        return None
    try:
        read = read_id(value) if column == "priority" else _moment(value)
    except (OverflowError, ValueError):
        return None
    return None if read is None else (read, pk)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if timezone.is_naive(moment):
        raise ValueError(text)
    return moment.astimezone(UTC)
