"""A backlog over IMAP: `python -m bench.mailbox [MAILS]` (10,000), dated over 14 days, in a Dovecot.

It is the suite's own test with more mails: all must come in, oldest first, each stored durably; the
mails a minute are printed. `python tests/postgresql.py -- python -m bench.mailbox` does it there.
"""

import os
import subprocess
import sys

from bench.desk import ROOT

TEST = "tests/mail/imap/test_intake.py::test_a_backlog_comes_in_whole_and_oldest_first"


def main(arguments: list[str]) -> int:
    """Run it; the exit code is 1 where a mail is missing or out of order."""
    number = arguments[0] if arguments else "10000"
    environment = os.environ | {
        "FIRSTLINE_TEST_BACKLOG": number,
        "FIRSTLINE_TEST_REQUIRE_DOVECOT": "1",
    }
    command = [sys.executable, "-m", "tests.session", "-q", "-s", "-p", "no:cacheprovider", TEST]
    return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
