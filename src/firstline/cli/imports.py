"""Import mailboxes of the past: their mails become tickets with history, and nothing is sent."""

import argparse
import sys
import time
from pathlib import Path

EACH = 0.5  # seconds between two words of progress to a terminal
SELDOM = 10.0  # the same to a file
WORDS = {"reading": "Reading", "digesting": "Making tickets"}


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    mail = verbs.add_parser("mail", help="an mbox file, a Maildir, .eml files or a folder of these")
    mail.add_argument("path", type=Path)
    mail.add_argument("--department", required=True, help="address of the department")


def command(options: argparse.Namespace) -> int:
    from firstline.mail.actions import imports
    from firstline.mail.inbound.archive import Archive, NoMail
    from firstline.people.access import SYSTEM

    try:
        archive = Archive(options.path)
        row = imports.start(SYSTEM, options.path, options.department)
        position = row.position if imports.goes_on(row, archive) else 0
        print(_beginning(position, archive.size, len(archive.files)))
        row = imports.run(SYSTEM, row, archive, Progress())
    except NoMail:
        print(f"There is no mail in {options.path}.", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"{problem}. Run the same command again: it goes on here.", file=sys.stderr)
        return 1
    except imports.UnknownAddress:
        print(f"No department has the address {options.department}.", file=sys.stderr)
        return 1
    except imports.Running:
        print("This import runs already in another process.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again: it goes on here.", file=sys.stderr)
        return 130
    told = f"{row.taken:,} mails taken, {row.known:,} known before"
    print(f"Done: {told}, {row.skipped:,} left out (deleted, empty or too large).")
    if parked := imports.put_aside(row):
        print(f"{parked:,} could not be placed: they stand in the list of mail put aside.")
    return 0


def _beginning(position: int, size: int, files: int) -> str:
    what = f"{files:,} files, {size / 1e6:,.1f} MB"
    return f"Going on at {_share(position, size)} of {what}." if position else f"{what}."


def _share(done: int, total: int) -> str:
    return f"{100 * done / total if total else 100:.0f} %"


class Progress:
    """Tells how far it is, and how long it will take at the pace so far."""

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.step, self.begun, self.first, self.told = "", 0.0, 0, 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Call it as often as you like."""
        now = time.monotonic()
        if step != self.step:
            self.step, self.begun, self.first, self.told = step, now, done, 0.0
        if now - self.told < (EACH if self.is_terminal else SELDOM) and done < total:
            return
        self.told = now
        number = "" if step == "reading" else f", {done:,} of {total:,}"
        line = f"{WORDS[step]}: {_share(done, total)}{number}{self._left(now, done, total)}"
        end = "\r" if self.is_terminal and done < total else "\n"
        print(f"{line:<70}" if self.is_terminal else line, end=end, file=sys.stderr, flush=True)

    def _left(self, now: float, done: int, total: int) -> str:
        """About how long it will still take, once that can be said."""
        moved, spent = done - self.first, now - self.begun
        if done >= total or moved <= 0 or spent < 2:
            return ""
        left = spent * (total - done) / moved
        return f", about {left / 60:.0f} min left" if left > 90 else f", about {left:.0f} s left"
