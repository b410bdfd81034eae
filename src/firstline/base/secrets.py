"""What must be kept to be used again, and read by nobody: passwords of mailboxes and mail servers.

They lie in the database encrypted with a key made from the installation's secret key, which lies
beside it in a file of its own: a copy of the database alone opens nothing.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """The secret key is another one than when this was closed: the secret has to be given again."""


def close(text: str) -> str:
    """The text as it may be stored."""
    return _lock().encrypt(text.encode()).decode()


def open_(closed: str) -> str:
    """What was closed. Raises Unreadable."""
    try:
        return _lock().decrypt(closed.encode()).decode()
    except InvalidToken as problem:
        raise Unreadable from problem


def _lock() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"firstline secrets")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
