"""Bytes on disk, addressed by their SHA-256: written and synced before any row names them.

Two equal files are one; a crash leaves at most a file without a row, never a row without its file.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO
from uuid import uuid4

from django.conf import settings

MOST_THREADS = 8
MOST_KNOWN = 1024
_turn = Lock()
_known: dict[str, None] = {}  # paths that this process has just made durable


def put(content: bytes) -> str:
    """Store `content` durably and return its hash. Storing it again costs one look-up."""
    return put_all([content])[0]


def put_all(contents: Iterable[bytes]) -> list[str]:
    """The same with several. They are written side by side: the disk syncs many in the time of one."""
    found = [(hashlib.sha256(content).hexdigest(), content) for content in contents]
    paths = {path_of(digest): content for digest, content in found}
    new = {path: content for path, content in paths.items() if not path.exists()}
    # Where a file was there, whoever renamed it may not have come to syncing its folder yet.
    unsure = [path for path in paths if path in new or str(path) not in _known]
    folders = dict.fromkeys(path.parent for path in unsure)
    for path in new:
        folders |= dict.fromkeys(_make_folder(path.parent))
    _side_by_side(_write, new.items())
    _side_by_side(_sync_folder, ((folder,) for folder in folders))
    _know(str(path) for path in unsure)
    return [digest for digest, _content in found]


def _know(paths: Iterable[str]) -> None:
    with _turn:
        for path in paths:
            _known[path] = None
        while len(_known) > MOST_KNOWN:
            del _known[next(iter(_known))]


def _side_by_side(work: Callable[..., None], arguments: Iterable[tuple[Any, ...]]) -> None:
    """Call it with each of these; the first failure of one is raised when all have ended."""
    todo = list(arguments)
    if len(todo) < 2:
        for one in todo:
            work(*one)
        return
    ends = [_pool().submit(work, *one) for one in todo]
    wait(ends)
    for end in ends:
        end.result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_THREADS, "files")


def _write(path: Path, content: bytes) -> None:
    """All of it under its name, or nothing."""
    draft = path.with_name(f".{uuid4().hex}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


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


def _make_folder(folder: Path) -> tuple[Path, ...]:
    """Make a folder; those above it that have to be synced for it."""
    if folder.is_dir():
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    return folder.parent, folder.parent.parent


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
