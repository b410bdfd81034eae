"""Passwords that people ask for, because they forgot theirs or never had one."""

from firstline.base.db import atomic
from firstline.events import log


def ask_for_password(email: str, language: str) -> None:
    """Write down that a link to choose a password is wanted at this address.

    Nothing is looked up here, so the answer takes the same time for known and unknown addresses
    (C33); the reaction to the event finds out whether there is such a person.
    """
    with atomic():
        log.record(
            "person.asked_for_password",
            subject_kind="person",
            subject_id=0,
            actor_id=None,
            via="web",
            data={"email": email, "language": language},
        )
