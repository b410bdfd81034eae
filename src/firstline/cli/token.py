"""Make an API token; it is printed once and never again."""

import argparse
import sys


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="make a token for one person")
    create.add_argument("--for", dest="email", required=True, help="mail address of the person")
    create.add_argument(
        "--scope", action="append", default=[], help="a permission; `*` for all; may be repeated"
    )
    create.add_argument("--name", default="", help="what it is for")


def command(options: argparse.Namespace) -> int:
    from firstline.people.actions.tokens import UnknownScope, create_token
    from firstline.people.directory import by_email

    person = by_email(options.email)
    if person is None:
        print(f"There is nobody with the address {options.email}.", file=sys.stderr)
        return 1
    try:
        secret = create_token(person, options.scope, options.name)
    except UnknownScope as problem:
        print(f"No such scope: {problem}.", file=sys.stderr)
        return 1
    print(f"Token for {person.email}: {secret}")
    return 0
