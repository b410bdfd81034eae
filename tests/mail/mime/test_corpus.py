"""Mails that other projects collected because they broke something. Not part of this repository:
where `../shared/mail-corpus` is missing, these tests are skipped."""

import csv
import re
import time
from collections import Counter
from functools import cache

import pytest

from firstline.mail.mime import quotes
from firstline.mail.mime.loops import Nature, nature, read_bounce
from firstline.mail.mime.parse import Mail, Unreadable, parse
from tests.mail.mime.expected import CORPUS, letters

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the mail corpus is not here")

# Mails from machines that are not about a mail of ours: answering machines, an unsubscription, and
# people who pass a bounce on.
NO_BOUNCE = re.compile(r"rfc3834-|arf-26|sendmail-14|make-test-36|/not/|ORIGIN")
# Seconds of one core on a busy machine for all of it; it takes about one.
ALLOWED = 15


@cache
def messages() -> dict[str, bytes]:
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = [f"{row['origin']}/{row['file']}" for row in rows if row["kind"] != "body"]
    return {name: (CORPUS / name).read_bytes() for name in names}


@cache
def mails() -> dict[str, Mail]:
    read: dict[str, Mail] = {}
    for name, raw in messages().items():
        try:
            read[name] = parse(raw)
        except Unreadable:
            continue
    return read


def test_every_mail_is_read_in_time() -> None:
    started = time.process_time()
    read = mails()
    spent = time.process_time() - started
    defects = Counter(defect for mail in read.values() for defect in mail.defects)
    print(
        f"\n{len(read)} of {len(messages())} read, {len(messages()) / spent:.0f} a second, {defects}"
    )
    assert len(read) == len(messages()) > 1_600
    assert spent < ALLOWED


def test_nothing_breaks_what_comes_after() -> None:
    """No NUL, no half characters, no line breaks in single lines, no invented U+FFFD (G6)."""
    for name, mail in mails().items():
        files = [file.name for file in mail.attachments]
        names = [box.name + box.email for box in (*mail.from_addresses, *mail.to, *mail.cc)]
        lines = [mail.subject, mail.message_id, *mail.references, *files, *names]
        lines += [value for values in mail.headers.values() for value in values]
        for text in (mail.text, mail.html, *lines):
            text.encode()
            assert "\x00" not in text, name
        assert not any("\n" in line or "\r" in line for line in lines), name
        assert all(0 < len(file.encode()) <= 255 and "/" not in file for file in files), name
        if b"\xef\xbf\xbd" not in messages()[name]:
            assert "\ufffd" not in mail.text + mail.subject + "".join(names), name


def test_every_text_is_split_without_loss() -> None:
    bodies = [mail.text for mail in mails().values()]
    for file in CORPUS.glob("*reply*/**/*.txt"):
        bodies.append(file.read_bytes().decode("utf-8", "replace"))
    started = time.process_time()
    folded = 0
    for text in bodies:
        visible, quoted = quotes.split(text)
        assert text in (visible + quoted, quoted + visible)
        folded += bool(quoted)
    print(f"\n{folded} of {len(bodies)} with something to fold")
    assert time.process_time() - started < ALLOWED
    assert folded > 280  # sentences below dashes are no signature: 26 copies of one mail have them


def test_replies_are_told_from_quotes_as_others_expect() -> None:
    """Expectations of Discourse's email_reply_trimmer: alike, or more is shown, never less."""
    alike: list[str] = []
    more: list[str] = []
    for file in sorted(CORPUS.glob("email-reply-trimmer/**/emails/*.txt")):
        expected = file.parents[1] / "trimmed" / file.name
        if expected.is_file():
            visible, _quoted = quotes.split(file.read_text("utf-8", "replace"))
            wanted = letters(expected.read_text("utf-8", "replace"))
            (alike if letters(visible) == wanted else more).append(file.name)
            assert len(letters(visible)) >= len(wanted), file.name
    print(f"\n{len(alike)} of {len(alike) + len(more)} alike, more is shown in {more}")
    assert len(alike) >= 35


def test_bounces_are_recognised() -> None:
    """G7: at least 99 % of the bounces, none of the controls."""
    bounces = [name for name in mails() if name.startswith(("sisimai/", "flufl-bounce/"))]
    bounces = [name for name in bounces if not NO_BOUNCE.search(name)]
    missed = [name for name in bounces if nature(mails()[name], None) is not Nature.BOUNCE]
    print(f"\n{len(bounces) - len(missed)} of {len(bounces)} recognised, missed: {missed}")
    assert len(bounces) > 600
    assert len(missed) <= len(bounces) // 100
    answered = [name for name in bounces if nature(mails()[name], None) is Nature.PERSON]
    assert len(answered) <= 1, answered
    controls = [name for name in mails() if name.startswith("sisimai/maildir/not/")]
    assert controls
    assert not [name for name in controls if nature(mails()[name], None) is Nature.BOUNCE]
    assert not [name for name in controls if read_bounce(messages()[name])]


def test_bounces_are_read() -> None:
    names = [name for name in mails() if name.startswith(("sisimai/", "flufl-bounce/"))]
    started = time.process_time()
    read = [bounce for bounce in (read_bounce(messages()[name]) for name in names) if bounce]
    told = sum(bool(bounce.recipients) for bounce in read)
    known = sum(bool(bounce.original_message_id) for bounce in read)
    print(f"\n{len(read)} read, {told} with an address, {known} with the mail's id")
    assert time.process_time() - started < ALLOWED
    assert told >= len(read) * 85 // 100
    assert known >= len(read) * 75 // 100
