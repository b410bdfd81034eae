"""Whether a mail is signed or encrypted, and with what. Nothing is verified and nothing decrypted."""

import re

from . import smime
from .transfer import content_of
from .tree import Part

_ARMOUR = re.compile(rb"^-----BEGIN PGP (SIGNED MESSAGE|MESSAGE)-----[ \t]*\r?$", re.MULTILINE)
_SCANNED = 256 * 1024


def seal(*roots: Part) -> str:
    """ "pgp-encrypted", "pgp-signed", "smime-encrypted", "smime-signed" or "".

    `roots`: the mail, and what its signed files hold. Encrypted wins over signed: it says why there
    is no text. A mail inside the mail does not count.
    """
    found = {_of(part) for root in roots for part in root.walk()}
    for name in ("pgp-encrypted", "smime-encrypted", "pgp-signed", "smime-signed"):
        if name in found:
            return name
    return ""


def _of(part: Part) -> str:
    kind = part.kind
    if kind in ("multipart/encrypted", "application/pgp-encrypted"):
        return "pgp-encrypted"
    if kind == "multipart/signed":
        return "smime-signed" if "pkcs7" in part.parameters().get("protocol", "") else "pgp-signed"
    if smime.is_file(part):
        return _of_smime(part)
    if kind == "text/plain" and not part.is_multipart():
        armour = _ARMOUR.search(content_of(part), 0, _SCANNED)
        if armour:
            return "pgp-signed" if armour[1] == b"SIGNED MESSAGE" else "pgp-encrypted"
    return ""


def _of_smime(part: Part) -> str:
    """What an S/MIME file is by its bytes; by its label where those can't be read."""
    kind = smime.kind(content_of(part))
    if kind == "signed":
        return "smime-signed" if smime.message(part, content_of(part)) else ""
    label = part.parameters().get("smime-type", "").lower()
    is_encrypted = kind == "encrypted" or label in ("enveloped-data", "authenveloped-data")
    return "smime-encrypted" if is_encrypted else "smime-signed" if label == "signed-data" else ""
