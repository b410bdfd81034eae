"""Whether a mail is signed or encrypted, and with what. Nothing is verified and nothing decrypted."""

import re

from .transfer import content_of
from .tree import Part

_ARMOUR = re.compile(rb"^-----BEGIN PGP (SIGNED MESSAGE|MESSAGE)-----[ \t]*\r?$", re.MULTILINE)
_SCANNED = 256 * 1024
_PKCS7 = {"application/pkcs7-mime", "application/x-pkcs7-mime"}


def seal(root: Part) -> str:
    """ "pgp-encrypted", "pgp-signed", "smime-encrypted", "smime-signed" or "".

    Encrypted wins over signed: it says why there is no text. A mail inside the mail does not count.
    """
    found = {_of(part) for part in root.walk()}
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
    if kind in _PKCS7:
        is_signed = part.parameters().get("smime-type", "").lower() == "signed-data"
        return "smime-signed" if is_signed else "smime-encrypted"
    if kind == "text/plain" and not part.is_multipart():
        armour = _ARMOUR.search(content_of(part), 0, _SCANNED)
        if armour:
            return "pgp-signed" if armour[1] == b"SIGNED MESSAGE" else "pgp-encrypted"
    return ""
