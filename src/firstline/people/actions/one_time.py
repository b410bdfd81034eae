"""One-time passwords: they come by mail, sign in once within a day, and must then be changed.

Only the hash is kept. At 79 random bits nobody finds one from its hash, so a quick hash will do.
"""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from firstline.people.models import Person

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
GROUPS, GROUP = 4, 4
LIFE = timedelta(hours=24)


def issue(person: Person) -> str:
    """Give the person a new one and return it, the only time it is known; an older one is dead."""
    letters = [secrets.choice(ALPHABET) for _place in range(GROUPS * GROUP)]
    parts = ["".join(letters[start : start + GROUP]) for start in range(0, len(letters), GROUP)]
    password = "-".join(parts)
    Person.objects.filter(pk=person.pk).update(
        one_time_sha256=_digest(password), one_time_until=timezone.now() + LIFE
    )
    return password


def fits(person: Person, typed: str) -> bool:
    """Whether `typed` is the person's one-time password; spaces, hyphens and case do not matter."""
    kept, until = person.one_time_sha256, person.one_time_until
    is_same = constant_time_compare(_digest(typed), kept)
    return bool(kept) and is_same and until is not None and until > timezone.now()


def use(person: Person, typed: str) -> bool:
    """Spend the one-time password; False if it does not fit or somebody was faster.

    From here on the person has to choose a password before anything else.
    """
    if not fits(person, typed):
        return False
    now = timezone.now()
    unspent = Person.objects.filter(
        pk=person.pk, is_active=True, one_time_sha256=_digest(typed), one_time_until__gt=now
    )
    spent = unspent.update(one_time_sha256="", one_time_until=None, must_choose_password=True)
    if spent:
        person.must_choose_password = True
    return spent == 1


def _digest(typed: str) -> str:
    plain = "".join(letter for letter in typed.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
