"""Mailboxes of the past become tickets with history: whole, in order, once, and nothing is sent (C72, C73)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from firstline.cli.main import main
from firstline.events.models import Event
from firstline.mail.actions import imports
from firstline.mail.inbound.archive import Archive
from firstline.mail.inbound.mbox import Mbox
from firstline.mail.inbound.take import take
from firstline.mail.models import Box, MailImport, OutgoingMail, RawMail
from firstline.people.access import SYSTEM
from firstline.search.query import find
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, actor
from tests.faults.conftest import database_url
from tests.waiting import wait_until

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "mail-corpus"
PUBLIC = "help@orbita-shop.example"
BEGAN = datetime(2019, 3, 4, 9, 30, tzinfo=UTC)
ANN = "Ann <ann@customer.example>"


def letter(
    name: str,
    at: datetime | None = BEGAN,
    sender: str = ANN,
    to: str = PUBLIC,
    text: str = "It does not work.",
    answers: tuple[str, ...] = (),
    **more: str,
) -> bytes:
    """A mail with this name in its Message-ID, as mail programs keep it."""
    fields = {"From": sender, "To": to, "Subject": f"About {name}", "Message-ID": f"<{name}@x>"}
    if at:
        fields["Date"] = format_datetime(at)
    if answers:
        fields["In-Reply-To"] = f"<{answers[-1]}@x>"
        fields["References"] = " ".join(f"<{one}@x>" for one in answers)
    fields |= {name.replace("_", "-"): value for name, value in more.items()}
    return "\n".join([*(f"{key}: {value}" for key, value in fields.items()), "", text, ""]).encode()


def mbox(*mails: bytes) -> bytes:
    """A mailbox file of the usual kind."""
    parting = b"From ann@customer.example Mon Mar  4 09:30:00 2019\n"
    quoted = (mail.replace(b"\nFrom ", b"\n>From ") for mail in mails)
    return b"".join(parting + mail + b"\n" for mail in quoted)


def a_conversation() -> list[bytes]:
    """Question, our answer, thanks: the thanks stand first in the file."""
    hour = timedelta(hours=1)
    return [
        letter("thanks", BEGAN + 2 * hour, text="Thanks!", answers=("asked", "answered")),
        letter("asked"),
        letter(
            "answered", BEGAN + hour, f"Help <{PUBLIC}>", ANN, "Switch it on.", answers=("asked",)
        ),
        letter("other", BEGAN + 3 * hour, "Bob <bob@customer.example>", text="From here on:\nx"),
    ]


@pytest.fixture
def public(cast: Cast) -> str:
    """The public address that the mailbox was."""
    Box.objects.create(address=PUBLIC, department=cast.hosting)
    return PUBLIC


def bring(path: Path, cast: Cast) -> MailImport:
    """The whole command."""
    assert main(["import", "mail", str(path), "--department", cast.hosting.address]) == 0
    return MailImport.objects.latest("pk")


def told() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Every ticket with what was said in it, in the order of the numbers."""
    return [
        (
            ticket.subject,
            ticket.phase,
            [
                (one.kind, one.author_name, one.text.strip())
                for one in ticket.messages.order_by("pk")
            ],
        )
        for ticket in Ticket.objects.order_by("pk")
    ]


HISTORY = [
    (
        "About asked",
        "closed",
        [
            ("in", "Ann", "It does not work."),
            ("out", "Help", "Switch it on."),
            ("in", "Ann", "Thanks!"),
        ],
    ),
    ("About other", "closed", [("in", "Bob", "From here on:\nx")]),
]


def in_a_file(folder: Path, mails: list[bytes]) -> Path:
    path = folder / "archive"
    path.write_bytes(mbox(*mails))
    return path


def in_a_maildir(folder: Path, mails: list[bytes]) -> Path:
    """Our answer lies in the folder of sent mail, and what was thrown away is there as well."""
    for name in ("cur", "new", "tmp", ".Sent/cur", ".Trash/cur"):
        (folder / "Maildir" / name).mkdir(parents=True)
    at = folder / "Maildir"
    for number, mail in enumerate(mails):
        where = (".Sent/cur/{}:2,S", "cur/{}:2,RS", "new/{}")[
            0 if b"<answered@x>\nDate" in mail else 1 + number % 2
        ]
        (at / where.format(f"170000{number}.M1P1.host")).write_bytes(mail)
    (at / "cur/1.M1.host:2,ST").write_bytes(letter("thrown-away"))
    (at / ".Trash/cur/2.M1.host:2,S").write_bytes(letter("in-the-bin"))
    (at / "tmp/3.M1.host").write_bytes(letter("half"))
    return at


def in_files(folder: Path, mails: list[bytes]) -> Path:
    for number, mail in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(mail.replace(b"\n", b"\r\n"))
    (folder / "notes.txt").write_text("No mail.")
    return folder


