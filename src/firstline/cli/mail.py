"""Take a mail from standard input, as a pipe of a mail server brings it."""

import argparse
import sys

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again
NO_SUCH_USER = 67  # EX_NOUSER


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    deliver = verbs.add_parser("deliver", help="read one mail; exit code 0, or 75 to try again")
    deliver.add_argument(
        "--to", action="append", default=[], help="recipient; unset: as the headers say"
    )
    deliver.add_argument("--from", dest="sender", default="", help="envelope sender")


def command(options: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read()
    try:
        from firstline.mail.inbound.pipe import deliver

        taken = deliver(raw, options.sender, options.to)
    except Exception as problem:  # whatever it is: the mail must stay with its sender
        print(f"Not stored, try again later: {problem!r}", file=sys.stderr)
        return TRY_AGAIN
    if not taken:
        print("None of the recipients is an address of this desk.", file=sys.stderr)
        return NO_SUCH_USER
    return 0
