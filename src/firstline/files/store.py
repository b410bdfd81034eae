"""Bytes on disk, addressed by their SHA-256: written and synced before any row names them.

Two equal files are one; a crash leaves at most a file without a row, never a row without its file.
"""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings


def put(content: bytes) -> str:
    """Store `content` durably and return its hash. Storing it again costs one look-up."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if path.exists():
        _sync_folder(path.parent)  # whoever renamed it may not have come to that yet
        return digest
    _make_folder(path.parent)
    draft = path.with_name(f".{uuid4().hex}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return digest


def read(digest: str) -> bytes:
    """The bytes behind a hash. Raises FileNotFoundError."""
    return path_of(digest).read_bytes()


def open_file(digest: str) -> BinaryIO:
    """The bytes behind a hash as a stream for a download. Raises FileNotFoundError."""
    return path_of(digest).open("rb")


def path_of(digest: str) -> Path:
    """Where the bytes with this hash lie: two levels of folders keep each small."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError(f"not a hash: {digest!r}")
    return Path(settings.FILES_FOLDER) / digest[:2] / digest[2:4] / digest


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    _sync_folder(folder.parent)
    _sync_folder(folder.parent.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
