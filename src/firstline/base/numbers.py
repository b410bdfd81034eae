"""Masks for numbers: fixed text, the year and month, and a zero-padded counter (product 3.2)."""

import re
from datetime import datetime

COUNTER = re.compile(r"\{0(?::(0+))?\}")
DATES = {"{yyyy}": "%Y", "{yy}": "%y", "{MM}": "%m"}
DEFAULT_MASK = "SR{0:00000000}"


class BadMask(ValueError):
    """The mask has no counter, more than one, or braces that mean nothing."""


def format_number(mask: str, counter: int, moment: datetime) -> str:
    """The number that `mask` makes of `counter` at `moment`, such as SR00048213.

    A counter that outgrows its zeros simply gets longer. Raises BadMask.
    """
    check_mask(mask)
    for token, pattern in DATES.items():
        mask = mask.replace(token, moment.strftime(pattern))
    return COUNTER.sub(lambda found: str(counter).zfill(len(found[1] or "")), mask)


def check_mask(mask: str) -> None:
    """Raise BadMask unless `mask` holds exactly one counter and no unknown braces."""
    if len(COUNTER.findall(mask)) != 1:
        raise BadMask(mask)
    rest = COUNTER.sub("", mask)
    for token in DATES:
        rest = rest.replace(token, "")
    if not re.fullmatch(r"[\w\-.#№]*", rest):
        raise BadMask(mask)
