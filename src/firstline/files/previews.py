"""Pictures of files: what a picture or a page of a PDF shows, redrawn by us, never the sender's bytes.

Drawing happens in a process with limits (`files.render`), because the file may be hostile (C22, C53).
What was drawn is kept under the hash of the file, as is that nothing could be drawn. The folder may
be deleted at any time.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import structlog
from django.conf import settings

from firstline.files import store
from firstline.files.models import File

log = structlog.get_logger(__name__)

SIZES = {"s": 320, "l": 1600}
MOST_PAGES = 20
LARGEST = 64 * 1024 * 1024
PATIENCE = 10.0  # seconds for one picture
FAILED = "-none"  # ends the name of a mark that nothing could be drawn
TRIED_AGAIN = 3600.0  # a machine in trouble draws nothing either, so a failure is not for ever
AT_ONCE = threading.BoundedSemaphore(2)  # drawing must leave room for answering,
QUEUED = 3.0  # and so must those that wait: seconds for one's turn


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture in the WebP format, and how many pages of its file can be shown."""

    content: bytes
    pages: int
    width: int
    height: int


def folder() -> Path:
    """Where drawings are kept: beside the stored files."""
    return Path(settings.FILES_FOLDER) / "previews"


def preview(file: File, page: int = 1, size: str = "l") -> Preview | None:
    """The picture of a page of the file; None where there is none, and the file can still be saved."""
    if not file.has_preview or size not in SIZES or not 1 <= page <= MOST_PAGES:
        return None
    if file.size > LARGEST:
        return None
    kept = _kept(file.sha256, page, size)
    if kept is not None:
        return kept
    # A file that breaks its reader on the first page is not tried page by page.
    if any(_failed_lately(file.sha256, tried, size) for tried in {1, page}):
        return None
    return _draw(file, page, size)


def _draw(file: File, page: int, size: str) -> Preview | None:
    if not AT_ONCE.acquire(timeout=QUEUED):
        return None  # not for ever: nothing was tried
    try:
        output = _run(file.sha256, page, SIZES[size])
    except (OSError, subprocess.SubprocessError) as problem:
        log.info("no preview", file=file.pk, page=page, problem=type(problem).__name__)
        output = b""
    finally:
        AT_ONCE.release()
    drawn = _read(output)
    _keep(_path(file.sha256, page, size if drawn else size + FAILED), output if drawn else b"")
    return drawn


def _run(digest: str, page: int, size: int) -> bytes:
    """What the drawing process says. Raises OSError, SubprocessError."""
    command = [sys.executable, "-I", "-m", "firstline.files.render", str(page), str(size)]
    with store.open_file(digest) as content:
        done = subprocess.run(
            command,
            stdin=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=PATIENCE,
            check=True,
        )
    return done.stdout


def _read(output: bytes) -> Preview | None:
    """The preview in what was drawn or kept: a line of JSON, then the picture; None for anything else."""
    head, _line, content = output.partition(b"\n")
    try:
        told = json.loads(head)
        return Preview(content, int(told["pages"]), int(told["width"]), int(told["height"]))
    except (ValueError, KeyError, TypeError):
        return None


def _kept(digest: str, page: int, size: str) -> Preview | None:
    try:
        return _read(_path(digest, page, size).read_bytes())
    except FileNotFoundError:
        return None


def _failed_lately(digest: str, page: int, size: str) -> bool:
    try:
        return time.time() - _path(digest, page, size + FAILED).stat().st_mtime < TRIED_AGAIN
    except FileNotFoundError:
        return False


def _keep(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; a full disk costs a drawing, no more."""
    draft = path.with_name(f".{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as problem:
        log.warning("a preview was not kept", problem=str(problem))
        draft.unlink(missing_ok=True)


def _path(digest: str, page: int, size: str) -> Path:
    """Where a drawing is kept: in folders of the same plan as the files themselves."""
    inside = store.path_of(digest).relative_to(settings.FILES_FOLDER)
    return folder() / inside.parent / f"{digest}-{page}{size}"
