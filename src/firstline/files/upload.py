"""Taking a file in: its name made safe, its size checked, its type found."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.sizes import size
from firstline.files import store
from firstline.files.models import File
from firstline.files.types import type_of

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in by any door and is not stored yet."""

    name: str
    content: bytes


def check(uploads: list[Upload]) -> None:
    """Refuse empty files and those over the limit (product 3.5). Raises ValidationError."""
    check_sizes([(upload.name, len(upload.content)) for upload in uploads])


def check_sizes(files: list[tuple[str, int]]) -> None:
    """Refuse files, given as (name, bytes), over the limit of 10 MB or what is set, empty, or too many.

    What mail brings is not asked: it is kept whatever it is. Raises ValidationError.
    """
    if len(files) > MOST_FILES:
        raise ValidationError(_("At most %(number)d files at once.") % {"number": MOST_FILES})
    limit = settings.FILE_LIMIT
    too_large = _("“%(name)s” is too large: %(size)s. The limit is %(limit)s a file.")
    refused = [
        (too_large if count else _("“%(name)s” is empty."))
        % {"name": safe_name(name), "size": size(count), "limit": size(limit)}
        for name, count in files
        if not count or count > limit
    ]
    if refused:
        raise ValidationError(refused)


def save(upload: Upload, owner_id: int | None) -> File:
    """Store the bytes, then the row that names them."""
    return save_all([upload], owner_id)[0]


def save_all(uploads: Sequence[Upload], owner_id: int | None) -> list[File]:
    """The same with several, in as many steps as with one."""
    hashes = store.put_all(upload.content for upload in uploads)
    return File.objects.bulk_create(
        File(
            owner_id=owner_id,
            name=safe_name(upload.name),
            content_type=type_of(upload.name, upload.content),
            size=len(upload.content),
            sha256=sha256,
        )
        for upload, sha256 in zip(uploads, hashes, strict=True)
    )


def safe_name(name: str) -> str:
    """The name without path, control or direction characters, at most 255 bytes long."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = UNSAFE.sub("_", name).strip(". ") or _("file")
    stem, dot, ending = name.rpartition(".")
    while len(name.encode()) > 250:
        stem = (stem or name)[:-8]
        name = f"{stem}{dot}{ending[:20]}"
    return name