@pytest.mark.parametrize("keep", [in_a_file, in_a_maildir, in_files])
def test_a_mailbox_becomes_tickets_with_history(
    cast: Cast,
    public: str,
    tmp_path: Path,
    settle: Callable[[], None],
    keep: Callable[[Path, list[bytes]], Path],
) -> None:
    path = keep(tmp_path, a_conversation())
    row = bring(path, cast)
    settle()
    assert told() == HISTORY
    assert (row.taken, row.known, row.state) == (4, 0, "done")
    ticket = Ticket.objects.earliest("pk")
    assert [one.at for one in ticket.messages.order_by("pk")] == [
        BEGAN + timedelta(hours=hours) for hours in range(3)
    ]
    assert (ticket.created_at, ticket.closed_at) == (BEGAN, BEGAN + timedelta(hours=2))
    assert ticket.first_reply_at == BEGAN + timedelta(hours=1)
    assert set(Event.objects.values_list("at__year", flat=True)) == {2019}
    assert not OutgoingMail.objects.exists(), "nothing may be sent"
    assert [one.pk for one in find(actor(cast.anna), "Switch").tickets] == [ticket.pk]

    again = bring(path, cast)
    assert (again.taken, again.known) == (0, 4)
    assert told() == HISTORY, "nothing comes twice"


def test_a_maildir_that_lives(cast: Cast, public: str, tmp_path: Path) -> None:
    """Its server moves a mail to another name between listing and reading; another is gone."""
    path = in_a_maildir(tmp_path, a_conversation())
    archive = Archive(path)
    row = imports.start(SYSTEM, path, cast.hosting.address)
    moved = next((path / "new").iterdir())
    moved.rename(path / "cur" / f"{moved.name}:2,S")
    next((path / ".Sent/cur").iterdir()).unlink()
    row = imports.run(SYSTEM, row, archive, lambda *_: None)
    assert (row.taken, row.skipped) == (3, 2)


