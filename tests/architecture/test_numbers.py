"""What comes from outside becomes a number in one place: `base/ids.read_number`."""

import ast
from pathlib import Path

import firstline

SOURCE = Path(firstline.__file__).parent
READER = "base/ids.py"
# Where `int(` stands for another thing than reading a text that somebody sent, and why.
ROUNDED = "a length of time or a size of our own, rounded"
BOUNDED = "an expression has bounded the digits"
OURS = "said by a process or an object of our own"
SERVER = "a protocol's answer, whose reader catches what is no number"
INT = {
    "base/colours.py": OURS,
    "base/css.py": BOUNDED,
    "base/outside.py": OURS,
    "base/plain.py": OURS,
    "cli/main.py": OURS,
    "files/previews.py": OURS,
    "files/render.py": OURS,
    "mail/checks.py": ROUNDED,
    "mail/inbound/checks.py": OURS,
    "mail/inbound/hooks.py": OURS,
    "mail/inbound/imap/box.py": SERVER,
    "mail/inbound/imap/again.py": OURS,
    "mail/inbound/imap/waiting.py": SERVER,
    "mail/inbound/mbox.py": BOUNDED,
    "mail/mailboxes.py": ROUNDED,
    "mail/mime/calendars.py": BOUNDED,
    "mail/mime/cyrillic.py": OURS,
    "mail/mime/tnef.py": OURS,
    "tickets/details.py": BOUNDED,
    "web/agent/tickets/composing.py": ROUNDED,
    "web/ui/tags.py": ROUNDED,
    "wiring/pages.py": OURS,
}
# Where digits are looked for and none is converted.
DIGITS = {
    "mail/inbound/imap/box.py",
    "mail/mime/headings.py",
    "mail/mime/signatures.py",
    "mail/outbound/subjects.py",
    "people/details.py",
    "people/host_names.py",
    "search/numbers.py",
    "tickets/actions/open.py",
}


def calls(wanted: set[str]) -> set[str]:
    """The files that call a function or method of one of these names."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in wanted:
                found.add(path.relative_to(SOURCE).as_posix())
    return found


def test_texts_become_numbers_in_one_place() -> None:
    assert calls({"int"}) == {READER, *INT}


def test_digits_are_judged_in_one_place() -> None:
    """Each of these is true for “²”, which `int` refuses with an exception."""
    assert calls({"isdigit", "isdecimal", "isnumeric"}) == {READER, *DIGITS}


def test_the_doors_convert_lengths_of_time_alone() -> None:
    for name, why in INT.items():
        if name.startswith(("web/", "api/", "live/")):
            assert why == ROUNDED
