"""What a ticket type asks beside the text (product 3.4): its questions read, checked and shown."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from firstline.base.languages import pick
from firstline.base.lines import one_line

if TYPE_CHECKING:
    from firstline.tickets.models import Ticket, TypeField

LONGEST = 1_000
LARGEST = 10**15
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
NAME = "details.{}"  # how forms and clients call the field with a key


def read(
    fields: "Iterable[TypeField]", raw: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What `raw` says for these fields, and what is wrong with it by `details.KEY`.

    Answers to questions that nobody asked are left out; empty ones are not kept.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in fields:
        try:
            value = _value(field, raw.get(field.key))
        except ValueError as problem:
            problems[NAME.format(field.key)] = f"{field.label}: {problem}"
            continue
        if value is not None:
            values[field.key] = value
        elif field.is_required:
            problems[NAME.format(field.key)] = _("Fill in “%(name)s”.") % {"name": field.label}
    return values, problems


def lines(ticket: "Ticket") -> list[tuple[str, str]]:
    """The answers with their questions, in the reader's language and the order of the type.

    An answer whose question is gone since stands last, under its key: it is not lost.
    """
    if not ticket.details:
        return []
    fields = {field.key: field for field in ticket.type.fields.all()} if ticket.type else {}
    known = [key for key in fields if key in ticket.details]
    others = sorted(key for key in ticket.details if key not in fields)
    shown = [(fields[key].label, _shown(fields[key], ticket.details[key])) for key in known]
    return shown + [(key, str(ticket.details[key])) for key in others]


def _value(field: "TypeField", raw: Any) -> Any:
    """The answer as it is stored; None for no answer. Raises ValueError with words for the reader."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return READERS[field.kind](field, raw)


def _text(_field: "TypeField", raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise ValueError(_("Expected a text."))
    if len(raw) > LONGEST:
        raise ValueError(_("At most %(number)s characters.") % {"number": LONGEST})
    return one_line(raw, LONGEST) or None


def _number(_field: "TypeField", raw: Any) -> int | float:
    """A number as people write it, with spaces between thousands and a comma or a point."""
    if isinstance(raw, str):
        bare = "".join(raw.split()).replace(",", ".").replace("−", "-")
        if not NUMBER.fullmatch(bare):
            raise ValueError(_("Write a number, such as 12 or 3,5."))
        raw = float(bare) if "." in bare else int(bare)  # at most 15 digits
    if isinstance(raw, bool) or not isinstance(raw, int | float) or _is_endless(raw):
        raise ValueError(_("Write a number, such as 12 or 3,5."))
    if abs(raw) > LARGEST:
        raise ValueError(_("The number is too large."))
    return int(raw) if raw == int(raw) else raw


def _is_endless(raw: int | float) -> bool:
    return isinstance(raw, float) and not math.isfinite(raw)  # an int may be too large to be asked


def _date(_field: "TypeField", raw: Any) -> str:
    """A day as a browser sends it (2026-05-31), or as people write it (31.05.2026)."""
    words = str(raw).strip()
    written = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", words, re.ASCII)
    try:
        if written:
            return date(int(written[3]), int(written[2]), int(written[1])).isoformat()
        return date.fromisoformat(words).isoformat()
    except ValueError as problem:
        raise ValueError(_("Write a day, such as 31.05.2026.")) from problem


def _choice(field: "TypeField", raw: Any) -> str:
    if not isinstance(raw, str) or raw not in {option["key"] for option in field.options}:
        raise ValueError(_("Choose one of the list."))
    return raw


READERS: "Mapping[str, Callable[[TypeField, Any], Any]]" = {
    "text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
}


def _shown(field: "TypeField", value: Any) -> str:
    match field.kind:
        case "number" if isinstance(value, int | float):
            return number_format(value)
        case "date":
            try:
                return date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
            except ValueError:
                return str(value)
        case "choice":
            names = [one["names"] for one in field.options if one["key"] == value]
            return pick(names[0]) if names else str(value)
    return str(value)
