"""Mails of a folder that the server did not hand out, and when to ask for each of them again.

They are asked for as long as they lie there, ever more seldom: what a server refuses for a week it
may hand out after its repair. Meanwhile a note stands for each, so that people know of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from firstline.mail.models import Folder

PAUSE, LONGEST = 10.0, 3600.0  # seconds until the third try; doubled after each further one


@dataclass(frozen=True, slots=True)
class Try:
    """How often a mail was asked for in vain, and when it is asked for again."""

    tries: int = 0
    due: datetime | None = None
    has_note: bool = False

    @property
    def is_due(self) -> bool:
        return self.due is None or self.due <= timezone.now()

    @property
    def kept(self) -> dict[str, Any]:
        """For the JSON column."""
        due = self.due.isoformat() if self.due else None
        return {"tries": self.tries, "due": due, "note": self.has_note}


def tries_of(folder: Folder) -> dict[int, Try]:
    """What the folder's row remembers, by UID."""
    return {int(uid): _read(kept) for uid, kept in folder.later.items()}


def _read(kept: Any) -> Try:
    if isinstance(kept, int):  # as former versions kept it
        return Try(kept)
    due = datetime.fromisoformat(kept["due"]) if kept["due"] else None
    return Try(kept["tries"], due, kept["note"])


def once_more(before: Try, *, free: int) -> Try:
    """One more try in vain. After the first `free` ones it is asked for again at once."""
    tries = before.tries + 1
    if tries <= free:
        return Try(tries, has_note=before.has_note)
    seconds = min(PAUSE * 2.0 ** min(tries - free - 1, 20), LONGEST)
    return Try(tries, timezone.now() + timedelta(seconds=seconds), before.has_note)


def as_kept(tries: dict[int, Try]) -> dict[str, Any]:
    """For the folder's row."""
    return {str(uid): one.kept for uid, one in tries.items()}


def seconds_to_next(folders: Iterable[Folder]) -> float:
    """Seconds until the first of these mails is due; infinite where there is none."""
    now = timezone.now()
    found = (one for folder in folders for one in tries_of(folder).values())
    return min(
        (max((one.due - now).total_seconds(), 0) if one.due else 0 for one in found),
        default=float("inf"),
    )