def test_progress_is_told(
    cast: Cast, public: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bring(in_a_maildir(tmp_path, a_conversation()), cast)
    out = capfd.readouterr()
    assert "Reading: 100 %" in out.err
    assert "Making tickets: 100 %, 4 of 4" in out.err
    assert "4 mails taken, 0 known before, 1 left out" in out.out


def test_what_is_wrong_is_said(
    cast: Cast, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes").write_text("No mail.")
    wrong = [
        (tmp_path / "notes", cast.hosting.address, "no mail in"),
        (tmp_path / "nowhere", cast.hosting.address, "No such file"),
        (in_a_file(tmp_path, a_conversation()), "who@desk.example", "No department"),
    ]
    for path, address, words in wrong:
        assert main(["import", "mail", str(path), "--department", address]) == 1
        assert words in capfd.readouterr().err
    row = imports.start(SYSTEM, path, cast.hosting.address)
    with imports.alone(row):
        assert main(["import", "mail", str(path), "--department", cast.hosting.address]) == 1
    assert "another process" in capfd.readouterr().err
    assert not RawMail.objects.exists()


def test_what_came_before_is_known(
    cast: Cast, public: str, tmp_path: Path, settle: Callable[[], None]
) -> None:
    """By another door and address, with other traces of the way; and its answer finds it."""
    mails = a_conversation()
    wire = b"Received: from x; Mon, 4 Mar 2019 09:31:00 +0000\r\n" + mails[1].replace(
        b"\n", b"\r\n"
    )
    take(wire, sender="ann@customer.example", recipients=[public], source="smtp")
    settle()
    OutgoingMail.objects.all().delete()
    live = Ticket.objects.get()
    mails[1] = b"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\n" + mails[1]
    row = bring(in_a_file(tmp_path, mails), cast)
    settle()
    assert (row.taken, row.known) == (3, 1)
    assert [len(ticket[2]) for ticket in told()] == [3, 1]
    after = Ticket.objects.get(pk=live.pk)
    assert (after.phase, after.updated_at) == (live.phase, live.updated_at), "it is not of the past"
    assert not OutgoingMail.objects.exists()


def test_references_count_only_for_who_takes_part(cast: Cast, public: str, tmp_path: Path) -> None:
    mails = a_conversation()[1:3]
    day = timedelta(days=1)
    mails += [
        letter("stranger", BEGAN + day, "Eve <eve@evil.example>", answers=("asked", "answered")),
        letter(
            "passed-on",
            BEGAN + day,
            f"Help <{PUBLIC}>",
            "Sup <sup@maker.example>",
            answers=("asked",),
        ),
        letter("maker", BEGAN + 2 * day, "Sup <sup@maker.example>", answers=("asked", "passed-on")),
    ]
    bring(in_a_file(tmp_path, mails), cast)
    assert [(ticket[0], len(ticket[2])) for ticket in told()] == [
        ("About asked", 2),
        ("About stranger", 1),
        ("About passed-on", 2),
    ]
    started = Ticket.objects.latest("pk")
    assert started.requester is not None
    assert (started.requester.email, started.address) == ("sup@maker.example", PUBLIC)


def test_dates_that_cannot_be(cast: Cast, public: str, tmp_path: Path) -> None:
    """Date, else Received, else the mailbox file's own, else now."""
    wild, trace = "Mon, 1 Jan 2199 00:00:00 +0000", "by mx; Tue, 5 Mar 2019 10:00:00 +0200"
    mails = [
        letter("future", None, Date=wild, Received=trace),
        letter("nothing", None),
        letter("broken", None, Date="the day before", Received="by mx; whenever"),
    ]
    bring(in_a_file(tmp_path, mails), cast)
    made = dict(Ticket.objects.values_list("subject", "created_at"))
    assert made["About future"] == datetime(2019, 3, 5, 8, tzinfo=UTC)
    assert made["About nothing"] == made["About broken"] == BEGAN
    (tmp_path / "one.eml").write_bytes(letter("undated", None))
    bring(tmp_path / "one.eml", cast)
    undated = Ticket.objects.latest("pk")
    assert timezone.now() - undated.created_at < timedelta(minutes=1)


def test_what_is_recent_stays_open(cast: Cast, public: str, tmp_path: Path) -> None:
    now = timezone.now().replace(microsecond=0)
    mails = [
        letter("old", now - timedelta(days=90)),
        letter("new", now - timedelta(days=2), answers=("old",)),
        letter("done", now - timedelta(days=1), f"Help <{PUBLIC}>", ANN, answers=("old", "new")),
    ]
    row = bring(in_a_file(tmp_path, mails[:2]), cast)
    ticket = Ticket.objects.get()
    assert (ticket.phase, ticket.desk_group, ticket.closed_at) == ("new", "new", None)
    assert ticket.waiting_since == now - timedelta(days=90)
    bring(in_a_file(tmp_path, mails), cast)
    ticket.refresh_from_db()
    assert ticket.messages.count() == 3, row
    assert (ticket.awaiting, ticket.phase) == ("customer", "open")
    assert not OutgoingMail.objects.exists()


def test_a_web_form_and_an_old_bounce(cast: Cast, public: str, tmp_path: Path) -> None:
    bounce = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\nNo such user.\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@customer.example\nAction: failed\n"
        "Status: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <answered@x>\n"
        "Subject: About answered\n\nx\n--b--\n"
    )
    returned = letter("returned", BEGAN + timedelta(days=1), "MAILER-DAEMON@mx.example")
    mails = [
        *a_conversation()[1:3],
        letter("form", BEGAN, f"Site <{PUBLIC}>", Reply_To="Cat <cat@customer.example>"),
        returned.partition(b"\n\n")[0] + b"\n" + bounce.encode(),
    ]
    bring(in_a_file(tmp_path, mails), cast)
    assert sorted(row[2][0][1] for row in told()) == ["Ann", "Cat"]
    row = RawMail.objects.get(outcome="bounce")
    assert row.message == Message.objects.get(kind="out")


def a_long_mailbox() -> list[bytes]:
    """Forty conversations of three mails each, all mixed."""
    hour, mails = timedelta(hours=1), []
    for number in range(40):
        at, name = BEGAN + number * hour, f"n{number:02}"
        mails.append(letter(name, at))
        own = f"Help <{PUBLIC}>"
        mails.append(letter(f"{name}-a", at + 60 * hour, own, ANN, "Done.", answers=(name,)))
        last = letter(f"{name}-b", at + 120 * hour, text="Good.", answers=(name, f"{name}-a"))
        mails.append(last)
    return [mails[number * 47 % 120] for number in range(120)]


def test_killed_and_begun_again(stage: Cast, tmp_path: Path) -> None:
    """Killed while reading and while digesting: the end is as if it had never been."""
    Box.objects.create(address=PUBLIC, department=stage.hosting)
    path = in_a_file(tmp_path, a_long_mailbox())
    command = [sys.executable, "-m", "firstline.cli.main", "import", "mail", str(path)]
    command += ["--department", stage.hosting.address]
    environment = os.environ | {
        "FIRSTLINE_DATA": str(settings.DATA),
        "FIRSTLINE_DATABASE_URL": database_url(),
        "FIRSTLINE_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "firstline.wiring.settings",
    }
    killed = 0
    for reached in (
        lambda: RawMail.objects.count() >= 20,
        lambda: Message.objects.count() >= 10,
        lambda: Message.objects.count() >= 50,
    ):
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        wait_until(lambda: reached() or process.poll() is not None)  # noqa: B023  # waited for here
        process.send_signal(signal.SIGKILL)
        killed += process.wait(10) == -signal.SIGKILL
    assert killed == 3, "it was too quick to be killed"
    assert bring(path, stage).taken == 120
    assert MailImport.objects.count() == 1
    said = [("in", "Ann", "It does not work."), ("out", "Help", "Done."), ("in", "Ann", "Good.")]
    assert told() == [(f"About n{number:02}", "closed", said) for number in range(40)]
    assert not RawMail.objects.exclude(state="done").exists()
    assert not OutgoingMail.objects.exists()


def test_a_mail_that_cannot_be_placed_holds_nobody_up(
    cast: Cast, public: str, tmp_path: Path
) -> None:
    """One that ended its worker three times is put aside, and the others go on."""
    path = in_a_file(tmp_path, a_conversation())
    archive = Archive(path)
    row = imports.start(SYSTEM, path, cast.hosting.address)
    imports._read(row, archive, lambda *_: None)
    RawMail.objects.filter(pk=RawMail.objects.latest("pk").pk).update(attempts=3)
    row = imports.run(SYSTEM, row, archive, lambda *_: None)
    assert imports.put_aside(row) == 1
    assert [len(ticket[2]) for ticket in told()] == [3]
    assert RawMail.objects.filter(state="parked").count() == 1


def in_mbox(tmp_path: Path, content: bytes) -> list[bytes | None]:
    path = tmp_path / "box"
    path.write_bytes(content)
    with path.open("rb") as file:
        return [mail.raw for mail in Mbox(file).mails()]


PARTING = b"From a@b.example Mon Mar  4 09:30:00 2019\n"


def test_the_kinds_of_mbox(tmp_path: Path) -> None:
    head = b"From: a@b.example\n\n"
    body = b"Hi\n>From you\n>>From me\n"
    assert (
        in_mbox(tmp_path, (PARTING + head + body + b"\n") * 2)
        == [head + b"Hi\nFrom you\n>From me\n"] * 2
    )
    crlf = (PARTING + head + body + b"\n").replace(b"\n", b"\r\n")
    assert in_mbox(tmp_path, crlf) == [(head + b"Hi\nFrom you\n>From me\n").replace(b"\n", b"\r\n")]
    text = b"One\n\nFrom a@b.example Mon Mar  4 09:30:00 2019\nSubject: no mail\n\nx\n"
    counted = b"From: a@b.example\nContent-Length: %d\n\n" % len(text) + text
    assert in_mbox(tmp_path, (PARTING + counted + b"\n") * 2) == [counted] * 2
    for length in (5, 10**6, 10**11):  # it lies: the lines decide
        wrong = b"From: a@b.example\nContent-Length: %d\n\nA text\n" % length
        assert in_mbox(tmp_path, (PARTING + wrong + b"\n") * 2) == [wrong] * 2
    assert in_mbox(tmp_path, b"") == []
    assert in_mbox(tmp_path, PARTING) == [b""]


def test_one_mail_at_a_time_is_in_memory(tmp_path: Path) -> None:
    big = PARTING + b"Subject: x\n\n" + b"x" * 3_000_000 + b"\n\n"
    path = tmp_path / "box"
    path.write_bytes(big + PARTING + b"Subject: small\n\nx\n")
    with path.open("rb") as file:
        found = [mail.raw for mail in Mbox(file, largest=1_000_000).mails()]
    assert found == [None, b"Subject: small\n\nx\n"]
    lines = PARTING + b"Subject: x\n\n" + b"\nFrom b\nc: d\n" * 100_000
    path.write_bytes(lines)
    begun = time.process_time()
    with path.open("rb") as file:
        assert sum(len(mail.raw or b"") for mail in Mbox(file).mails()) > 100_000
    assert time.process_time() - begun < 10


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the mail corpus is not beside the project")
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("mimekit/mbox/unmunged.mbox.txt", 2),
        ("mimekit/mbox/issue1189.mbox.txt", 4),
        ("gluon/tests/testdata/dovecot-crlf", 100),
        ("sisimai/mailbox/mbox-0", 37),
        ("sisimai/mailbox/mbox-1", 1),
    ],
)
def test_hard_mailboxes(cast: Cast, name: str, number: int) -> None:
    """Each mail of them is stored, and going on after any of them gives the rest."""
    path = CORPUS / name
    archive = Archive(path)
    mails = list(archive.mails())
    for place, mail in enumerate(mails):
        assert list(archive.mails(mail.end)) == mails[place + 1 :]
    row = bring(path, cast)
    assert len(mails) == number == row.taken + row.known + row.skipped
    assert not RawMail.objects.filter(state="waiting").exists()
    assert not RawMail.objects.exclude(problem="").exists()
    assert not OutgoingMail.objects.exists()
