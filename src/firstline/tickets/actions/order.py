"""The order of what people arrange: departments and levels."""

from typing import TypeVar

from firstline.tickets.models import Department, Level

Row = TypeVar("Row", bound=Department | Level)


def put_at(rows: list[Row], row: Row, place: int) -> int:
    """Number the rows from 1, with `row` at this place among those in use and retired ones behind.

    `rows` are held by the caller's transaction, in their order. Beyond an end is the end. Returns
    where `row` stands now.
    """
    others = [one for one in rows if one.is_active and one != row]
    at = min(max(place, 1), len(others) + 1)
    retired = [one for one in rows if not one.is_active]
    ordered = [*others[: at - 1], row, *others[at - 1 :], *retired]
    for number, one in enumerate(ordered, start=1):
        if one.position != number:
            type(row)._default_manager.filter(pk=one.pk).update(position=number)
            one.position = number
    return at
