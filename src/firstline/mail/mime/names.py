"""File names that can be shown, stored and downloaded without surprise (C26, C44)."""

import mimetypes
import re

from . import limits
from .headers import clean

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
# "Invoice 5/2024.pdf" is no path; a drive, a leading slash or dots and any backslash make one.
_PATH = re.compile(r"[A-Za-z]:|[/~]|\.{1,2}/|.*\\", re.DOTALL)
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "text/rfc822-headers": ".txt",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".txt",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
}
_STEMS = {
    "message": "message",
    "text": "text",
    "image": "image",
    "audio": "audio",
    "video": "video",
}


def safe(name: str, content_type: str) -> str:
    """A file name made from a hostile one.

    No path, no control or direction marks, none of the signs Windows refuses, at most 255 bytes of
    UTF-8 with the extension kept, never empty: then it is named by its type.
    """
    name = clean(name)
    if _PATH.match(name):
        name = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    name = _FORBIDDEN.sub("_", name).strip(" .")
    if not name.strip("_"):
        name = _STEMS.get(content_type.partition("/")[0], "file") + extension(content_type)
    return _short(name)


def extension(content_type: str) -> str:
    """The usual extension of a type with its dot, or ""."""
    return _EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type) or ""


def _short(name: str) -> str:
    data = name.encode("utf-8", "ignore")
    if len(data) <= limits.FILE_NAME:
        return data.decode()
    stem, dot, suffix = name.rpartition(".")
    tail = (dot + suffix).encode("utf-8", "ignore") if stem and len(suffix) <= 16 else b""
    return data[: limits.FILE_NAME - len(tail)].decode("utf-8", "ignore").rstrip() + tail.decode()
