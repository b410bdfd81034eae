"""The mark of one page with a form: signed by us, neither too fresh nor too old.

It stands where other forms have the CSRF token. A frame on another site gets no cookies, and there
is nothing to forge: nobody is signed in, and anybody may send the form anyway.
"""

import secrets
import time

from django.core import signing

SALT = "firstline.web.portal.forms"
FRESHEST = 2.0  # seconds; programs that fill in forms are faster
OLDEST = 86400.0


class Unusable(Exception):
    """Not a mark of this form, or an old one."""


class TooFast(Unusable):
    """A mark so fresh that a program must have filled in its form."""


def fresh(form_key: str, at: float | None = None) -> str:
    """A mark for one page with this form."""
    made = time.time() if at is None else at
    return signing.dumps({"f": form_key, "n": secrets.token_hex(16), "t": made}, salt=SALT)


def again(form_key: str, token: str) -> str:
    """A mark for a form that comes back with errors: a quick correction is not too fast."""
    try:
        mark = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return fresh(form_key)
    # No older than needed, or a page that stood open for long would soon be too old.
    return fresh(form_key, max(mark["t"], time.time() - FRESHEST))


def nonce_of(form_key: str, token: str) -> str:
    """What makes the page different from all others. Raises Unusable, TooFast."""
    try:
        mark = signing.loads(token, salt=SALT)
    except signing.BadSignature as problem:
        raise Unusable from problem
    age = time.time() - mark["t"]
    if mark["f"] != form_key or age > OLDEST:
        raise Unusable
    if age < FRESHEST:
        raise TooFast
    return str(mark["n"])
