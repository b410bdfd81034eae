"""Answers that are kept for clients who ask again (C69, D5)."""

from datetime import timedelta

from django.utils import timezone

from firstline.api.models import Answer
from firstline.people.access import Actor

KEPT = timedelta(hours=48)


def answer_for(actor: Actor, key: str, fingerprint: str) -> tuple[Answer, bool]:
    """The answer kept under this key of the token, and whether it is a new one still to be filled.

    Call it inside the transaction of the change. A second request that comes meanwhile waits here
    for the end of the first: the database knows the key before it can see the row.
    """
    return Answer.objects.get_or_create(
        token_id=actor.token_id or 0,  # every actor of the API has one
        key=key,
        defaults={"fingerprint": fingerprint, "person_id": actor.id or 0},
    )


def keep(answer: Answer, status: int, location: str, body: str) -> None:
    """Fill a new answer, in the transaction that made it."""
    answer.status, answer.location, answer.body = status, location, body
    answer.save(update_fields=("status", "location", "body"))


def prune() -> int:
    """Forget answers older than 48 hours; how many there were."""
    return Answer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
