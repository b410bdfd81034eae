"""What every verb on records has in common: the event."""

from typing import Any

from firstline.events import log
from firstline.people.access import Actor


def record(actor: Actor, subject_kind: str, subject_id: int, via: str, **data: Any) -> None:
    """Write that a record was made, in the transaction that makes it."""
    log.record(
        f"{subject_kind}.created",
        subject_kind=subject_kind,
        subject_id=subject_id,
        **actor.signature,
        via=via,
        data=data,
    )
