"""A mailbox of the past on the disk: an mbox file, a Maildir, mails in files, or a folder of such."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from firstline.mail.inbound.mbox import LARGEST, Found, Mbox, is_mbox

# Folders whose mail nobody wants again, by the names that programs give them.
LEFT_OUT = re.compile(
    r"tmp|\.?(?:.*[./])?(?:trash|deleted(?: items| messages)?|bin|junk(?: e-?mail)?|spam|drafts?|templates)",
    re.IGNORECASE,
)
MAILDIR = {"cur", "new"}
INFO = re.compile(r"[:;!]2,([A-Za-z]*)\Z")  # the flags at the end of a file's name
HEADER = re.compile(rb"\s*[!-9;-~]{1,200}[ \t]*:")
# Marks of a mail that its reader threw away, and of a file's own records.
DELETED = re.compile(
    rb"^(?:(?:x-)?status[ \t]*:[ \t]*(?-i:[ROAFTNU]{0,6}D[ROAFTNU]{0,6})"
    rb"|x-mozilla-status[ \t]*:[ \t]*[0-9a-f]{3}[89a-f]"
    rb"|subject[ \t]*:.*folder internal data.*)[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)


class NoMail(Exception):
    """There is nothing at this path that could be mail."""


@dataclass(frozen=True, slots=True)
class File:
    """One file: a mailbox, or a single mail."""

    path: Path
    size: int
    is_mbox: bool
    is_deleted: bool = False


class Archive:
    """All mails below a path, as one row of bytes: a position in it is kept while they are read."""

    def __init__(self, path: Path) -> None:
        """Look what is there. Raises NoMail, OSError."""
        self.files = list(_files(path))
        if not self.files:
            raise NoMail(str(path))
        self.size = sum(file.size for file in self.files)
        mark = hashlib.sha256()
        for file in self.files:
            name = INFO.sub("", os.fsencode(file.path.relative_to(path)).decode("utf-8", "replace"))
            mark.update(f"{name}\0{file.size}\0".encode("utf-8", "replace"))
        self.mark = mark.hexdigest()

    def mails(self, position: int = 0) -> Iterator[Found]:
        """Each mail from `position` on, which is 0 or the `end` of one that was given before.

        Where a file went away meanwhile nothing is raised: the next one follows.
        """
        begin = 0
        for file in self.files:
            end = begin + file.size
            if end > position or (file.size == 0 and begin >= position):
                try:
                    yield from _mails(_there(file), begin, max(position - begin, 0))
                except FileNotFoundError:
                    yield Found(None, end, is_deleted=True)
            begin = end


def _there(file: File) -> File:
    """The file where it lies now: servers move a mail from new to cur, and write its flags anew."""
    if file.path.parent.name not in MAILDIR or file.path.exists():
        return file
    name = INFO.sub("", file.path.name)
    for folder in sorted(MAILDIR):
        for path in (file.path.parent.parent / folder).iterdir():
            if INFO.sub("", path.name) == name:
                return replace(file, path=path)
    return file


def _mails(file: File, begin: int, start: int) -> Iterator[Found]:
    if not file.is_mbox:
        raw = file.path.read_bytes() if file.size <= LARGEST else None
        if raw is not None and raw.startswith(b"From "):
            raw = raw.partition(b"\n")[2]  # some programs put it before a single mail as well
        yield Found(raw, begin + file.size, is_deleted=file.is_deleted)
        return
    with file.path.open("rb") as content:
        for mail in Mbox(content, start).mails():
            head = re.split(rb"\r?\n\r?\n", mail.raw or b"", maxsplit=1)[0]
            deleted = bool(DELETED.search(head))
            end = min(mail.end, file.size)
            yield replace(mail, end=begin + end, is_deleted=deleted)


def _files(path: Path) -> Iterator[File]:
    """The files at a path that hold mail, in a fixed order."""
    if not path.is_dir():
        size = path.stat().st_size
        found = _file(path, size)
        if found:
            yield found
        return
    for folder, folders, names in os.walk(path, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not LEFT_OUT.fullmatch(name))
        in_maildir = os.path.basename(folder) in MAILDIR
        for name in sorted(names):
            one = Path(folder, name)
            if not one.is_symlink() and one.is_file():
                size = one.stat().st_size
                found = _in_maildir(one, size) if in_maildir else _file(one, size, loose=False)
                if found:
                    yield found


def _refuse(problem: OSError) -> None:
    """A folder that can't be read must not look as if it were empty."""
    raise problem


def _in_maildir(path: Path, size: int) -> File | None:
    if path.name.startswith("."):
        return None
    flags = INFO.search(path.name)
    return File(path, size, is_mbox=False, is_deleted=bool(flags and "T" in flags[1]))


def _file(path: Path, size: int, *, loose: bool = True) -> File | None:
    """What a file is by its beginning; `loose`: it was named itself, so any header makes it a mail."""
    if path.suffix.lower() == ".eml":
        return File(path, size, is_mbox=False)
    with path.open("rb") as content:
        beginning = content.read(4096)
    if is_mbox(beginning):
        return File(path, size, is_mbox=True)
    return File(path, size, is_mbox=False) if loose and HEADER.match(beginning) else None
