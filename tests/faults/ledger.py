"""What came of a fault: how much went in, and what of it is lost, double, a ghost or torn."""

import os
from dataclasses import dataclass

from django.db import connection

SIZE = "FIRSTLINE_TEST_FAULTS"  # "whole": the numbers of the fault list; else a tenth or so of them


@dataclass
class Ledger:
    """The figures of one fault.

    LOST: accepted, and not there. DUP: there more often than once. GHOST: sent for what never was.
    TORN: a row without its file, or half a text.
    """

    row: str
    what: str
    lost: int = 0
    dup: int = 0
    ghost: int = 0
    torn: int = 0
    copies: int = 0  # of mail of which nobody heard that it was taken, each with the same id

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.dup or self.ghost or self.torn)

    def __str__(self) -> str:
        figures = f"LOST {self.lost}, DUP {self.dup}, GHOST {self.ghost}, TORN {self.torn}"
        copies = f" ({self.copies} copies with the same id)" if self.copies else ""
        return f"{self.row} on {connection.vendor}: {self.what}: {figures}{copies}"


def of_size(usual: int, whole: int) -> int:
    """How many: `usual` in an ordinary run of the tests, `whole` in the fault suite's own."""
    return whole if os.environ.get(SIZE) == "whole" else usual
